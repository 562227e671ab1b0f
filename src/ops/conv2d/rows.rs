//! `conv2d_rows.wgsl`: tiles of registers along image rows, for any number of input channels.

use super::Dims as Sizes;
use crate::ops::sum_parts::Parts;
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
        Binding::read("y_saved2"),
        Binding::read("y_saved4"),
        Binding::read("dy2"),
        Binding::read("dy4"),
        Binding::write("dx"),
        Binding::write("dkernel2"),
        Binding::write("dbias2"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [16, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [16, 1, 1] };
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [16, 1, 1] };

/// Invocations a workgroup, as above.
const LANES: usize = 16;
/// Pixels and channels of an invocation's tile, as the shader has them.
const FORWARD_TILE: [usize; 2] = [10, 8];
const INPUT_TILE: [usize; 2] = [8, 8];
const KERNEL_TILE: [usize; 3] = [4, 5, 4];
/// From so many images on, neighbouring invocations take neighbouring images: all of them then meet the border at the
/// same time, and a processor's vector unit has no idle lanes.
const IMAGES: u32 = 4;

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

fn dims(s: &Sizes, splits: usize, split_rows: usize) -> Dims {
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
        splits: splits as u32,
        split_rows: split_rows as u32,
    }
}

fn is_plain_window(s: &Sizes) -> bool {
    s.group_in == s.cin && (s.dilation_w == 1 || s.kw == 1)
}

/// Whether `forward` works for these sizes: pairs of output channels, one group, no gaps along the row.
pub(super) fn fits_forward(s: &Sizes) -> bool {
    is_plain_window(s) && s.cout.is_multiple_of(2)
}

/// Whether `backward_input` works: fours of output channels, stride 1.
pub(super) fn fits_backward_input(s: &Sizes) -> bool {
    is_plain_window(s) && s.cout.is_multiple_of(4) && s.stride_h == 1 && s.stride_w == 1
}

/// Whether `backward_kernel` works.
pub(super) fn fits_backward_kernel(s: &Sizes) -> bool {
    fits_forward(s) && kernel_tiles(s).iter().all(|&tiles| tiles <= MAX_WORKGROUPS)
}

fn common(kernel: &'static Kernel, s: &Sizes) -> Dispatch {
    Dispatch::new(kernel)
        .constant("FOURS", u32::from(s.cout.is_multiple_of(4)))
        .constant("IMAGES_FIRST", u32::from(s.batch >= IMAGES))
}

/// The forward pass.
pub(super) fn forward(s: &Sizes, x: Slice, kernel: Slice, bias: Option<Slice>, y: Slice) -> Dispatch {
    let rows = s.batch as usize * s.oh as usize;
    let row_tiles = (s.ow as usize).div_ceil(FORWARD_TILE[0]);
    common(&FORWARD, s)
        .dims(&dims(s, 1, 1))
        .bind("x", x)
        .bind("kernel2", kernel)
        .bind("kernel4", kernel)
        .bind("bias2", bias.unwrap_or(kernel))
        .bind("y2", y)
        .constant("USE_BIAS", u32::from(bias.is_some()))
        .tiles(rows * row_tiles, (s.cout as usize).div_ceil(FORWARD_TILE[1]))
}

/// The gradient of the input.
pub(super) fn backward_input(s: &Sizes, y: Slice, dy: Slice, kernel: Slice, dx: Slice) -> Dispatch {
    let rows = s.batch as usize * s.h as usize;
    let row_tiles = (s.w as usize).div_ceil(INPUT_TILE[0]);
    gradient(common(&BACKWARD_INPUT, s), y, dy)
        .dims(&dims(s, 1, 1))
        .bind("kernel4", kernel)
        .bind("dx", dx)
        .tiles(rows * row_tiles, (s.cin as usize).div_ceil(INPUT_TILE[1]))
}

fn gradient(dispatch: Dispatch, y: Slice, dy: Slice) -> Dispatch {
    dispatch.bind("y_saved2", y).bind("y_saved4", y).bind("dy2", dy).bind("dy4", dy)
}

fn kernel_tiles(s: &Sizes) -> [usize; 2] {
    let [pairs, taps, channels] = KERNEL_TILE;
    let pairs = (s.kh as usize * s.cin as usize).div_ceil(pairs);
    [pairs, (s.kw as usize).div_ceil(taps) * (s.cout as usize).div_ceil(channels)]
}

/// How many parts the sum over the output's rows is cut into, and the rows of each.
pub(super) fn splits(s: &Sizes) -> [usize; 2] {
    const INVOCATIONS: usize = 1024;
    let rows = s.batch as usize * s.oh as usize;
    let tiles: usize = kernel_tiles(s).iter().product();
    let wanted = (INVOCATIONS / tiles).next_multiple_of(LANES).clamp(1, rows);
    let split_rows = rows.div_ceil(wanted);
    [rows.div_ceil(split_rows), split_rows]
}

/// The gradients of kernel and bias, in `splits` parts.
pub(super) fn backward_kernel(
    s: &Sizes,
    x: Slice,
    y: Slice,
    dy: Slice,
    parts: &Parts,
    use_bias: bool,
) -> Dispatch {
    let [splits, split_rows] = splits(s);
    let [pairs, others] = kernel_tiles(s);
    gradient(common(&BACKWARD_KERNEL, s), y, dy)
        .dims(&dims(s, splits, split_rows))
        .bind("x", x)
        .bind("dkernel2", parts.kernel)
        .bind("dbias2", parts.bias)
        .constant("USE_BIAS", u32::from(use_bias))
        .workgroups([splits.div_ceil(LANES), pairs, others])
}
