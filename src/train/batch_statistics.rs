//! What a batch normalisation measures of a batch, for comparison with what it will use in inference.

use super::ask::PendingAnswer;
use super::session::Session;
use crate::error::{Error, Result, bail};
use crate::plan::Pass;

impl Session {
    /// Submits the question for mean and variance of every channel that go into a batch normalisation with the last step's
    /// batch and the weights as they are now: `[2, channels]` as bits of `f32`. Only that part of the step runs which leads
    /// there, and the moving statistics that it moves are put back.
    pub fn submit_batch_statistics(&self, layer: &str) -> Result<PendingAnswer> {
        let index = self.graph.layer(layer)?;
        let Some(last) = self.recent.back() else { bail!("there is no batch yet; train a step") };
        let plan = self.train.plan();
        let is_measured = |name: &str| name.starts_with("batch_statistics");
        let at = plan.dispatches.iter().position(|dispatch| {
            dispatch.layer == Some(index)
                && dispatch.pass == Pass::Forward
                && is_measured(dispatch.kernel.entry_point)
        });
        let at = at.ok_or_else(|| {
            Error::new(format!(
                "layer \"{layer}\" measures no batch; choose a BatchNormalization that is trained"
            ))
        })?;
        let kept = self.train.keep(&self.gpu, 0..at + 1)?;
        self.gpu.write(&self.indices, 0, &last.samples);
        self.write_step(self.done, self.config.batch, self.target_rate);
        let mut encoder = self.gpu.encoder();
        kept.encode(&mut encoder, false);
        self.train.encode_range(&mut encoder, 0..at + 1);
        let wanted = plan.dispatches[at].bound().filter(|(binding, _)| binding.name.starts_with("batch_"));
        let wanted: Vec<_> = wanted.map(|(_, slice)| slice).collect();
        let answer = PendingAnswer::copy(&self.gpu, &mut encoder, &self.train, &wanted);
        kept.encode(&mut encoder, true);
        self.gpu.submit(encoder);
        Ok(answer)
    }
}
