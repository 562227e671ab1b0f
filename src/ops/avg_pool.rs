//! `AveragePooling2D`: the mean of each window (<https://keras.io/api/layers/pooling_layers/average_pooling2d/>).

use serde::{Deserialize, Serialize};

use super::Op;
use super::pool::{Dims, output_shape, window};
use crate::error::Result;
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, wgsl};
use crate::shape::{Padding, Shape, Window};

/// `shaders/avg_pool.wgsl`
pub static SHADER: Shader = Shader {
    file: "avg_pool.wgsl",
    source: wgsl!("avg_pool.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::write("y"),
        Binding::read("dy"),
        Binding::write("dx"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };

/// The mean of each window, each channel for itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AveragePooling2D {
    /// Window height and width.
    pub pool_size: [usize; 2],
    /// Step between windows.
    pub strides: [usize; 2],
    /// What happens at the border.
    #[serde(default = "super::valid")]
    pub padding: Padding,
}

impl AveragePooling2D {
    /// Windows that touch without overlapping, no padding.
    pub fn new(pool_size: [usize; 2]) -> Self {
        Self { pool_size, strides: pool_size, padding: Padding::VALID }
    }

    fn window(&self, input: &Shape) -> Result<Window> {
        window(input, self.pool_size, self.strides, self.padding)
    }

    fn dims(&self, batch: usize, input: &Shape) -> Dims {
        Dims::new(batch, input, &self.window(input).expect("checked by output_shape"))
    }
}

impl Op for AveragePooling2D {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        output_shape(inputs[0], &self.window(inputs[0])?)
    }

    fn reach(&self, _input: &Shape) -> [(usize, usize); 2] {
        [0, 1].map(|axis| (self.pool_size[axis], self.strides[axis]))
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        cx.push(
            Dispatch::new(&FORWARD)
                .dims(&self.dims(cx.batch(), &x.shape))
                .bind("x", x.slice)
                .bind("y", y.slice)
                .threads(y.slice.elements),
        );
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let Some(dx) = cx.input_gradient_below(0) else { return };
        let dy = cx.output_gradient();
        let x = cx.input(0);
        let dispatch = Dispatch::new(&BACKWARD)
            .dims(&self.dims(cx.batch(), &x.shape))
            .bind_optional("x", dx.saved(x.slice), dy)
            .bind("dy", dy)
            .bind("dx", dx.slice)
            .threads(dx.slice.elements);
        cx.push(dx.finish(dispatch));
    }
}
