//! What a plan is asked for.

use super::choice::Choice;
use crate::data::Augment;
use crate::data::gather::Stored;
use crate::graph::ValueId;
use crate::optim::{Clipping, Optimizer};

/// Where the batch comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Batch {
    /// Somebody writes the input before the plan runs.
    Host,
    /// The first dispatch gathers it from the dataset on the GPU.
    Dataset(Stored),
    /// And changes every picture a little, in training; otherwise the same.
    Augmented(Stored, Augment),
}

impl Batch {
    /// How the dataset is stored and what is done to its pictures, in a plan that trains or does not.
    pub(crate) fn stored(self, training: bool) -> Option<(Stored, Augment)> {
        match self {
            Self::Host => None,
            Self::Augmented(stored, augment) if training => Some((stored, augment)),
            Self::Dataset(stored) | Self::Augmented(stored, _) => Some((stored, Augment::default())),
        }
    }
}

/// What a plan is for.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// The outputs.
    Outputs,
    /// Cross-entropy of the heads' logits against the labels; one weight a head.
    CrossEntropy {
        /// Factor of each head's loss in the total.
        weights: Vec<f32>,
        /// Label smoothing.
        label_smoothing: f32,
    },
    /// Gradients from an output gradient that somebody writes (tests of single ops).
    OutputGradient,
    /// Gradients of all values before this one, from a gradient of it that somebody writes. They stay until the next run,
    /// and weights have none.
    Seeded(ValueId),
}

/// How to plan.
#[derive(Clone, Debug, PartialEq)]
#[allow(clippy::struct_excessive_bools)] // each is a question of its own
pub struct PlanOptions {
    /// Samples a run.
    pub batch: usize,
    /// Training (batch statistics, dropout, gradients) or inference.
    pub training: bool,
    /// What for.
    pub target: Target,
    /// Where the input comes from.
    pub source: Batch,
    /// Keep every layer's output until the next run, to look at.
    pub keep_activations: bool,
    /// Let buffers take turns in the same memory. Off, each has its own: for comparisons.
    pub reuse: bool,
    /// Compute the gradient of the network's input too.
    pub input_gradient: bool,
    /// Moves the parameters at the end of a training step.
    pub optimizer: Option<Optimizer>,
    /// How long the gradients that it sees may be.
    pub clipping: Option<Clipping>,
    /// Which of several kernels for the same thing to take; [`Gpu::choice`](crate::gpu::Gpu::choice) knows.
    pub choice: Choice,
}

impl PlanOptions {
    /// With nothing out of the ordinary: the host writes the input and wants no gradient of it, nothing is kept to look at,
    /// buffers share memory, and parameters stay as they are.
    pub fn new(batch: usize, training: bool, target: Target, choice: Choice) -> Self {
        Self {
            batch,
            training,
            target,
            source: Batch::Host,
            keep_activations: false,
            reuse: true,
            input_gradient: false,
            optimizer: None,
            clipping: None,
            choice,
        }
    }
}
