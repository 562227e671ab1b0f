//! `batch_norm_fours.wgsl`: what touches every value, where channels come in fours.

use super::Dims as Sizes;
use crate::plan::{Binding, Candidate, Dispatch, Kernel, Shader, Slice, dims, wgsl};

/// `shaders/batch_norm_fours.wgsl`
pub static SHADER: Shader = Shader {
    file: "batch_norm_fours.wgsl",
    source: wgsl!("batch_norm_fours.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x4"),
        Binding::write("moments"),
        Binding::read("mean4"),
        Binding::read("variance4"),
        Binding::read("gamma4"),
        Binding::read("beta4"),
        Binding::write("y4"),
        Binding::read("dy4"),
        Binding::write("sums"),
        Binding::read("total_saved4"),
        Binding::write("dx4"),
    ],
    dims: Dims::LAYOUT,
};
static CHUNK_MOMENTS: Kernel =
    Kernel { shader: &SHADER, entry_point: "chunk_moments", workgroup_size: [64, 1, 1] };
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static CHUNK_SUMS: Kernel = Kernel { shader: &SHADER, entry_point: "chunk_sums", workgroup_size: [64, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [64, 1, 1] };

/// Rows of an invocation that works on single values, as the shader has them.
const ROWS: usize = 8;

dims! {
    struct Dims { rows: u32, channels4: u32, chunk: u32, chunks: u32, epsilon: f32 }
}

fn fits(s: &Sizes) -> bool {
    s.channels.is_multiple_of(4)
}

/// Kernels that work on every value by itself. Costs are loads for each.
pub(super) fn single(s: &Sizes) -> Vec<Candidate> {
    let mut candidates = vec![Candidate::plain()];
    if fits(s) {
        candidates.push(Candidate::new("fours", 2.0, 2.0));
    }
    candidates
}

/// Kernels that sum over rows. A GPU would rather share the rows of a chunk among many invocations.
pub(super) fn sums(s: &Sizes) -> Vec<Candidate> {
    let mut candidates = vec![Candidate::plain()];
    if fits(s) {
        candidates.push(Candidate::new("fours", 2.0, 40.0));
    }
    candidates
}

fn dispatch(kernel: &'static Kernel, s: &Sizes, parts: usize) -> Dispatch {
    let Sizes { rows, chunk, chunks, epsilon, .. } = *s;
    let channels4 = s.channels / 4;
    let dims = Dims { rows, channels4, chunk, chunks, epsilon };
    Dispatch::new(kernel).dims(&dims).threads(parts * channels4 as usize)
}

/// Count, mean and squared deviations of every chunk of rows.
pub(super) fn chunk_moments(s: &Sizes, x: Slice, moments: Slice) -> Dispatch {
    dispatch(&CHUNK_MOMENTS, s, s.chunks as usize).bind("x4", x).bind("moments", moments)
}

/// Both sums that the gradients need, of every chunk of rows.
pub(super) fn chunk_sums(
    s: &Sizes,
    x: Slice,
    [mean, variance]: [Slice; 2],
    dy: Slice,
    sums: Slice,
) -> Dispatch {
    dispatch(&CHUNK_SUMS, s, s.chunks as usize)
        .bind("x4", x)
        .bind("mean4", mean)
        .bind("variance4", variance)
        .bind("dy4", dy)
        .bind("sums", sums)
}

/// The output.
pub(super) fn forward(s: &Sizes) -> Dispatch {
    dispatch(&FORWARD, s, (s.rows as usize).div_ceil(ROWS))
}

/// The gradient of the input.
pub(super) fn backward_input(s: &Sizes) -> Dispatch {
    dispatch(&BACKWARD_INPUT, s, (s.rows as usize).div_ceil(ROWS))
}
