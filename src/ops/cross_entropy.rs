//! Softmax cross-entropy from integer labels: Keras's `SparseCategoricalCrossentropy(from_logits=True)`
//! (<https://keras.io/api/losses/probabilistic_losses/>), averaged over the batch.

use crate::gpu::Step;
use crate::plan::{Binding, Dispatch, InputGradient, Kernel, Pass, Shader, Slice, dims, wgsl};

/// `shaders/cross_entropy.wgsl`
pub static SHADER: Shader = Shader {
    file: "cross_entropy.wgsl",
    source: wgsl!("cross_entropy.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::uniform("step"),
        Binding::read("logits"),
        Binding::read("labels"),
        Binding::write("samples"),
        Binding::write("dlogits"),
        Binding::read("samples_saved"),
        Binding::write("metrics"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static REDUCE: Kernel = Kernel { shader: &SHADER, entry_point: "reduce", workgroup_size: [1, 1, 1] };

dims! {
    struct Dims { batch: u32, classes: u32, weight: f32, smoothing: f32, head: u32 }
}

/// Words of [`crate::plan::External::Metrics`] that belong to one head.
pub const METRICS_WORDS: usize = 8;

/// One output of the network and its share of the loss.
#[derive(Clone, Copy, Debug)]
pub struct Head {
    /// Its number.
    pub index: usize,
    /// Samples in the batch.
    pub batch: usize,
    /// Size of the logits.
    pub classes: usize,
    /// Factor of its loss in the total.
    pub weight: f32,
    /// Label smoothing.
    pub label_smoothing: f32,
    /// Logits, batch × classes.
    pub logits: Slice,
    /// Labels, one a sample.
    pub labels: Slice,
    /// The step's numbers.
    pub step: Slice,
    /// Four values a sample: loss, right, in the best five, unused.
    pub samples: Slice,
    /// Where the gradient of the logits goes, in training.
    pub gradient: Option<InputGradient>,
    /// Sums over the batch, [`METRICS_WORDS`] a head.
    pub metrics: Slice,
}

/// Loss, gradient and hits of a head, then their sums.
pub fn emit(head: &Head) -> [Dispatch; 2] {
    let dims = Dims {
        batch: head.batch as u32,
        classes: head.classes as u32,
        weight: head.weight,
        smoothing: head.label_smoothing,
        head: head.index as u32,
    };
    let forward = Dispatch::new(&FORWARD)
        .dims(&dims)
        .bind("step", head.step)
        .bind("logits", head.logits)
        .bind("labels", head.labels)
        .bind("samples", head.samples)
        // Without a gradient the shader never writes it; any other writable memory will do.
        .bind("dlogits", head.gradient.map_or(head.metrics, |gradient| gradient.slice))
        .constant("GRADIENT", u32::from(head.gradient.is_some()))
        .constant("ACCUMULATE", head.gradient.map_or(0, |gradient| gradient.accumulate))
        .threads(head.batch);
    let reduce = Dispatch::new(&REDUCE)
        .dims(&dims)
        .bind("step", head.step)
        .bind("samples_saved", head.samples)
        .bind("metrics", head.metrics);
    [forward, reduce].map(|dispatch| dispatch.pass(Pass::Metrics))
}

/// The `Step` struct that the shader declares, for the reflection test.
pub const STEP: crate::plan::Layout = Step::LAYOUT;
