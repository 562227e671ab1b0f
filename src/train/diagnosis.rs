//! Where a loss that is no number came from.
//!
//! The optimiser stands still from the first such step on, so the weights are still those of that step. Running the
//! same batch again and looking at every tensor in order finds the first one that is not finite.

use crate::error::Result;
use crate::gpu::{Gpu, Memory};

/// A tensor to look at, in the order of cause and effect.
#[derive(Debug)]
pub(super) struct Suspect {
    pub(super) what: String,
    pub(super) staging: Memory,
}

/// A search that was submitted.
#[derive(Debug)]
pub struct PendingDiagnosis {
    pub(super) gpu: Gpu,
    pub(super) step: u32,
    pub(super) learning_rate: f64,
    pub(super) suspects: Vec<Suspect>,
}

impl PendingDiagnosis {
    /// Waits for it; the text says at which step and layer, and what to do.
    pub async fn read(self) -> Result<String> {
        for suspect in &self.suspects {
            let bits: Vec<u32> = self.gpu.map(&suspect.staging).await?;
            let bad = bits.iter().filter(|&&bits| bits & 0x7f80_0000 == 0x7f80_0000).count();
            if bad > 0 {
                return Ok(format!(
                    "training stopped at step {}: {} ({bad} of {} values are NaN or infinite). The learning rate of {} is \
                     probably too large: try a tenth of it, and reset",
                    self.step,
                    suspect.what,
                    bits.len(),
                    self.learning_rate
                ));
            }
        }
        Ok(format!(
            "training stopped at step {}: the loss is NaN or infinite although every layer's output is finite; the logits are \
             too large. Try a tenth of the learning rate {}, and reset",
            self.step, self.learning_rate
        ))
    }
}
