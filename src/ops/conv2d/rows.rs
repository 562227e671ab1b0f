//! `conv2d_rows.wgsl`: forward pass and input gradient with tiles of registers along image rows, for any number of input channels.

use super::Dims as Sizes;
use crate::plan::{Binding, Dispatch, Kernel, MAX_WORKGROUPS, Shader, Slice, dims, wgsl};

/// `shaders/conv2d_rows.wgsl`
pub static SHADER: Shader = Shader {
    file: "conv2d_rows.wgsl",
    source: wgsl!("conv2d_rows.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::read("kernel2"),
        Binding::read("kernel4"),
        Binding::read("bias2"),
        Binding::write("y2"),
        Binding::read("dz4"),
        Binding::write("dx"),
        Binding::read("norm2"),
        Binding::read("moving2"),
        Binding::read("residual2"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [16, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [16, 1, 1] };
/// Pixels and channels of an invocation's tile, as the shader has them.
const FORWARD_TILE: [usize; 2] = [10, 8];
const INPUT_TILE: [usize; 2] = [8, 8];
/// Taps that are taken at once, at most. More than three in the input's gradient are no faster, and compile twice as long.
const TAPS: u32 = 5;
const INPUT_TAPS: u32 = 3;
/// From so many images on, neighbouring invocations take neighbouring images: all of them then meet the border at the
/// same time, and a processor's vector unit has no idle lanes.
pub(super) const IMAGES: u32 = 4;

dims! {
    struct Dims {
        batch: u32,
        h: u32, w: u32, cin: u32,
        oh: u32, ow: u32, cout: u32,
        kh: u32, kw: u32,
        stride_h: u32, stride_w: u32,
        dilation_h: u32,
        pad_top: u32, pad_left: u32,
    }
}

fn dims(s: &Sizes) -> Dims {
    Dims {
        batch: s.batch,
        h: s.h,
        w: s.w,
        cin: s.cin,
        oh: s.oh,
        ow: s.ow,
        cout: s.cout,
        kh: s.kh,
        kw: s.kw,
        stride_h: s.stride_h,
        stride_w: s.stride_w,
        dilation_h: s.dilation_h,
        pad_top: s.pad_top,
        pad_left: s.pad_left,
    }
}

pub(super) fn is_plain_window(s: &Sizes) -> bool {
    s.group_in == s.cin && (s.dilation_w == 1 || s.kw == 1)
}

/// A plain window whose channels, in tiles, are no more than a dispatch has workgroups along an axis.
fn fits_a_dispatch(s: &Sizes) -> bool {
    is_plain_window(s) && s.cin.max(s.cout) as usize <= MAX_WORKGROUPS
}

/// Whether `forward` works for these sizes: pairs of output channels, one group, no gaps along the row.
pub(super) fn fits_forward(s: &Sizes) -> bool {
    fits_a_dispatch(s) && s.cout.is_multiple_of(2)
}

/// Whether `backward_input` works: fours of output channels, stride 1.
pub(super) fn fits_backward_input(s: &Sizes) -> bool {
    fits_a_dispatch(s) && s.cout.is_multiple_of(4) && s.stride_h == 1 && s.stride_w == 1
}

/// Whether some window reaches beyond the image.
pub(super) fn is_padded(s: &Sizes) -> bool {
    let beyond = |outputs: u32, stride: u32, cells: u32, dilation: u32, pad: u32, size: u32| {
        pad > 0 || (outputs - 1) * stride + (cells - 1) * dilation >= size
    };
    beyond(s.oh, s.stride_h, s.kh, s.dilation_h, s.pad_top, s.h)
        || beyond(s.ow, s.stride_w, s.kw, s.dilation_w, s.pad_left, s.w)
}

/// How many of `count` taps to take at once: at most `most`, so that as few as can be are taken in vain.
pub(super) fn taps(count: u32, most: u32) -> u32 {
    (1..=most).rev().min_by_key(|&at_once| count.next_multiple_of(at_once)).unwrap_or(1)
}

fn common(kernel: &'static Kernel, s: &Sizes) -> Dispatch {
    Dispatch::new(kernel)
        .constant("FOURS", u32::from(s.cout.is_multiple_of(4)))
        .constant("IMAGES_FIRST", u32::from(s.batch >= IMAGES))
        .constant("PADDED", u32::from(is_padded(s)))
}

/// The forward pass.
pub(super) fn forward(s: &Sizes, x: Slice, kernel: Slice, bias: Option<Slice>, y: Slice) -> Dispatch {
    let rows = s.batch as usize * s.oh as usize;
    let row_tiles = (s.ow as usize).div_ceil(FORWARD_TILE[0]);
    common(&FORWARD, s)
        .dims(&dims(s))
        .bind("x", x)
        .bind("kernel2", kernel)
        .bind("kernel4", kernel)
        .bind_optional("bias2", bias, kernel)
        .bind("y2", y)
        .constant("USE_BIAS", u32::from(bias.is_some()))
        .constant("TAPS", taps(s.kw.div_ceil(s.stride_w), TAPS))
        .constant("CHANNELS", s.cout.min(FORWARD_TILE[1] as u32))
        .tiles(rows * row_tiles, (s.cout as usize).div_ceil(FORWARD_TILE[1]))
}

/// The gradient of the input.
pub(super) fn backward_input(s: &Sizes, x: Option<Slice>, dz: Slice, kernel: Slice, dx: Slice) -> Dispatch {
    let rows = s.batch as usize * s.h as usize;
    let row_tiles = (s.w as usize).div_ceil(INPUT_TILE[0]);
    common(&BACKWARD_INPUT, s)
        .dims(&dims(s))
        .bind_optional("x", x, dz)
        .bind("dz4", dz)
        .bind("kernel4", kernel)
        .bind("dx", dx)
        .constant("TAPS", taps(s.kw, TAPS).min(INPUT_TAPS))
        .constant("CHANNELS", s.cin.min(INPUT_TILE[1] as u32))
        .tiles(rows * row_tiles, (s.cin as usize).div_ceil(INPUT_TILE[1]))
}
