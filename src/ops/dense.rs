//! `Dense`: every input to every unit (<https://keras.io/api/layers/core_layers/dense/>).

use serde::{Deserialize, Serialize};

pub mod shared;
pub mod tiled;

use super::finish::Finish;
use super::{Activation, Op, ParameterSpec};
use crate::error::Result;
use crate::initializer::Initializer;
use crate::plan::{
    ALIGN, Backward, Binding, Candidate, Dispatch, Forward, InputGradient, Kernel, MAX_BINDING, Shader,
    Slice, dims, wgsl,
};
use crate::shape::Shape;

/// `shaders/dense.wgsl`
pub static SHADER: Shader = Shader {
    file: "dense.wgsl",
    source: wgsl!("dense.wgsl"),
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
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [64, 1, 1] };
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { batch: u32, inputs: u32, units: u32, first: u32, row: u32 }
}

impl Dims {
    /// Whether one dispatch may see the whole kernel.
    fn fits_a_binding(&self) -> bool {
        self.inputs as usize * self.units as usize <= MAX_BINDING
    }

    /// The kernel in shares of its rows: sizes for each dispatch, and its part of `kernel`. One share as a rule.
    fn shares(self, variant: &str, kernel: Slice) -> impl DoubleEndedIterator<Item = (Self, Slice)> {
        let (inputs, units) = (self.inputs as usize, self.units as usize);
        // So many rows end where a binding may begin.
        let least = ALIGN >> units.trailing_zeros().min(ALIGN.ilog2());
        let rows = match variant {
            // Without need, for the tests to see many.
            "shares" => least,
            _ if self.fits_a_binding() => inputs,
            _ => (MAX_BINDING / units / least).max(1) * least,
        };
        (0..inputs).step_by(rows).map(move |first| {
            let count = rows.min(inputs - first);
            let slice = Slice { offset: kernel.offset + first * units, elements: count * units, ..kernel };
            (Self { inputs: count as u32, first: first as u32, ..self }, slice)
        })
    }

    fn tiled(&self) -> tiled::Dims {
        tiled::Dims::new(self.batch, self.inputs, self.units)
    }

    /// What register tiles cost beside the multiplications, for each of these.
    fn startup(&self) -> f32 {
        let macs = [self.batch, self.inputs, self.units].map(|n| n as f32).into_iter().product();
        Candidate::startup(macs)
    }

    fn is_last(&self) -> bool {
        self.first + self.inputs == self.row
    }
}

