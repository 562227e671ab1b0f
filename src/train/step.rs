//! One training step: a batch goes in, the programs run, metrics come back late.

use super::config::check_indices;
use super::metrics::{PendingStep, StepMetrics};
use super::session::Session;
use crate::error::{Error, Result, bail};
use crate::gpu::Step;

/// Batches remembered to look for the cause of a NaN: metrics arrive at most this many steps late.
const REMEMBERED: usize = 8;

/// A step that may turn out to have gone wrong.
#[derive(Debug)]
pub(super) struct Recent {
    pub(super) step: u32,
    pub(super) samples: Vec<u32>,
    pub(super) learning_rate: f64,
}

impl Session {
    /// Submits one training step on the next batch of the dataset.
    pub fn submit_step(&mut self) -> Result<PendingStep> {
        let done = self.done;
        let Some((_, schedule)) = &mut self.feed else {
            bail!("this session has no dataset; write a batch and call submit_batch")
        };
        let indices = schedule.batch(done);
        self.submit_step_on(&indices)
    }

    /// Submits one training step on these samples of the dataset, exactly as many as a batch has.
    pub fn submit_step_on(&mut self, indices: &[u32]) -> Result<PendingStep> {
        let Some((feed, _)) = &self.feed else { bail!("this session has no dataset to take samples from") };
        if indices.len() != self.config.batch {
            bail!("{} samples were named for a batch of {}", indices.len(), self.config.batch);
        }
        check_indices(indices, feed.dataset().len())?;
        self.check_running()?;
        self.gpu.write(&self.indices, 0, indices);
        let (samples, learning_rate) = (indices.to_vec(), self.learning_rate());
        self.recent.push_back(Recent { step: self.done + 1, samples, learning_rate });
        if self.recent.len() > REMEMBERED {
            self.recent.pop_front();
        }
        Ok(self.submit())
    }

    /// Writes a batch for [`Session::submit_batch`]: `batch` pictures and their labels.
    pub fn write_batch(&self, x: &[f32], labels: &[u32]) -> Result<()> {
        let plan = self.train.plan();
        let (Some(input), Some(label_slice)) = (plan.values[0], plan.labels) else {
            bail!("this session's plan takes no batch")
        };
        if self.feed.is_some() {
            bail!("this session takes its batches from a dataset");
        }
        if x.len() != input.elements || labels.len() != label_slice.elements {
            bail!(
                "a batch has {} values and {} labels, got {} and {}",
                input.elements,
                label_slice.elements,
                x.len(),
                labels.len()
            );
        }
        let classes = self.graph.layers[self.graph.outputs[0]].shape.elements() as u32;
        if let Some(label) = labels.iter().find(|&&label| label >= classes) {
            bail!("label {label} is out of range: the network has {classes} classes");
        }
        let (memory, offset) = self.train.locate(input);
        self.gpu.write(memory, offset, x);
        let (memory, offset) = self.train.locate(label_slice);
        self.gpu.write(memory, offset, labels);
        Ok(())
    }

    /// Submits one training step on the batch that was written.
    pub fn submit_batch(&mut self) -> Result<PendingStep> {
        if self.feed.is_some() {
            bail!("this session takes its batches from a dataset; call submit_step");
        }
        self.check_running()?;
        Ok(self.submit())
    }

    fn check_running(&self) -> Result<()> {
        match self.stopped {
            None => Ok(()),
            Some(step) => bail!(
                "training stopped at step {step}, where the loss was NaN or infinite: nothing is learnt from there on. Reset \
                 to start over, with a smaller learning rate"
            ),
        }
    }

    fn submit(&mut self) -> PendingStep {
        let learning_rate = self.learning_rate();
        let epoch = self.feed.as_ref().map_or(1, |(_, schedule)| schedule.epoch(self.done));
        self.done += 1;
        self.write_step(self.done, self.config.batch, learning_rate);
        let mut encoder = self.gpu.encoder();
        self.encode_watch(&mut encoder);
        self.train.encode(&mut encoder);
        let staging = self.ring.copy(&mut encoder, &self.metrics);
        self.gpu.submit(encoder);
        PendingStep {
            ring: self.ring.clone(),
            staging,
            step: self.done,
            epoch,
            learning_rate,
            weights: self.weights.clone(),
        }
    }

    /// The numbers of a step.
    pub(super) fn write_step(&self, step: u32, samples: usize, learning_rate: f64) {
        let step = Step {
            step,
            samples: samples as u32,
            learning_rate: learning_rate as f32,
            rate: self.config.optimizer.rate(learning_rate, step.max(1)) as f32,
            seed: self.config.seed,
        };
        self.gpu.write(&self.step_numbers, 0, &[step]);
    }

    /// One training step, finished. A loss that is no number is an error that says where it came from.
    pub async fn train_step(&mut self) -> Result<StepMetrics> {
        let metrics = self.submit_step()?.read().await?;
        match metrics.halted {
            None => Ok(metrics),
            Some(step) => Err(Error::new(self.submit_diagnosis(step)?.read().await?)),
        }
    }
}
