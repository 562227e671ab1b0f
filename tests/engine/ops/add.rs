//! `shaders/add.wgsl` against `reference::add`.

use cnn_playground::Shape;
use cnn_playground::ops::Op;
use cnn_playground::ops::add::Add;

use crate::reference::add;
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// A sum of images with these numbers of channels.
#[derive(Clone, Debug)]
pub(crate) struct AddCase {
    batch: usize,
    image: [usize; 2],
    channels: Vec<usize>,
}

impl Problem for AddCase {
    fn random(draw: &mut Draw) -> Self {
        let widest = draw.range(1, 33);
        let count = draw.range(2, 5);
        let mut channels: Vec<usize> =
            (0..count).map(|_| if draw.chance(0.3) { 1 } else { widest }).collect();
        let full = draw.range(0, count - 1);
        channels[full] = widest;
        Self { batch: draw.range(1, 9), image: [draw.range(1, 17), draw.range(1, 17)], channels }
    }

    async fn differences(&self) -> Differences {
        let [h, w] = self.image;
        let pixels = self.batch * h * w;
        let widest = self.channels.iter().copied().max().expect("an input");
        let inputs: Vec<Vec<f32>> =
            self.channels.iter().zip(1..).map(|(c, stream)| random(stream, pixels * c)).collect();
        let dy = random(99, pixels * widest);
        let mut run = Run::new(Add {}, self.batch, &[h, w, widest], &[], &dy);
        run.inputs = self.channels.iter().zip(&inputs).map(|(&c, x)| (vec![h, w, c], x.clone())).collect();
        let got = run.run().await;
        let exact_inputs: Vec<Vec<f64>> = inputs.iter().map(|x| exact(x)).collect();
        let slices: Vec<&[f64]> = exact_inputs.iter().map(Vec::as_slice).collect();
        let mut differences = Differences::default();
        let sum = Tolerance::sum(self.channels.len(), 1.0);
        differences.compare("y", &got.y, &add::forward(&slices, &self.channels), sum);
        for (i, want) in add::backward(&self.channels, &exact(&dy)).iter().enumerate() {
            let own = self.channels[i];
            let tolerance = if own == widest { Tolerance::EXACT } else { Tolerance::sum(widest, 1.0) };
            differences.compare(&format!("dx{i}"), &got.dx[i], want, tolerance);
        }
        differences
    }
}

gpu_test!(adds_any_number_of_inputs, async {
    let case = |channels: &[usize]| AddCase { batch: 2, image: [4, 5], channels: channels.to_vec() };
    check_all([case(&[6, 6]), case(&[6, 6, 6]), case(&[3; 9]), case(&[1, 1])]).await;
});

gpu_test!(broadcasts_a_single_channel, async {
    let case = |channels: &[usize]| AddCase { batch: 2, image: [5, 5], channels: channels.to_vec() };
    check_all([case(&[12, 1]), case(&[1, 12]), case(&[1, 7, 1, 7])]).await;
});

gpu_test!(adds_vectors, async {
    let mut run = Run::new(Add {}, 2, &[3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], &[1.0; 6]);
    run.inputs.push((vec![3], vec![10.0; 6]));
    assert_eq!(run.run().await.y, [11.0, 12.0, 13.0, 14.0, 15.0, 16.0]);
});

#[test]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn refuses_shapes_that_do_not_fit() {
    let shape = |c| Shape::image(4, 4, c).expect("a shape");
    let error = Add {}.output_shape(&[&shape(6), &shape(3)]).expect_err("3 channels to 6");
    assert!(error.to_string().starts_with("cannot add (4, 4, 3) to (4, 4, 6)"), "{error}");
    let small = Shape::image(2, 2, 6).expect("a shape");
    assert!(Add {}.output_shape(&[&shape(6), &small]).is_err());
}
