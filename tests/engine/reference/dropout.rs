//! Random silence: `y = x · mask / (1 - rate)` with a mask of 0 and 1 that keeps `1 - rate` of the values, so that
//! their mean stays what it was.

pub(crate) fn forward(rate: f64, x: &[f64], mask: &[f64]) -> Vec<f64> {
    x.iter().zip(mask).map(|(x, mask)| x * mask / (1.0 - rate)).collect()
}

/// The same mask again.
pub(crate) fn backward(rate: f64, dy: &[f64], mask: &[f64]) -> Vec<f64> {
    forward(rate, dy, mask)
}
