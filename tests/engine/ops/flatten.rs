//! `Flatten`, which has no shader: the values stay where they are.

use cnn_playground::ops::flatten::Flatten;

use crate::support::{Run, gpu_test, random};

gpu_test!(moves_nothing, async {
    let (x, dy) = (random(1, 120), random(2, 120));
    let got = Run::new(Flatten {}, 2, &[3, 4, 5], &x, &dy).run().await;
    assert_eq!((got.y, got.dx), (x, vec![dy]));
});
