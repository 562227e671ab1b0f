//! `Add`: the sum of several tensors (<https://keras.io/api/layers/merging_layers/add/>).

use serde::{Deserialize, Serialize};

use super::Op;
use crate::error::{Result, bail};
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, Slice, Tensor, dims, wgsl};
use crate::shape::Shape;

/// `shaders/add.wgsl`
pub static SHADER: Shader = Shader {
    file: "add.wgsl",
    source: wgsl!("add.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("a"),
        Binding::read("b"),
        Binding::write("y"),
        Binding::read("dy"),
        Binding::write("dx"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static FORWARD_MORE: Kernel =
    Kernel { shader: &SHADER, entry_point: "forward_more", workgroup_size: [64, 1, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { pixels: u32, channels: u32, a_channels: u32, b_channels: u32 }
}

/// Inputs of the same shape, summed value by value. An input with a single channel is added to every channel.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Add {}

fn dims(batch: usize, output: &Shape, a: &Shape, b: &Shape) -> Dims {
    let channels = output.channels();
    Dims {
        pixels: (batch * output.elements() / channels) as u32,
        channels: channels as u32,
        a_channels: a.channels() as u32,
        b_channels: b.channels() as u32,
    }
}

impl Op for Add {
    fn arity(&self) -> std::ops::RangeInclusive<usize> {
        2..=super::MAX_INPUTS
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        let widest = inputs.iter().copied().max_by_key(|shape| shape.channels()).unwrap_or(inputs[0]);
        for shape in inputs {
            let same_pixels = super::pixels(shape) == super::pixels(widest);
            if !same_pixels || ![1, widest.channels()].contains(&shape.channels()) {
                bail!(
                    "cannot add {shape} to {widest}; all inputs need the same shape, or one channel where the others \
                     have more. A 1×1 convolution with strides can change a shape"
                );
            }
        }
        Ok(widest.clone())
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let y = cx.output();
        let (a, b) = (cx.input(0), cx.input(1));
        cx.push(
            Dispatch::new(&FORWARD)
                .dims(&dims(cx.batch(), &y.shape, &a.shape, &b.shape))
                .bind("a", a.slice)
                .bind("b", b.slice)
                .bind("y", y.slice)
                .threads(y.slice.elements),
        );
        for i in 2..cx.inputs() {
            let b = cx.input(i);
            cx.push(
                Dispatch::new(&FORWARD_MORE)
                    .dims(&dims(cx.batch(), &y.shape, &y.shape, &b.shape))
                    .bind("b", b.slice)
                    .bind("y", y.slice)
                    .threads(y.slice.elements),
            );
        }
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let (y, dy) = (cx.output(), cx.output_gradient());
        for i in 0..cx.inputs() {
            if cx.pass_gradient(i) {
                continue;
            }
            let Some(dx) = cx.input_gradient(i) else { continue };
            let Tensor { shape, .. } = cx.input(i);
            cx.push(
                Dispatch::new(&BACKWARD)
                    .dims(&dims(cx.batch(), &y.shape, &y.shape, &shape))
                    .bind("dy", dy)
                    .bind("dx", dx.slice)
                    .constant("ACCUMULATE", dx.accumulate)
                    .threads(dx.slice.elements),
            );
        }
    }
}

/// The same values once more: what a sum with one term is.
pub(crate) fn copy(from: Slice, to: Slice) -> Dispatch {
    let dims = Dims { pixels: from.elements as u32, channels: 1, a_channels: 1, b_channels: 1 };
    Dispatch::new(&BACKWARD).dims(&dims).bind("dy", from).bind("dx", to).threads(from.elements)
}
