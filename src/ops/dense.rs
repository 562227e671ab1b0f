//! `Dense`: every input to every unit (<https://keras.io/api/layers/core_layers/dense/>).

use serde::{Deserialize, Serialize};

use super::{Activation, Op, ParameterSpec};
use crate::error::Result;
use crate::initializer::Initializer;
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, dims};
use crate::shape::Shape;

/// `shaders/dense.wgsl`
pub static SHADER: Shader = Shader {
    file: "dense.wgsl",
    source: include_str!("../../shaders/dense.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::read("kernel"),
        Binding::read("bias"),
        Binding::write("y"),
        Binding::read("y_saved"),
        Binding::read("dy"),
        Binding::write("dx"),
        Binding::write("dkernel"),
        Binding::write("dbias"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [64, 1, 1] };
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { batch: u32, inputs: u32, units: u32 }
}

/// A matrix product over the last axis, with kernel (inputs, units).
///
/// On an image it works on every pixel alike, as in Keras.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dense {
    /// Size of the output.
    pub units: usize,
    /// Whether a bias is added.
    #[serde(default = "super::yes")]
    pub use_bias: bool,
    /// Applied to the sum.
    #[serde(default)]
    pub activation: Activation,
    /// Values of the kernel before training.
    #[serde(default = "super::glorot_uniform")]
    pub kernel_initializer: Initializer,
    /// Values of the bias before training.
    #[serde(default = "super::zeros")]
    pub bias_initializer: Initializer,
    /// L2 factor of the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel_l2: Option<f32>,
    /// L2 factor of the bias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias_l2: Option<f32>,
}

impl Dense {
    /// Keras's defaults: with bias, linear.
    pub fn new(units: usize) -> Self {
        Self {
            units,
            use_bias: true,
            activation: Activation::Linear,
            kernel_initializer: Initializer::GlorotUniform,
            bias_initializer: Initializer::Zeros,
            kernel_l2: None,
            bias_l2: None,
        }
    }

    fn dims(&self, batch: usize, input: &Shape) -> Dims {
        let rows = batch * input.elements() / input.channels();
        Dims { batch: rows as u32, inputs: input.channels() as u32, units: self.units as u32 }
    }
}

impl Op for Dense {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        super::check_count("units", self.units)?;
        let mut extents = inputs[0].extents().to_vec();
        if let Some(last) = extents.last_mut() {
            *last = self.units;
        }
        Shape::new(extents)
    }

    fn parameters(&self, inputs: &[&Shape]) -> Vec<ParameterSpec> {
        let shape = [inputs[0].channels(), self.units];
        let mut parameters =
            vec![ParameterSpec::new("kernel", shape, self.kernel_initializer).l2(self.kernel_l2)];
        if self.use_bias {
            let bias = ParameterSpec::new("bias", [self.units], self.bias_initializer);
            parameters.push(bias.l2(self.bias_l2));
        }
        parameters
    }

    fn macs(&self, inputs: &[&Shape]) -> u64 {
        (inputs[0].elements() as u64).saturating_mul(self.units as u64)
    }

    fn trailing_activation(&self) -> Option<Activation> {
        self.activation.trailing()
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        let kernel = cx.parameter("kernel").expect("a dense layer has a kernel");
        let bias = cx.parameter("bias");
        cx.push(
            Dispatch::new(&FORWARD)
                .dims(&self.dims(cx.batch(), &x.shape))
                .bind("x", x.slice)
                .bind("kernel", kernel)
                .bind("bias", bias.unwrap_or(kernel))
                .bind("y", y.slice)
                .constant("ACTIVATION", self.activation.fused())
                .constant("USE_BIAS", u32::from(bias.is_some()))
                .threads(y.slice.elements),
        );
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        let dims = self.dims(cx.batch(), &x.shape);
        let dy = cx.output_gradient();
        let kernel = cx.parameter("kernel").expect("a dense layer has a kernel");
        let common = |dispatch: Dispatch| {
            dispatch
                .dims(&dims)
                .bind("y_saved", if self.activation.fused() == 0 { dy } else { y.slice })
                .bind("dy", dy)
                .constant("ACTIVATION", self.activation.fused())
        };
        if let Some(dkernel) = cx.parameter_gradient("kernel") {
            let dbias = cx.parameter_gradient("bias");
            // Without a bias the shader never writes `dbias`, but the binding must name some memory of its own.
            let bias = dbias.unwrap_or_else(|| cx.scratch("unused", 1));
            let rows = dkernel.elements + if dbias.is_some() { self.units } else { 0 };
            cx.push(
                common(Dispatch::new(&BACKWARD_KERNEL))
                    .bind("x", x.slice)
                    .bind("dkernel", dkernel)
                    .bind("dbias", bias)
                    .constant("USE_BIAS", u32::from(dbias.is_some()))
                    .threads(rows),
            );
        }
        if let Some(dx) = cx.input_gradient(0) {
            cx.push(
                common(Dispatch::new(&BACKWARD_INPUT))
                    .bind("kernel", kernel)
                    .bind("dx", dx.slice)
                    .constant("ACCUMULATE", dx.accumulate)
                    .threads(dx.slice.elements),
            );
        }
    }
}
