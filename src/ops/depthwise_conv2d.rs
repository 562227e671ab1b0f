//! `DepthwiseConv2D`: a convolution of every channel by itself
//! (<https://keras.io/api/layers/convolution_layers/depthwise_convolution2d/>).

use serde::{Deserialize, Serialize};

use super::chunks::{chunk_rows, tiles};
use super::{Activation, Op, ParameterSpec};
use crate::error::{Result, bail};
use crate::initializer::Initializer;
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, dims, wgsl};
use crate::shape::{Padding, Shape, Window};

/// `shaders/depthwise_conv2d.wgsl`
pub static SHADER: Shader = Shader {
    file: "depthwise_conv2d.wgsl",
    source: wgsl!("depthwise_conv2d.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::read("kernel"),
        Binding::read("bias"),
        Binding::write("y"),
        Binding::read("dy"),
        Binding::write("dx"),
        Binding::write("parts"),
        Binding::read("parts_saved"),
        Binding::write("dkernel"),
        Binding::write("dbias"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [64, 1, 1] };
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [16, 16, 1] };
static BACKWARD_KERNEL_TOTAL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel_total", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims {
        batch: u32,
        h: u32, w: u32, cin: u32,
        oh: u32, ow: u32, cout: u32,
        kh: u32, kw: u32,
        stride_h: u32, stride_w: u32,
        dilation_h: u32, dilation_w: u32,
        pad_top: u32, pad_left: u32,
        multiplier: u32,
        chunk: u32,
        chunks: u32,
    }
}

/// Convolution over images (height, width, channels) with kernels (kh, kw, channels, multiplier): output channel
/// c · multiplier + m reads input channel c.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DepthwiseConv2D {
    /// Window height and width.
    pub kernel_size: [usize; 2],
    /// Step between windows.
    #[serde(default = "super::one")]
    pub strides: [usize; 2],
    /// What happens at the border.
    #[serde(default = "super::valid")]
    pub padding: Padding,
    /// Output channels of each input channel.
    #[serde(default = "super::single")]
    pub depth_multiplier: usize,
    /// Distance between the cells of a window.
    #[serde(default = "super::one")]
    pub dilation_rate: [usize; 2],
    /// Whether a bias is added.
    #[serde(default = "super::yes")]
    pub use_bias: bool,
    /// Applied to the sum.
    #[serde(default)]
    pub activation: Activation,
    /// Values of the kernel before training.
    #[serde(default = "super::glorot_uniform")]
    pub depthwise_initializer: Initializer,
    /// Values of the bias before training.
    #[serde(default = "super::zeros")]
    pub bias_initializer: Initializer,
    /// L2 factor of the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depthwise_l2: Option<f32>,
    /// L1 factor of the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub depthwise_l1: Option<f32>,
    /// L2 factor of the bias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias_l2: Option<f32>,
    /// L1 factor of the bias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias_l1: Option<f32>,
}

impl DepthwiseConv2D {
    /// Keras's defaults: stride 1, `valid`, one output a channel, with bias, linear.
    pub fn new(kernel_size: [usize; 2]) -> Self {
        Self {
            kernel_size,
            strides: [1, 1],
            padding: Padding::VALID,
            depth_multiplier: 1,
            dilation_rate: [1, 1],
            use_bias: true,
            activation: Activation::Linear,
            depthwise_initializer: Initializer::GlorotUniform,
            bias_initializer: Initializer::Zeros,
            depthwise_l2: None,
            depthwise_l1: None,
            bias_l2: None,
            bias_l1: None,
        }
    }

    fn window(&self, input: &Shape) -> Result<Window> {
        let (h, w, _) = input.expect_image()?;
        Window::new([h, w], self.kernel_size, self.strides, self.dilation_rate, self.padding)
    }

    fn dims(&self, batch: usize, input: &Shape) -> Dims {
        let window = self.window(input).expect("checked by output_shape");
        let (h, w, cin) = input.hwc();
        let cout = cin * self.depth_multiplier;
        let places = batch * window.output[0] * window.output[1];
        let chunk = chunk_rows(places, cout * window.area());
        Dims {
            batch: batch as u32,
            h: h as u32,
            w: w as u32,
            cin: cin as u32,
            oh: window.output[0] as u32,
            ow: window.output[1] as u32,
            cout: cout as u32,
            kh: window.kernel[0] as u32,
            kw: window.kernel[1] as u32,
            stride_h: window.strides[0] as u32,
            stride_w: window.strides[1] as u32,
            dilation_h: window.dilation[0] as u32,
            dilation_w: window.dilation[1] as u32,
            pad_top: window.before[0] as u32,
            pad_left: window.before[1] as u32,
            multiplier: self.depth_multiplier as u32,
            chunk: chunk as u32,
            chunks: places.div_ceil(chunk) as u32,
        }
    }

