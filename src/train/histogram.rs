//! How the values of a tensor are distributed.

use super::statistics::{CHUNK, Dims};
use crate::plan::{Binding, Dispatch, Kernel, Pass, Shader, Slice, wgsl};

/// `shaders/histogram.wgsl`
pub static SHADER: Shader = Shader {
    file: "histogram.wgsl",
    source: wgsl!("histogram.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("values"),
        Binding::read("summary"),
        Binding::write("histogram"),
    ],
    dims: Dims::LAYOUT,
};
static COUNT: Kernel = Kernel { shader: &SHADER, entry_point: "count", workgroup_size: [64, 1, 1] };

/// Bins between a tensor's smallest and largest value.
pub const BINS: usize = 64;

/// Counts `values` into `histogram`, which holds zeros, by the range that `summary` has found.
pub(super) fn emit(dims: Dims, values: Slice, summary: Slice, histogram: Slice) -> Dispatch {
    Dispatch::new(&COUNT)
        .dims(&dims)
        .bind("values", values)
        .bind("summary", summary)
        .bind("histogram", histogram)
        .groups(values.elements.div_ceil(CHUNK))
        .pass(Pass::Metrics)
}
