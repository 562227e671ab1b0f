//! Activations: fused into the layer before them where that costs nothing, and as layers of their own.

use serde::{Deserialize, Serialize};

use super::Op;
use super::softmax;
use crate::error::{Result, bail};
use crate::plan::{Backward, Binding, Dispatch, Forward, InputGradient, Kernel, Shader, Slice, dims, wgsl};
use crate::shape::Shape;

/// `shaders/activation.wgsl`
pub static SHADER: Shader = Shader {
    file: "activation.wgsl",
    source: wgsl!("activation.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::write("y"),
        Binding::read("dy"),
        Binding::write("dx"),
        Binding::read("y_saved"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };
static BACKWARD_FROM_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_from_input", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { count: u32, parameter: f32, threshold: f32, ceiling: f32 }
}

/// Keras's activation functions, by their Keras names (<https://keras.io/api/layers/activations/>).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
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
    /// x above 0, 0.2 · x below. The layer [`LeakyReLU`] takes other slopes.
    LeakyRelu,
    /// x · Φ(x), with the normal distribution Φ (Hendrycks and Gimpel 2016).
    Gelu,
    /// The same by tanh: Keras's `gelu(x, approximate=True)`, for which it has no name.
    GeluTanh,
    /// Exponentials that sum to 1 over the last axis.
    Softmax,
    /// Logarithms of those.
    LogSoftmax,
}

impl Activation {
    /// Its number in the shaders' `ACTIVATION`; 0 (linear) where it has no fused form.
    ///
    /// Fused are those whose derivative follows from their own output, so that nothing more is kept.
    pub fn fused(self) -> u32 {
        match self {
            Self::Relu => 1,
            Self::Tanh => 2,
            Self::Sigmoid => 3,
            Self::Elu => 4,
            Self::Linear
            | Self::LeakyRelu
            | Self::Gelu
            | Self::GeluTanh
            | Self::Softmax
            | Self::LogSoftmax => 0,
        }
    }

    /// The activation itself where a layer cannot fuse it.
    pub fn trailing(self) -> Option<Self> {
        (self != Self::Linear && self.fused() == 0).then_some(self)
    }

    /// As a function of one value; not for the two softmaxes, which look at a whole row.
    fn function(self) -> Function {
        let plain = |number| Function { number, ..Function::default() };
        match self {
            Self::LeakyRelu => Function { parameter: 0.2, ..plain(5) },
            Self::Gelu => plain(GELU),
            Self::GeluTanh => plain(GELU_TANH),
            fused => plain(fused.fused()),
        }
    }
}

/// The shader's numbers of those whose slope does not follow from their output.
const GELU: u32 = 6;
const GELU_TANH: u32 = 7;

/// What the shader computes: the number of a function, and the function's own constants.
#[derive(Clone, Copy, Debug)]
struct Function {
    number: u32,
    parameter: f32,
    threshold: f32,
    ceiling: f32,
}

impl Default for Function {
    fn default() -> Self {
        Self { number: 0, parameter: 1.0, threshold: 0.0, ceiling: f32::MAX }
    }
}

impl Function {
    fn dims(self, count: usize) -> Dims {
        let Self { parameter, threshold, ceiling, .. } = self;
        Dims { count: count as u32, parameter, threshold, ceiling }
    }

    fn forward(self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0).slice, cx.output().slice);
        cx.push(
            Dispatch::new(&FORWARD)
                .dims(&self.dims(y.elements))
                .bind("x", x)
                .bind("y", y)
                .constant("ACTIVATION", self.number)
                .threads(y.elements),
        );
    }

    fn backward(self, cx: &mut Backward<'_>) {
        let Some(dx) = cx.input_gradient(0) else { return };
        let dispatch = match self.number {
            GELU | GELU_TANH => Dispatch::new(&BACKWARD_FROM_INPUT).bind("x", cx.input(0).slice),
            _ => Dispatch::new(&BACKWARD).bind("y_saved", cx.output().slice),
        };
        cx.push(self.gradient(dispatch, cx.output_gradient(), dx));
    }

    fn gradient(self, dispatch: Dispatch, dy: Slice, dx: InputGradient) -> Dispatch {
        dispatch
            .dims(&self.dims(dy.elements))
            .bind("dy", dy)
            .bind("dx", dx.slice)
            .constant("ACTIVATION", self.number)
            .constant("ACCUMULATE", dx.accumulate)
            .threads(dy.elements)
    }
}

