//! Got against want, with the worst place remembered.

use serde::Deserialize;

use crate::error::{Result, bail};

/// |got − want| ≤ atol + rtol · |want|.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
pub(super) struct Tolerance {
    pub(super) rtol: f64,
    pub(super) atol: f64,
}

impl Tolerance {
    pub(super) fn absolute(atol: f64) -> Self {
        Self { rtol: 0.0, atol }
    }
}

/// All comparisons of one file.
#[derive(Clone, Debug, Default)]
pub(super) struct Comparison {
    /// Largest ratio of error to allowance; infinite where a number is none or where nothing was allowed.
    pub(super) worst: f64,
    pub(super) at: String,
    pub(super) error: f64,
    pub(super) tolerance: f64,
    pub(super) got: f64,
    pub(super) want: f64,
    /// Numbers compared.
    pub(super) compared: usize,
}

impl Comparison {
    /// Compares a whole tensor.
    pub(super) fn tensor(
        &mut self,
        name: &str,
        got: &[f32],
        want: &[f32],
        tolerance: Tolerance,
    ) -> Result<()> {
        if got.len() != want.len() {
            bail!("\"{name}\" has {} values, the reference has {}", got.len(), want.len());
        }
        for (at, (&got, &want)) in got.iter().zip(want).enumerate() {
            self.value(|| format!("{name}[{at}]"), got.into(), want.into(), tolerance);
        }
        Ok(())
    }

    /// Compares one number.
    pub(super) fn value(&mut self, at: impl FnOnce() -> String, got: f64, want: f64, tolerance: Tolerance) {
        let error = (got - want).abs();
        let allowed = tolerance.atol + tolerance.rtol * want.abs();
        let ratio = match error <= allowed {
            true if error == 0.0 => 0.0,
            true => error / allowed,
            // Also where one of the three is no number.
            false => (error / allowed).max(1.0 + f64::EPSILON),
        };
        self.compared += 1;
        if self.at.is_empty() || ratio > self.worst {
            (self.worst, self.error, self.tolerance) = (ratio, error, allowed);
            (self.got, self.want, self.at) = (got, want, at());
        }
    }

    /// The worst place, for people.
    pub(super) fn message(&self) -> String {
        format!("{}: got {}, want {} ± {:.3e}", self.at, self.got, self.want, self.tolerance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ratio(got: f64, want: f64, rtol: f64, atol: f64) -> f64 {
        let mut comparison = Comparison::default();
        comparison.value(|| "x".into(), got, want, Tolerance { rtol, atol });
        comparison.worst
    }

    #[test]
    fn the_worst_ratio_wins_and_no_number_passes_unnoticed() {
        assert_eq!(ratio(1.5, 1.0, 0.5, 0.5), 0.5);
        assert_eq!(ratio(2.0, 2.0, 0.0, 0.0), 0.0);
        for (got, want, atol) in
            [(f64::NAN, 1.0, 1.0), (1.0, f64::NAN, 1.0), (1.0, 1.0, f64::NAN), (f64::INFINITY, 1.0, 1.0)]
        {
            assert!(ratio(got, want, 0.0, atol) > 1.0, "{got} {want} {atol}");
        }
        assert!(ratio(1.0, 1.0 + 1e-12, 0.0, 0.0) > 1.0);
        let mut comparison = Comparison::default();
        comparison
            .tensor("y", &[1.0, 2.0, 4.0], &[1.0, 2.5, 4.25], Tolerance::absolute(1.0))
            .expect("same length");
        assert_eq!((comparison.at.as_str(), comparison.error, comparison.compared), ("y[1]", 0.5, 3));
        assert!(comparison.tensor("y", &[], &[1.0], Tolerance::default()).is_err());
    }
}
