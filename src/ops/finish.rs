//! The end of a convolution's kernel: batch norm, a sum and the activation, where the plan has fused them.

use crate::plan::{Dispatch, Fused, Slice};

/// What a kernel does with its sums before it stores them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Finish {
    /// What the plan asks for.
    pub(super) fused: Option<Fused>,
    /// The layer's own activation; linear where the plan asks for another.
    pub(super) activation: u32,
}

impl Finish {
    /// For a kernel that reads single values. What it does not look at is bound to `some` memory.
    pub(super) fn of_values(self, dispatch: Dispatch, some: Slice) -> Dispatch {
        self.bind(dispatch, ["norm", "moving", "residual"], some)
    }

    /// For a kernel that reads pairs.
    pub(super) fn of_pairs(self, dispatch: Dispatch, some: Slice) -> Dispatch {
        self.bind(dispatch, ["norm2", "moving2", "residual2"], some)
    }

    /// For a kernel that reads four at once.
    pub(super) fn of_fours(self, dispatch: Dispatch, some: Slice) -> Dispatch {
        self.bind(dispatch, ["norm4", "moving4", "residual4"], some)
    }

    fn bind(self, dispatch: Dispatch, [weights, moving, residual]: [&str; 3], some: Slice) -> Dispatch {
        let norm = self.fused.and_then(|fused| fused.norm);
        let added = self.fused.and_then(|fused| fused.residual);
        let dispatch = dispatch
            .bind_optional(weights, norm.map(|norm| norm.weights), some)
            .bind_optional(moving, norm.map(|norm| norm.moving), some)
            .bind_optional(residual, added, some)
            .constant("ACTIVATION", self.fused.map_or(self.activation, |fused| fused.activation));
        let Some(fused) = self.fused else { return dispatch };
        let epsilon = norm.map_or(0.0, |norm| norm.epsilon);
        dispatch
            .constant("NORM", u32::from(norm.is_some()))
            .constant("EPSILON", epsilon)
            .constant("RESIDUAL", u32::from(fused.residual.is_some()))
    }
}
