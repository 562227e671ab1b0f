//! `LayerNormalization` (Ba et al. 2016; <https://keras.io/api/layers/normalization_layers/layer_normalization/>).

use serde::{Deserialize, Serialize};

use super::chunks::{chunk_rows, tiles};
use super::{Op, ParameterSpec};
use crate::error::Result;
use crate::initializer::Initializer;
use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, dims, wgsl};
use crate::shape::Shape;

/// `shaders/layer_norm.wgsl`
pub static SHADER: Shader = Shader {
    file: "layer_norm.wgsl",
    source: wgsl!("layer_norm.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::read("gamma"),
        Binding::read("beta"),
        Binding::write("y"),
        Binding::write("statistics"),
        Binding::read("statistics_saved"),
        Binding::read("dy"),
        Binding::write("sums"),
        Binding::read("sums_saved"),
        Binding::write("dgamma"),
        Binding::write("dbeta"),
        Binding::write("dx"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [64, 1, 1] };
static CHUNK_SUMS: Kernel =
    Kernel { shader: &SHADER, entry_point: "chunk_sums", workgroup_size: [16, 16, 1] };
static BACKWARD_PARAMETERS: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_parameters", workgroup_size: [16, 16, 1] };

dims! {
    struct Dims { rows: u32, width: u32, chunk: u32, chunks: u32, epsilon: f32 }
}

/// Each row of the last axis to mean 0 and variance 1, then scaled by gamma and moved by beta. The same in training and
/// inference.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LayerNormalization {
    /// The axis that is normalised: the last, −1 or its number with the batch counted as 0.
    #[serde(default = "super::last_axis")]
    pub axis: i32,
    /// Added to the variance, keeps the root away from 0.
    #[serde(default = "epsilon")]
    pub epsilon: f64,
    /// Whether beta is added.
    #[serde(default = "super::yes", skip_serializing_if = "super::is_true")]
    pub center: bool,
    /// Whether gamma multiplies.
    #[serde(default = "super::yes", skip_serializing_if = "super::is_true")]
    pub scale: bool,
}

fn epsilon() -> f64 {
    1e-3
}

impl Default for LayerNormalization {
    fn default() -> Self {
        Self { axis: -1, epsilon: epsilon(), center: true, scale: true }
    }
}

impl LayerNormalization {
    fn dims(&self, batch: usize, input: &Shape) -> Dims {
        let width = input.channels();
        let rows = batch * input.elements() / width;
        let chunk = chunk_rows(rows, width);
        Dims {
            rows: rows as u32,
            width: width as u32,
            chunk: chunk as u32,
            chunks: rows.div_ceil(chunk) as u32,
            epsilon: self.epsilon as f32,
        }
    }

    /// The two overrides that say which weights there are.
    fn weights(&self, dispatch: Dispatch) -> Dispatch {
        dispatch.constant("SCALE", u32::from(self.scale)).constant("CENTER", u32::from(self.center))
    }

    /// Emits the gradients of gamma and beta.
    fn emit_sums(&self, dims: &Dims, cx: &mut Backward<'_>) {
        let wanted = ["gamma", "beta"].map(|name| cx.parameter_gradient(name));
        if wanted.iter().all(Option::is_none) {
            return;
        }
        let (width, chunks) = (dims.width as usize, dims.chunks as usize);
        let statistics = cx.scratch("statistics", 2 * dims.rows as usize);
        let sums = cx.scratch("sums", 2 * width * chunks);
        cx.push(
            Dispatch::new(&CHUNK_SUMS)
                .dims(dims)
                .bind("x", cx.input(0).slice)
                .bind("statistics_saved", statistics)
                .bind("dy", cx.output_gradient())
                .bind("sums", sums)
                .groups(tiles(width) * chunks),
        );
        // A gradient that nobody wants is still bound: some memory of its own.
        let dgamma = wanted[0].unwrap_or_else(|| cx.scratch("unused gamma", 1));
        let dbeta = wanted[1].unwrap_or_else(|| cx.scratch("unused beta", 1));
        cx.push(
            self.weights(Dispatch::new(&BACKWARD_PARAMETERS))
                .dims(dims)
                .bind("sums_saved", sums)
                .bind("dgamma", dgamma)
                .bind("dbeta", dbeta)
                .groups(tiles(width)),
        );
    }
}

impl Op for LayerNormalization {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        super::check_last_axis(self.axis, inputs[0])?;
        super::check_epsilon(self.epsilon)?;
        Ok(inputs[0].clone())
    }

    fn parameters(&self, inputs: &[&Shape]) -> Vec<ParameterSpec> {
        let width = [inputs[0].channels()];
        let gamma = self.scale.then(|| ParameterSpec::new("gamma", width, Initializer::Ones));
        let beta = self.center.then(|| ParameterSpec::new("beta", width, Initializer::Zeros));
        gamma.into_iter().chain(beta).collect()
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        let dims = self.dims(cx.batch(), &x.shape);
        let rows = dims.rows as usize;
        let remember = cx.has_backward();
        let statistics = if remember { cx.scratch("statistics", 2 * rows) } else { cx.scratch("unused", 2) };
        cx.push(
            self.weights(Dispatch::new(&FORWARD))
                .dims(&dims)
                .bind("x", x.slice)
                // Without gamma or beta the shader does not read them, but the binding must name some memory.
                .bind("gamma", cx.parameter("gamma").unwrap_or(x.slice))
                .bind("beta", cx.parameter("beta").unwrap_or(x.slice))
                .bind("y", y.slice)
                .bind("statistics", statistics)
                .constant("REMEMBER", u32::from(remember))
                .groups(rows),
        );
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let x = cx.input(0);
        let dims = self.dims(cx.batch(), &x.shape);
        self.emit_sums(&dims, cx);
        let Some(dx) = cx.input_gradient(0) else { return };
        let statistics = cx.scratch("statistics", 2 * dims.rows as usize);
        cx.push(
            self.weights(Dispatch::new(&BACKWARD_INPUT))
                .dims(&dims)
                .bind("x", x.slice)
                .bind("gamma", cx.parameter("gamma").unwrap_or(x.slice))
                .bind("statistics_saved", statistics)
                .bind("dy", cx.output_gradient())
                .bind("dx", dx.slice)
                .constant("ACCUMULATE", dx.accumulate)
                .groups(dims.rows as usize),
        );
    }
}
