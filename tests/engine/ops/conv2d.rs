//! `shaders/conv2d.wgsl` against `reference::conv2d`.

use cnn_playground::Padding;
use cnn_playground::ops::conv2d::Conv2D;
use cnn_playground::plan::PLAIN;

use super::activation::{self, Activation};
use super::window::WindowCase;
use crate::reference::conv2d::Conv2d;
use crate::support::{
    Differences, Draw, Problem, Run, Tolerance, check_all, coarse, exact, gpu_test, random, variants,
};

/// A convolution.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conv {
    window: WindowCase,
    filters: usize,
    groups: usize,
    bias: bool,
    activation: Activation,
    variant: &'static str,
}

impl Conv {
    fn new(window: WindowCase, filters: usize) -> Self {
        Self { window, filters, groups: 1, bias: true, activation: Activation::Linear, variant: PLAIN }
    }

    fn layer(&self) -> Conv2D {
        Conv2D {
            strides: self.window.strides,
            padding: self.window.padding,
            dilation_rate: self.window.dilation,
            groups: self.groups,
            use_bias: self.bias,
            activation: self.activation,
            ..Conv2D::new(self.filters, self.window.size)
        }
    }
}

impl Problem for Conv {
    fn random(draw: &mut Draw) -> Self {
        let mut window = WindowCase::random(draw, 40_000, false);
        let groups = if draw.chance(0.7) { 1 } else { draw.range(2, 5) };
        window.channels = window.channels.next_multiple_of(groups);
        Self {
            window,
            filters: draw.pick(&[1usize, 2, 3, 5, 7, 8, 12, 16, 19]).next_multiple_of(groups),
            groups,
            bias: draw.chance(0.7),
            activation: draw.pick(activation::ALL),
            variant: draw.variant(),
        }
    }

    async fn differences(&self) -> Differences {
        let input = self.window.input();
        let oracle = Conv2d {
            input,
            filters: self.filters,
            groups: self.groups,
            window: self.window.window(),
            activation: activation::oracle(self.activation),
        };
        // A function with a kink needs sums that are exact.
        let numbers = if activation::has_kink(self.activation) { coarse } else { random };
        let (x, kernel) = (numbers(1, input.len()), numbers(2, oracle.kernel_len()));
        let (bias, dy) = (numbers(3, self.filters), random(4, oracle.output().len()));
        let mut run = Run::new(self.layer(), self.window.batch, &self.window.shape(), &x, &dy);
        run.parameters.push(("kernel", kernel.clone()));
        if self.bias {
            run.parameters.push(("bias", bias.clone()));
        }
        run.variant = self.variant;
        let got = run.run().await;

        let (x, kernel, bias, dy) = (exact(&x), exact(&kernel), exact(&bias), exact(&dy));
        let bias = self.bias.then_some(&bias[..]);
        let want = oracle.backward(&x, &kernel, bias, &dy);
        let taps = self.window.area() * self.window.channels / self.groups;
        let places = oracle.output().len() / self.filters;
        let share = self.window.area() * self.filters / self.groups;
        let mut differences = Differences::default();
        let output = Tolerance::sum(taps, 1.0);
        differences.compare("y", &got.y, &oracle.forward(&x, &kernel, bias), output);
        // An activation's slope multiplies errors of its argument by its own slope, 1 at most for all of these.
        let slope = if self.activation == Activation::Linear { 0.0 } else { output.absolute };
        let sum = |terms: usize| Tolerance::sum(terms, 1.0).plus(terms as f64 * slope);
        differences.compare("dx", &got.dx[0], &want.dx, sum(share));
        differences.compare("dkernel", got.gradient("kernel").expect("trained"), &want.dkernel, sum(places));
        if self.bias {
            differences.compare("dbias", got.gradient("bias").expect("trained"), &want.dbias, sum(places));
        }
        differences
    }
}

async fn check_every_variant(cases: impl IntoIterator<Item = Conv>) {
    check_all(cases.into_iter().flat_map(|case| variants().map(move |variant| Conv { variant, ..case })))
        .await;
}

gpu_test!(sums_over_every_padding_stride_dilation_and_group, async {
    let plain = |image, size, stride, padding| Conv::new(WindowCase::new(image, size, stride, padding), 6);
    let window = |case: WindowCase| Conv::new(case, 4);
    let uneven = Padding::Explicit([[2, 0], [1, 3]]);
    let mut dilated = WindowCase::new([2, 9, 12, 4], 3, 1, Padding::SAME);
    dilated.dilation = [2, 3];
    let mut oblong = WindowCase::new([1, 11, 12, 3], 3, 1, Padding::VALID);
    (oblong.size, oblong.strides) = ([3, 5], [2, 1]);
    check_every_variant([
        plain([2, 8, 8, 3], 1, 1, Padding::SAME),
        plain([3, 6, 9, 17], 3, 1, Padding::SAME),
        plain([2, 12, 12, 5], 3, 2, Padding::SAME),
        plain([1, 13, 11, 5], 3, 2, Padding::SAME),
        plain([1, 9, 8, 3], 4, 1, Padding::SAME),
        plain([2, 13, 13, 3], 3, 4, Padding::SAME),
        plain([1, 32, 32, 3], 11, 4, Padding::SAME),
        plain([1, 35, 31, 3], 11, 4, Padding::VALID),
        plain([2, 1, 1, 8], 3, 1, Padding::SAME),
        plain([2, 7, 6, 3], 3, 2, uneven),
        window(dilated),
        window(oblong),
        Conv { groups: 2, ..plain([2, 8, 8, 6], 3, 1, Padding::SAME) },
        Conv { groups: 3, bias: false, ..plain([1, 9, 9, 9], 3, 2, Padding::SAME) },
        Conv { groups: 5, filters: 10, ..plain([1, 6, 7, 5], 1, 1, Padding::VALID) },
    ])
    .await;
});

gpu_test!(applies_its_activation_and_its_slope, async {
    let window = WindowCase::new([2, 7, 7, 3], 3, 1, Padding::SAME);
    check_every_variant(
        activation::ALL.iter().map(|&activation| Conv { activation, ..Conv::new(window, 5) }),
    )
    .await;
});
