//! Every backward pass against central finite differences of its own forward pass.

use super::activation::Activation;
use super::add;
use super::avg_pool::AvgPool;
use super::batch_norm::{BatchNorm, Statistics};
use super::concat;
use super::conv2d::Conv2d;
use super::dense::Dense;
use super::depthwise_conv2d::DepthwiseConv2d;
use super::layer_norm::LayerNorm;
use super::local_response_norm::LocalResponseNorm;
use super::max_pool::MaxPool;
use super::penalty::Penalty;
use super::softmax_cross_entropy::SoftmaxCrossEntropy;
use super::upsample_nearest::UpsampleNearest;
use super::window::Window;
use super::zero_padding::ZeroPadding;
use super::{Dims, dropout, flatten, global_avg_pool, global_max_pool, log_softmax, softmax};

const STEP: f64 = 1e-5;
const TOLERANCE: f64 = 1e-6;

/// Compares `backward(inputs, dy)`, one gradient an input, with what the loss `Σ dy · forward(inputs)` does when each
/// number is moved by itself.
fn check<const N: usize>(
    case: &str,
    mut inputs: [Vec<f64>; N],
    forward: impl Fn(&[Vec<f64>; N]) -> Vec<f64>,
    backward: impl Fn(&[Vec<f64>; N], &[f64]) -> [Vec<f64>; N],
) {
    let dy = numbers(forward(&inputs).len(), 99);
    let gradients = backward(&inputs, &dy);
    for i in 0..N {
        assert_eq!(gradients[i].len(), inputs[i].len(), "{case}: gradient {i}");
        for j in 0..inputs[i].len() {
            let middle = inputs[i][j];
            inputs[i][j] = middle + STEP;
            let above = forward(&inputs);
            inputs[i][j] = middle - STEP;
            let below = forward(&inputs);
            inputs[i][j] = middle;
            let rise: f64 = (0..dy.len()).map(|k| dy[k] * (above[k] - below[k])).sum();
            let (got, want) = (gradients[i][j], rise / (2.0 * STEP));
            let allowed = TOLERANCE * want.abs().max(1.0);
            assert!(
                (got - want).abs() <= allowed,
                "{case}: input {i} element {j}: {got}, differences say {want}"
            );
        }
    }
}

/// Numbers from -1.5 to 1.5 at equal distances, shuffled: no two are equal and none is 0, so that a small step crosses
/// no kink of relu and changes no winner of a pool.
fn numbers(count: usize, seed: u64) -> Vec<f64> {
    let mut values: Vec<f64> = (0..count).map(|j| 3.0 * (j as f64 + 0.5) / count as f64 - 1.5).collect();
    if count % 2 == 1 {
        values[count / 2] += 0.5 / count as f64;
    }
    let mut state = seed;
    for last in (1..count).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        values.swap(last, (state >> 33) as usize % (last + 1));
    }
    values
}

const CHANGES: [Activation; 8] = [
    Activation::Linear,
    Activation::Relu,
    Activation::LeakyRelu { slope: 0.3 },
    Activation::Elu { alpha: 0.7 },
    Activation::GeluExact,
    Activation::GeluTanh,
    Activation::Sigmoid,
    Activation::Tanh,
];

fn convolutions() -> Vec<Conv2d> {
    let case = |input: [usize; 4], filters, groups, window| Conv2d {
        input: Dims::new(input),
        filters,
        groups,
        window,
        activation: Activation::Linear,
    };
    vec![
        case([2, 5, 6, 3], 4, 1, Window::valid([3, 3], [1, 1], [1, 1])),
        case([1, 7, 5, 2], 3, 1, Window::same([3, 3], [2, 2], [1, 1], [7, 5])),
        case([2, 4, 4, 3], 5, 1, Window::valid([1, 1], [2, 2], [1, 1])),
        case([1, 9, 8, 4], 6, 2, Window::same([3, 2], [1, 3], [2, 1], [9, 8])),
        case([3, 1, 1, 2], 2, 1, Window::same([3, 3], [1, 1], [1, 1], [1, 1])),
        case([1, 6, 5, 6], 6, 6, Window { pads: [[2, 0], [1, 3]], ..Window::valid([3, 3], [2, 1], [1, 2]) }),
    ]
}

