//! Loss and hits on their way from the GPU: late and cheap.

use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

use crate::error::{Result, bail};
use crate::gpu::{Gpu, Memory};
use crate::ops::cross_entropy::METRICS_WORDS;

/// What one training step measured, before its update.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct StepMetrics {
    /// 1 for the first step.
    pub step: u32,
    /// 1 for the first epoch.
    pub epoch: usize,
    /// Learning rate of the update that followed.
    pub learning_rate: f64,
    /// Weighted sum of the heads' losses, and the penalty.
    pub loss: f32,
    /// What the regularisers add to the loss: Σ l2 · w² + l1 · |w| over the weights that are trained.
    pub penalty: f32,
    /// Loss of each head.
    pub head_losses: Vec<f32>,
    /// Share of the batch that the last head (the main one) got right.
    pub accuracy: f32,
    /// Share of the batch whose label is among its five best.
    pub top5_accuracy: f32,
    /// 1 − accuracy.
    pub error: f32,
    /// 1 − top-5 accuracy.
    pub top5_error: f32,
    /// Step at which the loss first was no number, if it has been.
    pub halted: Option<u32>,
}

/// Loss and hits over a part of the data.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Evaluation {
    /// Mean loss a sample, weighted over the heads, and the penalty.
    pub loss: f32,
    /// Top-1 accuracy of the main head.
    pub accuracy: f32,
    /// Top-5 accuracy of the main head.
    pub top5_accuracy: f32,
    /// 1 − accuracy.
    pub error: f32,
    /// 1 − top-5 accuracy.
    pub top5_error: f32,
    /// Samples measured.
    pub samples: usize,
}

/// Staging buffers that take turns, so that a running step allocates nothing.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    gpu: Gpu,
    bytes: u64,
    free: Arc<Mutex<Vec<Memory>>>,
}

impl Ring {
    pub(super) fn new(gpu: &Gpu, heads: usize) -> Self {
        Self { gpu: gpu.clone(), bytes: (4 * METRICS_WORDS * heads) as u64, free: Arc::default() }
    }

    /// Records a copy of `metrics` into a free staging buffer.
    pub(super) fn copy(&self, encoder: &mut wgpu::CommandEncoder, metrics: &Memory) -> Memory {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let staging = free.unwrap_or_else(|| self.gpu.staging("metrics", self.bytes));
        encoder.copy_buffer_to_buffer(metrics.buffer(), 0, staging.buffer(), 0, self.bytes);
        staging
    }

    async fn read(&self, staging: Memory) -> Result<Vec<u32>> {
        let words = self.gpu.map(&staging).await?;
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(staging);
        Ok(words)
    }
}

/// A step that was submitted and whose metrics are under way.
#[derive(Debug)]
pub struct PendingStep {
    pub(super) ring: Ring,
    pub(super) staging: Memory,
    pub(super) step: u32,
    pub(super) epoch: usize,
    pub(super) learning_rate: f64,
    pub(super) weights: Vec<f32>,
}

impl PendingStep {
    /// Waits for the step to finish.
    pub async fn read(self) -> Result<StepMetrics> {
        let words = self.ring.read(self.staging).await?;
        // In a browser the device complains late, and what it refused has left zeros behind.
        self.ring.gpu.check()?;
        let heads: Vec<Head> = words.chunks_exact(METRICS_WORDS).map(Head::of).collect();
        let main = heads.last().copied().unwrap_or_default();
        Ok(StepMetrics {
            step: self.step,
            epoch: self.epoch,
            learning_rate: self.learning_rate,
            loss: total_loss(&heads, &self.weights),
            penalty: heads.iter().map(|head| head.penalty).sum(),
            head_losses: heads.iter().map(|head| head.loss).collect(),
            accuracy: share(main.hits, main.samples),
            top5_accuracy: share(main.hits_of_five, main.samples),
            error: share(main.samples - main.hits, main.samples),
            top5_error: share(main.samples - main.hits_of_five, main.samples),
            halted: heads.iter().map(|head| head.halted).find(|&step| step != 0),
        })
    }
}

/// A batch of an evaluation that was submitted.
#[derive(Debug)]
pub struct PendingEvaluation {
    pub(super) ring: Ring,
    pub(super) staging: Memory,
    pub(super) weights: Vec<f32>,
}

impl PendingEvaluation {
    /// Waits for it to finish.
    pub async fn add_to(self, sums: &mut Sums) -> Result<()> {
        let words = self.ring.read(self.staging).await?;
        self.ring.gpu.check()?;
        let heads: Vec<Head> = words.chunks_exact(METRICS_WORDS).map(Head::of).collect();
        let main = heads.last().copied().unwrap_or_default();
        sums.loss += f64::from(total_loss(&heads, &self.weights)) * f64::from(main.samples);
        sums.hits += main.hits;
        sums.hits_of_five += main.hits_of_five;
        sums.samples += main.samples;
        Ok(())
    }
}

/// What an evaluation has measured so far.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sums {
    loss: f64,
    hits: u32,
    hits_of_five: u32,
    samples: u32,
}

impl Sums {
    /// Samples measured.
    pub fn samples(&self) -> usize {
        self.samples as usize
    }

    /// The means.
    pub fn evaluation(&self) -> Result<Evaluation> {
        let Self { loss, hits, hits_of_five, samples } = *self;
        let loss = (loss / f64::from(samples.max(1))) as f32;
        if !loss.is_finite() {
            bail!(
                "the loss over {samples} samples is NaN or infinite: the last update took the weights out of range. Try a \
                 tenth of the learning rate, and reset"
            );
        }
        Ok(Evaluation {
            loss,
            accuracy: share(hits, samples),
            top5_accuracy: share(hits_of_five, samples),
            error: share(samples - hits, samples),
            top5_error: share(samples - hits_of_five, samples),
            samples: samples as usize,
        })
    }
}

fn total_loss(heads: &[Head], weights: &[f32]) -> f32 {
    heads.iter().zip(weights).map(|(head, weight)| weight * head.loss + head.penalty).sum()
}

/// The words that `cross_entropy.wgsl` writes for one head, and `norms.wgsl` for the first.
#[derive(Clone, Copy, Debug, Default)]
struct Head {
    loss: f32,
    hits: u32,
    hits_of_five: u32,
    samples: u32,
    penalty: f32,
    halted: u32,
}

impl Head {
    fn of(words: &[u32]) -> Self {
        Self {
            loss: f32::from_bits(words[0]),
            hits: words[1],
            hits_of_five: words[2],
            samples: words[3],
            penalty: f32::from_bits(words[4]),
            halted: words[5],
        }
    }
}

fn share(hits: u32, samples: u32) -> f32 {
    hits as f32 / samples.max(1) as f32
}
