//! Second pass of weight gradients whose sum was cut into parts.

use crate::plan::{Binding, Dispatch, Kernel, Shader, Slice, dims, wgsl};

/// `shaders/sum_parts.wgsl`
pub static SHADER: Shader = Shader {
    file: "sum_parts.wgsl",
    source: wgsl!("sum_parts.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("kernel_parts"),
        Binding::read("bias_parts"),
        Binding::write("dkernel"),
        Binding::write("dbias"),
    ],
    dims: Dims::LAYOUT,
};
static SUM: Kernel = Kernel { shader: &SHADER, entry_point: "sum", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { parts: u32, kernel: u32, bias: u32 }
}

/// Gradients of a kernel and its bias: `parts` sums of each, or the one sum itself.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parts {
    /// Number of parts.
    pub(super) parts: usize,
    /// `[parts, values of the kernel]`
    pub(super) kernel: Slice,
    /// `[parts, values of the bias]`
    pub(super) bias: Slice,
}

/// Adds the parts up. Both weights have an even number of values.
pub(super) fn sum(parts: &Parts, dkernel: Slice, dbias: Slice, use_bias: bool) -> Dispatch {
    let kernel = dkernel.elements / 2;
    let bias = if use_bias { dbias.elements / 2 } else { 0 };
    Dispatch::new(&SUM)
        .dims(&Dims { parts: parts.parts as u32, kernel: kernel as u32, bias: bias as u32 })
        .bind("kernel_parts", parts.kernel)
        .bind("bias_parts", parts.bias)
        .bind("dkernel", dkernel)
        .bind("dbias", dbias)
        .threads(kernel + bias)
}
