//! VGG (Simonyan and Zisserman 2014): nothing but 3×3 convolutions, in blocks that each end in a pool.

use super::build::{Build, conv_relu, dense};
use crate::graph::ModelSpec;
use crate::ops::Activation;
use crate::ops::batch_norm::BatchNormalization;
use crate::ops::conv2d::Conv2D;
use crate::ops::flatten::Flatten;
use crate::ops::max_pool::MaxPooling2D;

/// Blocks, as (filters, convolutions). The paper's column D.
const VGG16: &[(usize, usize)] = &[(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)];
/// The paper's column E.
const VGG19: &[(usize, usize)] = &[(64, 2), (128, 2), (256, 4), (512, 4), (512, 4)];
/// Half as wide as VGG's first three blocks.
const VGG_32: &[(usize, usize)] = &[(32, 2), (64, 2), (128, 2)];

/// VGG-16 for 224×224, written as a stack with Keras's own layer names.
pub(super) fn vgg16_imagenet(classes: usize) -> ModelSpec {
    let notes = ["Sequential with automatic names; same shapes as keras.applications.VGG16."];
    let mut b = Build::sequential("vgg16_imagenet", "course note 001", &notes, [224, 224, 3]);
    blocks(&mut b, VGG16, Names::Automatic, false);
    b.then(Flatten {});
    b.then(dense(4096, Activation::Relu));
    b.then(dense(4096, Activation::Relu));
    b.then(dense(classes, Activation::Softmax));
    b.finish()
}

/// VGG-19 for 224×224, as `keras.applications` has it.
pub(super) fn vgg19(classes: usize) -> ModelSpec {
    let source = "keras.applications.VGG19(weights=None)";
    let mut b = Build::functional("vgg19", source, &[], [224, 224, 3]);
    blocks(&mut b, VGG19, Names::Blocks, false);
    named_head(&mut b, classes);
    b.finish()
}

/// VGG-16 for 32×32 and a hundred classes: after five pools a single pixel is left for the dense layers.
pub(super) fn vgg16_cifar100(classes: usize) -> ModelSpec {
    let notes = ["Block 5 ends at 1x1x512, so flatten gives 512."];
    let source = "course notes 000, 002, 003";
    let mut b = Build::functional("vgg16_cifar100", source, &notes, [32, 32, 3]);
    blocks(&mut b, VGG16, Names::Blocks, false);
    named_head(&mut b, classes);
    b.finish()
}

/// A VGG for 32×32 that learns in a minute.
pub(super) fn vgg_32(classes: usize) -> ModelSpec {
    small("vgg_32", false, classes)
}

/// The same with batch norm between each convolution and its relu: learns faster, and at higher rates.
pub(super) fn vgg_bn_32(classes: usize) -> ModelSpec {
    small("vgg_bn_32", true, classes)
}

fn small(name: &str, norm: bool, classes: usize) -> ModelSpec {
    let notes = ["VGG's first three blocks, half as wide, then dense layers of 256 and the classes."];
    let mut b = Build::functional(name, super::ADAPTED, &notes, [32, 32, 3]);
    blocks(&mut b, VGG_32, Names::Blocks, norm);
    b.then(Flatten {});
    b.named("fc1").then(dense(256, Activation::Relu));
    b.named("predictions").then(dense(classes, Activation::Softmax));
    b.he_kernels();
    b.finish()
}

/// How layers are named.
#[derive(Clone, Copy, PartialEq)]
enum Names {
    /// As Keras numbers them.
    Automatic,
    /// `block1_conv1`, `block1_pool` …
    Blocks,
}

/// The convolutions and pools. With `norm`, batch norm stands between convolution and relu, and its beta takes the
/// place of the bias.
fn blocks(b: &mut Build, table: &[(usize, usize)], names: Names, norm: bool) {
    for (block, &(filters, convolutions)) in (1..).zip(table) {
        let name = |part: &str| match names {
            Names::Automatic => String::new(),
            Names::Blocks => format!("block{block}_{part}"),
        };
        for at in 1..=convolutions {
            let conv = conv_relu(filters, 3);
            b.named(name(&format!("conv{at}")));
            if norm {
                b.then(Conv2D { use_bias: false, activation: Activation::Linear, ..conv });
                let x = b.named(name(&format!("bn{at}"))).then(BatchNormalization::new(0.9, 1e-5));
                b.named(name(&format!("relu{at}"))).activation(x, Activation::Relu);
            } else {
                b.then(conv);
            }
        }
        b.named(name("pool")).then(MaxPooling2D::new([2, 2]));
    }
}

/// VGG's dense layers, most of its parameters.
fn named_head(b: &mut Build, classes: usize) {
    b.then(Flatten {});
    b.named("fc1").then(dense(4096, Activation::Relu));
    b.named("fc2").then(dense(4096, Activation::Relu));
    b.named("predictions").then(dense(classes, Activation::Softmax));
}
