//! `dense_shared.wgsl`: tiles in workgroup memory, for inputs and units in fours.

use super::tiled::Dims;
use crate::plan::{Binding, Candidate, Dispatch, Kernel, Shader, Slice, wgsl};

/// `shaders/dense_shared.wgsl`
pub static SHADER: Shader = Shader {
    file: "dense_shared.wgsl",
    source: wgsl!("dense_shared.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x4"),
        Binding::read("kernel4"),
        Binding::read("bias4"),
        Binding::write("y4"),
        Binding::read("dz4"),
        Binding::write("dx4"),
        Binding::write("dkernel4"),
        Binding::write("dbias4"),
        Binding::read("norm4"),
        Binding::read("moving4"),
        Binding::read("residual4"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [64, 1, 1] };
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [64, 1, 1] };

/// Side of a workgroup's tile.
const TILE: u32 = 64;
/// So many workgroups keep a discrete GPU busy, about.
const ENOUGH: f32 = 64.0;

/// Whether these kernels work for the sizes.
pub(in crate::ops) fn fits(s: &Dims) -> bool {
    s.inputs.is_multiple_of(4) && s.units.is_multiple_of(4)
}

/// Workgroups for results of so many rows and columns.
pub(in crate::ops) fn groups([rows, columns, _]: [u32; 3]) -> usize {
    rows.div_ceil(TILE) as usize * columns.div_ceil(TILE) as usize
}

/// Adds the kernel with tiles in workgroup memory for results of so many rows and columns, each a sum over so many numbers.
/// What lies past the end of them is computed for nothing, and a GPU is not full of few tiles.
pub(in crate::ops) fn offer(candidates: &mut Vec<Candidate>, startup: f32, sides: [u32; 3]) {
    let [rows, columns, depth] = sides.map(|n| n as f32);
    let computed =
        (groups(sides) as f32).max(ENOUGH) * (TILE * TILE) as f32 * sides[2].next_multiple_of(16) as f32;
    Candidate::offer_shared(candidates, startup, computed / (rows * columns * depth));
}

fn dispatch(kernel: &'static Kernel, s: &Dims, sides: [u32; 3]) -> Dispatch {
    Dispatch::new(kernel).dims(s).groups(groups(sides) * s.layers as usize)
}

/// What a forward pass of fours reads and writes, a dense layer's like a convolution's.
pub(in crate::ops) fn bind_forward(
    dispatch: Dispatch,
    x: Slice,
    kernel: Slice,
    bias: Option<Slice>,
    y: Slice,
) -> Dispatch {
    dispatch
        .bind("x4", x)
        .bind("kernel4", kernel)
        .bind_optional("bias4", bias, kernel)
        .bind("y4", y)
        .constant("USE_BIAS", u32::from(bias.is_some()))
}

/// The same of an input's gradient.
pub(in crate::ops) fn bind_backward_input(
    dispatch: Dispatch,
    x: Option<Slice>,
    dz: Slice,
    kernel: Slice,
    dx: Slice,
) -> Dispatch {
    dispatch.bind_optional("x4", x, dz).bind("dz4", dz).bind("kernel4", kernel).bind("dx4", dx)
}

/// The forward pass.
pub(in crate::ops) fn forward(s: &Dims, x: Slice, kernel: Slice, bias: Option<Slice>, y: Slice) -> Dispatch {
    bind_forward(dispatch(&FORWARD, s, [s.batch, s.units, s.inputs]), x, kernel, bias, y)
}

/// The gradient of the input.
pub(in crate::ops) fn backward_input(
    s: &Dims,
    x: Option<Slice>,
    dz: Slice,
    kernel: Slice,
    dx: Slice,
) -> Dispatch {
    bind_backward_input(dispatch(&BACKWARD_INPUT, s, [s.batch, s.inputs, s.units]), x, dz, kernel, dx)
}

/// The gradients of kernel and bias; `dbias` comes with whether it is wanted.
pub(in crate::ops) fn backward_kernel(
    s: &Dims,
    x: Slice,
    dz: Slice,
    dkernel: Slice,
    dbias: (Slice, bool),
) -> Dispatch {
    dispatch(&BACKWARD_KERNEL, s, [s.inputs, s.units, s.batch])
        .bind("x4", x)
        .bind("dz4", dz)
        .bind("dkernel4", dkernel)
        .bind("dbias4", dbias.0)
        .constant("USE_BIAS", u32::from(dbias.1))
}
