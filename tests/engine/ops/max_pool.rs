//! `shaders/max_pool.wgsl` against `reference::max_pool`.

use cnn_playground::Padding;
use cnn_playground::ops::max_pool::MaxPooling2D;

use super::window::WindowCase;
use crate::reference::max_pool::MaxPool;
use crate::support::{
    Differences, Draw, Problem, Run, Tolerance, check_all, coarse, exact, gpu_test, random,
};

/// A max pool; with ties, many values are equal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaxCase {
    window: WindowCase,
    ties: bool,
}

impl Problem for MaxCase {
    fn random(draw: &mut Draw) -> Self {
        Self { window: WindowCase::random(draw, 100_000, true), ties: draw.chance(0.5) }
    }

    async fn differences(&self) -> Differences {
        let WindowCase { size, strides, padding, batch, .. } = self.window;
        let oracle = MaxPool { input: self.window.input(), window: self.window.window() };
        let numbers = if self.ties { coarse } else { random };
        let (x, dy) = (numbers(1, oracle.input.len()), random(2, oracle.output().len()));
        let layer = MaxPooling2D { pool_size: size, strides, padding };
        let got = Run::new(layer, batch, &self.window.shape(), &x, &dy).run().await;
        let (x, dy) = (exact(&x), exact(&dy));
        let mut differences = Differences::default();
        differences.compare("y", &got.y, &oracle.forward(&x).0, Tolerance::EXACT);
        let wins = Tolerance::sum(self.window.area(), 1.0);
        differences.compare("dx", &got.dx[0], &oracle.backward(&x, &dy), wins);
        differences
    }
}

gpu_test!(finds_the_largest_in_every_window, async {
    let cases = [
        ([2, 8, 8, 3], 2, 2, Padding::VALID),
        ([2, 9, 7, 5], 2, 2, Padding::VALID),
        ([2, 9, 7, 5], 2, 2, Padding::SAME),
        ([1, 9, 9, 4], 3, 1, Padding::SAME),
        ([2, 10, 10, 3], 3, 2, Padding::SAME),
        ([1, 11, 13, 2], 5, 3, Padding::VALID),
        ([1, 6, 5, 2], 3, 2, Padding::Explicit([[1, 2], [0, 1]])),
    ];
    for ties in [false, true] {
        check_all(cases.map(|(image, size, stride, padding)| MaxCase {
            window: WindowCase::new(image, size, stride, padding),
            ties,
        }))
        .await;
    }
});

gpu_test!(the_first_of_equal_values_takes_the_gradient, async {
    let run = Run::new(MaxPooling2D::new([2, 2]), 1, &[2, 2, 1], &[1.0, 1.0, 1.0, 1.0], &[3.0]);
    assert_eq!(run.run().await.dx[0], [3.0, 0.0, 0.0, 0.0]);
});

gpu_test!(padding_never_wins, async {
    let layer = MaxPooling2D { strides: [1, 1], padding: Padding::SAME, ..MaxPooling2D::new([3, 3]) };
    let run = Run::new(layer, 1, &[1, 1, 1], &[-5.0], &[1.0]);
    assert_eq!(run.run().await.y, [-5.0]);
});

gpu_test!(has_a_gradient_in_inference_too, async {
    let mut run = Run::new(MaxPooling2D::new([2, 2]), 1, &[2, 2, 1], &[1.0, 2.0, 3.0, 0.0], &[3.0]);
    run.training = false;
    assert_eq!(run.run().await.dx[0], [0.0, 0.0, 3.0, 0.0]);
});
