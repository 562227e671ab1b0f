//! `shaders/zero_padding.wgsl` against `reference::zero_padding`.

use cnn_playground::ops::zero_padding::ZeroPadding2D;

use crate::reference::Dims;
use crate::reference::zero_padding::ZeroPadding;
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// A frame of zeros.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PaddingCase {
    input: [usize; 4],
    pads: [[usize; 2]; 2],
}

impl Problem for PaddingCase {
    fn random(draw: &mut Draw) -> Self {
        let mut pad = || [draw.range(0, 4), draw.range(0, 4)];
        let pads = [pad(), pad()];
        Self { input: [draw.range(1, 9), draw.range(1, 33), draw.range(1, 33), draw.range(1, 9)], pads }
    }

    async fn differences(&self) -> Differences {
        let oracle = ZeroPadding { input: Dims::new(self.input), pads: self.pads };
        let (x, dy) = (random(1, oracle.input.len()), random(2, oracle.output().len()));
        let layer = ZeroPadding2D { padding: self.pads };
        let got = Run::new(layer, self.input[0], &self.input[1..], &x, &dy).run().await;
        let mut differences = Differences::default();
        differences.compare("y", &got.y, &oracle.forward(&exact(&x)), Tolerance::EXACT);
        differences.compare("dx", &got.dx[0], &oracle.backward(&exact(&dy)), Tolerance::EXACT);
        differences
    }
}

gpu_test!(frames_an_image, async {
    let case = |input, pads| PaddingCase { input, pads };
    check_all([
        case([2, 5, 6, 3], [[3, 3], [3, 3]]),
        case([1, 5, 4, 2], [[1, 2], [0, 3]]),
        case([1, 1, 1, 1], [[0, 0], [0, 0]]),
        case([3, 2, 1, 5], [[0, 4], [5, 0]]),
    ])
    .await;
});
