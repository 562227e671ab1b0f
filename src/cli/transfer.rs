//! `train --weights --freeze`: a network that goes on from what another has learnt.

use std::path::PathBuf;

use cnn_playground::graph::Graph;
use cnn_playground::train::Session;
use cnn_playground::weights::safetensors::{self, Fit};

use super::{Failure, Outcome, note, read};

/// Options of `train`.
#[derive(Debug, clap::Args)]
pub(super) struct Transfer {
    /// Starts from weights that `--save` has written, tensor by tensor where name and shape fit; says what did not
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Draws the output layers anew, whatever --weights has for them
    #[arg(long, requires = "weights")]
    replace_head: bool,
    #[command(flatten)]
    freeze: Freeze,
}

/// Which layers do not learn.
#[derive(Debug, clap::Args)]
pub(super) struct Freeze {
    /// Leaves these layers as they are, batch norm with its moving statistics: names with commas between
    #[arg(long, value_name = "LAYERS", value_delimiter = ',', conflicts_with = "freeze_all_but")]
    freeze: Vec<String>,
    /// Leaves all layers as they are but the last K that have weights
    #[arg(long, value_name = "K", value_parser = super::whole(1))]
    freeze_all_but: Option<u32>,
}

impl Freeze {
    /// Freezes what is to be frozen; says whether anything is.
    pub(super) fn apply(&self, graph: &mut Graph) -> Outcome<bool> {
        match self.freeze_all_but {
            Some(k) => graph.freeze_all_but(k as usize).map_err(Failure::usage)?,
            None if self.freeze.is_empty() => return Ok(false),
            None => graph.freeze(&self.freeze).map_err(Failure::usage)?,
        }
        Ok(true)
    }
}

impl Transfer {
    /// Freezes what is to be frozen, and reads the weights to start from.
    pub(super) fn prepare(&self, graph: &mut Graph) -> Outcome<Option<Fit>> {
        let frozen = self.freeze.apply(graph)?;
        let Some(path) = &self.weights else {
            if frozen {
                note("frozen layers keep their random first weights; --weights gives them learnt ones");
            }
            return Ok(None);
        };
        let named = |error| Failure::Usage(format!("{}: {error}", path.display()));
        let fit = safetensors::fit(graph, &read(path)?, self.replace_head).map_err(named)?;
        tell(&fit, graph, &path.display().to_string());
        Ok(Some(fit))
    }

    /// Gives the session its weights.
    pub(super) fn load(&self, session: &mut Session, fit: Option<Fit>) -> Outcome {
        let (Some(fit), Some(path)) = (fit, &self.weights) else { return Ok(()) };
        let named = |error| Failure::Usage(format!("{}: {error}", path.display()));
        session.load(fit.tensors).map_err(named)
    }
}

/// Says where weights come from another network, and what does not come from the file.
fn tell(fit: &Fit, graph: &Graph, file: &str) {
    warn_of_another(file, &fit.model, graph);
    let loaded = fit.tensors.iter().flatten().count();
    if loaded < fit.tensors.len() {
        let drawn = list(&fit.fresh);
        note(format!(
            "{loaded} of {} weight tensors are from {file}; drawn anew: {drawn}",
            fit.tensors.len()
        ));
    }
    if !fit.unused.is_empty() {
        note(format!("not used of {file}: {}", list(&fit.unused)));
    }
}

/// Weights of another network may fit by chance, and mean something else.
pub(super) fn warn_of_another(file: &str, model: &str, graph: &Graph) {
    if !model.is_empty() && model != graph.name {
        note(format!("{file} was saved from \"{model}\", not from \"{}\"", graph.name));
    }
}

/// The first few, and how many more there are.
fn list(reasons: &[String]) -> String {
    const SHOWN: usize = 4;
    let mut parts: Vec<_> = reasons.iter().take(SHOWN).cloned().collect();
    if reasons.len() > SHOWN {
        parts.push(format!("and {} more", reasons.len() - SHOWN));
    }
    parts.join("; ")
}