fn pools() -> Vec<(Dims, Window)> {
    [
        ([2, 5, 6, 3], Window::valid([2, 2], [2, 2], [1, 1])),
        ([1, 7, 7, 2], Window::same([3, 3], [2, 2], [1, 1], [7, 7])),
        ([2, 5, 4, 2], Window::same([3, 3], [1, 1], [1, 1], [5, 4])),
        ([1, 8, 9, 3], Window::valid([5, 4], [3, 2], [1, 1])),
        ([1, 4, 6, 2], Window { pads: [[1, 0], [0, 2]], ..Window::valid([3, 3], [2, 1], [1, 1]) }),
    ]
    .map(|(input, window)| (Dims::new(input), window))
    .to_vec()
}

#[test]
fn activations() {
    for f in CHANGES {
        check(&format!("{f:?}"), [numbers(60, 1)], |[x]| f.forward(x), |[x], dy| [f.backward(x, dy)]);
    }
    assert_eq!(Activation::Relu.derivative(0.0).to_bits(), 0, "relu has slope 0 at 0");
}

#[test]
fn convolution() {
    let mut cases = convolutions();
    cases.extend(CHANGES.map(|activation| Conv2d { activation, ..convolutions()[0] }));
    for conv in cases {
        let inputs = [numbers(conv.input.len(), 1), numbers(conv.kernel_len(), 2), numbers(conv.filters, 3)];
        let forward = |[x, kernel, bias]: &[Vec<f64>; 3]| conv.forward(x, kernel, Some(bias));
        check(&format!("{conv:?}"), inputs, forward, |[x, kernel, bias], dy| {
            let gradients = conv.backward(x, kernel, Some(bias), dy);
            [gradients.dx, gradients.dkernel, gradients.dbias]
        });
    }
}

#[test]
fn explicit_padding_is_zero_padding_before_a_valid_convolution() {
    let conv = convolutions().pop().expect("a case with explicit pads");
    let (x, kernel) = (numbers(conv.input.len(), 1), numbers(conv.kernel_len(), 2));
    let padding = ZeroPadding { input: conv.input, pads: conv.window.pads };
    let inner =
        Conv2d { input: padding.output(), window: Window { pads: [[0, 0]; 2], ..conv.window }, ..conv };
    assert_eq!(conv.forward(&x, &kernel, None), inner.forward(&padding.forward(&x), &kernel, None));
}

#[test]
fn depthwise_convolution() {
    for (input, multiplier, window) in [
        ([2, 5, 4, 3], 1, Window::same([3, 3], [1, 1], [1, 1], [5, 4])),
        ([1, 6, 7, 2], 3, Window::same([3, 3], [2, 2], [1, 1], [6, 7])),
        ([1, 7, 7, 2], 2, Window::valid([3, 2], [1, 2], [2, 1])),
    ] {
        let conv = DepthwiseConv2d { input: Dims::new(input), multiplier, window };
        let channels = conv.output().c;
        let inputs = [
            numbers(conv.input.len(), 1),
            numbers(window.size[0] * window.size[1] * channels, 2),
            numbers(channels, 3),
        ];
        let forward = |[x, kernel, bias]: &[Vec<f64>; 3]| conv.forward(x, kernel, Some(bias));
        check(&format!("{conv:?}"), inputs, forward, |[x, kernel, _], dy| {
            let gradients = conv.backward(x, kernel, dy);
            [gradients.dx, gradients.dkernel, gradients.dbias]
        });
    }
}

