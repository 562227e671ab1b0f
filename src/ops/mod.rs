//! The layers, each with its kernels.
//!
//! # How a file here is built
//!
//! `ops/x.rs` owns one Keras layer: a struct whose fields are the layer's Keras configuration (it *is* the
//! `"config"` of the model format), and `impl Op for X`:
//!
//! 1. `output_shape` checks the configuration against the inputs. Every reason why the layer cannot work is an
//!    [`Error`](crate::Error) here, before anything is allocated.
//! 2. `parameters` lists weights in Keras's order.
//! 3. `forward` and `backward` *emit* [`Dispatch`] records; they never touch the GPU.
//!
//! `shaders/x.wgsl` holds the kernels, `tests/engine/ops/x.rs` proves them. To add an op: those three files; a `mod` line,
//! a row of [`layers!`] and a line of [`shaders`] below; a `mod` line in `tests/engine/ops/mod.rs` and a case in its
//! `fan_out.rs`.

use serde_json::Value;

use crate::error::{Result, bail};
use crate::initializer::Initializer;
use crate::json;
use crate::plan::{Backward, Forward, Shader};
use crate::shape::{Padding, Shape};

pub mod activation;
pub mod add;
pub mod avg_pool;
pub mod batch_norm;
mod chunks;
pub mod concat;
pub mod conv2d;
pub mod cross_entropy;
pub mod dense;
pub mod depthwise_conv2d;
pub mod dropout;
mod finish;
pub mod flatten;
pub mod global_avg_pool;
pub mod global_max_pool;
pub mod layer_norm;
pub mod local_response_norm;
pub mod max_pool;
mod pool;
pub mod softmax;
pub mod sum_parts;
pub mod upsampling;
pub mod zero_padding;

pub use activation::Activation;

/// A layer of the network: shapes, weights, and the dispatches that compute it and its gradient.
pub trait Op {
    /// Number of inputs the layer takes: exactly `min`, or up to `max`.
    fn arity(&self) -> std::ops::RangeInclusive<usize> {
        1..=1
    }

    /// Shape of one output sample, or why the layer cannot work on these inputs.
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape>;

    /// Weights in Keras's order. Only called after `output_shape` succeeded.
    fn parameters(&self, _inputs: &[&Shape]) -> Vec<ParameterSpec> {
        Vec::new()
    }

    /// Multiply-accumulates for one sample, convolution and dense layers only (as the literature counts them).
    fn macs(&self, _inputs: &[&Shape]) -> u64 {
        0
    }

    /// An activation that has no fused form here and runs as an op of its own after this one.
    fn trailing_activation(&self) -> Option<Activation> {
        None
    }

    /// The activation that this op's own kernels apply to their sums, by its number in the shaders; 0 for none.
    fn fused_activation(&self) -> u32 {
        0
    }

    /// Whether the output is the input's own memory, seen under another shape. `training` because dropout is one only
    /// in inference.
    fn is_view(&self, _training: bool) -> bool {
        false
    }

    /// Whether this is a softmax, which the loss computes for itself from what goes in.
    fn is_softmax(&self) -> bool {
        false
    }

    /// Window and stride along each axis, for receptive fields: `[(kernel reach, stride); 2]`.
    fn reach(&self, _input: &Shape) -> [(usize, usize); 2] {
        [(1, 1); 2]
    }

    /// Emits the dispatches that compute the output.
    fn forward(&self, cx: &mut Forward<'_>);

    /// Emits the dispatches that compute gradients of inputs and weights from the output's gradient.
    fn backward(&self, cx: &mut Backward<'_>);
}

/// A weight tensor that an op asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSpec {
    /// Keras name: `kernel`, `bias`, `gamma`, `moving_mean` …
    pub name: &'static str,
    /// Row-major extents.
    pub shape: Vec<usize>,
    /// Values before training.
    pub initializer: Initializer,
    /// L2 factor: penalty = l2 · Σw², gradient 2 · l2 · w.
    pub l2: f32,
    /// L1 factor: penalty = l1 · Σ|w|, gradient l1 · sign(w).
    pub l1: f32,
    /// Moved by the forward pass itself (moving statistics) rather than by the optimiser.
    pub state: bool,
}

impl ParameterSpec {
    /// A trained weight without regulariser.
    pub fn new(name: &'static str, shape: impl Into<Vec<usize>>, initializer: Initializer) -> Self {
        Self { name, shape: shape.into(), initializer, l2: 0.0, l1: 0.0, state: false }
    }

