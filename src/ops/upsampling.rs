//! `UpSampling2D`: larger images (<https://keras.io/api/layers/reshaping_layers/up_sampling2d/>).

use serde::{Deserialize, Serialize};

use super::Op;
use crate::error::{Result, bail};
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, dims, wgsl};
use crate::shape::Shape;

/// `shaders/upsampling.wgsl`
pub static SHADER: Shader = Shader {
    file: "upsampling.wgsl",
    source: wgsl!("upsampling.wgsl"),
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

dims! {
    struct Dims { batch: u32, h: u32, w: u32, channels: u32, size_h: u32, size_w: u32 }
}

/// Every pixel becomes a block of equal pixels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpSampling2D {
    /// Height and width of a block.
    #[serde(default = "two")]
    pub size: [usize; 2],
    /// How pixels between the given ones are found.
    #[serde(default)]
    pub interpolation: Interpolation,
}

/// How pixels between the given ones are found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Interpolation {
    /// They equal the nearest one.
    #[default]
    Nearest,
}

/// Larger factors are typing errors.
const MAX_SIZE: usize = 1024;

fn two() -> [usize; 2] {
    [2, 2]
}

impl UpSampling2D {
    /// Blocks of this height and width.
    pub fn new(size: [usize; 2]) -> Self {
        Self { size, interpolation: Interpolation::Nearest }
    }

    fn dims(&self, batch: usize, input: &Shape) -> Dims {
        let (h, w, channels) = input.hwc();
        Dims {
            batch: batch as u32,
            h: h as u32,
            w: w as u32,
            channels: channels as u32,
            size_h: self.size[0] as u32,
            size_w: self.size[1] as u32,
        }
    }
}

impl Op for UpSampling2D {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        let (h, w, channels) = inputs[0].expect_image()?;
        let [size_h, size_w] = self.size;
        if [size_h, size_w].iter().any(|size| !(1..=MAX_SIZE).contains(size)) {
            bail!("size is {size_h}×{size_w}; use 1 to {MAX_SIZE} along each axis");
        }
        Shape::image(h * size_h, w * size_w, channels)
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
        let Some(dx) = cx.input_gradient(0) else { return };
        let dims = self.dims(cx.batch(), &cx.input(0).shape);
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
