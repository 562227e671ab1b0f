//! `shaders/batch_norm.wgsl` against `reference::batch_norm`.

use cnn_playground::ops::batch_norm::BatchNormalization;

use crate::reference::batch_norm::{BatchNorm, Statistics};
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// Whose mean and variance normalise.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Mode {
    Training,
    Frozen,
    Inference,
}

/// A batch norm over values around `offset`.
#[derive(Clone, Debug)]
pub(crate) struct NormCase {
    batch: usize,
    shape: Vec<usize>,
    mode: Mode,
    offset: f32,
    layer: BatchNormalization,
}

impl NormCase {
    fn new(batch: usize, shape: &[usize], mode: Mode) -> Self {
        let layer = BatchNormalization::new(0.9, 1e-5);
        Self { batch, shape: shape.to_vec(), mode, offset: 0.0, layer }
    }

    fn channels(&self) -> usize {
        *self.shape.last().expect("an axis")
    }

    /// Input, gamma, beta, moving mean and variance, output gradient.
    fn numbers(&self) -> [Vec<f32>; 6] {
        let (channels, count) = (self.channels(), self.batch * self.shape.iter().product::<usize>());
        let near = |stream, centre: f32, spread: f32| -> Vec<f32> {
            random(stream, channels).iter().map(|v| centre + spread * v).collect()
        };
        let x = random(1, count).iter().map(|v| self.offset + v).collect();
        [
            x,
            near(2, 1.0, 0.5),
            near(3, 0.0, 1.0),
            near(4, self.offset, 0.3),
            near(5, 1.0, 0.5),
            random(6, count),
        ]
    }
}

impl Problem for NormCase {
    fn random(draw: &mut Draw) -> Self {
        let channels = draw.pick(&[1, 2, 3, 5, 8, 15, 16, 17, 31, 33, 64]);
        let shape = if draw.chance(0.2) {
            vec![channels]
        } else {
            vec![draw.range(1, 17), draw.range(1, 17), channels]
        };
        let mode = draw.pick(&[Mode::Training, Mode::Training, Mode::Frozen, Mode::Inference]);
        let layer = BatchNormalization {
            momentum: draw.pick(&[0.0, 0.9, 0.99]),
            epsilon: draw.pick(&[1e-3, 1e-5]),
            center: draw.chance(0.8),
            scale: draw.chance(0.8),
            ..BatchNormalization::default()
        };
        Self { batch: draw.range(1, 9), shape, mode, offset: draw.pick(&[0.0, 0.0, -3.0, 100.0]), layer }
    }

    async fn differences(&self) -> Differences {
        let [x, gamma, beta, moving_mean, moving_variance, dy] = self.numbers();
        let mut run = Run::new(self.layer.clone(), self.batch, &self.shape, &x, &dy);
        run.training = self.mode != Mode::Inference;
        run.trainable = self.mode != Mode::Frozen;
        if self.layer.scale {
            run.parameters.push(("gamma", gamma.clone()));
        }
        if self.layer.center {
            run.parameters.push(("beta", beta.clone()));
        }
        run.parameters.push(("moving_mean", moving_mean.clone()));
        run.parameters.push(("moving_variance", moving_variance.clone()));
        let got = run.run().await;

        let channels = self.channels();
        let norm = BatchNorm { channels, epsilon: self.layer.epsilon, momentum: self.layer.momentum };
        let (x, dy) = (exact(&x), exact(&dy));
        let gamma = if self.layer.scale { exact(&gamma) } else { vec![1.0; channels] };
        let beta = if self.layer.center { exact(&beta) } else { vec![0.0; channels] };
        let moving = Statistics { mean: exact(&moving_mean), variance: exact(&moving_variance) };
        let of_batch = norm.batch_statistics(&x);
        let training = self.mode == Mode::Training;
        let used = if training { &of_batch } else { &moving };
        let want = if training {
            norm.backward_training(&x, &gamma, &dy)
        } else {
            norm.backward_inference(&x, &gamma, &moving, &dy)
        };
        let after = if training { norm.update_moving(&moving, &of_batch) } else { moving.clone() };

        // A mean is an f32, so it is off by half a unit in the last place, and the normalised values with it by that
        // over the deviation. The sums carry it on.
        let steepest = used.variance.iter().map(|v| 1.0 / (v + norm.epsilon).sqrt()).fold(0.0, f64::max);
        let unit = 2.4e-7 * (1.0 + f64::from(self.offset.abs()));
        let shift = unit * steepest;
        let rows = x.len() / channels;
        let mut differences = Differences::default();
        let y = norm.forward(&x, &gamma, &beta, used);
        let output = Tolerance::sum(10, steepest.min(10.0)).plus(2.0 * shift);
        differences.compare("y", &got.y, &y, output);
        let input = Tolerance::sum(20, 1.5 * steepest).plus(10.0 * shift * steepest);
        differences.compare("dx", &got.dx[0], &want.dx, input);
        if self.mode != Mode::Frozen {
            let sum = |largest: f64| Tolerance::sum(rows, largest);
            if self.layer.center {
                differences.compare("dbeta", got.gradient("beta").expect("trained"), &want.dbeta, sum(1.0));
            }
            if self.layer.scale {
                let sum = sum(2.0 * steepest).plus(rows as f64 * shift);
                differences.compare("dgamma", got.gradient("gamma").expect("trained"), &want.dgamma, sum);
            }
        }
        let statistics = Tolerance::sum(10, 1.0).plus(unit);
        differences.compare("mean", got.state("moving_mean").expect("state"), &after.mean, statistics);
        differences.compare(
            "variance",
            got.state("moving_variance").expect("state"),
            &after.variance,
            statistics,
        );
        differences
    }
}

