//! The course notes' first network for CIFAR-100.

use super::build::Build;
use crate::graph::ModelSpec;
use crate::ops::Activation;
use crate::ops::conv2d::Conv2D;
use crate::ops::flatten::Flatten;
use crate::ops::max_pool::MaxPooling2D;

/// Two convolutions with pooling, two dense layers: what a network learns before it is deep.
///
/// The second pool has no padding, so the 13th row and column of its input are dropped.
pub(super) fn simple_cnn(classes: usize) -> ModelSpec {
    let notes =
        ["Convolutions are 'valid'; the second pool turns 13x13 into 6x6 (last row and column are dropped)."];
    let mut b = Build::functional("simple_cnn", "course note 003", &notes, [32, 32, 3]);
    for filters in [16, 32] {
        b.then(Conv2D { activation: Activation::Relu, ..Conv2D::new(filters, [3, 3]) });
        b.then(MaxPooling2D::new([2, 2]));
    }
    b.then(Flatten {});
    b.dense(256, Activation::Relu);
    b.dense(classes, Activation::Softmax);
    b.finish()
}
