//! `shaders/local_response_norm.wgsl` against `reference::local_response_norm`.

use cnn_playground::ops::local_response_norm::LocalResponseNormalization;

use crate::reference::local_response_norm::LocalResponseNorm;
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// A response norm on values up to `reach`.
#[derive(Clone, Debug)]
pub(crate) struct ResponseCase {
    batch: usize,
    shape: [usize; 3],
    reach: f32,
    layer: LocalResponseNormalization,
}

impl Problem for ResponseCase {
    fn random(draw: &mut Draw) -> Self {
        let layer = LocalResponseNormalization {
            depth_radius: draw.range(0, 7),
            bias: draw.pick(&[0.5, 1.0, 2.0]),
            alpha: draw.pick(&[0.0, 1e-4, 0.1, 1.0]),
            beta: draw.pick(&[0.0, 0.5, 0.75, 1.0]),
        };
        let shape = [draw.range(1, 13), draw.range(1, 13), draw.range(1, 33)];
        Self { batch: draw.range(1, 9), shape, reach: draw.pick(&[1.0, 10.0]), layer }
    }

    async fn differences(&self) -> Differences {
        let count = self.batch * self.shape.iter().product::<usize>();
        let x: Vec<f32> = random(1, count).iter().map(|x| x * self.reach).collect();
        let dy = random(2, count);
        let got = Run::new(self.layer.clone(), self.batch, &self.shape, &x, &dy).run().await;
        let LocalResponseNormalization { depth_radius: radius, bias, alpha, beta } = self.layer;
        let oracle = LocalResponseNorm { channels: self.shape[2], radius, bias, alpha, beta };
        let (x, dy) = (exact(&x), exact(&dy));
        let mut differences = Differences::default();
        differences.compare("y", &got.y, &oracle.forward(&x), Tolerance::ROUNDED);
        // A sum over neighbours of products up to reach² · alpha; a base is 0.5 at least, so that its power may double
        // and more.
        let largest = 1.0 + 2.0 * alpha * f64::from(self.reach * self.reach);
        let sum = Tolerance::sum(2 * radius + 10, 4.0 * largest);
        differences.compare("dx", &got.dx[0], &oracle.backward(&x, &dy), sum);
        differences
    }
}

gpu_test!(dampens_strong_neighbours, async {
    let case = |shape, reach, layer| ResponseCase { batch: 2, shape, reach, layer };
    let default = LocalResponseNormalization::default;
    check_all([
        case([4, 5, 12], 3.0, LocalResponseNormalization::alexnet()),
        case([4, 5, 12], 30.0, LocalResponseNormalization::alexnet()),
        case([3, 3, 20], 2.0, default()),
        case([3, 3, 3], 2.0, default()),
        case([2, 2, 1], 2.0, default()),
        case([2, 2, 9], 1.0, LocalResponseNormalization { depth_radius: 0, ..default() }),
    ])
    .await;
});

gpu_test!(the_paper_in_one_number, async {
    // Section 3.3 with k = 2, n = 5, alpha = 1e-4, beta = 0.75: three channels of 100 have 3e4 · 1e-4 = 3 in the sum.
    let layer = LocalResponseNormalization::alexnet();
    let got = Run::new(layer, 1, &[1, 1, 3], &[100.0; 3], &[1.0; 3]).run().await;
    let want = 100.0 / 5f32.powf(0.75);
    assert!(got.y.iter().all(|y| (y - want).abs() < 1e-4), "{:?}, not {want}", got.y);
});
