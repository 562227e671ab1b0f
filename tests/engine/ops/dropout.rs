//! `shaders/dropout.wgsl`: the arithmetic against `reference::dropout`, the mask against its definition.

use cnn_playground::ops::dropout::Dropout;

use crate::reference::dropout;
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// A dropout whose mask is drawn or given.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DropoutCase {
    batch: usize,
    features: usize,
    rate: f64,
    seed: u32,
    step: u32,
    given: bool,
}

impl DropoutCase {
    fn count(&self) -> usize {
        self.batch * self.features
    }

    fn mask(&self) -> Vec<f32> {
        let layer = Dropout::new(self.rate);
        let drawn = (0..self.count() as u32).map(|i| layer.keeps(self.seed, self.step, 0, i));
        let given = random(3, self.count()).into_iter().map(|v| v > 0.2);
        let mask: Vec<bool> = if self.given { given.collect() } else { drawn.collect() };
        mask.into_iter().map(|keep| f32::from(u8::from(keep))).collect()
    }
}

impl Problem for DropoutCase {
    fn random(draw: &mut Draw) -> Self {
        Self {
            batch: draw.range(1, 9),
            features: draw.range(1, 500),
            rate: draw.pick(&[0.0, 0.1, 0.4, 0.5, 0.7, 0.95]),
            seed: draw.range(0, 1 << 30) as u32,
            step: draw.range(1, 100_000) as u32,
            given: draw.chance(0.3),
        }
    }

    async fn differences(&self) -> Differences {
        let (x, dy, mask) = (random(1, self.count()), random(2, self.count()), self.mask());
        let layer = Dropout { given_mask: self.given, ..Dropout::new(self.rate) };
        let mut run = Run::new(layer, self.batch, &[self.features], &x, &dy);
        (run.seed, run.step) = (self.seed, self.step);
        if self.given {
            run.inputs.push((vec![self.features], mask.clone()));
        }
        let got = run.run().await;
        let mask = exact(&mask);
        let mut differences = Differences::default();
        let want = dropout::forward(self.rate, &exact(&x), &mask);
        differences.compare("y", &got.y, &want, Tolerance::ROUNDED);
        let want = dropout::backward(self.rate, &exact(&dy), &mask);
        differences.compare("dx", &got.dx[0], &want, Tolerance::ROUNDED);
        differences
    }
}

const CASE: DropoutCase = DropoutCase { batch: 4, features: 50, rate: 0.4, seed: 1, step: 1, given: false };

gpu_test!(applies_the_mask_that_its_definition_draws, async {
    check_all([
        CASE,
        DropoutCase { rate: 0.7, seed: u32::MAX, ..CASE },
        DropoutCase { rate: 0.1, step: 123_456, features: 3001, ..CASE },
    ])
    .await;
});

gpu_test!(applies_a_given_mask, async {
    check_all([DropoutCase { given: true, ..CASE }, DropoutCase { given: true, rate: 0.0, ..CASE }]).await;
});

gpu_test!(the_backward_pass_draws_the_mask_of_the_forward_pass, async {
    let ones = vec![1.0; 5000];
    let got = Run::new(Dropout::new(0.5), 1, &[5000], &ones, &ones).run().await;
    assert_eq!(got.y, got.dx[0]);
    let kept = got.y.iter().filter(|&&y| y != 0.0).count();
    assert!((2350..2650).contains(&kept), "{kept} of 5000 at rate 0.5");
});

gpu_test!(another_step_draws_another_mask_and_the_same_step_the_same, async {
    let ones = vec![1.0; 5000];
    let mut run = Run::new(Dropout::new(0.5), 1, &[5000], &ones, &ones);
    let first = run.run().await.y;
    assert_eq!(run.run().await.y, first);
    run.step = 2;
    let second = run.run().await.y;
    let alike = first.iter().zip(&second).filter(|(a, b)| a.to_bits() == b.to_bits()).count();
    assert!((2350..2650).contains(&alike), "{alike} of 5000 alike");
});

gpu_test!(does_nothing_in_inference, async {
    let x = random(1, 200);
    let mut run = Run::new(Dropout::new(0.4), 4, &[50], &x, &x);
    run.training = false;
    assert_eq!(run.run().await.y, x);
});
