//! How surprised the network is by the right answer: `loss = -Σ target[i] · log softmax(x)[i]`, averaged over the
//! batch. With smoothing e the target is `(1 - e) · onehot + e / classes`.

use super::{log_softmax, softmax};

/// Loss of logits `[batch, classes]` against one label a row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SoftmaxCrossEntropy {
    pub(crate) classes: usize,
    pub(crate) smoothing: f64,
}

impl SoftmaxCrossEntropy {
    /// The loss of each sample; the loss of the batch is their mean.
    pub(crate) fn losses(&self, logits: &[f64], labels: &[usize]) -> Vec<f64> {
        let logs = log_softmax::forward(self.classes, logits);
        let sample = |(row, &label): (&[f64], &usize)| {
            -row.iter().enumerate().map(|(class, log)| self.target(class, label) * log).sum::<f64>()
        };
        logs.chunks_exact(self.classes).zip(labels).map(sample).collect()
    }

    pub(crate) fn loss(&self, logits: &[f64], labels: &[usize]) -> f64 {
        self.losses(logits, labels).iter().sum::<f64>() / labels.len() as f64
    }

    /// `dx = (softmax(x) - target) / batch`
    pub(crate) fn backward(&self, logits: &[f64], labels: &[usize]) -> Vec<f64> {
        let probabilities = softmax::forward(self.classes, logits);
        let one = |(at, probability): (usize, f64)| {
            (probability - self.target(at % self.classes, labels[at / self.classes])) / labels.len() as f64
        };
        probabilities.into_iter().enumerate().map(one).collect()
    }

    fn target(&self, class: usize, label: usize) -> f64 {
        let onehot = if class == label { 1.0 } else { 0.0 };
        (1.0 - self.smoothing) * onehot + self.smoothing / self.classes as f64
    }
}
