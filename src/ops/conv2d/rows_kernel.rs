//! `conv2d_rows_kernel.wgsl`: the kernel's gradient with tiles of registers, for any number of input channels.

use super::Dims as Sizes;
use super::rows::{is_padded, is_plain_window, taps};
use crate::ops::sum_parts::Parts;
use crate::plan::{Binding, Dispatch, Kernel, MAX_WORKGROUPS, Shader, Slice, dims, wgsl};

/// `shaders/conv2d_rows_kernel.wgsl`
pub static SHADER: Shader = Shader {
    file: "conv2d_rows_kernel.wgsl",
    source: wgsl!("conv2d_rows_kernel.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::read("dz2"),
        Binding::read("dz4"),
        Binding::write("dkernel2"),
        Binding::write("dbias2"),
    ],
    dims: Dims::LAYOUT,
};
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [16, 1, 1] };

/// Invocations a workgroup, as above; each takes another part of the sum.
const LANES: usize = 16;
/// Pairs (kernel row, input channel) and output channels of a tile, as the shader has them.
const PAIRS: usize = 5;
const CHANNELS: usize = 4;

dims! {
    struct Dims {
        batch: u32,
        h: u32, w: u32, cin: u32,
        oh: u32, ow: u32, cout: u32,
        kh: u32, kw: u32,
        stride_h: u32, stride_w: u32,
        dilation_h: u32,
        pad_top: u32, pad_left: u32,
        splits: u32, split_rows: u32,
    }
}

/// Whether it works for these sizes: pairs of output channels, one group, no gaps along the row.
pub(super) fn fits(s: &Sizes) -> bool {
    is_plain_window(s) && s.cout.is_multiple_of(2) && tiles(s).iter().all(|&tiles| tiles <= MAX_WORKGROUPS)
}

/// Taps at once: the more windows overlap, the more taps share what is loaded.
fn taps_of(s: &Sizes) -> u32 {
    let most = match s.stride_w {
        1 => 5,
        2 => 4,
        _ => 2,
    };
    taps(s.kw, most)
}

fn tiles(s: &Sizes) -> [usize; 2] {
    let pairs = (s.kh as usize * s.cin as usize).div_ceil(PAIRS);
    [pairs, s.kw.div_ceil(taps_of(s)) as usize * (s.cout as usize).div_ceil(CHANNELS)]
}

/// How many parts the sum over the output's rows is cut into, and the rows of each.
pub(super) fn splits(s: &Sizes) -> [usize; 2] {
    split(s, tiles(s).iter().product())
}

/// The same for a kernel whose results make up so many tiles.
pub(super) fn split(s: &Sizes, tiles: usize) -> [usize; 2] {
    const INVOCATIONS: usize = 1024;
    let rows = s.batch as usize * s.oh as usize;
    let wanted = (INVOCATIONS / tiles).next_multiple_of(LANES).clamp(1, rows);
    let split_rows = rows.div_ceil(wanted);
    [rows.div_ceil(split_rows), split_rows]
}

/// The gradients of kernel and bias, in `splits` parts.
pub(super) fn backward_kernel(s: &Sizes, x: Slice, dz: Slice, parts: &Parts, use_bias: bool) -> Dispatch {
    let [splits, split_rows] = splits(s);
    let [pairs, others] = tiles(s);
    Dispatch::new(&BACKWARD_KERNEL)
        .dims(&Dims {
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
            splits: splits as u32,
            split_rows: split_rows as u32,
        })
        .bind("x", x)
        .bind("dz2", dz)
        .bind("dz4", dz)
        .bind("dkernel2", parts.kernel)
        .bind("dbias2", parts.bias)
        .constant("USE_BIAS", u32::from(use_bias))
        .constant("FOURS", u32::from(s.cout.is_multiple_of(4)))
        .constant("PADDED", u32::from(is_padded(s)))
        .constant("STRIDE", s.stride_w.min(3))
        .constant("TAPS", taps_of(s))
        .workgroups([splits.div_ceil(LANES), pairs, others])
}
