//! Norms of gradients, weights and updates, tensor by tensor; gradient clipping and penalties, which follow from them.

use crate::error::{Result, bail};
use crate::plan::{ALIGN, Binding, Dispatch, Kernel, MAX_BINDING, Pass, Shader, Slice, dims, wgsl};

/// `shaders/norms.wgsl`
pub static SHADER: Shader = Shader {
    file: "norms.wgsl",
    source: wgsl!("norms.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("gradients"),
        Binding::read("blocks"),
        Binding::read("coefficients"),
        Binding::read("before"),
        Binding::read("after"),
        Binding::write("runs"),
        Binding::read("runs_saved"),
        Binding::read("places"),
        Binding::write("norms"),
        Binding::read("norms_saved"),
        Binding::write("scaled"),
        Binding::write("metrics"),
        Binding::uniform("step"),
    ],
    dims: Dims::LAYOUT,
};
static SQUARE: Kernel = Kernel { shader: &SHADER, entry_point: "square", workgroup_size: [64, 1, 1] };
static TENSOR: Kernel = Kernel { shader: &SHADER, entry_point: "tensor", workgroup_size: [64, 1, 1] };
static FINISH: Kernel = Kernel { shader: &SHADER, entry_point: "finish", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { runs: u32, tensors: u32, clip: f32, together: u32 }
}

/// How long a gradient may be. A longer one is shortened to this norm and keeps its direction; the regularisers' share
/// counts (<https://keras.io/api/optimizers/>).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Clipping {
    /// Keras's `clipnorm`: the gradient of each weight tensor for itself.
    Norm(f64),
    /// Keras's `global_clipnorm`: all gradients of the network taken as one vector (Pascanu et al. 2013).
    GlobalNorm(f64),
}

impl Clipping {
    /// From Keras's two settings, of which one may be given.
    pub fn of(clipnorm: Option<f64>, global_clipnorm: Option<f64>) -> Result<Option<Self>> {
        let clipping = match (clipnorm, global_clipnorm) {
            (Some(_), Some(_)) => bail!("clipnorm and global_clipnorm are both given; choose one"),
            (Some(norm), None) => Self::Norm(norm),
            (None, Some(norm)) => Self::GlobalNorm(norm),
            (None, None) => return Ok(None),
        };
        clipping.validate()?;
        Ok(Some(clipping))
    }

    /// Whether it can be trained with.
    pub fn validate(&self) -> Result<()> {
        let (name, norm) = match *self {
            Self::Norm(norm) => ("clipnorm", norm),
            Self::GlobalNorm(norm) => ("global_clipnorm", norm),
        };
        if norm.is_finite() && (norm as f32) > 0.0 {
            return Ok(());
        }
        bail!("{name} is {norm}; it must be a number above 0, 1 is usual")
    }
}

/// The memory that the sums are taken over and kept in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Norms {
    /// Of the parameters, without the regularisers' share.
    pub(crate) gradients: Slice,
    /// Tensor of each run of [`ALIGN`] values.
    pub(crate) blocks: Slice,
    /// Four values a tensor.
    pub(crate) coefficients: Slice,
    /// First run and number of runs of each tensor.
    pub(crate) places: Slice,
    /// The weights that the gradients are of.
    pub(crate) before: Slice,
    /// The weights after the update; the same as `before` where there was none.
    pub(crate) after: Slice,
    /// Four sums a run.
    pub(crate) runs: Slice,
    /// Four sums a tensor: Σ gradient², Σ weight², Σ update², penalty.
    pub(crate) norms: Slice,
}

impl Norms {
    /// Values of `runs` and of `norms`.
    pub(crate) fn sizes(parameters: usize, tensors: usize) -> [usize; 2] {
        [4 * (parameters / ALIGN), 4 * tensors]
    }

    /// The dispatches that fill `norms`: over as many values at a time as a kernel may see, then over the tensors.
    pub(crate) fn emit(&self, pass: Pass) -> Vec<Dispatch> {
        let mut dispatches = Vec::new();
        let all = self.before.elements;
        for first in (0..all).step_by(MAX_BINDING) {
            let count = (all - first).min(MAX_BINDING);
            let values = |slice: Slice| slice.part(first, count);
            let runs = count / ALIGN;
            let square = Dispatch::new(&SQUARE)
                .dims(&Dims { runs: runs as u32, ..Dims::default() })
                .bind("gradients", values(self.gradients))
                .bind("blocks", self.blocks.part(first / ALIGN, runs))
                .bind("coefficients", self.coefficients)
                .bind("before", values(self.before))
                .bind("after", values(self.after))
                .bind("runs", self.runs.part(4 * (first / ALIGN), 4 * runs));
            dispatches.push(square.threads(runs).pass(pass));
        }
        let tensor = Dispatch::new(&TENSOR)
            .bind("runs_saved", self.runs)
            .bind("places", self.places)
            .bind("norms", self.norms);
        dispatches.push(tensor.groups(self.places.elements / 2).pass(pass));
        dispatches
    }

    /// The dispatch that reports the penalty and clips.
    pub(crate) fn finish(&self, clipping: Option<Clipping>, metrics: Slice, step: Slice) -> Dispatch {
        let mut dims = Dims { tensors: self.places.elements as u32 / 2, ..Dims::default() };
        match clipping {
            None => {}
            Some(Clipping::Norm(norm)) => dims.clip = norm as f32,
            Some(Clipping::GlobalNorm(norm)) => (dims.clip, dims.together) = (norm as f32, 1),
        }
        Dispatch::new(&FINISH)
            .dims(&dims)
            .bind("norms_saved", self.norms)
            .bind("scaled", self.coefficients)
            .bind("metrics", metrics)
            .bind("step", step)
            .pass(if clipping.is_some() { Pass::Update } else { Pass::Metrics })
    }
}
