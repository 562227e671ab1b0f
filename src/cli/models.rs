//! `models`: the registry, and its networks in the model format.

use cnn_playground::graph::Graph;
use cnn_playground::models::{self, REGISTRY};
use serde::Serialize;

use super::{Failure, Outcome, say, say_json};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Prints this network alone, in the model format, for a file of your own to start from
    name: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
}

#[derive(Serialize)]
struct Row {
    name: &'static str,
    source: String,
    input: Vec<usize>,
    params: usize,
    macs: u64,
    layers: usize,
}

impl Arguments {
    pub(super) fn run(&self) -> Outcome {
        if let Some(name) = &self.name {
            say(models::build(name).map_err(Failure::usage)?.to_json());
            return Ok(());
        }
        if !self.json {
            say(format!(
                "{:26} {:>16} {:>14} {:>16}  source",
                "name", "input", "parameters", "multiply-adds"
            ));
        }
        for architecture in REGISTRY {
            let (name, spec) = (architecture.name, architecture.spec());
            let totals = Graph::new(&spec)?.summary().totals;
            let (source, input) = (spec.source, spec.input.shape);
            let row =
                Row { name, source, input, params: totals.params, macs: totals.macs, layers: totals.layers };
            if self.json {
                say_json(&row)?;
            } else {
                let input: Vec<_> = row.input.iter().map(ToString::to_string).collect();
                let input = input.join("×");
                say(format!("{name:26} {input:>16} {:>14} {:>16}  {}", row.params, row.macs, row.source));
            }
        }
        Ok(())
    }
}
