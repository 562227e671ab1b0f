//! `BatchNormalization` (Ioffe and Szegedy 2015; <https://keras.io/api/layers/normalization_layers/batch_normalization/>).

use serde::{Deserialize, Serialize};

pub mod fours;

use super::chunks::{chunk_rows, tiles};
use super::{Op, ParameterSpec};
use crate::error::{Result, bail};
use crate::initializer::Initializer;
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, Slice, Tensor, dims, wgsl};
use crate::shape::Shape;

/// `shaders/batch_norm.wgsl`
pub static SHADER: Shader = Shader {
    file: "batch_norm.wgsl",
    source: wgsl!("batch_norm.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::write("moments"),
        Binding::read("moments_saved"),
        Binding::write("batch_mean"),
        Binding::write("batch_variance"),
        Binding::write("moving_mean"),
        Binding::write("moving_variance"),
        Binding::read("mean"),
        Binding::read("variance"),
        Binding::read("gamma"),
        Binding::read("beta"),
        Binding::write("y"),
        Binding::read("dy"),
        Binding::write("sums"),
        Binding::read("sums_saved"),
        Binding::write("total"),
        Binding::read("total_saved"),
        Binding::write("dgamma"),
        Binding::write("dbeta"),
        Binding::write("dx"),
    ],
    dims: Dims::LAYOUT,
};
static CHUNK_MOMENTS: Kernel =
    Kernel { shader: &SHADER, entry_point: "chunk_moments", workgroup_size: [16, 16, 1] };
static BATCH_STATISTICS: Kernel =
    Kernel { shader: &SHADER, entry_point: "batch_statistics", workgroup_size: [16, 16, 1] };
static BATCH_STATISTICS_AT_ONCE: Kernel =
    Kernel { shader: &SHADER, entry_point: "batch_statistics_at_once", workgroup_size: [16, 16, 1] };
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static CHUNK_SUMS: Kernel =
    Kernel { shader: &SHADER, entry_point: "chunk_sums", workgroup_size: [16, 16, 1] };
static BACKWARD_PARAMETERS: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_parameters", workgroup_size: [16, 16, 1] };
static BACKWARD_PARAMETERS_AT_ONCE: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_parameters_at_once", workgroup_size: [16, 16, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { rows: u32, channels: u32, chunk: u32, chunks: u32, epsilon: f32, momentum: f32 }
}

/// Each channel, over the batch and all pixels, to mean 0 and variance 1, then scaled by gamma and moved by beta.
///
/// Training uses the batch's own mean and variance (divided by the count) and moves the moving ones towards them;
/// inference uses the moving ones, and so does a layer that is not trainable, as in Keras.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct BatchNormalization {
    /// The axis of the channels: the last, −1 or its number with the batch counted as 0.
    #[serde(default = "super::last_axis")]
    pub axis: i32,
    /// Share of the old moving statistics that a step keeps.
    #[serde(default = "momentum")]
    pub momentum: f64,
    /// Added to the variance, keeps the root away from 0.
    #[serde(default = "epsilon")]
    pub epsilon: f64,
    /// Whether beta is added.
    #[serde(default = "super::yes", skip_serializing_if = "super::is_true")]
    pub center: bool,
    /// Whether gamma multiplies.
    #[serde(default = "super::yes", skip_serializing_if = "super::is_true")]
    pub scale: bool,
    /// Values of gamma before training; zeros in the last norm of a residual block make the block begin as identity.
    #[serde(default = "super::ones", skip_serializing_if = "super::is_ones")]
    pub gamma_initializer: Initializer,
}

fn momentum() -> f64 {
    0.99
}
fn epsilon() -> f64 {
    1e-3
}

impl Default for BatchNormalization {
    fn default() -> Self {
        Self {
            axis: -1,
            momentum: momentum(),
            epsilon: epsilon(),
            center: true,
            scale: true,
            gamma_initializer: Initializer::Ones,
        }
    }
}

impl BatchNormalization {
    /// With these two numbers, the rest as in Keras.
    pub fn new(momentum: f64, epsilon: f64) -> Self {
        Self { momentum, epsilon, ..Self::default() }
    }

