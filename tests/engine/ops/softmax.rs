//! `shaders/softmax.wgsl` against `reference::softmax` and `reference::log_softmax`.

use cnn_playground::ops::Activation;
use cnn_playground::ops::activation::ActivationLayer;

use crate::reference::{log_softmax, softmax};
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// Scores up to `reach`, and whether their logarithms are wanted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SoftmaxCase {
    batch: usize,
    image: Option<[usize; 2]>,
    classes: usize,
    reach: f32,
    log: bool,
}

impl Problem for SoftmaxCase {
    fn random(draw: &mut Draw) -> Self {
        Self {
            batch: draw.range(1, 9),
            image: draw.chance(0.3).then(|| [draw.range(1, 5), draw.range(1, 5)]),
            classes: draw.range(1, 130),
            reach: draw.pick(&[0.1, 3.0, 80.0]),
            log: draw.chance(0.5),
        }
    }

    async fn differences(&self) -> Differences {
        let shape = self.image.map_or(vec![self.classes], |[h, w]| vec![h, w, self.classes]);
        let count = self.batch * shape.iter().product::<usize>();
        let x: Vec<f32> = random(1, count).iter().map(|x| x * self.reach).collect();
        let dy = random(2, count);
        let activation = if self.log { Activation::LogSoftmax } else { Activation::Softmax };
        let got = Run::new(ActivationLayer { activation }, self.batch, &shape, &x, &dy).run().await;
        let (x, dy) = (exact(&x), exact(&dy));
        let sum = Tolerance::sum(self.classes, 1.0);
        let mut differences = Differences::default();
        if self.log {
            // A difference of scores is rounded to its size; so are the exponentials that use it.
            let rounding = 4e-7 * f64::from(self.reach);
            let y = log_softmax::forward(self.classes, &x);
            differences.compare("y", &got.y, &y, sum.plus(rounding));
            let dx = log_softmax::backward(self.classes, &x, &dy);
            let total = Tolerance::sum(self.classes, 1.0).plus(rounding * self.classes as f64);
            differences.compare("dx", &got.dx[0], &dx, total);
        } else {
            let rounding = 4e-7 * f64::from(self.reach);
            let y = softmax::forward(self.classes, &x);
            differences.compare("y", &got.y, &y, sum.plus(rounding));
            let dx = softmax::backward(self.classes, &x, &dy);
            differences.compare("dx", &got.dx[0], &dx, sum.plus(2.0 * rounding));
        }
        differences
    }
}

gpu_test!(rows_of_every_length, async {
    for log in [false, true] {
        let case = |batch, classes, reach| SoftmaxCase { batch, image: None, classes, reach, log };
        check_all([
            case(4, 100, 3.0),
            case(3, 12, 80.0),
            case(1, 1000, 10.0),
            case(70, 1, 1.0),
            SoftmaxCase { image: Some([3, 3]), ..case(2, 7, 3.0) },
        ])
        .await;
    }
});

gpu_test!(scores_that_exp_cannot_take, async {
    let layer = |activation| ActivationLayer { activation };
    let x = [1000.0, 999.0, -1000.0];
    let got = Run::new(layer(Activation::Softmax), 1, &[3], &x, &[1.0, 0.0, 0.0]).run().await;
    assert!((got.y[0] - 0.731_058_6).abs() < 1e-6 && got.y[2] == 0.0, "{got:?}");
    let got = Run::new(layer(Activation::LogSoftmax), 1, &[3], &x, &[1.0, 0.0, 0.0]).run().await;
    assert!((got.y[2] + 2_000.313_2).abs() < 1e-3, "{got:?}");
});