/// A matrix product over the last axis, with kernel (inputs, units).
///
/// On an image it works on every pixel alike, as in Keras.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
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
            kernel_l1: None,
            bias_l2: None,
            bias_l1: None,
        }
    }

    fn dims(&self, batch: usize, input: &Shape) -> Dims {
        let rows = batch * input.elements() / input.channels();
        let inputs = input.channels() as u32;
        Dims { batch: rows as u32, inputs, units: self.units as u32, first: 0, row: inputs }
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
        let mut parameters = vec![
            ParameterSpec::new("kernel", shape, self.kernel_initializer)
                .l2(self.kernel_l2)
                .l1(self.kernel_l1),
        ];
        if self.use_bias {
            let bias = ParameterSpec::new("bias", [self.units], self.bias_initializer);
            parameters.push(bias.l2(self.bias_l2).l1(self.bias_l1));
        }
        parameters
    }

    fn macs(&self, inputs: &[&Shape]) -> u64 {
        (inputs[0].elements() as u64).saturating_mul(self.units as u64)
    }

    fn trailing_activation(&self) -> Option<Activation> {
        self.activation.trailing()
    }

    fn fused_activation(&self) -> u32 {
        self.activation.fused()
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        let sizes = self.dims(cx.batch(), &x.shape);
        let kernel = cx.parameter("kernel").expect("a dense layer has a kernel");
        let bias = cx.parameter("bias");
        let fused = self.activation.fused();
        let end = Finish { fused: None, activation: fused };
        let mut candidates = candidates(&sizes, [sizes.batch, sizes.units, sizes.inputs]);
        if sizes.fits_a_binding() {
            candidates.extend(sizes.tiled().wide(sizes.startup(), 3.7));
        }
        let variant = cx.pick("dense forward", &sizes, candidates);
        if variant == "tiled" || variant == tiled::WIDE {
            let tiled = tiled::forward(variant, &sizes.tiled(), x.slice, kernel, bias, y.slice);
            return cx.push(end.of_pairs(tiled, kernel));
        }
        if variant == "shared" {
            let shared = shared::forward(&sizes.tiled(), x.slice, kernel, bias, y.slice);
            return cx.push(end.of_fours(shared, kernel));
        }
        for (share, kernel) in sizes.shares(variant, kernel) {
            let dispatch = Dispatch::new(&FORWARD)
                .dims(&share)
                .bind("x", x.slice)
                .bind("kernel", kernel)
                .bind_optional("bias", bias, kernel)
                .bind("y", y.slice);
            let dispatch = dispatch.constant("USE_BIAS", u32::from(bias.is_some()));
            cx.push(dispatch.constant("ACTIVATION", fused).threads(y.slice.elements));
        }
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

impl Dense {
    fn backward_kernel(&self, cx: &mut Backward<'_>, sizes: &Dims, dz: Slice, dkernel: Slice) {
        let x = cx.input(0).slice;
        let dbias = cx.parameter_gradient("bias");
        let use_bias = dbias.is_some();
        // Without a bias the shader never writes `dbias`, but the binding must name some memory of its own.
        let dbias = dbias.unwrap_or_else(|| cx.scratch("unused", 1));
        let variant =
            cx.pick("dense kernel", sizes, candidates(sizes, [sizes.inputs, sizes.units, sizes.batch]));
        let to = (dbias, use_bias);
        match variant {
            "tiled" => return cx.push(tiled::backward_kernel(&sizes.tiled(), x, dz, dkernel, to)),
            "shared" => return cx.push(shared::backward_kernel(&sizes.tiled(), x, dz, dkernel, to)),
            _ => {}
        }
        for (share, dkernel) in sizes.shares(variant, dkernel) {
            let use_bias = use_bias && share.is_last();
            cx.push(
                Dispatch::new(&BACKWARD_KERNEL)
                    .dims(&share)
                    .bind("x", x)
                    .bind("dz", dz)
                    .bind("dkernel", dkernel)
                    .bind("dbias", dbias)
                    .constant("USE_BIAS", u32::from(use_bias))
                    .threads(dkernel.elements + if use_bias { self.units } else { 0 }),
            );
        }
    }
}

fn backward_input(cx: &mut Backward<'_>, sizes: &Dims, dz: Slice, dx: InputGradient) {
    let x = dx.saved(cx.input(0).slice);
    let kernel = cx.parameter("kernel").expect("a dense layer has a kernel");
    let variant = cx.pick("dense input", sizes, candidates(sizes, [sizes.batch, sizes.inputs, sizes.units]));
    match variant {
        "tiled" => return cx.push(dx.finish(tiled::backward_input(&sizes.tiled(), x, dz, kernel, dx.slice))),
        "shared" => {
            return cx.push(dx.finish(shared::backward_input(&sizes.tiled(), x, dz, kernel, dx.slice)));
        }
        _ => {}
    }
    for (share, kernel) in sizes.shares(variant, kernel) {
        let dispatch = Dispatch::new(&BACKWARD_INPUT)
            .dims(&share)
            .bind_optional("x", x, dz)
            .bind("dz", dz)
            .bind("kernel", kernel)
            .bind("dx", dx.slice)
            .threads((share.batch * share.inputs) as usize);
        cx.push(dx.finish(dispatch));
    }
}

/// What can compute results of so many rows and columns, each a sum over so many numbers.
fn candidates(sizes: &Dims, sides: [u32; 3]) -> Vec<Candidate> {
    // Shares cost a reading and a writing of y more than one loop over everything: so much that nobody need try them.
    let mut candidates = vec![Candidate::plain(), Candidate::new("shares", 100.0, 100.0)];
    if sizes.fits_a_binding() && sizes.tiled().fits() {
        let startup = sizes.startup();
        candidates.push(Candidate::new("tiled", startup + 4.0, startup + 4.0));
        if shared::fits(&sizes.tiled()) {
            shared::offer(&mut candidates, startup, sides);
        }
    }
    candidates
}