gpu_test!(normalises_by_the_batch_in_training, async {
    let case = |batch, shape: &[usize]| NormCase::new(batch, shape, Mode::Training);
    check_all([
        case(4, &[6, 6, 5]),
        case(3, &[5, 7, 8]),
        case(4, &[1, 1, 16]),
        case(8, &[12]),
        case(2, &[32, 32, 4]),
        case(1, &[1, 1, 3]),
        case(2, &[1]),
        case(9, &[3, 3, 2049]),
    ])
    .await;
});

gpu_test!(sums_many_rows_in_chunks, async {
    check_all([
        NormCase::new(5, &[61, 67, 3], Mode::Training),
        NormCase::new(3, &[64, 64, 33], Mode::Training),
        NormCase { offset: 50.0, ..NormCase::new(2, &[90, 97, 17], Mode::Training) },
        NormCase::new(2, &[90, 97, 17], Mode::Inference),
    ])
    .await;
});

gpu_test!(uses_the_moving_statistics_in_inference_and_when_frozen, async {
    for mode in [Mode::Inference, Mode::Frozen] {
        check_all([NormCase::new(2, &[6, 6, 5], mode), NormCase::new(7, &[9], mode)]).await;
    }
});

gpu_test!(a_frozen_layer_leaves_its_statistics_and_weights_alone, async {
    let case = NormCase::new(2, &[4, 4, 3], Mode::Frozen);
    let [x, _, _, moving_mean, _, dy] = case.numbers();
    let mut run = Run::new(case.layer, 2, &[4, 4, 3], &x, &dy);
    run.parameters.push(("moving_mean", moving_mean.clone()));
    run.trainable = false;
    let got = run.run().await;
    assert!(got.gradients.is_empty(), "{:?}", got.gradients);
    assert_eq!(got.state("moving_mean"), Some(&moving_mean[..]));
});

gpu_test!(works_without_gamma_or_beta, async {
    let case = |center, scale| NormCase {
        layer: BatchNormalization { center, scale, ..BatchNormalization::default() },
        ..NormCase::new(3, &[5, 5, 4], Mode::Training)
    };
    check_all([case(true, false), case(false, true), case(false, false)]).await;
});

gpu_test!(the_variance_holds_on_a_large_offset, async {
    // Deviation 0.58 around 4000: the mean of squares, 16 million, has a unit in the last place of 1.
    let case = |shape: &[usize]| NormCase { offset: 4000.0, ..NormCase::new(4, shape, Mode::Training) };
    check_all([case(&[6, 6, 4]), case(&[64, 64, 4])]).await;
});

gpu_test!(one_outlier_first_does_not_spoil_the_variance, async {
    // The value that a single pass would shift by is far from all the others.
    let layer = BatchNormalization { momentum: 0.0, ..BatchNormalization::new(0.0, 1e-5) };
    let mut x: Vec<f32> = random(1, 1000).iter().map(|v| 1000.0 + v).collect();
    x[0] = 0.0;
    let run = Run::new(layer, 1, &[10, 100, 1], &x, &[0.0; 1000]).run().await;
    let norm = BatchNorm { channels: 1, epsilon: 1e-5, momentum: 0.0 };
    let want = norm.batch_statistics(&exact(&x));
    let got = f64::from(run.state("moving_variance").expect("state")[0]);
    assert!((got - want.variance[0]).abs() <= 1e-5 * want.variance[0], "{got}, not {}", want.variance[0]);
});
