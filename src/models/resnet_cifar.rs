//! ResNet for 32×32 (He et al. 2015, section 4.2), and its *plain twins*: the same layers without the additions.

use super::build::{Build, Value};
use crate::graph::ModelSpec;
use crate::ops::Activation;
use crate::ops::add::Add;
use crate::ops::batch_norm::BatchNormalization;
use crate::ops::conv2d::Conv2D;
use crate::ops::global_avg_pool::GlobalAveragePooling2D;
use crate::shape::Padding;

/// Weight decay of every kernel, the paper's.
const L2: f32 = 1e-4;

const REFERENCE: &str = "defined for the training references";
const PAPER: &str = "He et al. 2015, section 4.2";

/// One block a stage: eight layers with weights on the longest path. The training references know it.
pub(super) fn resnet8(classes: usize) -> ModelSpec {
    let notes = [
        "Three basic blocks of 16, 32, 64 filters; the first has an identity shortcut.",
        "Batch norm momentum 0.9, epsilon 1e-5; L2 1e-4 on all kernels.",
    ];
    let mut b = Build::functional("resnet8", REFERENCE, &notes, [32, 32, 1]);
    stages(&mut b, 1, true, Activation::Relu, classes);
    b.finish()
}

/// The same without corners: nothing in it jumps, so its training can be compared to the last digits.
pub(super) fn resnet8_elu(classes: usize) -> ModelSpec {
    let notes = ["Smooth twin of resnet8 (elu instead of relu)."];
    let mut b = Build::functional("resnet8_elu", REFERENCE, &notes, [32, 32, 1]);
    stages(&mut b, 1, true, Activation::Elu, classes);
    b.finish()
}

/// `resnet8` without skips.
pub(super) fn plain8(classes: usize) -> ModelSpec {
    let notes = ["Plain twin of resnet8: its layers without the additions."];
    let mut b = Build::functional("plain8", REFERENCE, &notes, [32, 32, 1]);
    stages(&mut b, 1, false, Activation::Relu, classes);
    b.finish()
}

/// Three blocks a stage: twenty layers, the smallest of the paper's table 6.
pub(super) fn resnet20(classes: usize) -> ModelSpec {
    residual("resnet20", 3, classes)
}

/// Nine blocks a stage: fifty-six layers.
pub(super) fn resnet56(classes: usize) -> ModelSpec {
    residual("resnet56", 9, classes)
}

/// `resnet20` without skips.
pub(super) fn plain20(classes: usize) -> ModelSpec {
    plain("plain20", 3, classes)
}

/// `resnet56` without skips: it can compute all that `plain20` can, and yet trains worse. That is the paper's puzzle.
pub(super) fn plain56(classes: usize) -> ModelSpec {
    plain("plain56", 9, classes)
}

fn residual(name: &str, blocks: usize, classes: usize) -> ModelSpec {
    let notes = [
        "6n + 2 layers: a convolution, n blocks of two with 16, 32 and 64 filters each, a dense layer.",
        "Where the shape changes, the skip is a 1x1 projection (option B); the paper pads with zeros here.",
    ];
    let mut b = Build::functional(name, PAPER, &notes, [32, 32, 3]);
    stages(&mut b, blocks, true, Activation::Relu, classes);
    b.he_kernels();
    b.finish()
}

fn plain(name: &str, blocks: usize, classes: usize) -> ModelSpec {
    let notes = ["Plain twin of the ResNet of the same depth: its layers without the additions."];
    let mut b = Build::functional(name, PAPER, &notes, [32, 32, 3]);
    stages(&mut b, blocks, false, Activation::Relu, classes);
    b.he_kernels();
    b.finish()
}

/// A convolution, three stages of basic blocks on maps of 32×32, 16×16 and 8×8, and the mean of each map into the
/// classifier.
fn stages(b: &mut Build, blocks: usize, skips: bool, activation: Activation, classes: usize) {
    let x = b.last();
    let x = conv_norm(b, x, 16, 3, 1);
    let mut x = b.activation(x, activation);
    for (filters, stride) in [(16, 1), (32, 2), (64, 2)] {
        for block in 0..blocks {
            x = basic_block(b, x, filters, if block == 0 { stride } else { 1 }, skips, activation);
        }
    }
    b.layer(x, GlobalAveragePooling2D::default());
    b.dense(classes, Activation::Softmax);
    b.l2(L2);
}

/// Two 3×3 convolutions, and with `skips` what came in added to them: as it is, or through a 1×1 convolution where
/// `stride` changes the shape.
fn basic_block(
    b: &mut Build,
    x: Value,
    filters: usize,
    stride: usize,
    skips: bool,
    activation: Activation,
) -> Value {
    let y = conv_norm(b, x, filters, 3, stride);
    let y = b.activation(y, activation);
    let mut y = conv_norm(b, y, filters, 3, 1);
    if skips {
        let skip = if stride == 1 { x } else { conv_norm(b, x, filters, 1, stride) };
        y = b.join(&[y, skip], Add {});
    }
    b.activation(y, activation)
}

fn conv_norm(b: &mut Build, x: Value, filters: usize, size: usize, stride: usize) -> Value {
    let conv = Conv2D { padding: Padding::SAME, use_bias: false, ..Conv2D::new(filters, [size; 2]) };
    b.layer(x, Conv2D { strides: [stride; 2], ..conv });
    b.l2(L2);
    b.then(BatchNormalization::new(0.9, 1e-5))
}
