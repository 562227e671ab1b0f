//! `Conv2D`: two-dimensional convolution (<https://keras.io/api/layers/convolution_layers/convolution2d/>).

use serde::{Deserialize, Serialize};

pub mod fours;
pub mod fours_kernel;
pub mod rows;
pub mod rows_kernel;
pub mod shared;
mod variants;
pub mod winograd;

use super::dense::{self, tiled};
use super::finish::Finish;
use super::sum_parts::{self, Parts};
use super::{Activation, Op, ParameterSpec};
use crate::error::{Result, bail};
use crate::initializer::Initializer;
use crate::plan::{Backward, Binding, Dispatch, Forward, InputGradient, Kernel, Shader, Slice, dims, wgsl};
use crate::shape::{Padding, Shape, Window};

/// `shaders/conv2d.wgsl`
pub static SHADER: Shader = Shader {
    file: "conv2d.wgsl",
    source: wgsl!("conv2d.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::read("kernel"),
        Binding::read("bias"),
        Binding::write("y"),
        Binding::read("dz"),
        Binding::write("dx"),
        Binding::write("dkernel"),
        Binding::write("dbias"),
        Binding::read("norm"),
        Binding::read("moving"),
        Binding::read("residual"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [64, 1, 1] };
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims {
        batch: u32,
        h: u32, w: u32, cin: u32,
        oh: u32, ow: u32, cout: u32,
        kh: u32, kw: u32,
        stride_h: u32, stride_w: u32,
        dilation_h: u32, dilation_w: u32,
        pad_top: u32, pad_left: u32,
        group_in: u32, group_out: u32,
    }
}

/// Convolution over images (height, width, channels) with kernels (kh, kw, channels / groups, filters).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Conv2D {
    /// Output channels.
    pub filters: usize,
    /// Window height and width.
    pub kernel_size: [usize; 2],
    /// Step between windows.
    #[serde(default = "super::one")]
    pub strides: [usize; 2],
    /// What happens at the border.
    #[serde(default = "super::valid")]
    pub padding: Padding,
    /// Distance between the cells of a window.
    #[serde(default = "super::one")]
    pub dilation_rate: [usize; 2],
    /// Groups of channels that do not see each other.
    #[serde(default = "super::single")]
    pub groups: usize,
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
    /// L1 factor of the kernel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel_l1: Option<f32>,
    /// L2 factor of the bias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias_l2: Option<f32>,
    /// L1 factor of the bias.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bias_l1: Option<f32>,
}

impl Conv2D {
    /// Keras's defaults: stride 1, `valid`, with bias, linear.
    pub fn new(filters: usize, kernel_size: [usize; 2]) -> Self {
        Self {
            filters,
            kernel_size,
            strides: [1, 1],
            padding: Padding::VALID,
            dilation_rate: [1, 1],
            groups: 1,
            use_bias: true,
            activation: Activation::Linear,
            kernel_initializer: Initializer::GlorotUniform,
            bias_initializer: Initializer::Zeros,
            kernel_l2: None,
            kernel_l1: None,
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
        Dims {
            batch: batch as u32,
            h: h as u32,
            w: w as u32,
            cin: cin as u32,
            oh: window.output[0] as u32,
            ow: window.output[1] as u32,
            cout: self.filters as u32,
            kh: window.kernel[0] as u32,
            kw: window.kernel[1] as u32,
            stride_h: window.strides[0] as u32,
            stride_w: window.strides[1] as u32,
            dilation_h: window.dilation[0] as u32,
            dilation_w: window.dilation[1] as u32,
            pad_top: window.before[0] as u32,
            pad_left: window.before[1] as u32,
            group_in: (cin / self.groups) as u32,
            group_out: (self.filters / self.groups) as u32,
        }
    }
}

impl Op for Conv2D {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        let (_, _, channels) = inputs[0].expect_image()?;
        super::check_count("filters", self.filters)?;
        if self.groups == 0
            || !channels.is_multiple_of(self.groups)
            || !self.filters.is_multiple_of(self.groups)
        {
            bail!(
                "{} input channels and {} filters do not divide into {} groups; make groups a divisor of both",
                channels,
                self.filters,
                self.groups
            );
        }
        let window = self.window(inputs[0])?;
        Shape::image(window.output[0], window.output[1], self.filters)
    }

    fn parameters(&self, inputs: &[&Shape]) -> Vec<ParameterSpec> {
        let [kh, kw] = self.kernel_size;
        let shape = [kh, kw, inputs[0].channels() / self.groups, self.filters];
        let mut parameters = vec![
            ParameterSpec::new("kernel", shape, self.kernel_initializer)
                .l2(self.kernel_l2)
                .l1(self.kernel_l1),
        ];
        if self.use_bias {
            let bias = ParameterSpec::new("bias", [self.filters], self.bias_initializer);
            parameters.push(bias.l2(self.bias_l2).l1(self.bias_l1));
        }
        parameters
    }

    fn macs(&self, inputs: &[&Shape]) -> u64 {
        let Ok(window) = self.window(inputs[0]) else { return 0 };
        let taps = window.area() as u64 * (inputs[0].channels() / self.groups) as u64;
        (window.output[0] as u64 * window.output[1] as u64)
            .saturating_mul(taps)
            .saturating_mul(self.filters as u64)
    }

    fn trailing_activation(&self) -> Option<Activation> {
        self.activation.trailing()
    }

    fn fused_activation(&self) -> u32 {
        self.activation.fused()
    }

