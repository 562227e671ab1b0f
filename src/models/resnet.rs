//! ResNet for 224×224 (He et al. 2015, "Deep residual learning for image recognition"): the bottleneck block in each
//! of the notes' dresses and in `keras.applications`' own.

use super::build::{Build, Value};
use crate::graph::ModelSpec;
use crate::initializer::Initializer;
use crate::ops::Activation;
use crate::ops::add::Add;
use crate::ops::avg_pool::AveragePooling2D;
use crate::ops::batch_norm::BatchNormalization;
use crate::ops::conv2d::Conv2D;
use crate::ops::dense::Dense;
use crate::ops::flatten::Flatten;
use crate::ops::global_avg_pool::{GlobalAveragePooling2D, Lambda};
use crate::ops::zero_padding::ZeroPadding2D;
use crate::shape::Padding;

/// A stage: (filters of its 1×1 and 3×3 convolutions, blocks, stride of the first block).
type Stage = (usize, usize, usize);

/// The paper's 50-layer network.
const STAGES50: [Stage; 4] = [(64, 3, 1), (128, 4, 2), (256, 6, 2), (512, 3, 2)];

/// Note 004 puts a stack before ResNet-50's four and gives each one block more.
const STAGES004: [Stage; 5] = [(64, 4, 1), (64, 4, 2), (128, 5, 2), (256, 7, 2), (512, 4, 2)];

/// Weight decay of the notes' CIFAR networks.
const L2: Option<f32> = Some(1e-4);

/// What tells one dress of ResNet-50 from another.
struct Style {
    names: Names,
    /// Whether convolutions have a bias. The batch norm after each makes it idle.
    bias: bool,
    kernel: Initializer,
    kernel_l2: Option<f32>,
    /// How batch norm names the channels' axis.
    axis: i32,
    momentum: f64,
    epsilon: f64,
    /// Which of a block's three convolutions takes the stride: 1, the first 1×1, or 2, the 3×3.
    strided: usize,
    /// Whether `Add` takes [skip, main] rather than [main, skip].
    skip_first: bool,
}

/// Keras's defaults all over.
const NOTE001: Style = Style {
    names: Names::Automatic,
    bias: true,
    kernel: Initializer::GlorotUniform,
    kernel_l2: None,
    axis: -1,
    momentum: 0.99,
    epsilon: 1e-3,
    strided: 1,
    skip_first: false,
};

/// The batch norm's epsilon of the paper's own code.
const NOTE004: Style = Style { epsilon: 1e-5, skip_first: true, ..NOTE001 };

/// `keras.applications`' own.
const KERAS: Style = Style { names: Names::Blocks, axis: 3, epsilon: 1.001e-5, ..NOTE004 };

/// What regularises: weight decay, no biases, He's kernels.
const CIFAR: Style = Style {
    names: Names::Branches,
    bias: false,
    kernel: Initializer::HeNormal,
    kernel_l2: L2,
    axis: 3,
    momentum: 0.9,
    epsilon: 1e-5,
    strided: 2,
    skip_first: false,
};

/// How layers are named.
#[derive(Clone, Copy, PartialEq)]
enum Names {
    /// As Keras numbers them.
    Automatic,
    /// `res2a_branch2b`, `bn2a_branch2b` …: He's own.
    Branches,
    /// `conv2_block1_2_conv`, `conv2_block1_2_bn` …: those of `keras.applications`.
    Blocks,
}

/// ResNet-50 as note 001 builds it.
///
/// Its convolutions have biases, which the batch norm after each makes idle. The stem's pool is 'valid' without
/// padding, so 112 becomes 55 where the paper has 56. Stride 2 sits in the first 1×1 convolution, which thus reads a
/// quarter of the pixels.
pub(super) fn resnet50_imagenet(classes: usize) -> ModelSpec {
    let notes = [
        "Convolutions have biases; batch norm is Keras default (momentum 0.99, epsilon 1e-3).",
        "Stem max pool 3x3/2 is 'valid' without padding: 112 becomes 55, then 28, 14, 7.",
        "Stride 2 sits in the first 1x1 convolution ('valid') and in the projection.",
        "Head: AveragePooling2D(7) then Flatten then Dense.",
        BLOCK_ORDER,
    ];
    let mut b = Build::functional("resnet50_imagenet", "course note 001", &notes, [224, 224, 3]);
    NOTE001.stem(&mut b, [""; 4]);
    stem_pool(&mut b, Padding::VALID);
    NOTE001.stages(&mut b, &STAGES50);
    b.then(AveragePooling2D::new([7, 7]));
    b.then(Flatten {});
    b.dense(classes, Activation::Softmax);
    b.finish()
}

