//! Measuring without learning.

use super::config::{EVALUATION_BATCH, Part};
use super::metrics::{Evaluation, PendingEvaluation, Sums};
use super::session::Session;
use crate::error::{Result, bail};

impl Session {
    /// Submits loss and hits of one batch of a part of the dataset, from this sample of the part on; `None` at its end.
    ///
    /// Batch by batch, so that whoever measures can turn to something else in between.
    pub fn submit_evaluation(&self, part: Part, from: usize) -> Result<Option<PendingEvaluation>> {
        let (Some((_, schedule)), Some(program)) = (&self.feed, &self.evaluate) else {
            bail!("this session has no dataset to evaluate on")
        };
        let samples = match part {
            Part::Train => &schedule.split().train,
            Part::Validation => &schedule.split().validation,
        };
        let Some(batch) = samples.get(from..).and_then(|rest| rest.chunks(EVALUATION_BATCH).next()) else {
            return Ok(None);
        };
        self.gpu.write(&self.indices, 0, batch);
        self.write_step(self.done, batch.len(), self.target_rate);
        let mut encoder = self.gpu.encoder();
        program.encode(&mut encoder);
        let staging = self.ring.copy(&mut encoder, &self.evaluation_metrics);
        self.gpu.submit(encoder);
        Ok(Some(PendingEvaluation { ring: self.ring.clone(), staging, weights: self.weights.clone() }))
    }

    /// Loss and accuracy over a part of the dataset.
    pub async fn evaluate(&self, part: Part) -> Result<Evaluation> {
        let mut sums = Sums::default();
        while let Some(batch) = self.submit_evaluation(part, sums.samples())? {
            batch.add_to(&mut sums).await?;
        }
        sums.evaluation()
    }
}
