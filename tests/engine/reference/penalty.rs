//! What large weights cost: `l2 · Σ w² + l1 · Σ |w|`. Keras has no factor one half.

/// How strong the two parts are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Penalty {
    pub(crate) l1: f64,
    pub(crate) l2: f64,
}

impl Penalty {
    pub(crate) fn loss(self, weights: &[f64]) -> f64 {
        weights.iter().map(|w| self.l2 * w * w + self.l1 * w.abs()).sum()
    }

    /// `2 · l2 · w + l1 · sign(w)`, where the sign of 0 is 0.
    pub(crate) fn gradient(self, weights: &[f64]) -> Vec<f64> {
        weights.iter().map(|&w| 2.0 * self.l2 * w + self.l1 * sign(w)).collect()
    }
}

/// Unlike [`f64::signum`], 0 for 0.
fn sign(w: f64) -> f64 {
    if w == 0.0 { 0.0 } else { w.signum() }
}
