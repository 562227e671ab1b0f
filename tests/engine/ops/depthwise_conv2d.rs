//! `shaders/depthwise_conv2d.wgsl` against `reference::depthwise_conv2d`.

use cnn_playground::Padding;
use cnn_playground::ops::depthwise_conv2d::DepthwiseConv2D;

use super::window::WindowCase;
use crate::reference::depthwise_conv2d::DepthwiseConv2d;
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// A depthwise convolution.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DepthwiseCase {
    window: WindowCase,
    multiplier: usize,
    bias: bool,
}

impl DepthwiseCase {
    fn new(window: WindowCase, multiplier: usize) -> Self {
        Self { window, multiplier, bias: true }
    }
}

impl Problem for DepthwiseCase {
    fn random(draw: &mut Draw) -> Self {
        let window = WindowCase::random(draw, 100_000, false);
        Self { window, multiplier: draw.range(1, 4), bias: draw.chance(0.7) }
    }

    async fn differences(&self) -> Differences {
        let WindowCase { size, strides, padding, dilation, batch, channels, .. } = self.window;
        let input = self.window.input();
        let oracle = DepthwiseConv2d { input, multiplier: self.multiplier, window: self.window.window() };
        let outputs = channels * self.multiplier;
        let (x, kernel) = (random(1, input.len()), random(2, self.window.area() * outputs));
        let (bias, dy) = (random(3, outputs), random(4, oracle.output().len()));
        let layer = DepthwiseConv2D {
            strides,
            padding,
            dilation_rate: dilation,
            depth_multiplier: self.multiplier,
            use_bias: self.bias,
            ..DepthwiseConv2D::new(size)
        };
        let mut run = Run::new(layer, batch, &self.window.shape(), &x, &dy);
        run.parameters.push(("kernel", kernel.clone()));
        if self.bias {
            run.parameters.push(("bias", bias.clone()));
        }
        let got = run.run().await;

        let (x, kernel, bias, dy) = (exact(&x), exact(&kernel), exact(&bias), exact(&dy));
        let want = oracle.backward(&x, &kernel, &dy);
        let y = oracle.forward(&x, &kernel, self.bias.then_some(&bias[..]));
        let places = oracle.output().len() / outputs;
        let sum = |terms: usize| Tolerance::sum(terms, 1.0);
        let mut differences = Differences::default();
        differences.compare("y", &got.y, &y, sum(self.window.area()));
        differences.compare("dx", &got.dx[0], &want.dx, sum(self.window.area() * self.multiplier));
        differences.compare("dkernel", got.gradient("kernel").expect("trained"), &want.dkernel, sum(places));
        if self.bias {
            differences.compare("dbias", got.gradient("bias").expect("trained"), &want.dbias, sum(places));
        }
        differences
    }
}

gpu_test!(sums_every_channel_by_itself, async {
    let case = |image, size, stride, padding, multiplier| {
        DepthwiseCase::new(WindowCase::new(image, size, stride, padding), multiplier)
    };
    let mut dilated = case([1, 9, 12, 4], 3, 1, Padding::SAME, 2);
    dilated.window.dilation = [2, 3];
    check_all([
        case([2, 9, 9, 6], 3, 1, Padding::SAME, 1),
        case([1, 10, 10, 5], 3, 2, Padding::SAME, 2),
        DepthwiseCase { bias: false, ..case([1, 9, 11, 7], 5, 1, Padding::VALID, 1) },
        case([2, 1, 1, 3], 3, 1, Padding::SAME, 3),
        case([1, 6, 7, 2], 3, 2, Padding::Explicit([[0, 2], [1, 1]]), 1),
        dilated,
    ])
    .await;
});

gpu_test!(sums_many_places_in_chunks, async {
    let window = WindowCase::new([3, 40, 41, 17], 3, 1, Padding::SAME);
    check_all([DepthwiseCase::new(window, 1)]).await;
});
