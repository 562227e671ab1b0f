//! What max and average pooling share: the sliding window.

use crate::error::{Result, bail};
use crate::plan::dims;
use crate::shape::{Padding, Shape, Window};

dims! {
    pub(super) struct Dims {
        batch: u32,
        h: u32, w: u32, channels: u32,
        oh: u32, ow: u32,
        kh: u32, kw: u32,
        stride_h: u32, stride_w: u32,
        pad_top: u32, pad_left: u32,
    }
}

/// The window of a pooling layer over an input.
pub(super) fn window(
    input: &Shape,
    size: [usize; 2],
    strides: [usize; 2],
    padding: Padding,
) -> Result<Window> {
    let (h, w, _) = input.expect_image()?;
    let window = Window::new([h, w], size, strides, [1, 1], padding)?;
    if let Padding::Explicit(pads) = padding {
        for axis in 0..2 {
            if pads[axis].iter().any(|&pad| pad >= size[axis]) {
                bail!(
                    "padding {:?} reaches past a window of {}; pad less than the window",
                    pads[axis],
                    size[axis]
                );
            }
        }
    }
    Ok(window)
}

/// Its output shape.
pub(super) fn output_shape(input: &Shape, window: &Window) -> Result<Shape> {
    Shape::image(window.output[0], window.output[1], input.channels())
}

impl Dims {
    pub(super) fn new(batch: usize, input: &Shape, window: &Window) -> Self {
        let (h, w, channels) = input.hwc();
        Self {
            batch: batch as u32,
            h: h as u32,
            w: w as u32,
            channels: channels as u32,
            oh: window.output[0] as u32,
            ow: window.output[1] as u32,
            kh: window.kernel[0] as u32,
            kw: window.kernel[1] as u32,
            stride_h: window.strides[0] as u32,
            stride_w: window.strides[1] as u32,
            pad_top: window.before[0] as u32,
            pad_left: window.before[1] as u32,
        }
    }
}

dims! {
    /// For pools over the whole image.
    pub(super) struct GlobalDims { batch: u32, pixels: u32, channels: u32 }
}

impl GlobalDims {
    pub(super) fn new(batch: usize, input: &Shape) -> Self {
        let (h, w, channels) = input.hwc();
        Self { batch: batch as u32, pixels: (h * w) as u32, channels: channels as u32 }
    }
}

/// Workgroups of a pool over the whole image: one for 8 channels of an image.
pub(super) fn global_groups(batch: usize, input: &Shape) -> usize {
    batch * input.channels().div_ceil(8)
}

/// Output shape of a pool over the whole image.
pub(super) fn global_output_shape(input: &Shape, keepdims: bool) -> Result<Shape> {
    let (_, _, channels) = input.expect_image()?;
    if keepdims { Shape::image(1, 1, channels) } else { Shape::vector(channels) }
}
