//! The mean of each feature map: `y[n, c] = Σ x[n, y, x, c] / (h · w)`.

use super::Dims;

pub(crate) fn forward(input: Dims, x: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; input.n * input.c];
    for n in 0..input.n {
        for pixel in input.pixels() {
            for c in 0..input.c {
                y[n * input.c + c] += x[input.at(n, pixel, c)] / (input.h * input.w) as f64;
            }
        }
    }
    y
}

/// Every pixel gets the same share.
pub(crate) fn backward(input: Dims, dy: &[f64]) -> Vec<f64> {
    let mut dx = vec![0.0; input.len()];
    for n in 0..input.n {
        for pixel in input.pixels() {
            for c in 0..input.c {
                dx[input.at(n, pixel, c)] = dy[n * input.c + c] / (input.h * input.w) as f64;
            }
        }
    }
    dx
}
