//! Batch normalisation (Ioffe and Szegedy 2015): each channel, over the batch and all pixels, to mean 0 and variance
//! 1, then scaled by gamma and moved by beta: `y = (x - mean) / sqrt(variance + epsilon) · gamma + beta`.

/// One layer. `x` has the channels as its last axis.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchNorm {
    pub(crate) channels: usize,
    pub(crate) epsilon: f64,
    /// Share of the old moving statistics that an update keeps.
    pub(crate) momentum: f64,
}

/// Mean and variance of each channel.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statistics {
    pub(crate) mean: Vec<f64>,
    pub(crate) variance: Vec<f64>,
}

/// Derivatives by the input and by what is trained.
#[derive(Clone, Debug)]
pub(crate) struct NormGradients {
    pub(crate) dx: Vec<f64>,
    pub(crate) dgamma: Vec<f64>,
    pub(crate) dbeta: Vec<f64>,
}

impl BatchNorm {
    /// Of this batch. The variance divides by the count, without correction.
    pub(crate) fn batch_statistics(&self, x: &[f64]) -> Statistics {
        let count = (x.len() / self.channels) as f64;
        let mut mean = vec![0.0; self.channels];
        let mut variance = vec![0.0; self.channels];
        for (at, x) in x.iter().enumerate() {
            mean[at % self.channels] += x / count;
        }
        for (at, x) in x.iter().enumerate() {
            variance[at % self.channels] += (x - mean[at % self.channels]).powi(2) / count;
        }
        Statistics { mean, variance }
    }

    /// With the statistics of the batch in training, with the moving ones in inference.
    pub(crate) fn forward(
        &self,
        x: &[f64],
        gamma: &[f64],
        beta: &[f64],
        statistics: &Statistics,
    ) -> Vec<f64> {
        let scaled =
            |(at, normal): (usize, f64)| normal * gamma[at % self.channels] + beta[at % self.channels];
        self.normalised(x, statistics).into_iter().enumerate().map(scaled).collect()
    }

    /// `moving = momentum · moving + (1 - momentum) · batch`
    pub(crate) fn update_moving(&self, moving: &Statistics, batch: &Statistics) -> Statistics {
        let mix = |old: &[f64], new: &[f64]| {
            old.iter().zip(new).map(|(old, new)| self.momentum * old + (1.0 - self.momentum) * new).collect()
        };
        Statistics { mean: mix(&moving.mean, &batch.mean), variance: mix(&moving.variance, &batch.variance) }
    }

    /// Through batch statistics, which depend on `x` themselves. With `x̂` the normalised input and means over the
    /// batch and all pixels: `dx = gamma / sqrt(variance + epsilon) · (dy - mean(dy) - x̂ · mean(dy · x̂))`.
    pub(crate) fn backward_training(&self, x: &[f64], gamma: &[f64], dy: &[f64]) -> NormGradients {
        let count = (x.len() / self.channels) as f64;
        let statistics = self.batch_statistics(x);
        let normalised = self.normalised(x, &statistics);
        let mut gradients = self.backward_inference(x, gamma, &statistics, dy);
        for at in 0..x.len() {
            let c = at % self.channels;
            let mean_dy = gradients.dbeta[c] / count;
            let mean_dy_normalised = gradients.dgamma[c] / count;
            let scale = gamma[c] / (statistics.variance[c] + self.epsilon).sqrt();
            gradients.dx[at] = scale * (dy[at] - mean_dy - normalised[at] * mean_dy_normalised);
        }
        gradients
    }

    /// With statistics that do not depend on `x`.
    pub(crate) fn backward_inference(
        &self,
        x: &[f64],
        gamma: &[f64],
        statistics: &Statistics,
        dy: &[f64],
    ) -> NormGradients {
        let mut gradients = NormGradients {
            dx: vec![0.0; x.len()],
            dgamma: vec![0.0; self.channels],
            dbeta: vec![0.0; self.channels],
        };
        for (at, normal) in self.normalised(x, statistics).into_iter().enumerate() {
            let c = at % self.channels;
            gradients.dx[at] = dy[at] * gamma[c] / (statistics.variance[c] + self.epsilon).sqrt();
            gradients.dgamma[c] += dy[at] * normal;
            gradients.dbeta[c] += dy[at];
        }
        gradients
    }

    fn normalised(&self, x: &[f64], statistics: &Statistics) -> Vec<f64> {
        let one = |(at, x): (usize, &f64)| {
            let c = at % self.channels;
            (x - statistics.mean[c]) / (statistics.variance[c] + self.epsilon).sqrt()
        };
        x.iter().enumerate().map(one).collect()
    }
}
