//! `LocalResponseNormalization`: `AlexNet`'s own (Krizhevsky et al. 2012, section 3.3), as
//! <https://www.tensorflow.org/api_docs/python/tf/nn/local_response_normalization>.

use serde::{Deserialize, Serialize};

use super::Op;
use crate::error::{Result, bail};
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, dims, wgsl};
use crate::shape::Shape;

/// `shaders/local_response_norm.wgsl`
pub static SHADER: Shader = Shader {
    file: "local_response_norm.wgsl",
    source: wgsl!("local_response_norm.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::write("y"),
        Binding::write("base"),
        Binding::read("base_saved"),
        Binding::read("dy"),
        Binding::write("dx"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { count: u32, channels: u32, radius: u32, bias: f32, alpha: f32, beta: f32 }
}

/// y = x / (bias + alpha · Σ x²)^beta, the sum over the channels up to `depth_radius` away. Not a class of Keras.
///
/// The defaults are TensorFlow's; [`LocalResponseNormalization::alexnet`] has the paper's. Alpha is not divided by the
/// number of neighbours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LocalResponseNormalization {
    /// How far neighbours reach to either side, the paper's n / 2.
    #[serde(default = "depth_radius")]
    pub depth_radius: usize,
    /// The paper's k, keeps the divisor away from 0.
    #[serde(default = "one")]
    pub bias: f64,
    /// Weight of the squares.
    #[serde(default = "one")]
    pub alpha: f64,
    /// Exponent.
    #[serde(default = "half")]
    pub beta: f64,
}

fn depth_radius() -> usize {
    5
}
fn one() -> f64 {
    1.0
}
fn half() -> f64 {
    0.5
}

impl Default for LocalResponseNormalization {
    fn default() -> Self {
        Self { depth_radius: depth_radius(), bias: one(), alpha: one(), beta: half() }
    }
}

impl LocalResponseNormalization {
    /// The constants of the paper: n = 5, k = 2, alpha = 1e-4, beta = 0.75.
    pub fn alexnet() -> Self {
        Self { depth_radius: 2, bias: 2.0, alpha: 1e-4, beta: 0.75 }
    }

    fn dims(&self, count: usize, shape: &Shape) -> Dims {
        Dims {
            count: count as u32,
            channels: shape.channels() as u32,
            radius: self.depth_radius.min(shape.channels()) as u32,
            bias: self.bias as f32,
            alpha: self.alpha as f32,
            beta: self.beta as f32,
        }
    }
}

impl Op for LocalResponseNormalization {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        if !(self.bias.is_finite() && self.bias > 0.0 && (self.bias as f32) > 0.0) {
            bail!("bias is {}; it must be above 0, or a dark pixel divides by 0", self.bias);
        }
        for (name, value) in [("alpha", self.alpha), ("beta", self.beta)] {
            if !(value.is_finite() && value >= 0.0) {
                bail!("{name} is {value}; it must be a number of at least 0");
            }
        }
        Ok(inputs[0].clone())
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output().slice);
        let base = if cx.has_backward() { cx.scratch("base", y.elements) } else { cx.scratch("unused", 1) };
        cx.push(
            Dispatch::new(&FORWARD)
                .dims(&self.dims(y.elements, &x.shape))
                .bind("x", x.slice)
                .bind("y", y)
                .bind("base", base)
                .constant("REMEMBER", u32::from(cx.has_backward()))
                .threads(y.elements),
        );
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let Some(dx) = cx.input_gradient(0) else { return };
        let (x, dy) = (cx.input(0), cx.output_gradient());
        let base = cx.scratch("base", dy.elements);
        cx.push(
            Dispatch::new(&BACKWARD)
                .dims(&self.dims(dy.elements, &x.shape))
                .bind("x", x.slice)
                .bind("base_saved", base)
                .bind("dy", dy)
                .bind("dx", dx.slice)
                .constant("ACCUMULATE", dx.accumulate)
                .threads(dy.elements),
        );
    }
}
