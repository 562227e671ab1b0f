//! Every variant of a kernel against the plain one, over strides × padding × windows × dilation × odd sizes.
#![cfg(not(target_arch = "wasm32"))]

use cnn_playground::conform::{Single, SingleRun, run_single};
use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::ops::batch_norm::BatchNormalization;
use cnn_playground::ops::conv2d::Conv2D;
use cnn_playground::ops::dense::Dense;
use cnn_playground::ops::max_pool::MaxPooling2D;
use cnn_playground::ops::{Activation, Layer, VARIANTS};
use cnn_playground::plan::Choice;
use cnn_playground::rng::Counter;
use cnn_playground::{Padding, Shape};
use pollster::block_on;

/// Both sum the same f32 products in another order: a few roundings of the largest value.
const TOLERANCE: f32 = 2e-5;
/// Winograd's sums have terms up to a hundred times as large as what is left of them.
const WINOGRAD_TOLERANCE: f32 = 2e-4;

/// A layer and what it works on.
#[derive(Clone, Debug)]
struct Case {
    layer: Layer,
    batch: usize,
    input: Vec<usize>,
    output: usize,
    /// Name and number of values of each weight.
    parameters: Vec<(&'static str, usize)>,
}

#[allow(clippy::needless_pass_by_value)] // cases are written down with their layer in place
fn conv(batch: usize, input: [usize; 3], layer: Conv2D) -> Case {
    Case::new(batch, input, layer)
}

fn values(stream: u64, count: usize) -> Vec<f32> {
    let random = Counter::new(11, stream);
    (0..count as u64).map(|i| random.signed(i) as f32).collect()
}

impl Case {
    fn new(batch: usize, input: impl Into<Vec<usize>>, layer: impl Into<Layer>) -> Self {
        let (layer, input) = (layer.into(), input.into());
        let shape = Shape::new(input.clone()).expect("a shape");
        let output = layer.op().output_shape(&[&shape]).unwrap_or_else(|error| panic!("{layer:?}: {error}"));
        let parameters = layer.op().parameters(&[&shape]);
        let parameters = parameters.iter().map(|spec| (spec.name, spec.elements())).collect();
        Self { layer, batch, input, output: output.elements(), parameters }
    }

    fn run(&self, gpu: &Gpu) -> SingleRun {
        let input: usize = self.input.iter().product();
        let x = values(0, self.batch * input);
        let dy = values(1, self.batch * self.output);
        let weights =
            (2..).zip(&self.parameters).map(|(stream, &(name, count))| (name, values(stream, count)));
        let weights: Vec<_> = weights.collect();
        let parameters: Vec<_> = weights.iter().map(|(name, values)| (*name, &values[..])).collect();
        let run = Single {
            batch: self.batch,
            inputs: &[(&self.input, &x)],
            parameters: &parameters,
            dy: Some(&dy),
            training: true,
            trainable: true,
            seed: 0,
            step: 1,
        };
        block_on(run_single(gpu, &self.layer, &run)).unwrap_or_else(|error| panic!("{self:?}: {error}"))
    }
}

fn compare(case: &Case, variant: &str, what: &str, got: &[f32], want: &[f32]) {
    assert_eq!(got.len(), want.len(), "{variant} {what} of {case:?}");
    let tolerance = if variant == "winograd" { WINOGRAD_TOLERANCE } else { TOLERANCE };
    let scale = want.iter().fold(1.0_f32, |largest, value| largest.max(value.abs()));
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        let error = (got - want).abs();
        assert!(error <= tolerance * scale, "{variant} {what}[{i}] is {got}, not {want}, in {case:?}");
    }
}

fn check(gpu: &Gpu, case: &Case) {
    // What a layer does not have would be the plain kernel again.
    let own: &[&str] = match &case.layer {
        Layer::Conv2D(_) => &["fours", "pointwise", "rows", "shared", "wide", "winograd"],
        Layer::Dense(_) => &["shared", "shares", "tiled", "wide"],
        Layer::BatchNormalization(_) => &["fours"],
        _ => &["pairs"],
    };
    assert!(own.iter().all(|variant| VARIANTS.contains(variant)));
    let plain = case.run(&gpu.clone().with_choice(Choice::Plain));
    for variant in own {
        let got = case.run(&gpu.clone().with_choice(Choice::Fixed(variant)));
        compare(case, variant, "y", &got.y, &plain.y);
        compare(case, variant, "dx", &got.dx[0], &plain.dx[0]);
        for ((name, got), (_, want)) in got.gradients.iter().zip(&plain.gradients) {
            compare(case, variant, name, got, want);
        }
    }
}

fn gpu() -> Gpu {
    block_on(Gpu::new(GpuOptions::default())).expect("an adapter")
}

#[test]
fn convolutions_of_every_window_agree() {
    let gpu = gpu();
    for (kernel, [cin, cout]) in [1, 2, 3, 5, 7].into_iter().zip([[4, 8], [3, 6], [8, 4], [1, 6], [3, 12]]) {
        for stride in [1, 2, 3] {
            for padding in [Padding::VALID, Padding::SAME] {
                for dilation in [1, 2] {
                    if stride > 1 && dilation > 1 {
                        continue;
                    }
                    let layer = Conv2D {
                        strides: [stride, stride],
                        padding,
                        dilation_rate: [dilation, dilation],
                        ..Conv2D::new(cout, [kernel, kernel])
                    };
                    check(&gpu, &conv(2, [13, 15, cin], layer));
                }
            }
        }
    }
}

