//! Measuring without learning.

use super::config::{EVALUATION_BATCH, Part};
use super::metrics::{Evaluation, PendingEvaluation, Sums};
use super::session::Session;
use crate::error::{Result, bail};
use crate::gpu::{Gpu, Memory, Program};
use crate::plan::{External, PlanOptions, plan};

/// What the network says of every sample of a batch.
#[derive(Debug)]
pub struct PendingPredictions {
    gpu: Gpu,
    staging: Memory,
    samples: Vec<u32>,
}

impl PendingPredictions {
    /// Waits for it: the samples' numbers in the dataset, and the main head's logits, `[samples, classes]`.
    pub async fn read(self) -> Result<(Vec<u32>, Vec<f32>)> {
        let mut logits: Vec<f32> = self.gpu.map(&self.staging).await?;
        logits.truncate(logits.len() / EVALUATION_BATCH * self.samples.len());
        Ok((self.samples, logits))
    }
}

impl Session {
    /// Submits loss and hits of one batch of a part of the dataset, from this sample of the part on; `None` at its end.
    ///
    /// Batch by batch, so that whoever measures can turn to something else in between.
    pub fn submit_evaluation(&self, part: Part, from: usize) -> Result<Option<PendingEvaluation>> {
        let Some((_, _, mut encoder)) = self.measure(part, from, None)? else { return Ok(None) };
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

    /// A program for [`Session::submit_predictions`] in which these wires are cut: a layer, and which of its inputs is to be
    /// zeros.
    pub fn without(&self, cuts: &[[usize; 2]]) -> Result<Program> {
        let Some(whole) = &self.evaluate else { bail!("this session has no dataset to evaluate on") };
        // A wire can be cut where a kernel of its own reads it.
        let options = PlanOptions { keep_activations: true, ..whole.plan().options.clone() };
        let mut plan = plan(&self.graph, options);
        for &[layer, input] in cuts {
            plan.silence(&self.graph, layer, input);
        }
        let mut externals = self.externals.clone();
        externals.insert(External::Metrics, self.evaluation_metrics.clone());
        Program::new(&self.gpu, plan, &externals)
    }

    /// Submits the main head's logits for one batch of a part, from this sample of the part on; `None` at its end. Another
    /// program may answer in place of the session's own.
    pub fn submit_predictions(
        &self,
        part: Part,
        from: usize,
        program: Option<&Program>,
    ) -> Result<Option<PendingPredictions>> {
        let Some((samples, program, mut encoder)) = self.measure(part, from, program)? else {
            return Ok(None);
        };
        let logits = self.graph.outputs.last().and_then(|&layer| {
            let value = self.graph.logits(self.graph.layers[layer].value);
            program.plan().values[value.0]
        });
        // Evaluation plans keep the logits until they end.
        let logits = logits.expect("the loss is computed from the logits");
        let bytes = 4 * logits.elements as u64;
        let staging = self.gpu.staging("logits", bytes);
        let (memory, offset) = program.locate(logits);
        encoder.copy_buffer_to_buffer(memory.buffer(), offset, staging.buffer(), 0, bytes);
        self.gpu.submit(encoder);
        Ok(Some(PendingPredictions { gpu: self.gpu.clone(), staging, samples: samples.to_vec() }))
    }

    /// Encodes one batch of a part through the network.
    fn measure<'a>(
        &'a self,
        part: Part,
        from: usize,
        other: Option<&'a Program>,
    ) -> Result<Option<(&'a [u32], &'a Program, wgpu::CommandEncoder)>> {
        let (Some((_, schedule)), Some(program)) = (&self.feed, other.or(self.evaluate.as_ref())) else {
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
        Ok(Some((batch, program, encoder)))
    }
}
