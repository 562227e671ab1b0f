//! `summary`: Keras's table.

use super::{Outcome, network, say};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Registry name, or a .json file in the model format
    model: String,
    /// The same facts, with every layer's configuration, as JSON
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(&self) -> Outcome {
        let graph = network::graph(&self.model)?;
        say(if self.json { graph.summary_json() } else { graph.summary_text().trim_end().to_owned() });
        Ok(())
    }
}