/// ResNet-50 on 32×32, as notes 002 and 003 build it.
///
/// Stem and stages are those for 224×224, so stage 5 runs its 3×3 convolutions on a single pixel. Stride 2 sits in the
/// 3×3 convolution. The softmax is a layer of its own.
pub(super) fn resnet50_cifar100(classes: usize) -> ModelSpec {
    let notes = [
        "No convolution biases; batch norm momentum 0.9, epsilon 1e-5; he_normal kernels; L2 1e-4 on every convolution and dense kernel and on the dense bias.",
        "Stride 2 sits in the 3x3 convolution ('same', so an even map is padded only after: 0 before, 1 after) and in the projection.",
        "Spatial sizes 32, pad 38, 16, pool 8 ('same'), 8, 4, 2, 1: stage 5 runs 3x3 convolutions on a 1x1 map.",
        "Dense kernel initializer is normal with stddev 0.01; softmax is its own layer.",
        BLOCK_ORDER,
    ];
    let mut b = cifar100("resnet50_cifar100", "course notes 002, 003", &notes);
    b.then(GlobalAveragePooling2D::default());
    cifar100_head(b, classes)
}

/// The same as note 000 builds it, with a `Lambda` layer that averages over height and width.
///
/// The note's identity block takes strides and does not use them.
pub(super) fn resnet50_cifar100_note000(classes: usize) -> ModelSpec {
    let notes = [
        "Same numbers as resnet50_cifar100; global average pooling is written as a Lambda named reduce_mean (mean over axes 1 and 2).",
    ];
    let mut b = cifar100("resnet50_cifar100_note000", "course note 000", &notes);
    b.named("reduce_mean").then(Lambda::mean());
    cifar100_head(b, classes)
}

fn cifar100(name: &str, source: &str, notes: &[&str]) -> Build {
    let mut b = Build::functional(name, source, notes, [32, 32, 3]);
    CIFAR.stem(&mut b, ["conv1_pad", "conv1", "bn_conv1", ""]);
    stem_pool(&mut b, Padding::SAME);
    CIFAR.stages(&mut b, &STAGES50);
    b
}

fn cifar100_head(mut b: Build, classes: usize) -> ModelSpec {
    let logits = b.named("fc1000").then(Dense {
        kernel_initializer: Initializer::RandomNormal { mean: 0.0, stddev: 0.01 },
        kernel_l2: L2,
        bias_l2: L2,
        ..Dense::new(classes)
    });
    b.activation(logits, Activation::Softmax);
    b.finish()
}

/// The ResNet of note 004, 24 blocks deep.
///
/// The note's `build_stack` runs once more than ResNet-50 has stages, and each stack has one block more than its
/// number says. The last map is 4×4×2048; the note's text says 7×7×2048.
pub(super) fn resnet_note004(classes: usize) -> ModelSpec {
    let notes = [
        "An extra stack of 64 filters with stride 1 comes before the four stacks of ResNet50, and each stack has blocks + 1 blocks: 4, 4, 5, 7, 4 = 24 blocks.",
        "Five stacks take 56 to 56, 28, 14, 7, 4; the text's (7, 7, 2048) is really (4, 4, 2048).",
        "Convolutions have biases; batch norm epsilon 1e-5, momentum 0.99.",
        "Add takes [skip, main] in that order. block order: 1x1, 3x3, 1x1, then the projection, then add",
    ];
    let mut b = Build::functional("resnet_note004", "course note 004", &notes, [224, 224, 3]);
    NOTE004.stem(&mut b, [""; 4]);
    b.then(ZeroPadding2D::new(1));
    stem_pool(&mut b, Padding::VALID);
    NOTE004.stages(&mut b, &STAGES004);
    b.then(GlobalAveragePooling2D::default());
    b.dense(classes, Activation::Softmax);
    b.finish()
}

/// ResNet-50 as `keras.applications` has it.
pub(super) fn resnet50_keras(classes: usize) -> ModelSpec {
    let notes = [
        "Batch norm epsilon 1.001e-5, momentum 0.99; convolutions have biases.",
        "Stem max pool is preceded by ZeroPadding2D(1): 112 becomes 56.",
        "In projection blocks the projection is created first; Add takes [skip, main].",
        "Head is GlobalAveragePooling2D, then Dense.",
    ];
    let source = "keras.applications.ResNet50(weights=None)";
    let mut b = Build::functional("resnet50_keras", source, &notes, [224, 224, 3]);
    KERAS.stem(&mut b, ["conv1_pad", "conv1_conv", "conv1_bn", "conv1_relu"]);
    b.named("pool1_pad").then(ZeroPadding2D::new(1));
    stem_pool(b.named("pool1_pool"), Padding::VALID);
    KERAS.stages(&mut b, &STAGES50);
    b.named("avg_pool").then(GlobalAveragePooling2D::default());
    b.named("predictions").dense(classes, Activation::Softmax);
    b.finish()
}

