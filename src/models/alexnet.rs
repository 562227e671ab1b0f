//! `AlexNet` (Krizhevsky, Sutskever and Hinton 2012).

use super::build::Build;
use crate::graph::ModelSpec;
use crate::ops::Activation;
use crate::ops::dropout::Dropout;
use crate::ops::flatten::Flatten;
use crate::shape::Padding;

/// `AlexNet` as the course note builds it: 224×224 to a thousand classes.
///
/// It differs from the paper in ways that its shapes show: the fifth convolution has strides 3 (14×14 to 5×5), all
/// pools are 2×2/2 'same' and do not overlap (5×5 to 3×3), nothing is normalised, the two halves that lived on two
/// graphics cards are one, and dropout silences 0.4 instead of one half.
pub(super) fn alexnet(classes: usize) -> ModelSpec {
    let notes = [
        "The fifth convolution has strides=3: 14x14 becomes 5x5.",
        "All pools are 2x2/2 'same', so the 5x5 map becomes 3x3 (flatten 2304).",
        "Convolution 1 is 11x11/4 'same' on 224: pads 3 before, 4 after, gives 56x56.",
        "Dropout 0.4; no local response norm, no two-GPU groups.",
    ];
    let mut b = Build::sequential("alexnet", "course note 001", &notes, [224, 224, 3]);
    layers(&mut b, [96, 256, 384, 384, 256], [11, 4, 3], 4096, classes);
    b.finish()
}

/// `AlexNet` for 32×32: every layer a quarter as wide, and a first convolution that keeps all pixels.
pub(super) fn alexnet_32(classes: usize) -> ModelSpec {
    let notes = [
        "AlexNet's layers, each a quarter as wide: 24, 64, 96, 96, 64 filters, 1024 units.",
        "Convolution 1 is 5x5/1 instead of 11x11/4, the fifth has strides 1 as in the paper.",
    ];
    let mut b = Build::sequential("alexnet_32", super::ADAPTED, &notes, [32, 32, 3]);
    layers(&mut b, [24, 64, 96, 96, 64], [5, 1, 1], 1024, classes);
    b.he_kernels();
    b.finish()
}

/// Five convolutions, three of them with a pool, and two dense layers with dropout.
///
/// `first_size` and `first_stride` are those of the first convolution, `fifth_stride` that of the last.
fn layers(
    b: &mut Build,
    filters: [usize; 5],
    [first_size, first_stride, fifth_stride]: [usize; 3],
    units: usize,
    classes: usize,
) {
    let sizes = [first_size, 5, 3, 3, 3];
    let strides = [first_stride, 1, 1, 1, fifth_stride];
    let mut x = b.last();
    for at in 0..5 {
        x = b.conv_relu(x, filters[at], sizes[at], strides[at]);
        if [0, 1, 4].contains(&at) {
            x = b.max_pool(x, 2, 2, Padding::SAME);
        }
    }
    b.then(Flatten {});
    for _ in 0..2 {
        b.dense(units, Activation::Relu);
        b.then(Dropout::new(0.4));
    }
    b.dense(classes, Activation::Softmax);
}