/// Tiles of 4×4 that end inside, at and past the border; a batch that is taken in parts.
#[test]
fn convolutions_by_tiles_of_polynomials_agree() {
    let gpu = gpu();
    let layer = |filters, padding| Conv2D { padding, ..Conv2D::new(filters, [3, 3]) };
    let relu = |filters| Conv2D { activation: Activation::Relu, ..layer(filters, Padding::SAME) };
    let explicit = Padding::Explicit([[2, 0], [1, 2]]);
    let cases = [
        conv(1, [4, 4, 4], layer(4, Padding::SAME)),
        conv(3, [3, 3, 8], layer(4, Padding::VALID)),
        conv(2, [9, 14, 12], relu(20)),
        conv(2, [8, 7, 16], Conv2D { use_bias: false, ..layer(8, Padding::VALID) }),
        conv(2, [7, 10, 8], Conv2D { activation: Activation::Tanh, ..layer(8, explicit) }),
        // More sums than 65,535 and llvmpipe ends the plain kernel's loop early.
        conv(15, [64, 64, 4], relu(4)),
    ];
    for case in cases {
        check(&gpu, &case);
    }
}

#[test]
fn convolutions_of_odd_sizes_agree() {
    let gpu = gpu();
    let relu = |filters, window| Conv2D { activation: Activation::Relu, ..Conv2D::new(filters, window) };
    let cases = [
        conv(5, [1, 1, 4], relu(4, [1, 1])),
        conv(1, [2, 23, 5], relu(10, [2, 4])),
        conv(4, [9, 8, 6], Conv2D { use_bias: false, ..relu(16, [5, 5]) }),
        conv(3, [11, 7, 12], Conv2D { padding: Padding::SAME, strides: [2, 1], ..relu(20, [3, 2]) }),
        conv(2, [17, 17, 3], Conv2D { padding: Padding::SAME, strides: [4, 4], ..relu(8, [11, 11]) }),
        conv(6, [6, 6, 16], Conv2D { activation: Activation::Tanh, ..Conv2D::new(28, [3, 3]) }),
        conv(2, [5, 6, 4], Conv2D { activation: Activation::Elu, ..Conv2D::new(7, [3, 3]) }),
        conv(2, [9, 9, 12], Conv2D { padding: Padding::SAME, ..relu(20, [3, 3]) }),
        conv(5, [9, 19, 8], Conv2D { padding: Padding::SAME, strides: [2, 2], ..relu(4, [5, 4]) }),
        conv(3, [7, 9, 8], relu(12, [1, 1])),
        conv(2, [5, 6, 8], Conv2D { groups: 2, ..relu(8, [3, 3]) }),
        conv(2, [5, 9, 8], Conv2D { padding: Padding::SAME, dilation_rate: [3, 1], ..relu(8, [3, 3]) }),
    ];
    for case in cases {
        check(&gpu, &case);
    }
}

/// More pixels and channels than a large tile has, sums that are no multiple of what it takes at once, and windows of
/// which some classes of pixels meet no tap.
#[test]
fn convolutions_in_large_tiles_agree() {
    let gpu = gpu();
    let layer = |filters, window, strides, dilation_rate, padding| Conv2D {
        strides,
        dilation_rate,
        padding,
        activation: Activation::Relu,
        ..Conv2D::new(filters, window)
    };
    let cases = [
        conv(2, [13, 15, 20], layer(72, [3, 3], [1, 1], [1, 1], Padding::SAME)),
        conv(3, [9, 14, 68], layer(12, [3, 3], [2, 2], [1, 1], Padding::SAME)),
        conv(2, [13, 11, 16], layer(32, [1, 1], [2, 3], [1, 1], Padding::VALID)),
        conv(1, [12, 10, 8], layer(4, [3, 4], [1, 1], [2, 3], Padding::SAME)),
        conv(2, [11, 9, 12], layer(8, [5, 2], [3, 2], [1, 1], Padding::Explicit([[2, 1], [0, 1]]))),
        conv(5, [9, 8, 72], layer(68, [1, 1], [1, 1], [1, 1], Padding::VALID)),
        conv(3, [9, 11, 12], layer(26, [1, 1], [1, 1], [1, 1], Padding::VALID)),
    ];
    for case in cases {
        check(&gpu, &case);
    }
}

#[test]
fn dense_layers_agree() {
    let gpu = gpu();
    let small = [[1, 4, 4], [7, 84, 10], [9, 13, 8], [3, 32, 5], [33, 20, 36], [2, 1030, 12]];
    // Of more than one tile along each axis.
    let large = [[64, 400, 120], [70, 132, 68], [130, 68, 196]];
    for [batch, inputs, units] in small.into_iter().chain(large) {
        for activation in [Activation::Linear, Activation::Sigmoid] {
            let layer = Dense { activation, ..Dense::new(units) };
            check(&gpu, &Case::new(batch, [inputs], layer));
        }
    }
}

#[test]
fn max_pools_agree() {
    let gpu = gpu();
    for (pool, stride) in [(2, 2), (2, 3), (3, 2), (1, 1), (3, 3)] {
        for padding in [Padding::VALID, Padding::SAME] {
            for channels in [3, 6] {
                let layer =
                    MaxPooling2D { strides: [stride, stride], padding, ..MaxPooling2D::new([pool, pool]) };
                check(&gpu, &Case::new(3, [8, 11, channels], layer));
            }
        }
    }
}

#[test]
fn batch_norms_agree() {
    let gpu = gpu();
    for (batch, input) in
        [(2, [5, 7, 4]), (3, [9, 11, 12]), (8, [16, 16, 8]), (1, [1, 3, 64]), (5, [8, 8, 6])]
    {
        for scale in [true, false] {
            let layer = BatchNormalization { scale, center: !scale, ..BatchNormalization::default() };
            check(&gpu, &Case::new(batch, input, layer));
        }
        check(&gpu, &Case::new(batch, input, BatchNormalization::default()));
    }
}
