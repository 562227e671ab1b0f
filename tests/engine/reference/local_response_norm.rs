//! Local response normalisation, as in `AlexNet` (Krizhevsky et al. 2012, section 3.3):
//!
//! `y[c] = x[c] / (bias + alpha · Σ x[j]²)^beta` over the channels `j` from `c - radius` to `c + radius`.
//!
//! The paper has n = 5 neighbours (radius 2), k = bias = 2, alpha = 1e-4, beta = 0.75. Alpha is not divided by the
//! number of neighbours.

use std::ops::RangeInclusive;

/// One layer. `x` has the channels as its last axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LocalResponseNorm {
    pub(crate) channels: usize,
    pub(crate) radius: usize,
    pub(crate) bias: f64,
    pub(crate) alpha: f64,
    pub(crate) beta: f64,
}

impl LocalResponseNorm {
    pub(crate) fn forward(&self, x: &[f64]) -> Vec<f64> {
        let mut y = Vec::with_capacity(x.len());
        for pixel in x.chunks_exact(self.channels) {
            y.extend((0..self.channels).map(|c| pixel[c] / self.base(pixel, c).powf(self.beta)));
        }
        y
    }

    /// `dx[c] = dy[c] · base[c]^-beta - 2 · alpha · beta · x[c] · Σ dy[j] · x[j] · base[j]^(-beta - 1)` over the
    /// outputs `j` that channel `c` takes part in: the same neighbours.
    pub(crate) fn backward(&self, x: &[f64], dy: &[f64]) -> Vec<f64> {
        let mut dx = Vec::with_capacity(x.len());
        for (pixel, dy) in x.chunks_exact(self.channels).zip(dy.chunks_exact(self.channels)) {
            let base: Vec<f64> = (0..self.channels).map(|c| self.base(pixel, c)).collect();
            for c in 0..self.channels {
                let through_neighbours: f64 =
                    self.neighbours(c).map(|j| dy[j] * pixel[j] * base[j].powf(-self.beta - 1.0)).sum();
                let direct = dy[c] * base[c].powf(-self.beta);
                dx.push(direct - 2.0 * self.alpha * self.beta * pixel[c] * through_neighbours);
            }
        }
        dx
    }

    fn base(&self, pixel: &[f64], c: usize) -> f64 {
        self.bias + self.alpha * self.neighbours(c).map(|j| pixel[j] * pixel[j]).sum::<f64>()
    }

    fn neighbours(&self, c: usize) -> RangeInclusive<usize> {
        c.saturating_sub(self.radius)..=(c + self.radius).min(self.channels - 1)
    }
}
