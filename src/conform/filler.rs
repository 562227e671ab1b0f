//! Weights, pictures and labels that any language can produce: pure functions of seed, tensor number and index.
//!
//! `u(t, j)` is [`Counter::uniform`], `v(t, j)` is [`Counter::signed`]; values are computed in `f64` and rounded once.

use crate::ops::ParameterSpec;
use crate::rng::Counter;

/// Number of the "tensor" that is the input picture; the labels follow it.
const IMAGE: u64 = 1 << 20;

/// Weight tensor number `t`.
pub(super) fn weight(seed: u64, t: usize, spec: &ParameterSpec) -> Vec<f32> {
    let counter = Counter::new(seed, t as u64);
    let limit = (6.0 / spec.fan_in() as f64).sqrt();
    let value = |j: usize| {
        let v = counter.signed(j as u64);
        match spec.name {
            "kernel" => v * limit,
            "gamma" => 0.7 * (1.0 + 0.2 * v),
            "moving_variance" => 1.0 + 0.5 * v,
            _ => v * 0.1,
        }
    };
    (0..spec.elements()).map(|j| value(j) as f32).collect()
}

/// A batch of pictures with `elements` values in all.
pub(super) fn image(seed: u64, elements: usize) -> Vec<f32> {
    let counter = Counter::new(seed, IMAGE);
    (0..elements as u64).map(|j| counter.uniform(j) as f32).collect()
}

/// Labels of a batch.
pub(super) fn labels(seed: u64, batch: usize, classes: u32) -> Vec<u32> {
    let counter = Counter::new(seed, IMAGE + 1);
    (0..batch as u64).map(|j| counter.below(j, classes)).collect()
}
