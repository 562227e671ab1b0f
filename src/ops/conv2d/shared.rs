//! `conv2d_shared.wgsl`: implicit products of matrices with tiles in workgroup memory, where channels come in fours.

use super::Dims;
use crate::ops::dense::shared::groups;
use crate::plan::{Binding, Dispatch, Kernel, Shader, Slice, wgsl};

/// `shaders/conv2d_shared.wgsl`
pub static SHADER: Shader = Shader {
    file: "conv2d_shared.wgsl",
    source: wgsl!("conv2d_shared.wgsl"),
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
    Dispatch::new(&FORWARD)
        .dims(s)
        .bind("x4", x)
        .bind("kernel4", kernel)
        .bind_optional("bias4", bias, kernel)
        .bind("y4", y)
        .constant("USE_BIAS", u32::from(bias.is_some()))
        .groups(groups(sides(s)))
}

/// The gradient of the input.
pub(super) fn backward_input(s: &Dims, x: Option<Slice>, dz: Slice, kernel: Slice, dx: Slice) -> Dispatch {
    let classes = s.stride_h as usize * s.stride_w as usize;
    Dispatch::new(&BACKWARD_INPUT)
        .dims(s)
        .bind_optional("x4", x, dz)
        .bind("dz4", dz)
        .bind("kernel4", kernel)
        .bind("dx4", dx)
        .groups(classes * groups(sides_backward_input(s)))
}
