//! Layer normalisation (Ba et al. 2016): each row of the last axis to mean 0 and variance 1, then scaled by gamma and
//! moved by beta.

use super::batch_norm::NormGradients;

/// One layer; `width` is the length of the last axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LayerNorm {
    pub(crate) width: usize,
    pub(crate) epsilon: f64,
}

impl LayerNorm {
    pub(crate) fn forward(&self, x: &[f64], gamma: &[f64], beta: &[f64]) -> Vec<f64> {
        let mut y = Vec::with_capacity(x.len());
        for row in x.chunks_exact(self.width) {
            let (normalised, _) = self.normalised(row);
            y.extend((0..self.width).map(|i| normalised[i] * gamma[i] + beta[i]));
        }
        y
    }

    /// With `g = gamma · dy` and means over the row: `dx = (g - mean(g) - x̂ · mean(g · x̂)) / sqrt(variance +
    /// epsilon)`.
    pub(crate) fn backward(&self, x: &[f64], gamma: &[f64], dy: &[f64]) -> NormGradients {
        let mut gradients =
            NormGradients { dx: Vec::new(), dgamma: vec![0.0; self.width], dbeta: vec![0.0; self.width] };
        for (row, dy) in x.chunks_exact(self.width).zip(dy.chunks_exact(self.width)) {
            let (normalised, deviation) = self.normalised(row);
            let g: Vec<f64> = dy.iter().zip(gamma).map(|(dy, gamma)| dy * gamma).collect();
            let mean_g = self.mean(|i| g[i]);
            let mean_g_normalised = self.mean(|i| g[i] * normalised[i]);
            for i in 0..self.width {
                gradients.dx.push((g[i] - mean_g - normalised[i] * mean_g_normalised) / deviation);
                gradients.dgamma[i] += dy[i] * normalised[i];
                gradients.dbeta[i] += dy[i];
            }
        }
        gradients
    }

    /// The normalised row, and what it was divided by.
    fn normalised(&self, row: &[f64]) -> (Vec<f64>, f64) {
        let mean = self.mean(|i| row[i]);
        let deviation = (self.mean(|i| (row[i] - mean).powi(2)) + self.epsilon).sqrt();
        (row.iter().map(|x| (x - mean) / deviation).collect(), deviation)
    }

    fn mean(&self, value: impl Fn(usize) -> f64) -> f64 {
        (0..self.width).map(value).sum::<f64>() / self.width as f64
    }
}
