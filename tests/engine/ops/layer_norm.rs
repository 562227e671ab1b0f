//! `shaders/layer_norm.wgsl` against `reference::layer_norm`.

use cnn_playground::ops::layer_norm::LayerNormalization;

use crate::reference::layer_norm::LayerNorm;
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// A layer norm over rows around `offset`.
#[derive(Clone, Debug)]
pub(crate) struct LayerNormCase {
    batch: usize,
    shape: Vec<usize>,
    offset: f32,
    layer: LayerNormalization,
}

impl LayerNormCase {
    fn new(batch: usize, shape: &[usize]) -> Self {
        Self { batch, shape: shape.to_vec(), offset: 0.0, layer: LayerNormalization::default() }
    }
}

impl Problem for LayerNormCase {
    fn random(draw: &mut Draw) -> Self {
        let width = draw.pick(&[1, 2, 3, 7, 16, 24, 63, 64, 65, 130, 300]);
        let image = draw.chance(0.4);
        let shape = if image { vec![draw.range(1, 7), draw.range(1, 7), width] } else { vec![width] };
        let layer = LayerNormalization {
            epsilon: draw.pick(&[1e-3, 1e-5]),
            center: draw.chance(0.8),
            scale: draw.chance(0.8),
            ..LayerNormalization::default()
        };
        Self { batch: draw.range(1, 9), shape, offset: draw.pick(&[0.0, 10.0]), layer }
    }

    async fn differences(&self) -> Differences {
        let width = *self.shape.last().expect("an axis");
        let count = self.batch * self.shape.iter().product::<usize>();
        let x: Vec<f32> = random(1, count).iter().map(|v| self.offset + v).collect();
        let gamma: Vec<f32> = random(2, width).iter().map(|v| 1.0 + 0.5 * v).collect();
        let (beta, dy) = (random(3, width), random(4, count));
        let mut run = Run::new(self.layer.clone(), self.batch, &self.shape, &x, &dy);
        if self.layer.scale {
            run.parameters.push(("gamma", gamma.clone()));
        }
        if self.layer.center {
            run.parameters.push(("beta", beta.clone()));
        }
        let got = run.run().await;

        let norm = LayerNorm { width, epsilon: self.layer.epsilon };
        let (x, dy) = (exact(&x), exact(&dy));
        let gamma = if self.layer.scale { exact(&gamma) } else { vec![1.0; width] };
        let beta = if self.layer.center { exact(&beta) } else { vec![0.0; width] };
        let want = norm.backward(&x, &gamma, &dy);
        // The mean is an f32, off by some units in its last place; the steepest row multiplies that.
        let deviation = |row: &[f64]| {
            let mean = row.iter().sum::<f64>() / width as f64;
            (row.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / width as f64 + norm.epsilon).sqrt()
        };
        let steepest = x.chunks_exact(width).map(|row| 1.0 / deviation(row)).fold(0.0, f64::max);
        let shift = 5e-7 * (1.0 + f64::from(self.offset)) * steepest;
        let rows = count / width;
        let mut differences = Differences::default();
        let output = Tolerance::sum(20, 1.0).plus(2.0 * shift);
        differences.compare("y", &got.y, &norm.forward(&x, &gamma, &beta), output);
        let input = Tolerance::sum(20, 1.5 * steepest).plus(10.0 * shift * steepest);
        differences.compare("dx", &got.dx[0], &want.dx, input);
        if self.layer.center {
            let dbeta = got.gradient("beta").expect("trained");
            differences.compare("dbeta", dbeta, &want.dbeta, Tolerance::sum(rows, 1.0));
        }
        if self.layer.scale {
            let dgamma = got.gradient("gamma").expect("trained");
            let sum = Tolerance::sum(rows, 3.0).plus(rows as f64 * shift);
            differences.compare("dgamma", dgamma, &want.dgamma, sum);
        }
        differences
    }
}

gpu_test!(normalises_rows_of_every_length, async {
    let case = LayerNormCase::new;
    check_all([
        case(4, &[24]),
        case(2, &[5, 6, 64]),
        case(3, &[1000]),
        case(9, &[1]),
        case(5, &[20, 20, 17]),
        LayerNormCase { offset: 1000.0, ..case(4, &[200]) },
    ])
    .await;
});

gpu_test!(works_without_gamma_or_beta, async {
    let case = |center, scale| LayerNormCase {
        layer: LayerNormalization { center, scale, ..LayerNormalization::default() },
        ..LayerNormCase::new(3, &[3, 3, 40])
    };
    check_all([case(true, false), case(false, true), case(false, false)]).await;
});

gpu_test!(is_the_same_in_inference, async {
    let case = LayerNormCase::new(2, &[30]);
    let mut run = Run::new(case.layer, 2, &case.shape, &random(1, 60), &random(2, 60));
    let training = run.run().await;
    run.training = false;
    assert_eq!(run.run().await, training);
});
