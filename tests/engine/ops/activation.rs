//! `shaders/activation.wgsl` against `reference::activation`.

pub(crate) use cnn_playground::ops::Activation;
use cnn_playground::ops::Layer;
use cnn_playground::ops::activation::{ActivationLayer, ELU, LeakyReLU, ReLU};

use crate::reference::activation::Activation as Oracle;
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// Those that a layer with weights takes, all but the two softmaxes.
pub(crate) const ALL: &[Activation] = &[
    Activation::Linear,
    Activation::Relu,
    Activation::Tanh,
    Activation::Sigmoid,
    Activation::Elu,
    Activation::LeakyRelu,
    Activation::Gelu,
    Activation::GeluTanh,
];

/// The oracle's function.
pub(crate) fn oracle(activation: Activation) -> Oracle {
    match activation {
        Activation::Linear | Activation::Softmax | Activation::LogSoftmax => Oracle::Linear,
        Activation::Relu => Oracle::Relu,
        Activation::Tanh => Oracle::Tanh,
        Activation::Sigmoid => Oracle::Sigmoid,
        Activation::Elu => Oracle::Elu { alpha: 1.0 },
        Activation::LeakyRelu => Oracle::LeakyRelu { slope: 0.2 },
        Activation::Gelu => Oracle::GeluExact,
        Activation::GeluTanh => Oracle::GeluTanh,
    }
}

/// Whether the slope jumps somewhere, so that a test needs arguments without rounding.
pub(crate) fn has_kink(activation: Activation) -> bool {
    matches!(activation, Activation::Relu | Activation::LeakyRelu)
}

/// A function on numbers up to `reach`.
#[derive(Clone, Debug)]
pub(crate) struct ActivationCase {
    layer: Layer,
    oracle: Oracle,
    batch: usize,
    features: usize,
    reach: f32,
}

impl ActivationCase {
    fn new(layer: impl Into<Layer>, oracle: Oracle, reach: f32) -> Self {
        Self { layer: layer.into(), oracle, batch: 5, features: 401, reach }
    }

    fn named(activation: Activation, reach: f32) -> Self {
        Self::new(ActivationLayer { activation }, oracle(activation), reach)
    }
}

impl Problem for ActivationCase {
    fn random(draw: &mut Draw) -> Self {
        let slope = draw.pick(&[0.0, 0.01, 0.3, 1.0, 2.5]);
        let reach = draw.pick(&[0.01, 1.0, 6.0, 100.0]);
        let case = match draw.range(0, 10) {
            0 => Self::new(LeakyReLU::new(slope), Oracle::LeakyRelu { slope }, reach),
            1 => Self::new(ELU::new(slope), Oracle::Elu { alpha: slope }, reach),
            2 => {
                let layer = ReLU { negative_slope: slope, ..ReLU::default() };
                Self::new(layer, Oracle::LeakyRelu { slope }, reach)
            }
            _ => Self::named(draw.pick(ALL), reach),
        };
        Self { batch: draw.range(1, 9), features: draw.range(1, 700), ..case }
    }

    async fn differences(&self) -> Differences {
        let count = self.batch * self.features;
        let x: Vec<f32> = random(1, count).iter().map(|x| x * self.reach).collect();
        let dy = random(2, count);
        let got = Run::new(self.layer.clone(), self.batch, &[self.features], &x, &dy).run().await;
        let (x, dy) = (exact(&x), exact(&dy));
        // exp and tanh of f32 are right to some units in the last place of their values, which are 1 at most where
        // they count; gelu multiplies that by x, up to where its tail is 0.
        let output = Tolerance { relative: 1e-5, absolute: 2e-6 };
        let mut differences = Differences::default();
        differences.compare("y", &got.y, &self.oracle.forward(&x), output);
        differences.compare("dx", &got.dx[0], &self.oracle.backward(&x, &dy), output.plus(4e-6));
        differences
    }
}

gpu_test!(every_function_and_its_slope, async {
    for reach in [0.1, 3.0, 30.0, 1000.0] {
        check_all(ALL.iter().map(|&activation| ActivationCase::named(activation, reach))).await;
    }
});

gpu_test!(layers_with_constants_of_their_own, async {
    check_all([
        ActivationCase::new(LeakyReLU::new(0.3), Oracle::LeakyRelu { slope: 0.3 }, 3.0),
        ActivationCase::new(ELU::new(0.7), Oracle::Elu { alpha: 0.7 }, 3.0),
        ActivationCase::new(ReLU::default(), Oracle::Relu, 3.0),
        ActivationCase::new(
            ReLU { negative_slope: 0.1, ..ReLU::default() },
            Oracle::LeakyRelu { slope: 0.1 },
            3.0,
        ),
    ])
    .await;
});

gpu_test!(the_relu_layer_has_a_threshold_and_a_ceiling, async {
    let layer = ReLU { max_value: Some(6.0), negative_slope: 0.5, threshold: 1.0 };
    let x = [-1.0, 0.5, 1.0, 1.5, 5.9, 6.0, 7.0];
    let got = Run::new(layer, 1, &[7], &x, &[1.0; 7]).run().await;
    assert_eq!(got.y, [-1.0, -0.25, 0.0, 1.5, 5.9, 6.0, 6.0]);
    assert_eq!(got.dx[0], [0.5, 0.5, 0.5, 1.0, 1.0, 0.0, 0.0]);
});

gpu_test!(a_kink_has_the_slope_to_its_left, async {
    for (activation, slope) in [(Activation::Relu, 0.0), (Activation::LeakyRelu, 0.2)] {
        let got = Run::new(ActivationLayer { activation }, 1, &[2], &[0.0, -0.0], &[1.0, 1.0]).run().await;
        assert_eq!(got.dx[0], [slope, slope], "{activation:?}");
    }
});

gpu_test!(the_tail_of_gelu_is_right_in_relative_terms, async {
    // What a plain 1 + erf(x) cannot give: below −4 it has no digits left.
    let x: Vec<f32> = (1..130).map(|i| -0.1 * i as f32).collect();
    let layer = ActivationLayer { activation: Activation::Gelu };
    let got = Run::new(layer, 1, &[x.len()], &x, &vec![1.0; x.len()]).run().await;
    for (x, got) in x.iter().zip(got.y).filter(|(x, _)| **x > -12.0) {
        // The complement: the oracle, too, would lose its digits.
        let want = 0.5 * f64::from(*x) * libm::erfc(-f64::from(*x) / std::f64::consts::SQRT_2);
        // exp's argument, up to 72, is rounded, and that many units come out.
        assert!((f64::from(got) - want).abs() <= 2e-5 * want.abs(), "gelu({x}) is {got}, not {want}");
    }
});

gpu_test!(far_out_nothing_is_infinite, async {
    for activation in ALL {
        let x = [-1e30, -1e4, -90.0, 90.0, 1e4, 1e30];
        let got = Run::new(ActivationLayer { activation: *activation }, 1, &[6], &x, &[1.0; 6]).run().await;
        assert!(got.y.iter().chain(&got.dx[0]).all(|value| value.is_finite()), "{activation:?}: {got:?}");
    }
});

#[test]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn keras_names_are_read() {
    let read = |name: &str| serde_json::from_value::<Activation>(name.into());
    assert_eq!(read("leaky_relu").expect("known"), Activation::LeakyRelu);
    assert_eq!(read("log_softmax").expect("known"), Activation::LogSoftmax);
    assert!(read("swish").is_err());
}
