//! `shaders/upsampling.wgsl` against `reference::upsample_nearest`.

use cnn_playground::ops::upsampling::UpSampling2D;

use crate::reference::Dims;
use crate::reference::upsample_nearest::UpsampleNearest;
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// Larger images.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UpsampleCase {
    input: [usize; 4],
    size: [usize; 2],
}

impl Problem for UpsampleCase {
    fn random(draw: &mut Draw) -> Self {
        Self {
            input: [draw.range(1, 9), draw.range(1, 13), draw.range(1, 13), draw.range(1, 9)],
            size: [draw.range(1, 4), draw.range(1, 4)],
        }
    }

    async fn differences(&self) -> Differences {
        let oracle = UpsampleNearest { input: Dims::new(self.input), size: self.size };
        let (x, dy) = (random(1, oracle.input.len()), random(2, oracle.output().len()));
        let layer = UpSampling2D::new(self.size);
        let got = Run::new(layer, self.input[0], &self.input[1..], &x, &dy).run().await;
        let mut differences = Differences::default();
        differences.compare("y", &got.y, &oracle.forward(&exact(&x)), Tolerance::EXACT);
        let block = Tolerance::sum(self.size[0] * self.size[1], 1.0);
        differences.compare("dx", &got.dx[0], &oracle.backward(&exact(&dy)), block);
        differences
    }
}

gpu_test!(repeats_every_pixel, async {
    let case = |input, size| UpsampleCase { input, size };
    check_all([
        case([2, 4, 5, 3], [2, 2]),
        case([1, 3, 2, 1], [1, 3]),
        case([3, 1, 1, 5], [4, 1]),
        case([1, 2, 2, 2], [1, 1]),
    ])
    .await;
});
