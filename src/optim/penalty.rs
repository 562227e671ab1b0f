//! What regularisers add to the loss (<https://keras.io/api/layers/regularizers/>).

use crate::graph::{Graph, Parameter};

/// l2 · Σw² + l1 · Σ|w| over the weights that are trained, given in Keras's order and summed in `f64`.
pub fn penalty(graph: &Graph, weights: &[Vec<f32>]) -> f64 {
    let trained = graph.parameters.iter().zip(weights).filter(|(parameter, _)| parameter.trainable);
    trained.map(|(parameter, values)| of_tensor(parameter, values)).sum()
}

fn of_tensor(parameter: &Parameter, values: &[f32]) -> f64 {
    let sum = |term: fn(f64) -> f64| values.iter().map(|&w| term(w.into())).sum::<f64>();
    let mut total = 0.0;
    if parameter.spec.l2 != 0.0 {
        total += f64::from(parameter.spec.l2) * sum(|w| w * w);
    }
    if parameter.spec.l1 != 0.0 {
        total += f64::from(parameter.spec.l1) * sum(f64::abs);
    }
    total
}
