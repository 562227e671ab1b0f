//! VGG (Simonyan and Zisserman 2014): nothing but 3×3 convolutions, in blocks that each end in a pool.

use super::build::{Build, Value};
use crate::graph::ModelSpec;
use crate::ops::Activation;
use crate::ops::batch_norm::BatchNormalization;
use crate::ops::conv2d::Conv2D;
use crate::ops::flatten::Flatten;
use crate::shape::Padding;

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
    blocks(&mut b, VGG16, false, false);
    b.then(Flatten {});
    b.dense(4096, Activation::Relu);
    b.dense(4096, Activation::Relu);
    b.dense(classes, Activation::Softmax);
    b.finish()
}

/// VGG-19 for 224×224, as `keras.applications` has it.
pub(super) fn vgg19(classes: usize) -> ModelSpec {
    let source = "keras.applications.VGG19(weights=None)";
    let mut b = Build::functional("vgg19", source, &[], [224, 224, 3]);
    blocks(&mut b, VGG19, true, false);
    head(&mut b, &[4096, 4096], classes);
    b.finish()
}

/// VGG-16 for 32×32 and a hundred classes: after five pools a single pixel is left for the dense layers.
pub(super) fn vgg16_cifar100(classes: usize) -> ModelSpec {
    let notes = ["Block 5 ends at 1x1x512, so flatten gives 512."];
    let source = "course notes 000, 002, 003";
    let mut b = Build::functional("vgg16_cifar100", source, &notes, [32, 32, 3]);
    blocks(&mut b, VGG16, true, false);
    head(&mut b, &[4096, 4096], classes);
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
    blocks(&mut b, VGG_32, true, norm);
    head(&mut b, &[256], classes);
    b.he_kernels();
    b.finish()
}

/// The convolutions and pools, with `named` under the names that they have in `keras.applications`. With `norm`, batch
/// norm stands between convolution and relu, and its beta takes the place of the bias.
fn blocks(b: &mut Build, table: &[(usize, usize)], named: bool, norm: bool) {
    let mut x = b.last();
    for (block, &(filters, convolutions)) in (1..).zip(table) {
        for conv in 1..=convolutions {
            if named {
                b.named(format!("block{block}_conv{conv}"));
            }
            x = if norm { conv_norm_relu(b, x, filters) } else { b.conv_relu(x, filters, 3, 1) };
        }
        if named {
            b.named(format!("block{block}_pool"));
        }
        x = b.max_pool(x, 2, 2, Padding::VALID);
    }
}

fn conv_norm_relu(b: &mut Build, x: Value, filters: usize) -> Value {
    b.layer(x, Conv2D { padding: Padding::SAME, use_bias: false, ..Conv2D::new(filters, [3, 3]) });
    let x = b.then(BatchNormalization::new(0.9, 1e-5));
    b.activation(x, Activation::Relu)
}

/// Dense layers under the names that they have in `keras.applications`: most of a VGG's parameters.
fn head(b: &mut Build, units: &[usize], classes: usize) {
    b.then(Flatten {});
    for (at, &units) in (1..).zip(units) {
        b.named(format!("fc{at}")).dense(units, Activation::Relu);
    }
    b.named("predictions").dense(classes, Activation::Softmax);
}
