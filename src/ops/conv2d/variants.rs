//! The kernels that can compute a convolution, each with what a multiplication is expected to cost in it.

use super::winograd::Winograd;
use super::{Dims, fours, fours_kernel, rows, rows_kernel, shared};
use crate::ops::dense::shared::{fits, offer};
use crate::ops::dense::tiled;
use crate::plan::Candidate;

impl Dims {
    /// A window of one tap that goes from pixel to pixel: a dense layer over all pixels.
    pub(super) fn is_pointwise(&self) -> bool {
        self.kh == 1
            && self.kw == 1
            && self.group_in == self.cin
            && [self.h, self.w] == [self.oh, self.ow]
            && self.pad_top == 0
            && self.pad_left == 0
            && self.pixels().fits()
    }

    /// What register tiles cost beside the multiplications, for each of these.
    fn startup(&self) -> f32 {
        let window = [self.kh, self.kw, self.group_in].map(|n| n as f32);
        let outputs = [self.batch, self.oh, self.ow, self.cout].map(|n| n as f32);
        Candidate::startup(window.into_iter().chain(outputs).product())
    }

    pub(super) fn pixels(&self) -> tiled::Dims {
        tiled::Dims::new(self.batch * self.oh * self.ow, self.cin, self.cout)
    }

    /// Share of a row's tiles that lies inside the row, inverted: what is computed for each pixel that is kept.
    fn waste(width: u32, tile: u32) -> f32 {
        width.next_multiple_of(tile) as f32 / width as f32
    }
}

/// Kernels that can compute the output.
pub(super) fn forward(s: &Dims) -> Vec<Candidate> {
    let mut candidates = vec![Candidate::plain()];
    let startup = s.startup();
    if rows::fits_forward(s) {
        let cost = startup + 4.0 * Dims::waste(s.ow, 10);
        candidates.push(Candidate::new("rows", cost, cost));
    }
    if fours::fits_forward(s) {
        let cost = startup + 2.0 * Dims::waste(s.ow, 8);
        candidates.push(Candidate::new("fours", cost, cost));
    }
    if s.is_pointwise() {
        candidates.push(Candidate::new("pointwise", startup + 2.5, startup + 2.5));
    }
    if s.is_pointwise() {
        candidates.extend(s.pixels().wide(startup, 1.7));
    }
    candidates.extend(Winograd::of_output(s).candidate(1.0, startup));
    if shared::fits(s) {
        offer(&mut candidates, startup, shared::sides(s));
    }
    candidates
}

/// Kernels that can compute the input's gradient.
pub(super) fn backward_input(s: &Dims) -> Vec<Candidate> {
    let mut candidates = vec![Candidate::plain()];
    let startup = s.startup();
    if rows::fits_backward_input(s) {
        let cost = startup + 4.0 * Dims::waste(s.w, 8);
        candidates.push(Candidate::new("rows", cost, cost));
    }
    if fours::fits_backward_input(s) {
        let cost = startup + 2.0 * Dims::waste(s.w.div_ceil(s.stride_w), 8);
        candidates.push(Candidate::new("fours", cost, cost));
    }
    if s.is_pointwise() {
        candidates.push(Candidate::new("pointwise", startup + 2.5, startup + 2.5));
    }
    candidates.extend(Winograd::of_input(s).candidate(1.0, startup));
    if shared::fits_backward_input(s) {
        offer(&mut candidates, startup, shared::sides_backward_input(s));
    }
    candidates
}

/// Kernels that can compute the kernel's gradient.
pub(super) fn backward_kernel(s: &Dims) -> Vec<Candidate> {
    let mut candidates = vec![Candidate::plain()];
    let startup = s.startup();
    if rows_kernel::fits(s) {
        let cost = startup + 4.0 * Dims::waste(s.ow, 4);
        candidates.push(Candidate::new("rows", cost, cost));
    }
    if fours_kernel::fits(s) {
        let cost = startup + 2.0 * Dims::waste(s.ow, 4);
        candidates.push(Candidate::new("fours", cost, cost));
    }
    if s.is_pointwise() {
        candidates.push(Candidate::new("pointwise", startup + 2.5, startup + 2.5));
    }
    candidates.extend(Winograd::of_output(s).candidate(0.5, startup));
    if s.is_pointwise() && fits(&s.pixels()) {
        offer(&mut candidates, startup, [s.cin, s.cout, s.pixels().batch]);
    }
    candidates
}
