//! `Concatenate`: tensors side by side (<https://keras.io/api/layers/merging_layers/concatenate/>).

use serde::{Deserialize, Serialize};

use super::Op;
use crate::error::{Result, bail};
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, dims, wgsl};
use crate::shape::Shape;

/// `shaders/concat.wgsl`
pub static SHADER: Shader = Shader {
    file: "concat.wgsl",
    source: wgsl!("concat.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::write("y"),
        Binding::read("dy"),
        Binding::write("dx"),
        Binding::read("y_saved"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { pixels: u32, own: u32, channels: u32, first: u32 }
}

/// The channels of all inputs, in order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Concatenate {
    /// The axis that grows: the last, −1 or its number with the batch counted as 0.
    #[serde(default = "super::last_axis")]
    pub axis: i32,
}

impl Default for Concatenate {
    fn default() -> Self {
        Self { axis: -1 }
    }
}

/// Dims for each input in turn.
fn dims(batch: usize, output: &Shape, inputs: &[Shape]) -> Vec<Dims> {
    let mut first = 0;
    let one = |shape: &Shape| {
        let own = shape.channels();
        let dims = Dims {
            pixels: (batch * shape.elements() / own) as u32,
            own: own as u32,
            channels: output.channels() as u32,
            first: first as u32,
        };
        first += own;
        dims
    };
    inputs.iter().map(one).collect()
}

impl Op for Concatenate {
    fn arity(&self) -> std::ops::RangeInclusive<usize> {
        2..=super::MAX_INPUTS
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        super::check_last_axis(self.axis, inputs[0])?;
        for shape in inputs {
            if super::pixels(shape) != super::pixels(inputs[0]) {
                bail!(
                    "cannot join {} and {shape}; all axes but the last must agree. Padding \"same\" keeps height and \
                     width",
                    inputs[0]
                );
            }
        }
        let mut extents = inputs[0].extents().to_vec();
        if let Some(last) = extents.last_mut() {
            *last = inputs.iter().map(|shape| shape.channels()).sum();
        }
        Shape::new(extents)
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let y = cx.output();
        let inputs: Vec<_> = (0..cx.inputs()).map(|i| cx.input(i)).collect();
        let shapes: Vec<_> = inputs.iter().map(|x| x.shape.clone()).collect();
        for (dims, x) in dims(cx.batch(), &y.shape, &shapes).iter().zip(inputs) {
            cx.push(
                Dispatch::new(&FORWARD)
                    .dims(dims)
                    .bind("x", x.slice)
                    .bind("y", y.slice)
                    .threads(x.slice.elements),
            );
        }
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let (y, dy) = (cx.output(), cx.output_gradient());
        let shapes: Vec<_> = (0..cx.inputs()).map(|i| cx.input(i).shape).collect();
        for (i, dims) in dims(cx.batch(), &y.shape, &shapes).iter().enumerate() {
            let Some(dx) = cx.input_gradient_below(i) else { continue };
            let dispatch = Dispatch::new(&BACKWARD)
                .dims(dims)
                .bind_optional("y_saved", dx.saved(y.slice), dy)
                .bind("dy", dy)
                .bind("dx", dx.slice)
                .threads(dx.slice.elements);
            cx.push(dx.finish(dispatch));
        }
    }
}
