//! `GlobalAveragePooling2D`: the mean of each feature map
//! (<https://keras.io/api/layers/pooling_layers/global_average_pooling2d/>), and the `Lambda` layer that says the same.

use serde::{Deserialize, Serialize};

use super::Op;
use super::pool::{GlobalDims, global_groups, global_output_shape};
use crate::error::{Result, bail};
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, wgsl};
use crate::shape::Shape;

/// `shaders/global_avg_pool.wgsl`
pub static SHADER: Shader = Shader {
    file: "global_avg_pool.wgsl",
    source: wgsl!("global_avg_pool.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::write("y"),
        Binding::read("dy"),
        Binding::write("dx"),
    ],
    dims: GlobalDims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [8, 8, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };

/// The mean over height and width of each channel: (height, width, channels) to (channels).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GlobalAveragePooling2D {
    /// Whether the output is (1, 1, channels) rather than (channels).
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub keepdims: bool,
}

impl Op for GlobalAveragePooling2D {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        global_output_shape(inputs[0], self.keepdims)
    }

    fn reach(&self, input: &Shape) -> [(usize, usize); 2] {
        let (h, w, _) = input.hwc();
        [(h, 1), (w, 1)]
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        cx.push(
            Dispatch::new(&FORWARD)
                .dims(&GlobalDims::new(cx.batch(), &x.shape))
                .bind("x", x.slice)
                .bind("y", y.slice)
                .groups(global_groups(cx.batch(), &x.shape)),
        );
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let Some(dx) = cx.input_gradient(0) else { return };
        let dims = GlobalDims::new(cx.batch(), &cx.input(0).shape);
        let dy = cx.output_gradient();
        cx.push(
            Dispatch::new(&BACKWARD)
                .dims(&dims)
                .bind("dy", dy)
                .bind("dx", dx.slice)
                .constant("ACCUMULATE", dx.accumulate)
                .threads(dx.slice.elements),
        );
    }
}

/// Keras's `Lambda`, for the one function that the course notes give it: the mean over axes 1 and 2.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Lambda {
    /// What it computes, [`Lambda::MEAN`].
    pub function: String,
}

impl Lambda {
    /// The mean of each feature map.
    pub const MEAN: &str = "mean over axes 1 and 2";

    /// The mean of each feature map.
    pub fn mean() -> Self {
        Self { function: Self::MEAN.to_owned() }
    }
}

impl Op for Lambda {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        if self.function != Self::MEAN {
            bail!(
                "function \"{}\" is not known; \"{}\" is. A function of Python cannot run here",
                self.function,
                Self::MEAN
            );
        }
        GlobalAveragePooling2D::default().output_shape(inputs)
    }

    fn reach(&self, input: &Shape) -> [(usize, usize); 2] {
        GlobalAveragePooling2D::default().reach(input)
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        GlobalAveragePooling2D::default().forward(cx);
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        GlobalAveragePooling2D::default().backward(cx);
    }
}
