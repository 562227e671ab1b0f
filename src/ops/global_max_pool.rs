//! `GlobalMaxPooling2D`: the largest value of each feature map
//! (<https://keras.io/api/layers/pooling_layers/global_max_pooling2d/>).

use serde::{Deserialize, Serialize};

use super::Op;
use super::pool::{GlobalDims, global_groups, global_output_shape};
use crate::error::Result;
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, wgsl};
use crate::shape::Shape;

/// `shaders/global_max_pool.wgsl`
pub static SHADER: Shader = Shader {
    file: "global_max_pool.wgsl",
    source: wgsl!("global_max_pool.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::write("y"),
        Binding::write("argmax"),
        Binding::read("argmax_saved"),
        Binding::read("dy"),
        Binding::write("dx"),
    ],
    dims: GlobalDims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [8, 8, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };

/// The largest value over height and width of each channel: (height, width, channels) to (channels).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct GlobalMaxPooling2D {
    /// Whether the output is (1, 1, channels) rather than (channels).
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub keepdims: bool,
}

impl Op for GlobalMaxPooling2D {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        global_output_shape(inputs[0], self.keepdims)
    }

    fn reach(&self, input: &Shape) -> [(usize, usize); 2] {
        let (h, w, _) = input.hwc();
        [(h, 1), (w, 1)]
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        let argmax =
            if cx.has_backward() { cx.scratch("argmax", y.slice.elements) } else { cx.scratch("unused", 1) };
        cx.push(
            Dispatch::new(&FORWARD)
                .dims(&GlobalDims::new(cx.batch(), &x.shape))
                .bind("x", x.slice)
                .bind("y", y.slice)
                .bind("argmax", argmax)
                .constant("REMEMBER", u32::from(cx.has_backward()))
                .groups(global_groups(cx.batch(), &x.shape)),
        );
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let Some(dx) = cx.input_gradient(0) else { return };
        let dims = GlobalDims::new(cx.batch(), &cx.input(0).shape);
        let dy = cx.output_gradient();
        let argmax = cx.scratch("argmax", dy.elements);
        cx.push(
            Dispatch::new(&BACKWARD)
                .dims(&dims)
                .bind("argmax_saved", argmax)
                .bind("dy", dy)
                .bind("dx", dx.slice)
                .constant("ACCUMULATE", dx.accumulate)
                .threads(dx.slice.elements),
        );
    }
}
