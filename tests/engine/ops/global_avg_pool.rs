//! `shaders/global_avg_pool.wgsl` against `reference::global_avg_pool`.

use cnn_playground::ops::Op;
use cnn_playground::ops::global_avg_pool::{GlobalAveragePooling2D, Lambda};

use crate::reference::{Dims, global_avg_pool};
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// One pool; batch, height, width, channels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GlobalAverageCase([usize; 4]);

impl Problem for GlobalAverageCase {
    fn random(draw: &mut Draw) -> Self {
        Self([draw.range(1, 9), draw.range(1, 17), draw.range(1, 17), draw.range(1, 33)])
    }

    async fn differences(&self) -> Differences {
        let input = Dims::new(self.0);
        let (x, dy) = (random(1, input.len()), random(2, input.n * input.c));
        let layer = GlobalAveragePooling2D::default();
        let got = Run::new(layer, self.0[0], &self.0[1..], &x, &dy).run().await;
        let mut differences = Differences::default();
        let sum = Tolerance::sum(input.h * input.w, 1.0 / (input.h * input.w) as f64);
        differences.compare("y", &got.y, &global_avg_pool::forward(input, &exact(&x)), sum);
        differences.compare(
            "dx",
            &got.dx[0],
            &global_avg_pool::backward(input, &exact(&dy)),
            Tolerance::ROUNDED,
        );
        differences
    }
}

gpu_test!(averages_maps_of_every_size, async {
    let shapes = [[2, 7, 5, 6], [1, 1, 1, 3], [3, 8, 8, 8], [2, 1, 3, 2048], [1, 33, 31, 9], [9, 2, 2, 17]];
    check_all(shapes.map(GlobalAverageCase)).await;
});

gpu_test!(the_lambda_of_the_notes_is_the_same, async {
    let (x, dy) = (random(1, 2 * 12 * 5), random(2, 2 * 5));
    let pool = Run::new(GlobalAveragePooling2D::default(), 2, &[4, 3, 5], &x, &dy).run().await;
    assert_eq!(Run::new(Lambda::mean(), 2, &[4, 3, 5], &x, &dy).run().await, pool);
});

gpu_test!(keeps_axes_when_told_to, async {
    let layer = GlobalAveragePooling2D { keepdims: true };
    let got = Run::new(layer, 1, &[2, 1, 1], &[1.0, 3.0], &[1.0]).run().await;
    assert_eq!((got.y, got.dx), (vec![2.0], vec![vec![0.5, 0.5]]));
});

#[test]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn another_lambda_is_refused() {
    let shape = cnn_playground::Shape::image(2, 2, 2).expect("a shape");
    let error = Lambda { function: "x * 2".to_owned() }.output_shape(&[&shape]).expect_err("unknown");
    assert!(error.to_string().contains("\"mean over axes 1 and 2\" is"), "{error}");
}
