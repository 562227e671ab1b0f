//! `shaders/avg_pool.wgsl` against `reference::avg_pool`.

use cnn_playground::Padding;
use cnn_playground::ops::avg_pool::AveragePooling2D;

use super::window::WindowCase;
use crate::reference::avg_pool::AvgPool;
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// An average pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AvgCase {
    window: WindowCase,
}

impl Problem for AvgCase {
    fn random(draw: &mut Draw) -> Self {
        Self { window: WindowCase::random(draw, 100_000, true) }
    }

    async fn differences(&self) -> Differences {
        let WindowCase { size, strides, padding, batch, .. } = self.window;
        let oracle = AvgPool { input: self.window.input(), window: self.window.window() };
        let (x, dy) = (random(1, oracle.input.len()), random(2, oracle.output().len()));
        let layer = AveragePooling2D { pool_size: size, strides, padding };
        let got = Run::new(layer, batch, &self.window.shape(), &x, &dy).run().await;
        let sum = Tolerance::sum(self.window.area(), 1.0);
        let mut differences = Differences::default();
        differences.compare("y", &got.y, &oracle.forward(&exact(&x)), sum);
        differences.compare("dx", &got.dx[0], &oracle.backward(&exact(&dy)), sum);
        differences
    }
}

gpu_test!(divides_by_the_cells_inside_the_image, async {
    let cases = [
        ([2, 8, 8, 3], 2, 2, Padding::VALID),
        ([2, 9, 7, 5], 2, 2, Padding::SAME),
        ([1, 9, 9, 4], 3, 1, Padding::SAME),
        ([2, 10, 10, 3], 3, 2, Padding::SAME),
        ([1, 11, 13, 2], 5, 3, Padding::VALID),
        ([2, 7, 7, 6], 7, 1, Padding::VALID),
        ([1, 6, 5, 2], 3, 2, Padding::Explicit([[1, 2], [0, 1]])),
    ];
    check_all(cases.map(|(image, size, stride, padding)| AvgCase {
        window: WindowCase::new(image, size, stride, padding),
    }))
    .await;
});
