//! Logarithms of probabilities: `y[i] = x[i] - log Σ exp(x[j])` over the last axis.

pub(crate) fn forward(classes: usize, x: &[f64]) -> Vec<f64> {
    let mut y = Vec::with_capacity(x.len());
    for row in x.chunks_exact(classes) {
        let largest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let log_sum = row.iter().map(|x| (x - largest).exp()).sum::<f64>().ln();
        y.extend(row.iter().map(|x| x - largest - log_sum));
    }
    y
}

/// `dx[i] = dy[i] - softmax(x)[i] · Σ dy[j]`
pub(crate) fn backward(classes: usize, x: &[f64], dy: &[f64]) -> Vec<f64> {
    let mut dx = Vec::with_capacity(x.len());
    for (y, dy) in forward(classes, x).chunks_exact(classes).zip(dy.chunks_exact(classes)) {
        let sum: f64 = dy.iter().sum();
        dx.extend(y.iter().zip(dy).map(|(y, dy)| dy - y.exp() * sum));
    }
    dx
}