    fn reach(&self, _input: &Shape) -> [(usize, usize); 2] {
        [0, 1].map(|axis| ((self.kernel_size[axis] - 1) * self.dilation_rate[axis] + 1, self.strides[axis]))
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        let sizes = self.dims(cx.batch(), &x.shape);
        let kernel = cx.parameter("kernel").expect("a convolution has a kernel");
        let bias = cx.parameter("bias");
        let end = Finish { fused: cx.fused(), activation: self.activation.fused() };
        let variant = cx.pick("conv forward", &sizes, variants::forward(&sizes));
        if variant == "winograd" {
            return winograd::forward(cx, &sizes, kernel, bias, end);
        }
        cx.push(match variant {
            "rows" => end.of_pairs(rows::forward(&sizes, x.slice, kernel, bias, y.slice), kernel),
            "fours" => end.of_fours(fours::forward(&sizes, x.slice, kernel, bias, y.slice), kernel),
            "shared" => end.of_fours(shared::forward(&sizes, x.slice, kernel, bias, y.slice), kernel),
            "pointwise" | tiled::WIDE => {
                let tiled = tiled::forward(variant, &sizes.pixels(), x.slice, kernel, bias, y.slice);
                end.of_pairs(tiled, kernel)
            }
            _ => {
                let dispatch = Dispatch::new(&FORWARD)
                    .dims(&sizes)
                    .bind("x", x.slice)
                    .bind("kernel", kernel)
                    .bind_optional("bias", bias, kernel)
                    .bind("y", y.slice)
                    .constant("USE_BIAS", u32::from(bias.is_some()))
                    .threads(y.slice.elements);
                end.of_values(dispatch, kernel)
            }
        });
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let sizes = self.dims(cx.batch(), &cx.input(0).shape);
        let dz = cx.sum_gradient();
        if let Some(dkernel) = cx.parameter_gradient("kernel") {
            self.backward_kernel(cx, &sizes, dz, dkernel);
        }
        if let Some(dx) = cx.input_gradient_below(0) {
            backward_input(cx, &sizes, dz, dx);
        }
    }
}

impl Conv2D {
    fn backward_kernel(&self, cx: &mut Backward<'_>, sizes: &Dims, dz: Slice, dkernel: Slice) {
        let x = cx.input(0).slice;
        let dbias = cx.parameter_gradient("bias");
        let use_bias = dbias.is_some();
        // Without a bias the shader never writes `dbias`, but the binding must name some memory of its own.
        let dbias = dbias.unwrap_or_else(|| cx.scratch("unused", 1));
        let split = match cx.pick("conv kernel", sizes, variants::backward_kernel(sizes)) {
            "winograd" => return winograd::backward_kernel(cx, sizes, dz, dkernel, (dbias, use_bias)),
            "rows" => Some((rows_kernel::splits(sizes)[0], rows_kernel::backward_kernel as SplitKernel)),
            "fours" => Some((fours_kernel::splits(sizes)[0], fours_kernel::backward_kernel as SplitKernel)),
            "pointwise" => {
                let to = (dbias, use_bias);
                return cx.push(tiled::backward_kernel(&sizes.pixels(), x, dz, dkernel, to));
            }
            "shared" => {
                let to = (dbias, use_bias);
                return cx.push(dense::shared::backward_kernel(&sizes.pixels(), x, dz, dkernel, to));
            }
            _ => None,
        };
        if let Some((count, kernel)) = split {
            let parts = parts(cx, count, dkernel, dbias);
            cx.push(kernel(sizes, x, dz, &parts, use_bias));
            if count > 1 {
                cx.push(sum_parts::sum(&parts, dkernel, dbias, use_bias));
            }
            return;
        }
        let rows = dkernel.elements + if use_bias { self.filters } else { 0 };
        cx.push(
            Dispatch::new(&BACKWARD_KERNEL)
                .dims(sizes)
                .bind("x", x)
                .bind("dz", dz)
                .bind("dkernel", dkernel)
                .bind("dbias", dbias)
                .constant("USE_BIAS", u32::from(use_bias))
                .threads(rows),
        );
    }
}

fn backward_input(cx: &mut Backward<'_>, sizes: &Dims, dz: Slice, dx: InputGradient) {
    let x = dx.saved(cx.input(0).slice);
    let kernel = cx.parameter("kernel").expect("a convolution has a kernel");
    let dispatch = match cx.pick("conv input", sizes, variants::backward_input(sizes)) {
        "winograd" => return winograd::backward_input(cx, sizes, dz, kernel, dx),
        "rows" => rows::backward_input(sizes, x, dz, kernel, dx.slice),
        "fours" => fours::backward_input(sizes, x, dz, kernel, dx.slice),
        "shared" => shared::backward_input(sizes, x, dz, kernel, dx.slice),
        "pointwise" => tiled::backward_input(&sizes.pixels(), x, dz, kernel, dx.slice),
        _ => Dispatch::new(&BACKWARD_INPUT)
            .dims(sizes)
            .bind_optional("x", x, dz)
            .bind("dz", dz)
            .bind("kernel", kernel)
            .bind("dx", dx.slice)
            .threads(dx.slice.elements),
    };
    cx.push(dx.finish(dispatch));
}

/// Memory for `count` sums of kernel and bias; the gradients themselves where one sum is all.
fn parts(cx: &mut Backward<'_>, count: usize, dkernel: Slice, dbias: Slice) -> Parts {
    if count == 1 {
        return Parts { parts: 1, kernel: dkernel, bias: dbias };
    }
    let kernel = cx.scratch("kernel parts", count * dkernel.elements);
    let bias = cx.scratch("bias parts", count * dbias.elements);
    Parts { parts: count, kernel, bias }
}

/// A kernel gradient in parts: sizes, x, y and dy, where the parts go, whether there is a bias.
type SplitKernel = fn(&Dims, Slice, Slice, &Parts, bool) -> Dispatch;
