//! `LeNet` (`LeCun` et al. 1998), as the course notes build it.

use super::build::Build;
use crate::graph::ModelSpec;
use crate::ops::avg_pool::AveragePooling2D;
use crate::ops::conv2d::Conv2D;
use crate::ops::flatten::Flatten;
use crate::ops::max_pool::MaxPooling2D;
use crate::ops::{Activation, Layer};

/// Two convolutions with pooling, three dense layers: digits of 32×32 to ten classes.
///
/// The note's convolutions are 'valid' and its pooling takes the maximum, where `LeCun` averaged. The note counts
/// 61007 parameters; its code, and this, has 61706.
pub(super) fn lenet(classes: usize) -> ModelSpec {
    let notes = [
        "The note's text says 61007 parameters; its code gives 61706.",
        "Convolutions are 'valid'; pooling is max, not the average of 1998.",
        "input_shape given to the second convolution has no effect.",
    ];
    let mut b = Build::sequential("lenet", "course note 001", &notes, [32, 32, 1]);
    layers(&mut b, Activation::Relu, &MaxPooling2D::new([2, 2]).into(), classes);
    b.finish()
}

/// The same layers without corners: nothing in it jumps, so its training can be compared to the last digits.
pub(super) fn lenet_tanh(classes: usize) -> ModelSpec {
    let notes = ["Smooth twin of lenet (tanh, average pooling): its training has no jumps."];
    let source = "defined for the training references";
    let mut b = Build::sequential("lenet_tanh", source, &notes, [32, 32, 1]);
    layers(&mut b, Activation::Tanh, &AveragePooling2D::new([2, 2]).into(), classes);
    b.finish()
}

fn layers(b: &mut Build, activation: Activation, pool: &Layer, classes: usize) {
    for filters in [6, 16] {
        b.then(Conv2D { activation, ..Conv2D::new(filters, [5, 5]) });
        b.then(pool.clone());
    }
    b.then(Flatten {});
    b.dense(120, activation);
    b.dense(84, activation);
    b.dense(classes, Activation::Softmax);
}
