//! `shaders/dense.wgsl` against `reference::dense`.

use cnn_playground::ops::dense::Dense;
use cnn_playground::plan::PLAIN;

use super::activation::{self, Activation};
use crate::reference::dense::Dense as Oracle;
use crate::support::{
    Differences, Draw, Problem, Run, Tolerance, check_all, coarse, exact, gpu_test, random, variants,
};

/// A dense layer on a vector, or on every pixel of an image.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DenseCase {
    batch: usize,
    image: Option<[usize; 2]>,
    inputs: usize,
    units: usize,
    bias: bool,
    activation: Activation,
    variant: &'static str,
}

impl DenseCase {
    fn new(batch: usize, inputs: usize, units: usize) -> Self {
        Self { batch, image: None, inputs, units, bias: true, activation: Activation::Linear, variant: PLAIN }
    }

    fn shape(&self) -> Vec<usize> {
        self.image.map_or(vec![self.inputs], |[h, w]| vec![h, w, self.inputs])
    }
}

impl Problem for DenseCase {
    fn random(draw: &mut Draw) -> Self {
        let image = draw.chance(0.2).then(|| [draw.range(1, 5), draw.range(1, 5)]);
        Self {
            batch: draw.range(1, 9),
            image,
            inputs: draw.range(1, if image.is_some() { 33 } else { 300 }),
            units: draw.range(1, 65),
            bias: draw.chance(0.7),
            activation: draw.pick(activation::ALL),
            variant: draw.variant(),
        }
    }

    async fn differences(&self) -> Differences {
        let oracle = Oracle {
            inputs: self.inputs,
            outputs: self.units,
            activation: activation::oracle(self.activation),
        };
        let shape = self.shape();
        let rows = self.batch * shape.iter().product::<usize>() / self.inputs;
        let numbers = if activation::has_kink(self.activation) { coarse } else { random };
        let (x, kernel) = (numbers(1, rows * self.inputs), numbers(2, self.inputs * self.units));
        let (bias, dy) = (numbers(3, self.units), random(4, rows * self.units));
        let layer = Dense { use_bias: self.bias, activation: self.activation, ..Dense::new(self.units) };
        let mut run = Run::new(layer, self.batch, &shape, &x, &dy);
        run.parameters.push(("kernel", kernel.clone()));
        if self.bias {
            run.parameters.push(("bias", bias.clone()));
        }
        run.variant = self.variant;
        let got = run.run().await;

        let (x, kernel, bias, dy) = (exact(&x), exact(&kernel), exact(&bias), exact(&dy));
        let bias = self.bias.then_some(&bias[..]);
        let want = oracle.backward(&x, &kernel, bias, &dy);
        let mut differences = Differences::default();
        let output = Tolerance::sum(self.inputs, 1.0);
        differences.compare("y", &got.y, &oracle.forward(&x, &kernel, bias), output);
        let slope = if self.activation == Activation::Linear { 0.0 } else { output.absolute };
        let sum = |terms: usize| Tolerance::sum(terms, 1.0).plus(terms as f64 * slope);
        differences.compare("dx", &got.dx[0], &want.dx, sum(self.units));
        differences.compare("dkernel", got.gradient("kernel").expect("trained"), &want.dkernel, sum(rows));
        if self.bias {
            differences.compare("dbias", got.gradient("bias").expect("trained"), &want.dbias, sum(rows));
        }
        differences
    }
}

async fn check_every_variant(cases: impl IntoIterator<Item = DenseCase>) {
    check_all(
        cases.into_iter().flat_map(|case| variants().map(move |variant| DenseCase { variant, ..case })),
    )
    .await;
}

gpu_test!(multiplies_every_size, async {
    let sizes = [(1, 7, 5), (5, 33, 17), (2, 64, 10), (8, 200, 120), (9, 1, 1), (3, 1000, 3)];
    check_every_variant(sizes.map(|(batch, inputs, units)| DenseCase::new(batch, inputs, units))).await;
    check_every_variant([DenseCase { bias: false, ..DenseCase::new(2, 64, 10) }]).await;
});

gpu_test!(works_on_every_pixel_of_an_image, async {
    check_every_variant(
        [[1, 1], [3, 2]].map(|image| DenseCase { image: Some(image), ..DenseCase::new(2, 9, 4) }),
    )
    .await;
});

gpu_test!(applies_its_activation_and_its_slope, async {
    check_all(
        activation::ALL.iter().map(|&activation| DenseCase { activation, ..DenseCase::new(4, 30, 12) }),
    )
    .await;
});
