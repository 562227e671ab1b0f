//! `Dropout`: random silence in training (<https://keras.io/api/layers/regularization_layers/dropout/>).

use serde::{Deserialize, Serialize};

use super::Op;
use crate::error::{Result, bail};
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, dims, wgsl};
use crate::shape::Shape;

/// `shaders/dropout.wgsl`
pub static SHADER: Shader = Shader {
    file: "dropout.wgsl",
    source: wgsl!("dropout.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::uniform("step"),
        Binding::read("x"),
        Binding::read("mask"),
        Binding::write("y"),
        Binding::read("dy"),
        Binding::write("dx"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };
static FORWARD_GIVEN_MASK: Kernel =
    Kernel { shader: &SHADER, entry_point: "forward_given_mask", workgroup_size: [64, 1, 1] };
static BACKWARD_GIVEN_MASK: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_given_mask", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { count: u32, layer: u32, threshold: u32, scale: f32 }
}

/// y = x · mask / (1 − rate) in training, y = x in inference (Srivastava et al. 2014).
///
/// The mask is a hash of seed, step, layer and element; [`Dropout::keeps`] tells what the GPU decides.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Dropout {
    /// Share of the values that are silenced.
    pub rate: f64,
    /// Whether the mask comes as a second input of 0 and 1 instead. Not part of a model: it serves comparisons with
    /// other implementations, which have other random numbers.
    #[serde(skip)]
    pub given_mask: bool,
}

impl Dropout {
    /// Silences this share of the values.
    pub fn new(rate: f64) -> Self {
        Self { rate, given_mask: false }
    }

    /// Whether value `element` of the batch stays in this step: the shader's decision, to the bit.
    ///
    /// ```
    /// use cnn_playground::ops::dropout::Dropout;
    /// let kept = (0..10_000).filter(|&i| Dropout::new(0.4).keeps(1, 1, 0, i)).count();
    /// assert!((5_800..6_200).contains(&kept));
    /// ```
    pub fn keeps(&self, seed: u32, step: u32, layer: u32, element: u32) -> bool {
        pcg4d([element, layer, step, seed])[0] >= self.threshold()
    }

    fn threshold(&self) -> u32 {
        (self.rate * 2f64.powi(32)) as u32
    }

    fn dims(&self, count: usize, layer: usize) -> Dims {
        Dims {
            count: count as u32,
            layer: layer as u32,
            threshold: self.threshold(),
            scale: (1.0 / (1.0 - self.rate)) as f32,
        }
    }
}

