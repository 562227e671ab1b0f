//! `dense_tiled.wgsl`: tiles of registers, for inputs in fours and units in pairs.

use super::Dims as Sizes;
use crate::plan::{Binding, Dispatch, Kernel, MAX_WORKGROUPS, Shader, Slice, dims, wgsl};

/// `shaders/dense_tiled.wgsl`
pub static SHADER: Shader = Shader {
    file: "dense_tiled.wgsl",
    source: wgsl!("dense_tiled.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x4"),
        Binding::read("kernel2"),
        Binding::read("kernel4"),
        Binding::read("bias2"),
        Binding::write("y2"),
        Binding::read("y_saved2"),
        Binding::read("y_saved4"),
        Binding::read("dy2"),
        Binding::read("dy4"),
        Binding::write("dx4"),
        Binding::write("dkernel2"),
        Binding::write("dbias2"),
        Binding::read("norm2"),
        Binding::read("moving2"),
        Binding::read("residual2"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [16, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [16, 1, 1] };
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [16, 1, 1] };

/// Results of an invocation's tile along samples and units, and along inputs in the kernel gradient.
const SAMPLES: usize = 8;
const UNITS: usize = 8;
const INPUTS: usize = 16;

dims! {
    struct Dims { batch: u32, inputs: u32, units: u32 }
}

/// Whether these kernels work for the sizes.
pub(in crate::ops) fn fits(s: &Sizes) -> bool {
    s.inputs.is_multiple_of(4)
        && s.units.is_multiple_of(2)
        && s.inputs.max(s.units) as usize <= UNITS * MAX_WORKGROUPS
}

/// Samples a tile: with one sample only, the others would be loaded for nothing.
fn samples(s: &Sizes) -> usize {
    if s.batch == 1 { 1 } else { SAMPLES }
}

fn common(kernel: &'static Kernel, s: &Sizes) -> Dispatch {
    let dims = Dims { batch: s.batch, inputs: s.inputs, units: s.units };
    Dispatch::new(kernel).dims(&dims).constant("FOURS", u32::from(s.units.is_multiple_of(4)))
}

/// The forward pass.
pub(in crate::ops) fn forward(s: &Sizes, x: Slice, kernel: Slice, bias: Option<Slice>, y: Slice) -> Dispatch {
    common(&FORWARD, s)
        .bind("x4", x)
        .bind("kernel2", kernel)
        .bind("kernel4", kernel)
        .bind_optional("bias2", bias, kernel)
        .bind("y2", y)
        .constant("SAMPLES", samples(s) as u32)
        .constant("USE_BIAS", u32::from(bias.is_some()))
        .tiles((s.batch as usize).div_ceil(samples(s)), (s.units as usize).div_ceil(UNITS))
}

fn gradient(dispatch: Dispatch, y: Slice, dy: Slice) -> Dispatch {
    dispatch.bind("y_saved2", y).bind("y_saved4", y).bind("dy2", dy).bind("dy4", dy)
}

/// The gradient of the input.
pub(in crate::ops) fn backward_input(s: &Sizes, y: Slice, dy: Slice, kernel: Slice, dx: Slice) -> Dispatch {
    gradient(common(&BACKWARD_INPUT, s), y, dy)
        .bind("kernel2", kernel)
        .bind("kernel4", kernel)
        .bind("dx4", dx)
        .constant("SAMPLES", samples(s) as u32)
        .tiles((s.batch as usize).div_ceil(samples(s)), (s.inputs as usize).div_ceil(UNITS))
}

/// The gradients of kernel and bias; `dbias` comes with whether it is wanted.
pub(in crate::ops) fn backward_kernel(
    s: &Sizes,
    x: Slice,
    [y, dy]: [Slice; 2],
    dkernel: Slice,
    dbias: (Slice, bool),
) -> Dispatch {
    gradient(common(&BACKWARD_KERNEL, s), y, dy)
        .bind("x4", x)
        .bind("dkernel2", dkernel)
        .bind("dbias2", dbias.0)
        .constant("USE_BIAS", u32::from(dbias.1))
        .tiles((s.inputs as usize).div_ceil(INPUTS), (s.units as usize).div_ceil(UNITS))
}
