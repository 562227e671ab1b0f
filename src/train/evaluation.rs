//! Measuring without learning.

use super::config::{EVALUATION_BATCH, Part};
use super::metrics::{Evaluation, PendingEvaluation};
use super::session::Session;
use crate::error::{Result, bail};
use crate::ops::cross_entropy::METRICS_WORDS;

impl Session {
    /// Submits loss and accuracy over a part of the dataset.
    pub fn submit_evaluation(&self, part: Part) -> Result<PendingEvaluation> {
        let (Some((_, schedule)), Some(program)) = (&self.feed, &self.evaluate) else {
            bail!("this session has no dataset to evaluate on")
        };
        let samples = match part {
            Part::Train => &schedule.split().train,
            Part::Validation => &schedule.split().validation,
        };
        let batches = samples.len().div_ceil(EVALUATION_BATCH);
        let words = METRICS_WORDS * self.weights.len();
        let results = self.gpu.memory("evaluation", batches * words, wgpu::BufferUsages::empty())?;
        for (at, batch) in samples.chunks(EVALUATION_BATCH).enumerate() {
            self.gpu.write(&self.indices, 0, batch);
            self.write_step(self.done, batch.len(), self.target_rate);
            let mut encoder = self.gpu.encoder();
            program.encode(&mut encoder);
            let bytes = 4 * words as u64;
            let from = self.evaluation_metrics.buffer();
            encoder.copy_buffer_to_buffer(from, 0, results.buffer(), at as u64 * bytes, bytes);
            self.gpu.submit(encoder);
        }
        Ok(PendingEvaluation { gpu: self.gpu.clone(), results, batches, weights: self.weights.clone() })
    }

    /// Loss and accuracy over a part of the dataset.
    pub async fn evaluate(&self, part: Part) -> Result<Evaluation> {
        self.submit_evaluation(part)?.read().await
    }
}
