//! GoogLeNet (Szegedy et al. 2014), its inception block and its auxiliary heads.

use super::build::{Build, Value, conv_relu, dense};
use crate::graph::ModelSpec;
use crate::ops::Activation;
use crate::ops::avg_pool::AveragePooling2D;
use crate::ops::concat::Concatenate;
use crate::ops::conv2d::Conv2D;
use crate::ops::dense::Dense;
use crate::ops::dropout::Dropout;
use crate::ops::flatten::Flatten;
use crate::ops::global_avg_pool::GlobalAveragePooling2D;
use crate::ops::max_pool::MaxPooling2D;
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
const L2: Option<f32> = Some(0.0002);

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
    b.then(Conv2D { strides: [2, 2], kernel_l2: L2, ..conv_relu(64, 7) });
    b.then(max_pool(2));
    b.then(Conv2D { kernel_l2: L2, ..conv_relu(192, 3) });
    let x = b.then(max_pool(2));
    let (x, [first, second]) = blocks(&mut b, x, 1, classes);
    let pool = AveragePooling2D { strides: [1, 1], ..AveragePooling2D::new([7, 7]) };
    b.layer(x, pool);
    b.then(Dropout::new(0.4));
    let main = b.then(Dense::new(classes));
    b.finish_with(&[first, second, main])
}

/// GoogLeNet for 32×32: nine inception blocks on maps of 16×16, 8×8 and 4×4, each a quarter as wide, and both
/// auxiliary heads.
pub(super) fn googlenet_32(classes: usize) -> ModelSpec {
    let notes = [
        "GoogLeNet's nine inception blocks and two auxiliary heads, each a quarter as wide.",
        "The stem is one 3x3 convolution and one pool; the main head ends in softmax.",
    ];
    let mut b = Build::functional("googlenet_32", super::ADAPTED, &notes, [32, 32, 3]);
    b.then(Conv2D { kernel_l2: L2, ..conv_relu(48, 3) });
    let x = b.then(max_pool(2));
    let (x, [first, second]) = blocks(&mut b, x, 4, classes);
    b.layer(x, GlobalAveragePooling2D::default());
    b.then(Dropout::new(0.4));
    let main = b.then(dense(classes, Activation::Softmax));
    b.he_kernels();
    b.finish_with(&[first, second, main])
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
    for (at, widths) in BLOCKS.iter().enumerate() {
        x = inception(b, x, widths.map(|width| width / divisor));
        if let Some(head) = HEAD_AFTER.iter().position(|&after| after == at) {
            heads[head] = auxiliary_head(b, x, divisor, classes);
        }
        if POOL_AFTER.contains(&at) {
            x = b.layer(x, max_pool(2));
        }
    }
    (x, heads)
}

/// An inception block: four views of the same map side by side, of one pixel, of 3×3, of 5×5 and of the strongest
/// neighbour. The 1×1 convolutions before the large windows make those affordable.
fn inception(b: &mut Build, x: Value, [one, three_reduce, three, five_reduce, five, pool]: Widths) -> Value {
    let branch_1 = b.layer(x, conv_relu(one, 1));
    let reduced = b.layer(x, conv_relu(three_reduce, 1));
    let branch_3 = b.layer(reduced, conv_relu(three, 3));
    let reduced = b.layer(x, conv_relu(five_reduce, 1));
    let branch_5 = b.layer(reduced, conv_relu(five, 5));
    let strongest = b.layer(x, max_pool(1));
    let branch_pool = b.layer(strongest, conv_relu(pool, 1));
    b.join(&[branch_1, branch_3, branch_5, branch_pool], Concatenate::default())
}

/// A classifier half way: its loss brings a gradient to layers that are far from the main head. Not used in
/// inference.
fn auxiliary_head(b: &mut Build, x: Value, divisor: usize, classes: usize) -> Value {
    b.layer(x, AveragePooling2D { strides: [3, 3], ..AveragePooling2D::new([5, 5]) });
    b.then(Conv2D { kernel_l2: L2, ..conv_relu(128 / divisor, 1) });
    b.then(Flatten {});
    b.then(Dense { kernel_l2: L2, ..dense(1024 / divisor, Activation::Relu) });
    b.then(Dropout::new(0.7));
    b.then(Dense { kernel_l2: L2, ..dense(classes, Activation::Softmax) })
}

/// 3×3, 'same': with stride 2 between the stages, with stride 1 inside a block.
fn max_pool(stride: usize) -> MaxPooling2D {
    MaxPooling2D { pool_size: [3, 3], strides: [stride; 2], padding: Padding::SAME }
}