#[test]
fn dense() {
    for (rows, inputs, outputs) in [(1, 1, 1), (3, 7, 5), (8, 4, 9)] {
        for activation in CHANGES {
            let dense = Dense { inputs, outputs, activation };
            let tensors = [numbers(rows * inputs, 1), numbers(inputs * outputs, 2), numbers(outputs, 3)];
            let forward = |[x, kernel, bias]: &[Vec<f64>; 3]| dense.forward(x, kernel, Some(bias));
            check(&format!("{dense:?}"), tensors, forward, |[x, kernel, bias], dy| {
                let gradients = dense.backward(x, kernel, Some(bias), dy);
                [gradients.dx, gradients.dkernel, gradients.dbias]
            });
        }
    }
}

#[test]
fn pooling() {
    for (input, window) in pools() {
        let x = || [numbers(input.len(), 1)];
        let max = MaxPool { input, window };
        check(&format!("{max:?}"), x(), |[x]| max.forward(x).0, |[x], dy| [max.backward(x, dy)]);
        let avg = AvgPool { input, window };
        check(&format!("{avg:?}"), x(), |[x]| avg.forward(x), |_, dy| [avg.backward(dy)]);
        let name = format!("global pools of {input:?}");
        check(
            &name,
            x(),
            |[x]| global_max_pool::forward(input, x),
            |[x], dy| [global_max_pool::backward(input, x, dy)],
        );
        check(
            &name,
            x(),
            |[x]| global_avg_pool::forward(input, x),
            |_, dy| [global_avg_pool::backward(input, dy)],
        );
    }
}

