//! `conv2d_fours.wgsl`: forward pass and input gradient with tiles of registers, where channels come in fours.

use super::Dims as Sizes;
use super::rows::{IMAGES, is_plain_window, taps};
use crate::ops::dense::shared::{bind_backward_input, bind_forward};
use crate::plan::{Binding, Dispatch, Kernel, MAX_WORKGROUPS, Shader, Slice, dims, wgsl};

/// `shaders/conv2d_fours.wgsl`
pub static SHADER: Shader = Shader {
    file: "conv2d_fours.wgsl",
    source: wgsl!("conv2d_fours.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x4"),
        Binding::read("kernel4"),
        Binding::read("bias4"),
        Binding::write("y4"),
        Binding::read("dz4"),
        Binding::write("dx4"),
        Binding::read("norm4"),
        Binding::read("moving4"),
        Binding::read("residual4"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [16, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [16, 1, 1] };

/// Pixels and channels of an invocation's tile, as the shader has them.
pub(super) const PIXELS: usize = 8;
const CHANNELS: usize = 8;
/// Taps that are taken at once, at most.
pub(super) const TAPS: u32 = 3;

dims! {
    struct Dims {
        batch: u32,
        h: u32, w: u32, cin4: u32,
        oh: u32, ow: u32, cout4: u32,
        kh: u32, kw: u32,
        stride_h: u32,
        dilation_h: u32,
        pad_top: u32, pad_left: u32,
    }
}

/// Whether all channels come in fours and the window has no gaps along the row.
pub(super) fn fits(s: &Sizes) -> bool {
    is_plain_window(s)
        && s.cin.is_multiple_of(4)
        && s.cout.is_multiple_of(4)
        && s.cin.max(s.cout) as usize <= CHANNELS * MAX_WORKGROUPS
}

/// Whether `forward` works: windows start at every column or every other.
pub(super) fn fits_forward(s: &Sizes) -> bool {
    fits(s) && s.stride_w <= 2
}

/// Whether `backward_input` works: strides or gaps, not both.
pub(super) fn fits_backward_input(s: &Sizes) -> bool {
    let classes = s.stride_h as usize * s.stride_w as usize;
    fits(s)
        && (s.stride_h == 1 || s.dilation_h == 1)
        && classes * (s.cin as usize).div_ceil(CHANNELS) <= MAX_WORKGROUPS
}

fn common(kernel: &'static Kernel, s: &Sizes) -> Dispatch {
    let dims = Dims {
        batch: s.batch,
        h: s.h,
        w: s.w,
        cin4: s.cin / 4,
        oh: s.oh,
        ow: s.ow,
        cout4: s.cout / 4,
        kh: s.kh,
        kw: s.kw,
        stride_h: s.stride_h,
        dilation_h: s.dilation_h,
        pad_top: s.pad_top,
        pad_left: s.pad_left,
    };
    Dispatch::new(kernel)
        .dims(&dims)
        .constant("IMAGES_FIRST", u32::from(s.batch >= IMAGES))
        .constant("STRIDE", s.stride_w)
}

/// The forward pass.
pub(super) fn forward(s: &Sizes, x: Slice, kernel: Slice, bias: Option<Slice>, y: Slice) -> Dispatch {
    let rows = s.batch as usize * s.oh as usize;
    bind_forward(common(&FORWARD, s), x, kernel, bias, y)
        .constant("TAPS", taps(s.kw, TAPS))
        .tiles(rows * (s.ow as usize).div_ceil(PIXELS), (s.cout as usize).div_ceil(CHANNELS))
}

/// The gradient of the input.
pub(super) fn backward_input(s: &Sizes, x: Option<Slice>, dz: Slice, kernel: Slice, dx: Slice) -> Dispatch {
    let rows = s.batch as usize * s.h.div_ceil(s.stride_h) as usize;
    let classes = s.stride_h as usize * s.stride_w as usize;
    let columns = s.w.div_ceil(s.stride_w) as usize;
    bind_backward_input(common(&BACKWARD_INPUT, s), x, dz, kernel, dx)
        .constant("TAPS", taps(s.kw.div_ceil(s.stride_w), TAPS))
        .tiles(rows * columns.div_ceil(PIXELS), classes * (s.cin as usize).div_ceil(CHANNELS))
}
