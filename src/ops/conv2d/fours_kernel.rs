//! `conv2d_fours_kernel.wgsl`: the kernel's gradient with tiles of registers, where channels come in fours.

use super::Dims as Sizes;
use super::fours::{self, TAPS};
use super::rows::taps;
use crate::ops::sum_parts::Parts;
use crate::plan::{Binding, Dispatch, Kernel, MAX_WORKGROUPS, Shader, Slice, dims, wgsl};

/// `shaders/conv2d_fours_kernel.wgsl`
pub static SHADER: Shader = Shader {
    file: "conv2d_fours_kernel.wgsl",
    source: wgsl!("conv2d_fours_kernel.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x4"),
        Binding::read("dz4"),
        Binding::write("dkernel4"),
        Binding::write("dbias4"),
    ],
    dims: Dims::LAYOUT,
};
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [16, 1, 1] };

/// Invocations a workgroup, as above; each takes another part of the sum.
const LANES: usize = 16;

dims! {
    struct Dims {
        batch: u32,
        h: u32, w: u32, cin4: u32,
        oh: u32, ow: u32, cout4: u32,
        kh: u32, kw: u32,
        stride_h: u32, stride_w: u32,
        dilation_h: u32,
        pad_top: u32, pad_left: u32,
        splits: u32, split_rows: u32,
    }
}

/// Whether it works for these sizes.
pub(super) fn fits(s: &Sizes) -> bool {
    fours::fits(s) && tiles(s).iter().all(|&tiles| tiles <= MAX_WORKGROUPS)
}

/// Tiles of input channels, and of everything else.
fn tiles(s: &Sizes) -> [usize; 2] {
    let windows = s.kh.div_ceil(taps(s.kh, TAPS)) * s.kw.div_ceil(taps(s.kw, TAPS));
    [s.cin as usize / 4, windows as usize * s.cout as usize / 4]
}

/// How many parts the sum over the output's rows is cut into, and the rows of each.
pub(super) fn splits(s: &Sizes) -> [usize; 2] {
    super::rows_kernel::split(s, tiles(s).iter().product())
}

/// The gradients of kernel and bias, in `splits` parts.
pub(super) fn backward_kernel(s: &Sizes, x: Slice, dz: Slice, parts: &Parts, use_bias: bool) -> Dispatch {
    let [splits, split_rows] = splits(s);
    let [inputs, others] = tiles(s);
    Dispatch::new(&BACKWARD_KERNEL)
        .dims(&Dims {
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
            stride_w: s.stride_w,
            dilation_h: s.dilation_h,
            pad_top: s.pad_top,
            pad_left: s.pad_left,
            splits: splits as u32,
            split_rows: split_rows as u32,
        })
        .bind("x4", x)
        .bind("dz4", dz)
        .bind("dkernel4", parts.kernel)
        .bind("dbias4", parts.bias)
        .constant("USE_BIAS", u32::from(use_bias))
        .constant("STRIDE", s.stride_w.min(3))
        .constant("ROWS", taps(s.kh, TAPS))
        .constant("TAPS", taps(s.kw, TAPS))
        .workgroups([splits.div_ceil(LANES), inputs, others])
}
