//! Activations: fused into the layer before them where that costs nothing, and as the layer `Activation`.

use serde::{Deserialize, Serialize};

use super::Op;
use super::softmax;
use crate::error::Result;
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, dims};
use crate::shape::Shape;

/// `shaders/activation.wgsl`
pub static SHADER: Shader = Shader {
    file: "activation.wgsl",
    source: include_str!("../../shaders/activation.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::write("y"),
        Binding::read("dy"),
        Binding::write("dx"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { count: u32, parameter: f32 }
}

/// Keras's activation functions, by their Keras names (<https://keras.io/api/layers/activations/>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// None.
    #[default]
    Linear,
    /// max(x, 0)
    Relu,
    /// Hyperbolic tangent.
    Tanh,
    /// 1 / (1 + e⁻ˣ)
    Sigmoid,
    /// x above 0, eˣ − 1 below.
    Elu,
    /// Exponentials that sum to 1 over the last axis.
    Softmax,
}

impl Activation {
    /// Its number in the shaders' `ACTIVATION`; 0 (linear) where it has no fused form.
    ///
    /// Fused are those whose derivative follows from their own output, so that nothing more is kept.
    pub fn fused(self) -> u32 {
        match self {
            Self::Linear | Self::Softmax => 0,
            Self::Relu => 1,
            Self::Tanh => 2,
            Self::Sigmoid => 3,
            Self::Elu => 4,
        }
    }

    /// The activation itself where a layer cannot fuse it.
    pub fn trailing(self) -> Option<Self> {
        (self != Self::Linear && self.fused() == 0).then_some(self)
    }
}

/// An activation as a layer of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivationLayer {
    /// Which function.
    pub activation: Activation,
}

impl Op for ActivationLayer {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        Ok(inputs[0].clone())
    }

    fn is_softmax(&self) -> bool {
        self.activation == Activation::Softmax
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        if self.is_softmax() {
            return softmax::forward(cx);
        }
        let (x, y) = (cx.input(0), cx.output());
        cx.push(
            Dispatch::new(&FORWARD)
                .dims(&Dims { count: y.slice.elements as u32, parameter: 1.0 })
                .bind("x", x.slice)
                .bind("y", y.slice)
                .constant("ACTIVATION", self.activation.fused())
                .threads(y.slice.elements),
        );
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        if self.is_softmax() {
            return softmax::backward(cx);
        }
        let Some(dx) = cx.input_gradient(0) else { return };
        let dy = cx.output_gradient();
        let x = cx.input(0).slice;
        cx.push(
            Dispatch::new(&BACKWARD)
                .dims(&Dims { count: dy.elements as u32, parameter: 1.0 })
                .bind("x", x)
                .bind("dy", dy)
                .bind("dx", dx.slice)
                .constant("ACTIVATION", self.activation.fused())
                .constant("ACCUMULATE", dx.accumulate)
                .threads(dy.elements),
        );
    }
}
