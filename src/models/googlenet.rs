//! GoogLeNet (Szegedy et al. 2014), its inception block and its auxiliary heads.

use super::build::{Build, Value};
use crate::graph::ModelSpec;
use crate::ops::Activation;
use crate::ops::avg_pool::AveragePooling2D;
use crate::ops::concat::Concatenate;
use crate::ops::dropout::Dropout;
use crate::ops::flatten::Flatten;
use crate::ops::global_avg_pool::GlobalAveragePooling2D;
use crate::shape::Padding;

/// Widths of an inception block: 1×1, 3×3 reduce, 3×3, 5×5 reduce, 5×5, pool projection.
type Widths = [usize; 6];

/// The nine blocks of the paper's table 1, 3a to 5b.
const BLOCKS: [Widths; 9] = [
    [64, 96, 128, 16, 32, 32],
    [128, 128, 192, 32, 96, 64],
    [192, 96, 208, 16, 48, 64],
    [160, 112, 224, 24, 64, 64],
    [128, 128, 256, 24, 64, 64],
    [112, 144, 288, 32, 64, 64],
    [256, 160, 320, 32, 128, 128],
    [256, 160, 320, 32, 128, 128],
    [384, 192, 384, 48, 128, 128],
];

/// A pool stands after these blocks (3b and 4e), by index into [`BLOCKS`].
const POOL_AFTER: [usize; 2] = [1, 6];

/// An auxiliary head hangs on these blocks: the 4th and the 7th. (The paper hangs them on 4a and 4d.)
const HEAD_AFTER: [usize; 2] = [3, 6];

/// L2 factor of the two stem convolutions and of the auxiliary heads; nothing else is regularised.
const L2: f32 = 0.0002;

/// Factor of the auxiliary heads' losses (Szegedy et al. 2014, section 5).
const AUXILIARY: f32 = 0.3;

/// GoogLeNet as the course note builds it: 224×224 to a thousand classes, with three outputs: the two auxiliary heads,
/// then the main one.
///
/// The main head is a dense layer on a (1, 1, 1024) map, without softmax: it gives logits of shape (1, 1, 1000). The
/// stem has no response norm and no 1×1 convolution before its 3×3 one.
pub(super) fn googlenet(classes: usize) -> ModelSpec {
    let notes = [
        "Three outputs in the order aux1, aux2, main.",
        "The main head is Dense(1000) without activation on a (1, 1, 1024) map: its output shape is (1, 1, 1000) and it holds logits, not probabilities.",
        "aux1 hangs on the 4th inception block, aux2 on the 7th (before its pool).",
        "Auxiliary average pool is 5x5/3 'valid': 14x14 becomes 4x4.",
        "Dropout 0.7 in the auxiliary heads, 0.4 in the main head.",
        "L2 0.0002 on the kernels of the two stem convolutions and of the auxiliary heads only; none on inception blocks and the main head.",
        "Stem max pools are 3x3/2 'same'; no local response norm; no 1x1 reduce before the 3x3 stem convolution.",
    ];
    let mut b = Build::functional("googlenet", "course note 001", &notes, [224, 224, 3]);
    stem(&mut b, 64, 7, 2);
    let x = stem(&mut b, 192, 3, 1);
    let (x, [first, second]) = blocks(&mut b, x, 1, classes);
    b.layer(x, AveragePooling2D { strides: [1, 1], ..AveragePooling2D::new([7, 7]) });
    b.then(Dropout::new(0.4));
    let main = b.dense(classes, Activation::Linear);
    b.finish_with(&[(first, AUXILIARY), (second, AUXILIARY), (main, 1.0)])
}

