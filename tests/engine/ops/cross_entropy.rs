//! `shaders/cross_entropy.wgsl` against `reference::softmax_cross_entropy`.

use cnn_playground::Shape;
use cnn_playground::graph::Graph;
use cnn_playground::ops::activation::ActivationLayer;
use cnn_playground::ops::{Activation, Layer};
use cnn_playground::plan::{External, PlanOptions, Target, plan};

use crate::reference::softmax_cross_entropy::SoftmaxCrossEntropy;
use crate::rig::Rig;
use crate::support::{Differences, Draw, Problem, Tolerance, check_all, exact, gpu, gpu_test, random};

/// Logits up to `reach`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LossCase {
    batch: usize,
    /// Samples that count; the rest fills the batch up.
    samples: usize,
    classes: usize,
    reach: f32,
    smoothing: f32,
    weight: f32,
}

impl LossCase {
    fn new(batch: usize, classes: usize) -> Self {
        Self { batch, samples: batch, classes, reach: 3.0, smoothing: 0.0, weight: 1.0 }
    }

    fn labels(&self) -> Vec<u32> {
        let classes = self.classes as f32;
        random(3, self.batch)
            .iter()
            .map(|v| (((v + 1.0) * 0.5 * classes) as u32).min(self.classes as u32 - 1))
            .collect()
    }
}

/// Loss, right, in the best five and so on of the batch; loss of each sample; gradient of the logits.
struct Outcome {
    metrics: Vec<u32>,
    losses: Vec<f32>,
    dx: Vec<f32>,
}

async fn run(case: &LossCase, logits: &[f32], labels: &[u32]) -> Outcome {
    let gpu = gpu().await;
    // What goes into a last softmax are the logits.
    let layer = Layer::from(ActivationLayer { activation: Activation::Softmax });
    let graph =
        Graph::single(&layer, true, &[Shape::vector(case.classes).expect("a shape")]).expect("a graph");
    let options = PlanOptions {
        keep_activations: true,
        input_gradient: true,
        ..PlanOptions::new(
            case.batch,
            true,
            Target::CrossEntropy { weights: vec![case.weight], label_smoothing: case.smoothing },
            gpu.choice(),
        )
    };
    let rig = Rig::new(&gpu, plan(&graph, options));
    rig.write(rig.plan().values[0], logits);
    rig.write(rig.plan().labels, labels);
    rig.write_external(External::Step, &[1, case.samples as u32]);
    rig.run();
    let losses: Vec<f32> = rig.read(rig.plan().losses.first().copied()).await;
    Outcome {
        metrics: rig.read_external(External::Metrics, 8).await,
        losses: losses.chunks_exact(4).map(|sample| sample[0]).collect(),
        dx: rig.read(rig.plan().gradients[0]).await,
    }
}

impl Problem for LossCase {
    fn random(draw: &mut Draw) -> Self {
        let batch = draw.range(1, 9);
        Self {
            batch,
            samples: draw.range(1, batch),
            classes: draw.range(1, 130),
            reach: draw.pick(&[0.1, 3.0, 80.0]),
            smoothing: draw.pick(&[0.0, 0.0, 0.1, 0.3]),
            weight: draw.pick(&[1.0, 0.3]),
        }
    }

    async fn differences(&self) -> Differences {
        let logits: Vec<f32> = random(1, self.batch * self.classes).iter().map(|x| x * self.reach).collect();
        let labels = self.labels();
        let got = run(self, &logits, &labels).await;

        let counted = self.samples * self.classes;
        let oracle = SoftmaxCrossEntropy { classes: self.classes, smoothing: f64::from(self.smoothing) };
        let x = exact(&logits[..counted]);
        let labels: Vec<usize> = labels[..self.samples].iter().map(|&label| label as usize).collect();
        // What fills the batch up has no loss and no gradient.
        let mut losses = oracle.losses(&x, &labels);
        losses.resize(self.batch, 0.0);
        let weight = f64::from(self.weight);
        let mut dx: Vec<f64> = oracle.backward(&x, &labels).iter().map(|dx| dx * weight).collect();
        dx.resize(logits.len(), 0.0);
        // Differences of logits are rounded to their size.
        let rounding = 1e-6 * f64::from(self.reach) + 1e-6;
        let mut differences = Differences::default();
        let sum = Tolerance::sum(self.classes, 0.5).plus(rounding);
        differences.compare("losses", &got.losses, &losses, sum);
        let loss = f32::from_bits(got.metrics[0]);
        differences.compare("loss", &[loss], &[oracle.loss(&x, &labels)], sum);
        differences.compare("dx", &got.dx, &dx, sum);
        let better = |row: usize, label: usize| {
            let row = &x[row * self.classes..(row + 1) * self.classes];
            let ahead = |(class, &value): (usize, &f64)| {
                value > row[label] || (value.total_cmp(&row[label]).is_eq() && class < label)
            };
            row.iter().enumerate().filter(|&pair| ahead(pair)).count()
        };
        let hits = |best: usize| {
            labels.iter().enumerate().filter(|&(row, &label)| better(row, label) < best).count()
        };
        let counts: Vec<f32> = got.metrics[1..4].iter().map(|&count| count as f32).collect();
        let want = [hits(1), hits(5), self.samples].map(|count| count as f64);
        differences.compare("right, in the best five, samples", &counts, &want, Tolerance::EXACT);
        differences
    }
}

gpu_test!(losses_of_every_size, async {
    check_all([
        LossCase::new(8, 10),
        LossCase::new(1, 100),
        LossCase::new(2, 1000),
        LossCase::new(70, 10),
        LossCase::new(130, 3),
        LossCase { reach: 80.0, ..LossCase::new(8, 10) },
        LossCase { smoothing: 0.1, ..LossCase::new(4, 100) },
        LossCase { smoothing: 0.1, reach: 80.0, ..LossCase::new(8, 10) },
        LossCase { samples: 5, weight: 0.3, ..LossCase::new(8, 10) },
    ])
    .await;
});

gpu_test!(among_equal_logits_the_first_is_the_prediction, async {
    let got = run(&LossCase::new(2, 3), &[1.0; 6], &[0, 1]).await;
    assert_eq!(got.metrics[1..4], [1, 2, 2]);
});

gpu_test!(the_step_of_the_first_loss_that_is_no_number_is_kept, async {
    let got = run(&LossCase::new(1, 2), &[f32::NAN, 0.0], &[0]).await;
    assert_eq!(got.metrics[5], 1);
});