    /// The same weight with an L2 penalty.
    #[must_use]
    pub fn l2(mut self, factor: Option<f32>) -> Self {
        self.l2 = factor.unwrap_or(0.0);
        self
    }

    /// The same weight with an L1 penalty.
    #[must_use]
    pub fn l1(mut self, factor: Option<f32>) -> Self {
        self.l1 = factor.unwrap_or(0.0);
        self
    }

    /// The same weight as state: never trained.
    #[must_use]
    pub fn state(mut self) -> Self {
        self.state = true;
        self
    }

    /// Number of values.
    pub fn elements(&self) -> usize {
        self.shape.iter().product()
    }

    /// Inputs that flow into one output value: `kh · kw · channels` of a kernel, the input size of a dense kernel.
    pub fn fan_in(&self) -> usize {
        self.shape[..self.shape.len().saturating_sub(1)].iter().product()
    }
}

/// Keras's defaults, for `serde`.
fn one() -> [usize; 2] {
    [1, 1]
}
fn single() -> usize {
    1
}
fn yes() -> bool {
    true
}
fn valid() -> Padding {
    Padding::VALID
}
fn last_axis() -> i32 {
    -1
}
fn ones() -> Initializer {
    Initializer::Ones
}
#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_ones(value: &Initializer) -> bool {
    *value == Initializer::Ones
}
#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_true(value: &bool) -> bool {
    *value
}
#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_false(value: &bool) -> bool {
    !*value
}
fn glorot_uniform() -> Initializer {
    Initializer::GlorotUniform
}
fn zeros() -> Initializer {
    Initializer::Zeros
}

/// Sizes above this are typing errors rather than networks.
const MAX_CHANNELS: usize = 1 << 20;

/// A number of filters or units that can be worked with.
fn check_count(what: &str, count: usize) -> Result<()> {
    if count == 0 || count > MAX_CHANNELS {
        bail!("{what} is {count}; use 1 to {MAX_CHANNELS}");
    }
    Ok(())
}

/// Inputs of a layer that joins any number of them; `DenseNet`-264 joins 64.
const MAX_INPUTS: usize = 1024;

/// All extents but the channels.
fn pixels(shape: &Shape) -> &[usize] {
    &shape.extents()[..shape.extents().len() - 1]
}

/// The channels' axis is the last one: −1, or its number with the batch counted as 0.
fn check_last_axis(axis: i32, input: &Shape) -> Result<()> {
    let last = input.extents().len() as i32;
    if axis != -1 && axis != last {
        bail!("axis is {axis}; channels lie on the last axis, -1 (or {last}, with the batch as 0)");
    }
    Ok(())
}

/// What keeps a root away from 0.
fn check_epsilon(epsilon: f64) -> Result<()> {
    if !(epsilon.is_finite() && epsilon > 0.0 && (epsilon as f32) > 0.0) {
        bail!("epsilon is {epsilon}; it must be above 0, 0.001 is usual");
    }
    Ok(())
}