    /// Emits the gradients of kernel and bias.
    fn emit_kernel(dims: &Dims, cx: &mut Backward<'_>) {
        let Some(dkernel) = cx.parameter_gradient("kernel") else { return };
        let dbias = cx.parameter_gradient("bias");
        let use_bias = u32::from(dbias.is_some());
        let cout = dims.cout as usize;
        let taps = (dims.kh * dims.kw + use_bias) as usize;
        let chunks = dims.chunks as usize;
        let parts = cx.scratch("parts", chunks * taps * cout);
        cx.push(
            Dispatch::new(&BACKWARD_KERNEL)
                .dims(dims)
                .bind("x", cx.input(0).slice)
                .bind("dy", cx.output_gradient())
                .bind("parts", parts)
                .constant("USE_BIAS", use_bias)
                .groups(tiles(cout) * taps * chunks),
        );
        // Without a bias the shader never writes `dbias`, but the binding must name some memory of its own.
        let dbias = dbias.unwrap_or_else(|| cx.scratch("unused", 1));
        cx.push(
            Dispatch::new(&BACKWARD_KERNEL_TOTAL)
                .dims(dims)
                .bind("parts_saved", parts)
                .bind("dkernel", dkernel)
                .bind("dbias", dbias)
                .constant("USE_BIAS", use_bias)
                .threads(taps * cout),
        );
    }
}

impl Op for DepthwiseConv2D {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        let (_, _, channels) = inputs[0].expect_image()?;
        super::check_count("depth_multiplier", self.depth_multiplier)?;
        let window = self.window(inputs[0])?;
        match channels.checked_mul(self.depth_multiplier) {
            Some(cout) => Shape::image(window.output[0], window.output[1], cout),
            None => bail!("{channels} channels times depth_multiplier {} is too much", self.depth_multiplier),
        }
    }

    fn parameters(&self, inputs: &[&Shape]) -> Vec<ParameterSpec> {
        let [kh, kw] = self.kernel_size;
        let channels = inputs[0].channels();
        let shape = [kh, kw, channels, self.depth_multiplier];
        let kernel = ParameterSpec::new("kernel", shape, self.depthwise_initializer)
            .l2(self.depthwise_l2)
            .l1(self.depthwise_l1);
        let bias = || {
            let elements = channels * self.depth_multiplier;
            ParameterSpec::new("bias", [elements], self.bias_initializer).l2(self.bias_l2).l1(self.bias_l1)
        };
        [kernel].into_iter().chain(self.use_bias.then(bias)).collect()
    }

    fn macs(&self, inputs: &[&Shape]) -> u64 {
        let Ok(window) = self.window(inputs[0]) else { return 0 };
        let outputs = inputs[0].channels() as u64 * self.depth_multiplier as u64;
        (window.output[0] as u64 * window.output[1] as u64)
            .saturating_mul(window.area() as u64)
            .saturating_mul(outputs)
    }

    fn trailing_activation(&self) -> Option<Activation> {
        (self.activation != Activation::Linear).then_some(self.activation)
    }

    fn reach(&self, _input: &Shape) -> [(usize, usize); 2] {
        [0, 1].map(|axis| ((self.kernel_size[axis] - 1) * self.dilation_rate[axis] + 1, self.strides[axis]))
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        let kernel = cx.parameter("kernel").expect("a convolution has a kernel");
        let bias = cx.parameter("bias");
        cx.push(
            Dispatch::new(&FORWARD)
                .dims(&self.dims(cx.batch(), &x.shape))
                .bind("x", x.slice)
                .bind("kernel", kernel)
                .bind("bias", bias.unwrap_or(kernel))
                .bind("y", y.slice)
                .constant("USE_BIAS", u32::from(bias.is_some()))
                .threads(y.slice.elements),
        );
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let dims = self.dims(cx.batch(), &cx.input(0).shape);
        Self::emit_kernel(&dims, cx);
        let Some(dx) = cx.input_gradient(0) else { return };
        let kernel = cx.parameter("kernel").expect("a convolution has a kernel");
        cx.push(
            Dispatch::new(&BACKWARD_INPUT)
                .dims(&dims)
                .bind("kernel", kernel)
                .bind("dy", cx.output_gradient())
                .bind("dx", dx.slice)
                .constant("ACCUMULATE", dx.accumulate)
                .threads(dx.slice.elements),
        );
    }
}
