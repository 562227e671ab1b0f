//! What a plan's memory is for.

/// Memory that outlives a plan; whoever runs the plan provides it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum External {
    /// All weights that an optimiser may change, one after the other.
    Parameters,
    /// Their gradients, in the same places.
    Gradients,
    /// Frozen weights and moving statistics.
    State,
    /// The dataset's pixels, four bytes a word.
    Pixels,
    /// The dataset's labels.
    Labels,
    /// Sample numbers of the batch.
    Indices,
    /// The numbers that change every step.
    Step,
    /// Loss and hits of the step.
    Metrics,
    /// The optimiser's first memory: momentum.
    Momentum,
    /// The optimiser's second memory: mean square of the gradient.
    Velocity,
    /// Weight tensor that each run of 64 parameters belongs to.
    Blocks,
    /// Per weight tensor: l2, l1, whether it is trained, and the share of its gradient that clipping lets through.
    Coefficients,
    /// Per weight tensor: its first run of 64 parameters, and how many it has.
    Places,
    /// A tensor that is looked at from outside.
    Subject,
}

/// What a buffer is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// Output of a layer.
    Activation,
    /// Gradient of one.
    Gradient,
    /// An op's own.
    Scratch,
    /// Provided from outside.
    External(External),
}

/// A buffer of the plan.
#[derive(Clone, Debug)]
pub struct Buffer {
    /// What a person would call it.
    pub label: String,
    /// 32-bit values it holds.
    pub elements: usize,
    /// What it is for.
    pub purpose: Purpose,
    /// Whether it keeps its memory for itself although nobody in the plan needs it any more.
    pub pinned: bool,
    /// Index into [`Plan::slots`](super::Plan::slots); `None` for external memory.
    pub slot: Option<usize>,
    /// Value number in the slot at which the buffer begins.
    pub offset: usize,
}