/// The gradient of what went into an activation that another op's kernel applied, by its number.
pub(crate) fn backward(number: u32, y: Slice, dy: Slice, dz: Slice) -> Dispatch {
    let function = Function { number, ..Function::default() };
    let dispatch = Dispatch::new(&BACKWARD).bind("y_saved", y);
    function.gradient(dispatch, dy, InputGradient { slice: dz, accumulate: 0, below: 0 })
}

/// An activation as a layer of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
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
        match self.activation {
            Activation::Softmax => softmax::forward(cx),
            Activation::LogSoftmax => softmax::forward_log(cx),
            other => other.function().forward(cx),
        }
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        match self.activation {
            Activation::Softmax => softmax::backward(cx),
            Activation::LogSoftmax => softmax::backward_log(cx),
            other => other.function().backward(cx),
        }
    }
}

/// A slope below 0 that can be trained with.
fn check_slope(name: &str, slope: f64) -> Result<()> {
    if !(slope.is_finite() && slope >= 0.0) {
        bail!("{name} is {slope}; it must be a number of at least 0");
    }
    Ok(())
}

/// x above 0, `negative_slope · x` below (<https://keras.io/api/layers/activation_layers/leaky_relu/>).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LeakyReLU {
    /// Slope below 0.
    #[serde(default = "leaky_slope")]
    pub negative_slope: f64,
}

fn leaky_slope() -> f64 {
    0.3
}

impl LeakyReLU {
    /// With this slope below 0.
    pub fn new(negative_slope: f64) -> Self {
        Self { negative_slope }
    }

    fn function(&self) -> Function {
        Function { number: 5, parameter: self.negative_slope as f32, ..Function::default() }
    }
}

impl Op for LeakyReLU {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        check_slope("negative_slope", self.negative_slope)?;
        Ok(inputs[0].clone())
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        self.function().forward(cx);
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        self.function().backward(cx);
    }
}

/// x above 0, `alpha · (eˣ − 1)` below (<https://keras.io/api/layers/activation_layers/elu/>).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ELU {
    /// Minus the value far below 0.
    #[serde(default = "alpha")]
    pub alpha: f64,
}

fn alpha() -> f64 {
    1.0
}

impl ELU {
    /// With this value, negated, far below 0.
    pub fn new(alpha: f64) -> Self {
        Self { alpha }
    }

    fn function(&self) -> Function {
        Function { number: 4, parameter: self.alpha as f32, ..Function::default() }
    }
}

impl Op for ELU {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        check_slope("alpha", self.alpha)?;
        Ok(inputs[0].clone())
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        self.function().forward(cx);
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        self.function().backward(cx);
    }
}

/// x between `threshold` and `max_value`, `max_value` above, `negative_slope · (x − threshold)` below
/// (<https://keras.io/api/layers/activation_layers/relu/>). `MobileNet`'s relu6 is `max_value` 6.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ReLU {
    /// The largest output; `None` for no limit.
    #[serde(default)]
    pub max_value: Option<f64>,
    /// Slope below the threshold.
    #[serde(default)]
    pub negative_slope: f64,
    /// Where values begin to pass.
    #[serde(default)]
    pub threshold: f64,
}

impl ReLU {
    fn function(&self) -> Function {
        Function {
            number: 8,
            parameter: self.negative_slope as f32,
            threshold: self.threshold as f32,
            ceiling: self.max_value.map_or(f32::MAX, |most| most as f32),
        }
    }
}

impl Op for ReLU {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        check_slope("negative_slope", self.negative_slope)?;
        check_slope("threshold", self.threshold)?;
        if let Some(most) = self.max_value.filter(|most| !(most.is_finite() && *most > self.threshold)) {
            bail!("max_value is {most}; it must be a number above the threshold {}", self.threshold);
        }
        Ok(inputs[0].clone())
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        self.function().forward(cx);
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        self.function().backward(cx);
    }
}