/// The hash of the shader: four numbers to four random ones (Jarzynski and Olano, "Hash Functions for GPU Rendering",
/// 2020).
fn pcg4d(numbers: [u32; 4]) -> [u32; 4] {
    let mut v = numbers.map(|n| n.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    let mix = |v: &mut [u32; 4]| {
        v[0] = v[0].wrapping_add(v[1].wrapping_mul(v[3]));
        v[1] = v[1].wrapping_add(v[2].wrapping_mul(v[0]));
        v[2] = v[2].wrapping_add(v[0].wrapping_mul(v[1]));
        v[3] = v[3].wrapping_add(v[1].wrapping_mul(v[2]));
    };
    mix(&mut v);
    v = v.map(|n| n ^ (n >> 16));
    mix(&mut v);
    v
}

impl Op for Dropout {
    fn arity(&self) -> std::ops::RangeInclusive<usize> {
        let inputs = if self.given_mask { 2 } else { 1 };
        inputs..=inputs
    }

    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        if !(0.0..1.0).contains(&self.rate) {
            bail!("rate is {}; it must be at least 0 and below 1, 0.5 is usual", self.rate);
        }
        if let Some(mask) = inputs.get(1).filter(|&&mask| mask != inputs[0]) {
            bail!("the mask has shape {mask}, the input {}; they must agree", inputs[0]);
        }
        Ok(inputs[0].clone())
    }

    fn is_view(&self, training: bool) -> bool {
        !training || (self.rate == 0.0 && !self.given_mask)
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0).slice, cx.output().slice);
        let dims = self.dims(y.elements, cx.layer());
        let dispatch = if self.given_mask {
            Dispatch::new(&FORWARD_GIVEN_MASK).bind("mask", cx.input(1).slice)
        } else {
            Dispatch::new(&FORWARD).bind("step", cx.step())
        };
        cx.push(dispatch.dims(&dims).bind("x", x).bind("y", y).threads(y.elements));
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let Some(dx) = cx.input_gradient(0) else { return };
        let dy = cx.output_gradient();
        let dims = self.dims(dy.elements, cx.layer());
        let dispatch = if self.given_mask {
            Dispatch::new(&BACKWARD_GIVEN_MASK).bind("mask", cx.input(1).slice)
        } else {
            Dispatch::new(&BACKWARD).bind("step", cx.step())
        };
        cx.push(
            dispatch
                .dims(&dims)
                .bind("dy", dy)
                .bind("dx", dx.slice)
                .constant("ACCUMULATE", dx.accumulate)
                .threads(dy.elements),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Share of the first `n` elements that two masks treat alike.
    fn agreement(n: u32, a: impl Fn(u32) -> bool, b: impl Fn(u32) -> bool) -> f64 {
        (0..n).filter(|&i| a(i) == b(i)).count() as f64 / f64::from(n)
    }

    #[test]
    fn the_rate_holds_for_small_seeds_steps_and_layers() {
        const N: u32 = 20_000;
        for rate in [0.1, 0.25, 0.4, 0.5, 0.7, 0.9] {
            let dropout = Dropout::new(rate);
            for (seed, step, layer) in [(0, 1, 0), (0, 1, 1), (1, 2, 30), (7, 100_000, 3), (u32::MAX, 1, 2)] {
                let kept = (0..N).filter(|&i| dropout.keeps(seed, step, layer, i)).count() as f64;
                let deviation = (f64::from(N) * rate * (1.0 - rate)).sqrt();
                let off = (kept - f64::from(N) * (1.0 - rate)) / deviation;
                assert!(off.abs() < 4.5, "rate {rate}, seed {seed}, step {step}, layer {layer}: {off} sigma");
            }
        }
    }

    #[test]
    fn masks_of_neighbouring_steps_layers_seeds_and_elements_are_independent() {
        const N: u32 = 20_000;
        let dropout = Dropout::new(0.5);
        let base = |i| dropout.keeps(3, 5, 2, i);
        // Seed, step, layer, and how much further the element is.
        let others = [
            ("next step", [3, 6, 2, 0]),
            ("next layer", [3, 5, 3, 0]),
            ("next seed", [4, 5, 2, 0]),
            ("step and layer exchanged", [3, 2, 5, 0]),
            ("next element", [3, 5, 2, 1]),
            ("element 64 further", [3, 5, 2, 64]),
        ];
        for (what, [seed, step, layer, further]) in others {
            // 0.5 ± 0.0035 for independent masks.
            let share = agreement(N, base, |i| dropout.keeps(seed, step, layer, i + further));
            assert!((share - 0.5).abs() < 0.016, "{what}: {share} alike");
        }
    }

    #[test]
    fn what_one_element_does_over_the_steps_has_no_pattern() {
        let dropout = Dropout::new(0.5);
        for element in [0, 1, 63, 4095] {
            let at = |step: u32| dropout.keeps(0, step, 0, element);
            let kept = agreement(20_000, at, |_| true);
            let repeated = agreement(20_000, at, |step| at(step + 1));
            assert!(
                (kept - 0.5).abs() < 0.016 && (repeated - 0.5).abs() < 0.016,
                "{element}: {kept} {repeated}"
            );
        }
    }

    #[test]
    fn a_rate_of_one_is_refused() {
        let shape = Shape::vector(3).expect("a shape");
        let error = Dropout::new(1.0).output_shape(&[&shape]).expect_err("nothing would be left");
        assert_eq!(error.to_string(), "rate is 1; it must be at least 0 and below 1, 0.5 is usual");
        assert!(Dropout::new(f64::NAN).output_shape(&[&shape]).is_err());
    }
}
