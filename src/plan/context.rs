//! What an op sees while it emits its dispatches: tensors by role, never buffers by number.

use super::builder::Builder;
use super::choice::Candidate;
use super::dispatch::{Dispatch, Pass, Slice};
use super::fusion::Fused;
use crate::graph::Node;
use crate::shape::Shape;

/// A batch of samples in memory.
#[derive(Clone, Debug)]
pub struct Tensor {
    /// Where it lies.
    pub slice: Slice,
    /// Shape of one sample.
    pub shape: Shape,
}

/// The forward half of one op.
#[derive(Debug)]
pub struct Forward<'a> {
    pub(super) builder: &'a mut Builder,
    pub(super) node: &'a Node,
    pub(super) fused: Option<Fused>,
}

/// The backward half of one op.
#[derive(Debug)]
pub struct Backward<'a> {
    pub(super) builder: &'a mut Builder,
    pub(super) node: &'a Node,
}

/// Where the gradient of an input goes.
#[derive(Clone, Copy, Debug)]
pub struct InputGradient {
    /// The gradient's memory.
    pub slice: Slice,
    /// 1 where another reader of the same value has written its share before, so that this one adds; else 0. It is
    /// the value of the shaders' `ACCUMULATE`.
    pub accumulate: u32,
    /// The activation that the input came out of, where what is written here has to be multiplied by its slope: it then is
    /// what went *into* that activation whose gradient lies here. 0 for none; it is the value of the shaders' `BELOW`.
    pub below: u32,
}

impl InputGradient {
    /// What the slope is computed from, where it is wanted.
    pub fn saved(self, output: Slice) -> Option<Slice> {
        (self.below != 0).then_some(output)
    }

    /// Tells a kernel what to do beside writing.
    #[must_use]
    pub fn finish(self, dispatch: Dispatch) -> Dispatch {
        dispatch.constant("ACCUMULATE", self.accumulate).constant("BELOW", self.below)
    }
}

macro_rules! common {
    ($pass:expr) => {
        /// Samples in the batch.
        pub fn batch(&self) -> usize {
            self.builder.options.batch
        }

        /// Whether this is a training step (dropout drops, batch norm uses the batch) rather than inference.
        pub fn training(&self) -> bool {
            self.builder.options.training
        }

        /// Whether the layer is trained; a frozen batch norm works as in inference.
        pub fn trainable(&self) -> bool {
            self.builder.trainable(self.node.layer)
        }

        /// The `i`th input.
        pub fn input(&self, i: usize) -> Tensor {
            self.builder.value(self.node.inputs[i])
        }

        /// Number of inputs.
        pub fn inputs(&self) -> usize {
            self.node.inputs.len()
        }

        /// The output.
        pub fn output(&self) -> Tensor {
            self.builder.value(self.node.output)
        }

        /// A weight by its Keras name, if the layer has it.
        pub fn parameter(&self, name: &str) -> Option<Slice> {
            self.builder.parameter(self.node.layer, name)
        }

        /// Memory of the op's own for `elements` values, alive from its first use to its last. The same `name` gives
        /// the same memory in the forward and the backward half.
        pub fn scratch(&mut self, name: &'static str, elements: usize) -> Slice {
            self.builder.scratch(self.node, name, elements)
        }

        /// The step's own numbers (`step.wgsl` conventions): count, learning rate, seed.
        pub fn step(&mut self) -> Slice {
            self.builder.step()
        }

        /// Index of the layer, for seeds that must differ between layers.
        pub fn layer(&self) -> usize {
            self.node.layer
        }

        /// Name of the variant to take; its dispatches come next. `what` and `dims`, the sizes as a kernel gets them, tell
        /// all that a variant's time depends on.
        pub fn pick(
            &mut self,
            what: &str,
            dims: &impl bytemuck::NoUninit,
            candidates: Vec<Candidate>,
        ) -> &'static str {
            self.builder.pick(self.node.layer, what, bytemuck::bytes_of(dims), candidates)
        }

        /// Adds a dispatch to the plan.
        pub fn push(&mut self, dispatch: Dispatch) {
            self.builder.push(Dispatch { layer: Some(self.node.layer), ..dispatch.pass($pass) });
        }
    };
}

impl Forward<'_> {
    common!(Pass::Forward);

    /// What the op's kernel shall do beside its own work; the output is then that of the last node in the chain.
    pub fn fused(&self) -> Option<Fused> {
        self.fused
    }

    /// Whether a backward pass follows, for which something may have to be remembered.
    pub fn has_backward(&self) -> bool {
        self.builder.backward()
    }
}

impl Backward<'_> {
    common!(Pass::Backward);

    /// Gradient of the loss with respect to the output, complete.
    pub fn output_gradient(&self) -> Slice {
        self.builder.gradient(self.node.output)
    }

    /// Where to write the gradient of the `i`th input; `None` where nobody needs it. Call it once an input.
    pub fn input_gradient(&mut self, i: usize) -> Option<InputGradient> {
        self.builder.input_gradient(self.node.inputs[i])
    }

    /// The same for a kernel that can multiply by the slope of the activation below while it has the sum in a register:
    /// whoever comes next then loads one value instead of two, as often as it needs it.
    pub fn input_gradient_below(&mut self, i: usize) -> Option<InputGradient> {
        let mut gradient = self.input_gradient(i)?;
        if gradient.accumulate == 0 {
            gradient.below = self.builder.slope_to_apply(self.node.inputs[i], gradient.slice);
        }
        Some(gradient)
    }

    /// Gradient of the loss with respect to what went into the op's own activation. Ask once.
    pub fn sum_gradient(&mut self) -> Slice {
        self.builder.sum_gradient(self.node)
    }

    /// Whether nothing is left to do for the gradient of the `i`th input, because it is the output's own and may lie in
    /// the same memory. Where not, [`Backward::input_gradient`] says where it goes.
    pub fn pass_gradient(&mut self, i: usize) -> bool {
        self.builder.pass_gradient(self.node.output, self.node.inputs[i])
    }

    /// Where to write the gradient of a weight; `None` where the layer lacks it or it is frozen.
    pub fn parameter_gradient(&self, name: &str) -> Option<Slice> {
        self.builder.parameter_gradient(self.node.layer, name)
    }
}
