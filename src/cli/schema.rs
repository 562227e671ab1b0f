//! `schema`: the model format, for editors and for programs that write networks.

use cnn_playground::graph::model_schema;

use super::{Outcome, say};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {}

impl Arguments {
    #[allow(clippy::unused_self, clippy::unnecessary_wraps, reason = "all commands look alike")]
    pub(super) fn run(&self) -> Outcome {
        say(model_schema().trim_end());
        Ok(())
    }
}