    fn dims(&self, batch: usize, input: &Shape) -> Dims {
        let channels = input.channels();
        let rows = batch * input.elements() / channels;
        let chunk = chunk_rows(rows, channels);
        Dims {
            rows: rows as u32,
            channels: channels as u32,
            chunk: chunk as u32,
            chunks: rows.div_ceil(chunk) as u32,
            epsilon: self.epsilon as f32,
            momentum: self.momentum as f32,
        }
    }

    /// The two overrides that say which weights there are.
    fn weights(&self, dispatch: Dispatch) -> Dispatch {
        dispatch.constant("SCALE", u32::from(self.scale)).constant("CENTER", u32::from(self.center))
    }

    /// Emits the batch's mean and variance, in memory of this layer's own.
    fn emit_statistics(dims: &Dims, cx: &mut Forward<'_>) -> [Slice; 2] {
        let channels = dims.channels as usize;
        let x = cx.input(0).slice;
        let mean = cx.scratch("mean", channels);
        let variance = cx.scratch("variance", channels);
        let moving = moving(|name| cx.parameter(name));
        let kernel = if dims.chunks == 1 {
            Dispatch::new(&BATCH_STATISTICS_AT_ONCE).bind("x", x)
        } else {
            let moments = cx.scratch("moments", 4 * channels * dims.chunks as usize);
            let variant = cx.pick("norm moments", dims, fours::sums(dims));
            cx.push(match variant {
                "fours" => fours::chunk_moments(dims, x, moments),
                _ => Dispatch::new(&CHUNK_MOMENTS)
                    .dims(dims)
                    .bind("x", x)
                    .bind("moments", moments)
                    .groups(tiles(channels) * dims.chunks as usize),
            });
            Dispatch::new(&BATCH_STATISTICS).bind("moments_saved", moments)
        };
        cx.push(
            kernel
                .dims(dims)
                .bind("batch_mean", mean)
                .bind("batch_variance", variance)
                .bind("moving_mean", moving[0])
                .bind("moving_variance", moving[1])
                .groups(tiles(channels)),
        );
        [mean, variance]
    }

    /// Emits the gradients of gamma and beta, and the sums that dx needs; returns where these lie.
    fn emit_sums(&self, dims: &Dims, [mean, variance]: [Slice; 2], cx: &mut Backward<'_>) -> Slice {
        let channels = dims.channels as usize;
        let (x, dy) = (cx.input(0).slice, cx.output_gradient());
        let total = cx.scratch("total", 2 * channels);
        // A gradient that nobody wants is still bound: some memory of its own.
        let dgamma = cx.parameter_gradient("gamma").unwrap_or_else(|| cx.scratch("unused gamma", channels));
        let dbeta = cx.parameter_gradient("beta").unwrap_or_else(|| cx.scratch("unused beta", channels));
        let read = |dispatch: Dispatch| {
            dispatch.bind("x", x).bind("mean", mean).bind("variance", variance).bind("dy", dy)
        };
        let kernel = if dims.chunks == 1 {
            read(Dispatch::new(&BACKWARD_PARAMETERS_AT_ONCE))
        } else {
            let sums = cx.scratch("sums", 2 * channels * dims.chunks as usize);
            let groups = tiles(channels) * dims.chunks as usize;
            let variant = cx.pick("norm sums", dims, fours::sums(dims));
            cx.push(match variant {
                "fours" => fours::chunk_sums(dims, x, [mean, variance], dy, sums),
                _ => read(Dispatch::new(&CHUNK_SUMS)).dims(dims).bind("sums", sums).groups(groups),
            });
            Dispatch::new(&BACKWARD_PARAMETERS).bind("sums_saved", sums)
        };
        cx.push(
            self.weights(kernel)
                .dims(dims)
                .bind("total", total)
                .bind("dgamma", dgamma)
                .bind("dbeta", dbeta)
                .groups(tiles(channels)),
        );
        total
    }
}

