//! `summary`: Keras's table, or what the network costs.

use super::{Outcome, cost, network, say, transfer};

#[derive(Debug, clap::Args)]
#[command(allow_negative_numbers = true)]
pub(super) struct Arguments {
    /// Registry name, or a .json file in the model format
    model: String,
    /// The same facts, with every layer's configuration, as JSON
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    cost: cost::Options,
    #[command(flatten)]
    freeze: transfer::Freeze,
}

impl Arguments {
    pub(super) fn run(&self) -> Outcome {
        let mut graph = network::graph(&self.model)?;
        self.freeze.apply(&mut graph)?;
        if self.cost.wanted() {
            return self.cost.run(&graph, self.json);
        }
        say(if self.json { graph.summary_json() } else { graph.summary_text().trim_end().to_owned() });
        Ok(())
    }
}
