//! `ZeroPadding2D`: zeros around an image (<https://keras.io/api/layers/reshaping_layers/zero_padding2d/>).

use serde::{Deserialize, Serialize};

use super::Op;
use crate::error::{Result, bail};
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, dims, wgsl};
use crate::shape::Shape;

/// `shaders/zero_padding.wgsl`
pub static SHADER: Shader = Shader {
    file: "zero_padding.wgsl",
    source: wgsl!("zero_padding.wgsl"),
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
    struct Dims { batch: u32, h: u32, w: u32, channels: u32, oh: u32, ow: u32, top: u32, left: u32 }
}

/// Rows and columns of zeros around an image.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ZeroPadding2D {
    /// `[[top, bottom], [left, right]]`
    pub padding: [[usize; 2]; 2],
}

/// More padding than this is a typing error.
const MAX_PADDING: usize = 4096;

impl ZeroPadding2D {
    /// The same frame on all sides.
    pub fn new(padding: usize) -> Self {
        Self { padding: [[padding; 2]; 2] }
    }

    fn dims(&self, batch: usize, input: &Shape, output: &Shape) -> Dims {
        let ((h, w, channels), (oh, ow, _)) = (input.hwc(), output.hwc());
        Dims {
            batch: batch as u32,
            h: h as u32,
            w: w as u32,
            channels: channels as u32,
            oh: oh as u32,
            ow: ow as u32,
            top: self.padding[0][0] as u32,
            left: self.padding[1][0] as u32,
        }
    }
}

impl Op for ZeroPadding2D {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        let (h, w, channels) = inputs[0].expect_image()?;
        let [[top, bottom], [left, right]] = self.padding;
        if let Some(pad) = [top, bottom, left, right].into_iter().find(|&pad| pad > MAX_PADDING) {
            bail!("padding is {pad}; use 0 to {MAX_PADDING}");
        }
        Shape::image(top + h + bottom, left + w + right, channels)
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        cx.push(
            Dispatch::new(&FORWARD)
                .dims(&self.dims(cx.batch(), &x.shape, &y.shape))
                .bind("x", x.slice)
                .bind("y", y.slice)
                .threads(y.slice.elements),
        );
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let Some(dx) = cx.input_gradient(0) else { return };
        let dims = self.dims(cx.batch(), &cx.input(0).shape, &cx.output().shape);
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