/// The note's residual block alone, on 28×28×1. The note builds no model of it; here the block's output is the output.
///
/// It adds 256 channels to the input's one, which broadcasts, and ends in a batch norm without relu.
pub(super) fn residual_block(_classes: usize) -> ModelSpec {
    let notes = [
        "The note builds no Model; here the block's output is the model's output.",
        "Adds a (28, 28, 256) tensor to the (28, 28, 1) input: broadcast over channels.",
        "After the addition comes a BatchNormalization and no relu.",
    ];
    let source = "course note 001, last section";
    let mut b = Build::functional("residual_block", source, &notes, [28, 28, 1]);
    let input = b.last();
    for size in [1, 3] {
        b.then(Conv2D { padding: Padding::SAME, ..Conv2D::new(64, [size; 2]) });
        let x = b.then(BatchNormalization::default());
        b.activation(x, Activation::Relu);
    }
    b.then(Conv2D::new(256, [1, 1]));
    let x = b.then(BatchNormalization::default());
    b.join(&[x, input], Add {});
    b.then(BatchNormalization::default());
    b.finish()
}

const BLOCK_ORDER: &str = "block order: 1x1, 3x3, 1x1, then the projection, then add";

/// 3×3 with stride 2, after the last layer.
fn stem_pool(b: &mut Build, padding: Padding) {
    let x = b.last();
    b.max_pool(x, 3, 2, padding);
}

impl Style {
    /// Three zeros around the picture, then 7×7 with stride 2, batch norm, relu; named in this order.
    fn stem(&self, b: &mut Build, [pad, conv, norm, relu]: [&str; 4]) {
        let x = b.named(pad).then(ZeroPadding2D::new(3));
        let x = self.conv_norm(b, x, [conv, norm], [64, 7, 2]);
        b.named(relu).activation(x, Activation::Relu);
    }

    /// The blocks, stage by stage. The first of each stage changes the shape, so its skip is a projection.
    fn stages(&self, b: &mut Build, stages: &[Stage]) {
        // He counts the stem as stage 1.
        for (stage, &(filters, blocks, stride)) in (2..).zip(stages) {
            for block in 0..blocks {
                let name = match self.names {
                    Names::Automatic => String::new(),
                    Names::Branches => format!("{stage}{}", char::from(b'a' + block as u8)),
                    Names::Blocks => format!("conv{stage}_block{}", block + 1),
                };
                self.bottleneck(b, &name, filters, (block == 0).then_some(stride));
            }
        }
    }

    /// A bottleneck block: 1×1 to few channels, 3×3 there, 1×1 back to four times as many, added to what came in. With
    /// `projection`, what came in passes a 1×1 convolution with this stride, and the main path takes the same stride.
    fn bottleneck(&self, b: &mut Build, name: &str, filters: usize, projection: Option<usize>) {
        let input = b.last();
        let mut main = input;
        for &(part, size, filters) in &[(1, 1, filters), (2, 3, filters), (3, 1, 4 * filters)] {
            let [conv, norm, relu] = self.names.of(name, part);
            let stride = projection.filter(|_| part == self.strided).unwrap_or(1);
            main = self.conv_norm(b, main, [&conv, &norm], [filters, size, stride]);
            if part < 3 {
                main = b.named(relu).activation(main, Activation::Relu);
            }
        }
        let skip = projection.map_or(input, |stride| {
            let [conv, norm, _] = self.names.of(name, 0);
            self.conv_norm(b, input, [&conv, &norm], [4 * filters, 1, stride])
        });
        let [add, out] = match self.names {
            Names::Blocks => [format!("{name}_add"), format!("{name}_out")],
            _ => [String::new(), String::new()],
        };
        let pair = if self.skip_first { [skip, main] } else { [main, skip] };
        let sum = b.named(add).join(&pair, Add {});
        b.named(out).activation(sum, Activation::Relu);
    }

    /// A convolution of [filters, size, stride] and its batch norm. Only the 3×3 ones keep the border.
    fn conv_norm(
        &self,
        b: &mut Build,
        x: Value,
        [conv, norm]: [&str; 2],
        [filters, size, stride]: [usize; 3],
    ) -> Value {
        let x = b.named(conv).layer(
            x,
            Conv2D {
                strides: [stride; 2],
                padding: if size == 3 { Padding::SAME } else { Padding::VALID },
                use_bias: self.bias,
                kernel_initializer: self.kernel,
                kernel_l2: self.kernel_l2,
                ..Conv2D::new(filters, [size; 2])
            },
        );
        let rule = BatchNormalization::new(self.momentum, self.epsilon);
        b.named(norm).layer(x, BatchNormalization { axis: self.axis, ..rule })
    }
}

impl Names {
    /// Names of convolution, norm and relu of one part of a block: 1 to 3 along the main path, 0 the projection.
    fn of(self, block: &str, part: usize) -> [String; 3] {
        match self {
            Names::Automatic => [String::new(), String::new(), String::new()],
            Names::Branches => {
                let branch = ["1", "2a", "2b", "2c"][part];
                [format!("res{block}_branch{branch}"), format!("bn{block}_branch{branch}"), String::new()]
            }
            Names::Blocks => {
                let of = |kind: &str| format!("{block}_{part}_{kind}");
                [of("conv"), of("bn"), of("relu")]
            }
        }
    }
}
