//! `LeNet` (`LeCun` et al. 1998), as the course notes build it.

use super::build::Build;
use crate::graph::ModelSpec;
use crate::ops::Activation;
use crate::ops::conv2d::Conv2D;
use crate::ops::dense::Dense;
use crate::ops::flatten::Flatten;
use crate::ops::max_pool::MaxPooling2D;

/// Two convolutions with pooling, three dense layers: digits of 32×32 to ten classes.
pub(super) fn lenet() -> ModelSpec {
    let relu = Activation::Relu;
    Build::sequential("lenet", "course note 001", [32, 32, 1])
        .note("The note's text says 61007 parameters; its code gives 61706.")
        .note("Convolutions are 'valid'; pooling is max, not the average of 1998.")
        .note("input_shape given to the second convolution has no effect.")
        .then(Conv2D { activation: relu, ..Conv2D::new(6, [5, 5]) })
        .then(MaxPooling2D::new([2, 2]))
        .then(Conv2D { activation: relu, ..Conv2D::new(16, [5, 5]) })
        .then(MaxPooling2D::new([2, 2]))
        .then(Flatten {})
        .then(Dense { activation: relu, ..Dense::new(120) })
        .then(Dense { activation: relu, ..Dense::new(84) })
        .then(Dense { activation: Activation::Softmax, ..Dense::new(10) })
        .finish()
}