/// GoogLeNet for 32×32: nine inception blocks on maps of 16×16, 8×8 and 4×4, each a quarter as wide, and both
/// auxiliary heads.
pub(super) fn googlenet_32(classes: usize) -> ModelSpec {
    let notes = [
        "GoogLeNet's nine inception blocks and two auxiliary heads, each a quarter as wide.",
        "The stem is one 3x3 convolution and one pool; the main head ends in softmax.",
    ];
    let mut b = Build::functional("googlenet_32", super::ADAPTED, &notes, [32, 32, 3]);
    let x = stem(&mut b, 48, 3, 1);
    let (x, [first, second]) = blocks(&mut b, x, 4, classes);
    b.layer(x, GlobalAveragePooling2D::default());
    b.then(Dropout::new(0.4));
    let main = b.dense(classes, Activation::Softmax);
    b.he_kernels();
    b.finish_with(&[(first, AUXILIARY), (second, AUXILIARY), (main, 1.0)])
}

/// The note's inception block alone, on 28×28×1. The note builds no model of it; here the block's output is the
/// output.
pub(super) fn inception_block(_classes: usize) -> ModelSpec {
    let notes = ["The note builds no Model; here the block's output is the model's output."];
    let source = "course note 001, last section";
    let mut b = Build::functional("inception_block", source, &notes, [28, 28, 1]);
    let x = b.last();
    inception(&mut b, x, BLOCKS[0]);
    b.finish()
}

/// All inception blocks with widths divided by `divisor`, the pools between them, and the auxiliary heads, which hang
/// on a block before its pool.
fn blocks(b: &mut Build, mut x: Value, divisor: usize, classes: usize) -> (Value, [Value; 2]) {
    let mut heads = [x; 2];
    for (at, mut widths) in BLOCKS.into_iter().enumerate() {
        for width in &mut widths {
            *width /= divisor;
        }
        x = inception(b, x, widths);
        if let Some(head) = HEAD_AFTER.iter().position(|&after| after == at) {
            heads[head] = auxiliary_head(b, x, divisor, classes);
        }
        if POOL_AFTER.contains(&at) {
            x = pool(b, x, 2);
        }
    }
    (x, heads)
}

/// An inception block: four views of the same map side by side, of one pixel, of 3×3, of 5×5 and of the strongest
/// neighbour. The 1×1 convolutions before the large windows make those affordable.
fn inception(
    b: &mut Build,
    x: Value,
    [one, three_reduce, three, five_reduce, five, projection]: Widths,
) -> Value {
    let branch_1 = b.conv_relu(x, one, 1, 1);
    let reduced = b.conv_relu(x, three_reduce, 1, 1);
    let branch_3 = b.conv_relu(reduced, three, 3, 1);
    let reduced = b.conv_relu(x, five_reduce, 1, 1);
    let branch_5 = b.conv_relu(reduced, five, 5, 1);
    let strongest = pool(b, x, 1);
    let branch_pool = b.conv_relu(strongest, projection, 1, 1);
    b.join(&[branch_1, branch_3, branch_5, branch_pool], Concatenate::default())
}

/// A classifier half way: its loss brings a gradient to layers that are far from the main head. Not used in
/// inference.
fn auxiliary_head(b: &mut Build, x: Value, divisor: usize, classes: usize) -> Value {
    let x = b.layer(x, AveragePooling2D { strides: [3, 3], ..AveragePooling2D::new([5, 5]) });
    b.conv_relu(x, 128 / divisor, 1, 1);
    b.l2(L2);
    b.then(Flatten {});
    b.dense(1024 / divisor, Activation::Relu);
    b.l2(L2);
    b.then(Dropout::new(0.7));
    let head = b.dense(classes, Activation::Softmax);
    b.l2(L2);
    head
}

/// A convolution of the stem and its pool, after the last layer.
fn stem(b: &mut Build, filters: usize, size: usize, stride: usize) -> Value {
    let x = b.last();
    let x = b.conv_relu(x, filters, size, stride);
    b.l2(L2);
    pool(b, x, 2)
}

/// 3×3, 'same': with stride 2 between the stages, with stride 1 inside a block.
fn pool(b: &mut Build, x: Value, stride: usize) -> Value {
    b.max_pool(x, 3, stride, Padding::SAME)
}
