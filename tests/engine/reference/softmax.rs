//! Scores to probabilities: `y[i] = exp(x[i]) / Σ exp(x[j])` over the last axis.

pub(crate) fn forward(classes: usize, x: &[f64]) -> Vec<f64> {
    let mut y = Vec::with_capacity(x.len());
    for row in x.chunks_exact(classes) {
        // Subtracting the largest score changes nothing but keeps exp finite.
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let sum: f64 = row.iter().map(|x| (x - largest).exp()).sum();
        y.extend(row.iter().map(|x| (x - largest).exp() / sum));
    }
    y
}

/// `dx[i] = y[i] · (dy[i] - Σ dy[j] · y[j])`
pub(crate) fn backward(classes: usize, x: &[f64], dy: &[f64]) -> Vec<f64> {
    let mut dx = Vec::with_capacity(x.len());
    for (y, dy) in forward(classes, x).chunks_exact(classes).zip(dy.chunks_exact(classes)) {
        let mean: f64 = y.iter().zip(dy).map(|(y, dy)| y * dy).sum();
        dx.extend(y.iter().zip(dy).map(|(y, dy)| y * (dy - mean)));
    }
    dx
}
