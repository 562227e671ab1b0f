//! `conv2d_shared.wgsl`: implicit products of matrices with tiles in workgroup memory, where channels come in fours.

use super::Dims;
use crate::ops::dense::shared::{bind_backward_input, bind_forward, groups};
use crate::plan::{Dispatch, Kernel, Shader, Slice, wgsl};

/// `shaders/conv2d_shared.wgsl`
pub static SHADER: Shader = Shader {
    file: "conv2d_shared.wgsl",
    source: wgsl!("conv2d_shared.wgsl"),
    bindings: super::fours::SHADER.bindings,
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [64, 1, 1] };

/// Whether `forward` works: channels in fours, one group.
pub(super) fn fits(s: &Dims) -> bool {
    s.group_in == s.cin && s.cin.is_multiple_of(4) && s.cout.is_multiple_of(4)
}

/// Whether `backward_input` works: strides or gaps, not both.
pub(super) fn fits_backward_input(s: &Dims) -> bool {
    fits(s) && (s.stride_h == 1 || s.dilation_h == 1) && (s.stride_w == 1 || s.dilation_w == 1)
}

/// Rows and columns of `forward`'s product, and what it sums over for each tap.
pub(super) fn sides(s: &Dims) -> [u32; 3] {
    [s.batch * s.oh * s.ow, s.cout, s.cin]
}

/// The same of `backward_input`, for each class of pixels.
pub(super) fn sides_backward_input(s: &Dims) -> [u32; 3] {
    [s.batch * s.h.div_ceil(s.stride_h) * s.w.div_ceil(s.stride_w), s.cin, s.cout]
}

/// The forward pass.
pub(super) fn forward(s: &Dims, x: Slice, kernel: Slice, bias: Option<Slice>, y: Slice) -> Dispatch {
    let dispatch = Dispatch::new(&FORWARD).dims(s).groups(groups(sides(s)));
    bind_forward(dispatch, x, kernel, bias, y)
}

/// The gradient of the input.
pub(super) fn backward_input(s: &Dims, x: Option<Slice>, dz: Slice, kernel: Slice, dx: Slice) -> Dispatch {
    let classes = s.stride_h as usize * s.stride_w as usize;
    let dispatch = Dispatch::new(&BACKWARD_INPUT).dims(s).groups(classes * groups(sides_backward_input(s)));
    bind_backward_input(dispatch, x, dz, kernel, dx)
}