#[test]
fn the_first_of_equal_values_wins_a_pool() {
    let pool = MaxPool { input: Dims::new([1, 2, 3, 1]), window: Window::valid([2, 2], [1, 1], [1, 1]) };
    assert_eq!(pool.backward(&[5.0; 6], &[1.0, 10.0]), [1.0, 10.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn normalisation() {
    for (pixels, channels) in [(2, 1), (12, 3), (50, 5)] {
        let inputs = || [numbers(pixels * channels, 1), numbers(channels, 2), numbers(channels, 3)];
        let norm = BatchNorm { channels, epsilon: 1e-3, momentum: 0.9 };
        let forward =
            |[x, gamma, beta]: &[Vec<f64>; 3]| norm.forward(x, gamma, beta, &norm.batch_statistics(x));
        check(&format!("training {norm:?}"), inputs(), forward, |[x, gamma, _], dy| {
            let gradients = norm.backward_training(x, gamma, dy);
            [gradients.dx, gradients.dgamma, gradients.dbeta]
        });

        let moving = Statistics { mean: vec![0.3; channels], variance: vec![0.6; channels] };
        let forward = |[x, gamma, beta]: &[Vec<f64>; 3]| norm.forward(x, gamma, beta, &moving);
        check(&format!("inference {norm:?}"), inputs(), forward, |[x, gamma, _], dy| {
            let gradients = norm.backward_inference(x, gamma, &moving, dy);
            [gradients.dx, gradients.dgamma, gradients.dbeta]
        });

        let norm = LayerNorm { width: channels, epsilon: 1e-3 };
        let forward = |[x, gamma, beta]: &[Vec<f64>; 3]| norm.forward(x, gamma, beta);
        check(&format!("{norm:?}"), inputs(), forward, |[x, gamma, _], dy| {
            let gradients = norm.backward(x, gamma, dy);
            [gradients.dx, gradients.dgamma, gradients.dbeta]
        });
    }
}

#[test]
fn local_response_normalisation() {
    for (channels, radius, alpha) in [(1, 2, 0.5), (4, 1, 1.0), (9, 2, 1e-4), (3, 5, 0.1)] {
        let norm = LocalResponseNorm { channels, radius, bias: 2.0, alpha, beta: 0.75 };
        let x = [numbers(6 * channels, 1)];
        check(&format!("{norm:?}"), x, |[x]| norm.forward(x), |[x], dy| [norm.backward(x, dy)]);
    }
    // By hand, with a square root: neighbours are cut off at the first and the last channel.
    let norm = LocalResponseNorm { channels: 3, radius: 1, bias: 2.0, alpha: 1.0, beta: 0.5 };
    let want = [1.0 / 7.0_f64.sqrt(), 2.0 / 16.0_f64.sqrt(), 3.0 / 15.0_f64.sqrt()];
    assert_eq!(norm.forward(&[1.0, 2.0, 3.0]), want);
}

#[test]
fn softmaxes_and_their_loss() {
    for (rows, classes) in [(1, 2), (3, 10), (2, 33)] {
        let x = || [numbers(rows * classes, 1)];
        let name = format!("{rows} rows of {classes} classes");
        check(&name, x(), |[x]| softmax::forward(classes, x), |[x], dy| [softmax::backward(classes, x, dy)]);
        check(
            &name,
            x(),
            |[x]| log_softmax::forward(classes, x),
            |[x], dy| [log_softmax::backward(classes, x, dy)],
        );

        let labels: Vec<usize> = (0..rows).map(|row| row * 7 % classes).collect();
        for smoothing in [0.0, 0.1] {
            let loss = SoftmaxCrossEntropy { classes, smoothing };
            let scale = |gradient: Vec<f64>, dy: &[f64]| gradient.into_iter().map(|g| g * dy[0]).collect();
            let forward = |[x]: &[Vec<f64>; 1]| vec![loss.loss(x, &labels)];
            check(&name, x(), forward, |[x], dy| [scale(loss.backward(x, &labels), dy)]);
        }
    }
}

#[test]
fn softmax_of_enormous_logits_is_finite() {
    let x = [1000.0, -1000.0, 0.0];
    assert_eq!(softmax::forward(3, &x), [1.0, 0.0, 0.0]);
    assert_eq!(log_softmax::forward(3, &x), [0.0, -2000.0, -1000.0]);
}

#[test]
fn tensors_put_together() {
    for channels in [[3, 3], [4, 1], [1, 5], [1, 1]] {
        let inputs = || channels.map(|c| numbers(6 * c, c as u64));
        let backward = |gradients: Vec<Vec<f64>>| <[Vec<f64>; 2]>::try_from(gradients).expect("two inputs");
        let name = format!("channels {channels:?}");
        check(
            &name,
            inputs(),
            |[a, b]| add::forward(&[a, b], &channels),
            |_, dy| backward(add::backward(&channels, dy)),
        );
        check(
            &name,
            inputs(),
            |[a, b]| concat::forward(&[a, b], &channels),
            |_, dy| backward(concat::backward(&channels, dy)),
        );
    }
}

#[test]
fn values_moved_or_hidden() {
    let input = Dims::new([2, 3, 4, 2]);
    let x = || [numbers(input.len(), 1)];
    for pads in [[[0, 0], [0, 0]], [[3, 3], [3, 3]], [[1, 2], [0, 3]]] {
        let padding = ZeroPadding { input, pads };
        check(&format!("{padding:?}"), x(), |[x]| padding.forward(x), |_, dy| [padding.backward(dy)]);
    }
    for size in [[1, 1], [2, 2], [3, 1]] {
        let larger = UpsampleNearest { input, size };
        check(&format!("{larger:?}"), x(), |[x]| larger.forward(x), |_, dy| [larger.backward(dy)]);
    }
    check("flatten", x(), |[x]| flatten::forward(x), |_, dy| [flatten::backward(dy)]);
    let mask: Vec<f64> = (0..input.len()).map(|j| f64::from(u8::from(j % 3 != 0))).collect();
    check("dropout", x(), |[x]| dropout::forward(0.4, x, &mask), |_, dy| [dropout::backward(0.4, dy, &mask)]);
}

#[test]
fn penalties() {
    for (l1, l2) in [(0.0, 1e-2), (1e-2, 0.0), (0.3, 0.7)] {
        let penalty = Penalty { l1, l2 };
        let scale = |gradient: Vec<f64>, dy: &[f64]| gradient.into_iter().map(|g| g * dy[0]).collect();
        check(
            &format!("{penalty:?}"),
            [numbers(20, 1)],
            |[w]| vec![penalty.loss(w)],
            |[w], dy| [scale(penalty.gradient(w), dy)],
        );
    }
    assert_eq!(Penalty { l1: 1.0, l2: 1.0 }.gradient(&[0.0]), [0.0]);
}
