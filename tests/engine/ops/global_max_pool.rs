//! `shaders/global_max_pool.wgsl` against `reference::global_max_pool`.

use cnn_playground::ops::global_max_pool::GlobalMaxPooling2D;

use crate::reference::{Dims, global_max_pool};
use crate::support::{
    Differences, Draw, Problem, Run, Tolerance, check_all, coarse, exact, gpu_test, random,
};

/// One pool; with ties, many values are equal.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GlobalMaxCase {
    input: [usize; 4],
    ties: bool,
}

impl Problem for GlobalMaxCase {
    fn random(draw: &mut Draw) -> Self {
        let input = [draw.range(1, 9), draw.range(1, 17), draw.range(1, 17), draw.range(1, 33)];
        Self { input, ties: draw.chance(0.5) }
    }

    async fn differences(&self) -> Differences {
        let input = Dims::new(self.input);
        let numbers = if self.ties { coarse } else { random };
        let (x, dy) = (numbers(1, input.len()), random(2, input.n * input.c));
        let layer = GlobalMaxPooling2D::default();
        let got = Run::new(layer, self.input[0], &self.input[1..], &x, &dy).run().await;
        let mut differences = Differences::default();
        let (x, dy) = (exact(&x), exact(&dy));
        differences.compare("y", &got.y, &global_max_pool::forward(input, &x), Tolerance::EXACT);
        differences.compare("dx", &got.dx[0], &global_max_pool::backward(input, &x, &dy), Tolerance::EXACT);
        differences
    }
}

gpu_test!(finds_the_largest_of_maps_of_every_size, async {
    let shapes = [[2, 7, 5, 6], [1, 1, 1, 3], [3, 8, 8, 8], [2, 1, 3, 300], [1, 33, 31, 9], [9, 2, 2, 17]];
    for ties in [false, true] {
        check_all(shapes.map(|input| GlobalMaxCase { input, ties })).await;
    }
});

gpu_test!(the_first_of_equal_values_takes_the_gradient, async {
    // More values than the 8 invocations that share a channel, so that ties meet between and within them.
    let run = Run::new(GlobalMaxPooling2D::default(), 1, &[20, 1, 1], &[1.0; 20], &[3.0]).run().await;
    assert_eq!((run.dx[0][0], run.dx[0].iter().sum::<f32>()), (3.0, 3.0));
});
