//! `shaders/activation.wgsl` against `reference::activation`.

use crate::reference::activation::Activation as Oracle;
pub(crate) use cnn_playground::ops::Activation;

/// Those that a layer with weights takes, all but softmax.
pub(crate) const ALL: &[Activation] =
    &[Activation::Linear, Activation::Relu, Activation::Tanh, Activation::Sigmoid, Activation::Elu];

/// The oracle's function.
pub(crate) fn oracle(activation: Activation) -> Oracle {
    match activation {
        Activation::Linear | Activation::Softmax => Oracle::Linear,
        Activation::Relu => Oracle::Relu,
        Activation::Tanh => Oracle::Tanh,
        Activation::Sigmoid => Oracle::Sigmoid,
        Activation::Elu => Oracle::Elu { alpha: 1.0 },
    }
}
