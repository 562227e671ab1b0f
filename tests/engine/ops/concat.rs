//! `shaders/concat.wgsl` against `reference::concat`.

use cnn_playground::Shape;
use cnn_playground::ops::Op;
use cnn_playground::ops::concat::Concatenate;

use crate::reference::concat;
use crate::support::{Differences, Draw, Problem, Run, Tolerance, check_all, exact, gpu_test, random};

/// Images with these numbers of channels side by side.
#[derive(Clone, Debug)]
pub(crate) struct ConcatCase {
    batch: usize,
    image: [usize; 2],
    channels: Vec<usize>,
}

impl Problem for ConcatCase {
    fn random(draw: &mut Draw) -> Self {
        let count = draw.range(2, 6);
        Self {
            batch: draw.range(1, 9),
            image: [draw.range(1, 17), draw.range(1, 17)],
            channels: (0..count).map(|_| draw.range(1, 33)).collect(),
        }
    }

    async fn differences(&self) -> Differences {
        let [h, w] = self.image;
        let pixels = self.batch * h * w;
        let inputs: Vec<Vec<f32>> =
            self.channels.iter().zip(1..).map(|(c, stream)| random(stream, pixels * c)).collect();
        let dy = random(99, pixels * self.channels.iter().sum::<usize>());
        let mut run = Run::new(Concatenate::default(), self.batch, &[h, w, 1], &[], &dy);
        run.inputs = self.channels.iter().zip(&inputs).map(|(&c, x)| (vec![h, w, c], x.clone())).collect();
        let got = run.run().await;
        let exact_inputs: Vec<Vec<f64>> = inputs.iter().map(|x| exact(x)).collect();
        let slices: Vec<&[f64]> = exact_inputs.iter().map(Vec::as_slice).collect();
        let mut differences = Differences::default();
        differences.compare("y", &got.y, &concat::forward(&slices, &self.channels), Tolerance::EXACT);
        for (i, want) in concat::backward(&self.channels, &exact(&dy)).iter().enumerate() {
            differences.compare(&format!("dx{i}"), &got.dx[i], want, Tolerance::EXACT);
        }
        differences
    }
}

gpu_test!(joins_any_number_of_inputs, async {
    let case = |channels: &[usize]| ConcatCase { batch: 2, image: [4, 5], channels: channels.to_vec() };
    check_all([case(&[8, 8]), case(&[3, 5, 1, 4]), case(&[1; 12]), case(&[64, 128, 32, 32])]).await;
});

gpu_test!(joins_vectors, async {
    let mut run =
        Run::new(Concatenate::default(), 2, &[2], &[1.0, 2.0, 3.0, 4.0], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    run.inputs.push((vec![1], vec![10.0, 20.0]));
    let got = run.run().await;
    assert_eq!(got.y, [1.0, 2.0, 10.0, 3.0, 4.0, 20.0]);
    assert_eq!(got.dx, [vec![1.0, 2.0, 4.0, 5.0], vec![3.0, 6.0]]);
});

#[test]
#[cfg_attr(target_arch = "wasm32", wasm_bindgen_test::wasm_bindgen_test)]
fn refuses_other_axes_and_other_images() {
    let shape = |h| Shape::image(h, 4, 3).expect("a shape");
    let error = Concatenate { axis: 1 }.output_shape(&[&shape(4), &shape(4)]).expect_err("rows");
    assert!(error.to_string().contains("axis is 1"), "{error}");
    assert!(Concatenate { axis: 3 }.output_shape(&[&shape(4), &shape(4)]).is_ok());
    let error = Concatenate::default().output_shape(&[&shape(4), &shape(5)]).expect_err("other heights");
    assert!(error.to_string().starts_with("cannot join (4, 4, 3) and (5, 4, 3)"), "{error}");
}