/// Moving mean and variance.
fn moving(parameter: impl Fn(&str) -> Option<Slice>) -> [Slice; 2] {
    ["moving_mean", "moving_variance"].map(|name| parameter(name).expect("batch norm has moving statistics"))
}

impl Op for BatchNormalization {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        super::check_last_axis(self.axis, inputs[0])?;
        if !(0.0..=1.0).contains(&self.momentum) {
            bail!("momentum is {}; it must lie between 0 and 1, 0.99 is usual", self.momentum);
        }
        super::check_epsilon(self.epsilon)?;
        Ok(inputs[0].clone())
    }

    fn parameters(&self, inputs: &[&Shape]) -> Vec<ParameterSpec> {
        let channels = [inputs[0].channels()];
        let gamma = self.scale.then(|| ParameterSpec::new("gamma", channels, self.gamma_initializer));
        let beta = self.center.then(|| ParameterSpec::new("beta", channels, Initializer::Zeros));
        let state = [("moving_mean", Initializer::Zeros), ("moving_variance", Initializer::Ones)];
        let state = state.map(|(name, initializer)| ParameterSpec::new(name, channels, initializer).state());
        gamma.into_iter().chain(beta).chain(state).collect()
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        let dims = self.dims(cx.batch(), &x.shape);
        let [mean, variance] = if cx.training() && cx.trainable() {
            Self::emit_statistics(&dims, cx)
        } else {
            moving(|name| cx.parameter(name))
        };
        // Without gamma or beta the shader does not read them, but the binding must name some memory.
        let gamma = cx.parameter("gamma").unwrap_or(mean);
        let beta = cx.parameter("beta").unwrap_or(mean);
        let dispatch = match cx.pick("norm forward", &dims, fours::single(&dims)) {
            "fours" => fours::forward(&dims)
                .bind("x4", x.slice)
                .bind("mean4", mean)
                .bind("variance4", variance)
                .bind("gamma4", gamma)
                .bind("beta4", beta)
                .bind("y4", y.slice),
            _ => Dispatch::new(&FORWARD)
                .dims(&dims)
                .bind("x", x.slice)
                .bind("mean", mean)
                .bind("variance", variance)
                .bind("gamma", gamma)
                .bind("beta", beta)
                .bind("y", y.slice)
                .threads(y.slice.elements),
        };
        cx.push(self.weights(dispatch));
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let Tensor { slice: x, shape } = cx.input(0);
        let dims = self.dims(cx.batch(), &shape);
        let channels = dims.channels as usize;
        let of_batch = cx.training() && cx.trainable();
        let statistics = if of_batch {
            [cx.scratch("mean", channels), cx.scratch("variance", channels)]
        } else {
            moving(|name| cx.parameter(name))
        };
        let trained = ["gamma", "beta"].iter().any(|name| cx.parameter_gradient(name).is_some());
        let total = (of_batch || trained).then(|| self.emit_sums(&dims, statistics, cx));
        let [mean, variance] = statistics;
        let Some(dx) = cx.input_gradient(0) else { return };
        let gamma = cx.parameter("gamma").unwrap_or(mean);
        let total = total.unwrap_or(mean);
        let dy = cx.output_gradient();
        let dispatch = match cx.pick("norm input", &dims, fours::single(&dims)) {
            "fours" => fours::backward_input(&dims)
                .bind("x4", x)
                .bind("mean4", mean)
                .bind("variance4", variance)
                .bind("gamma4", gamma)
                .bind("dy4", dy)
                .bind("total_saved4", total)
                .bind("dx4", dx.slice),
            _ => Dispatch::new(&BACKWARD_INPUT)
                .dims(&dims)
                .bind("x", x)
                .bind("mean", mean)
                .bind("variance", variance)
                .bind("gamma", gamma)
                .bind("dy", dy)
                .bind("total_saved", total)
                .bind("dx", dx.slice)
                .threads(dx.slice.elements),
        };
        cx.push(
            self.weights(dispatch)
                .constant("BATCH_STATISTICS", u32::from(of_batch))
                .constant("ACCUMULATE", dx.accumulate),
        );
    }
}
