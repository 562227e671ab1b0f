//! `LeNet` (`LeCun` et al. 1998), as the course notes build it.

use super::build::Build;
use crate::graph::ModelSpec;
use crate::ops::avg_pool::AveragePooling2D;
use crate::ops::conv2d::Conv2D;
use crate::ops::dense::Dense;
use crate::ops::flatten::Flatten;
use crate::ops::max_pool::MaxPooling2D;
use crate::ops::{Activation, Layer};

/// Two convolutions with pooling, three dense layers: digits of 32×32 to ten classes.
pub(super) fn lenet() -> ModelSpec {
    let network = Build::sequential("lenet", "course note 001", [32, 32, 1])
        .note("The note's text says 61007 parameters; its code gives 61706.")
        .note("Convolutions are 'valid'; pooling is max, not the average of 1998.")
        .note("input_shape given to the second convolution has no effect.");
    layers(network, Activation::Relu, MaxPooling2D::new([2, 2]).into())
}

/// The same layers without corners: nothing in it jumps, so its training can be compared to the last digits.
pub(super) fn lenet_tanh() -> ModelSpec {
    let network = Build::sequential("lenet_tanh", "defined for the training references", [32, 32, 1])
        .note("Smooth twin of lenet (tanh, average pooling): its training has no jumps.");
    layers(network, Activation::Tanh, AveragePooling2D::new([2, 2]).into())
}

fn layers(network: Build, activation: Activation, pool: Layer) -> ModelSpec {
    network
        .then(Conv2D { activation, ..Conv2D::new(6, [5, 5]) })
        .then(pool.clone())
        .then(Conv2D { activation, ..Conv2D::new(16, [5, 5]) })
        .then(pool)
        .then(Flatten {})
        .then(Dense { activation, ..Dense::new(120) })
        .then(Dense { activation, ..Dense::new(84) })
        .then(Dense { activation: Activation::Softmax, ..Dense::new(10) })
        .finish()
}