/// The layer classes: Keras name, module path, one row each.
macro_rules! layers {
    ($($class:ident => $ty:ty),* $(,)?) => {
        /// A layer of a model: Keras class and configuration.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Layer {
            $(
                #[doc = concat!("Keras `", stringify!($class), "`.")]
                $class($ty)
            ),*
        }

        impl Layer {
            /// Keras class name.
            pub fn class(&self) -> &'static str {
                match self { $(Self::$class(_) => stringify!($class)),* }
            }

            /// The layer of this Keras class with this configuration.
            pub fn read(class: &str, config: &Value) -> Result<Self> {
                match class {
                    $(stringify!($class) => json::read(config).map(Self::$class),)*
                    _ => bail!("unknown class {class}; known are {}", CLASSES.join(", ")),
                }
            }

            /// The configuration under Keras's field names.
            pub fn config(&self) -> Value {
                match self { $(Self::$class(op) => json::write(op)),* }
            }

            /// The layer as an op.
            pub fn op(&self) -> &dyn Op {
                match self { $(Self::$class(op) => op),* }
            }
        }

        #[cfg(not(target_arch = "wasm32"))]
        impl Layer {
            /// Every class with the schema of its configuration, and whether it works without one.
            pub(crate) fn schemas(
                generator: &mut schemars::SchemaGenerator,
            ) -> Vec<(&'static str, schemars::Schema, bool)> {
                vec![$({
                    let own = <$ty as schemars::JsonSchema>::json_schema(generator);
                    (stringify!($class), generator.subschema_for::<$ty>(), own.get("required").is_none())
                }),*]
            }
        }

        $(impl From<$ty> for Layer {
            fn from(op: $ty) -> Self { Self::$class(op) }
        })*

        /// Every class name, in the order of the table.
        pub const CLASSES: &[&str] = &[$(stringify!($class)),*];
    };
}

layers! {
    Activation => activation::ActivationLayer,
    Add => add::Add,
    AveragePooling2D => avg_pool::AveragePooling2D,
    BatchNormalization => batch_norm::BatchNormalization,
    Concatenate => concat::Concatenate,
    Conv2D => conv2d::Conv2D,
    Dense => dense::Dense,
    DepthwiseConv2D => depthwise_conv2d::DepthwiseConv2D,
    Dropout => dropout::Dropout,
    ELU => activation::ELU,
    Flatten => flatten::Flatten,
    GlobalAveragePooling2D => global_avg_pool::GlobalAveragePooling2D,
    GlobalMaxPooling2D => global_max_pool::GlobalMaxPooling2D,
    Lambda => global_avg_pool::Lambda,
    LayerNormalization => layer_norm::LayerNormalization,
    LeakyReLU => activation::LeakyReLU,
    LocalResponseNormalization => local_response_norm::LocalResponseNormalization,
    MaxPooling2D => max_pool::MaxPooling2D,
    ReLU => activation::ReLU,
    UpSampling2D => upsampling::UpSampling2D,
    ZeroPadding2D => zero_padding::ZeroPadding2D,
}

/// Every file in `shaders/`: what the page shows and the tests hold against their Rust side.
pub fn shaders() -> Vec<&'static Shader> {
    vec![
        &activation::SHADER,
        &add::SHADER,
        &avg_pool::SHADER,
        &batch_norm::SHADER,
        &batch_norm::fours::SHADER,
        &concat::SHADER,
        &conv2d::SHADER,
        &conv2d::fours::SHADER,
        &conv2d::fours_kernel::SHADER,
        &conv2d::rows::SHADER,
        &conv2d::rows_kernel::SHADER,
        &conv2d::shared::SHADER,
        &conv2d::winograd::SHADER,
        &cross_entropy::SHADER,
        &dense::SHADER,
        &dense::shared::SHADER,
        &dense::tiled::SHADER,
        &depthwise_conv2d::SHADER,
        &dropout::SHADER,
        &crate::data::gather::SHADER,
        &global_avg_pool::SHADER,
        &global_max_pool::SHADER,
        &layer_norm::SHADER,
        &local_response_norm::SHADER,
        &max_pool::SHADER,
        &crate::optim::norms::SHADER,
        &crate::train::histogram::SHADER,
        &crate::train::lens::SHADER,
        &crate::train::statistics::SHADER,
        &crate::optim::optimizer::SHADER,
        &crate::gpu::peak::SHADER,
        &softmax::SHADER,
        &sum_parts::SHADER,
        &upsampling::SHADER,
        &crate::view::SHADER,
        &zero_padding::SHADER,
    ]
}

/// Names of all variants of kernels, beside [`PLAIN`](crate::plan::PLAIN): what a test of variants walks over.
pub const VARIANTS: &[&str] =
    &["fours", "pairs", "pointwise", "rows", "shared", "shares", "tiled", "wide", "winograd"];
