//! Optimisers (<https://keras.io/api/optimizers/>), one dispatch over all parameters.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result, bail};
use crate::json::Fields;
use crate::plan::{Binding, Dispatch, Kernel, Pass, Shader, Slice, dims, wgsl};

/// `shaders/optimizer.wgsl`
pub static SHADER: Shader = Shader {
    file: "optimizer.wgsl",
    source: wgsl!("optimizer.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::uniform("step"),
        Binding::read("gradients"),
        Binding::read("blocks"),
        Binding::read("coefficients"),
        Binding::read("metrics"),
        Binding::write("parameters"),
        Binding::write("m"),
        Binding::write("v"),
    ],
    dims: Dims::LAYOUT,
};
static SGD: Kernel = Kernel { shader: &SHADER, entry_point: "sgd", workgroup_size: [64, 1, 1] };
static SGD_MOMENTUM: Kernel =
    Kernel { shader: &SHADER, entry_point: "sgd_momentum", workgroup_size: [64, 1, 1] };
static RMSPROP: Kernel = Kernel { shader: &SHADER, entry_point: "rmsprop", workgroup_size: [64, 1, 1] };
static ADAM: Kernel = Kernel { shader: &SHADER, entry_point: "adam", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims {
        count: u32,
        heads: u32,
        momentum: f32,
        nesterov: u32,
        gain_1: f32,
        gain_2: f32,
        epsilon: f32,
        decay: f32,
    }
}

/// An optimiser and its constants. The learning rate may change while training; the others are planned in.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "algorithm", rename_all = "lowercase", try_from = "Fields")]
pub enum Optimizer {
    /// Gradient descent, with momentum where it is not 0.
    Sgd {
        /// Step size.
        learning_rate: f64,
        /// Share of the last step that goes on.
        momentum: f64,
        /// Looks ahead along the momentum.
        nesterov: bool,
    },
    /// Adam (Kingma and Ba 2015), in Keras's form: epsilon is added to √v before the bias correction.
    Adam {
        /// Step size.
        learning_rate: f64,
        /// Decay of the mean gradient.
        beta_1: f64,
        /// Decay of the mean square.
        beta_2: f64,
        /// Keeps the divisor away from 0.
        epsilon: f64,
    },
    /// Adam with decay apart from the gradient (Loshchilov and Hutter 2019): the weights shrink before each update.
    AdamW {
        /// Step size.
        learning_rate: f64,
        /// Decay of the mean gradient.
        beta_1: f64,
        /// Decay of the mean square.
        beta_2: f64,
        /// Keeps the divisor away from 0.
        epsilon: f64,
        /// Share of the weights, times the learning rate, that goes every step.
        weight_decay: f64,
    },
    /// Gradients divided by their recent size (Tieleman and Hinton 2012); epsilon stands under the root, as in Keras.
    Rmsprop {
        /// Step size.
        learning_rate: f64,
        /// Decay of the mean square.
        rho: f64,
        /// Share of the last step that goes on.
        momentum: f64,
        /// Keeps the divisor away from 0.
        epsilon: f64,
    },
}

/// What is not given is as in Keras.
impl TryFrom<Fields> for Optimizer {
    type Error = Error;

    fn try_from(mut fields: Fields) -> Result<Self> {
        let algorithm: String = fields.need("algorithm")?;
        let mut number = |name: &str, default: f64| Ok(fields.take(name)?.unwrap_or(default));
        let optimizer = match algorithm.as_str() {
            "sgd" => Self::Sgd {
                learning_rate: number("learning_rate", 0.01)?,
                momentum: number("momentum", 0.0)?,
                nesterov: fields.take("nesterov")?.unwrap_or_default(),
            },
            "adam" => Self::Adam {
                learning_rate: number("learning_rate", 0.001)?,
                beta_1: number("beta_1", BETA_1)?,
                beta_2: number("beta_2", BETA_2)?,
                epsilon: number("epsilon", EPSILON)?,
            },
            "adamw" => Self::AdamW {
                learning_rate: number("learning_rate", 0.001)?,
                beta_1: number("beta_1", BETA_1)?,
                beta_2: number("beta_2", BETA_2)?,
                epsilon: number("epsilon", EPSILON)?,
                weight_decay: number("weight_decay", 0.004)?,
            },
            "rmsprop" => Self::Rmsprop {
                learning_rate: number("learning_rate", 0.001)?,
                rho: number("rho", 0.9)?,
                momentum: number("momentum", 0.0)?,
                epsilon: number("epsilon", EPSILON)?,
            },
            _ => bail!("unknown algorithm {algorithm}; known are sgd, adam, adamw and rmsprop"),
        };
        fields.finish()?;
        Ok(optimizer)
    }
}

/// Adam's constants in Keras.
const BETA_1: f64 = 0.9;
const BETA_2: f64 = 0.999;
const EPSILON: f64 = 1e-7;

/// The memory that an update works on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Update {
    pub(crate) gradients: Slice,
    pub(crate) blocks: Slice,
    pub(crate) coefficients: Slice,
    pub(crate) metrics: Slice,
    pub(crate) parameters: Slice,
    pub(crate) slots: [Option<Slice>; 2],
    pub(crate) step: Slice,
    pub(crate) heads: usize,
}

impl Optimizer {
    /// Keras's SGD.
    pub fn sgd(learning_rate: f64) -> Self {
        Self::Sgd { learning_rate, momentum: 0.0, nesterov: false }
    }

    /// Keras's Adam.
    pub fn adam(learning_rate: f64) -> Self {
        Self::Adam { learning_rate, beta_1: BETA_1, beta_2: BETA_2, epsilon: EPSILON }
    }

    /// Its step size.
    pub fn learning_rate(&self) -> f64 {
        match *self {
            Self::Sgd { learning_rate, .. }
            | Self::Adam { learning_rate, .. }
            | Self::AdamW { learning_rate, .. }
            | Self::Rmsprop { learning_rate, .. } => learning_rate,
        }
    }

    /// Buffers of the size of all parameters that it keeps between steps.
    pub fn slots(&self) -> usize {
        match *self {
            Self::Sgd { momentum: 0.0, .. } => 0,
            Self::Sgd { .. } => 1,
            Self::Adam { .. } | Self::AdamW { .. } | Self::Rmsprop { .. } => 2,
        }
    }

    /// Whether all constants are numbers that can be trained with.
    pub fn validate(&self) -> Result<()> {
        check_rate(self.learning_rate())?;
        let share = |name: &str, value: f64| {
            if (0.0..1.0).contains(&value) {
                return Ok(());
            }
            bail!("{name} is {value}; it must be at least 0 and below 1")
        };
        match *self {
            Self::Sgd { momentum, nesterov, .. } => {
                share("momentum", momentum)?;
                if nesterov && momentum == 0.0 {
                    bail!("nesterov needs a momentum above 0; 0.9 is usual");
                }
            }
            Self::Adam { beta_1, beta_2, epsilon, .. } => {
                share("beta_1", beta_1)?;
                share("beta_2", beta_2)?;
                check_epsilon(epsilon)?;
            }
            Self::AdamW { beta_1, beta_2, epsilon, weight_decay, .. } => {
                share("beta_1", beta_1)?;
                share("beta_2", beta_2)?;
                check_epsilon(epsilon)?;
                if !(weight_decay >= 0.0 && weight_decay.is_finite()) {
                    bail!("weight_decay is {weight_decay}; it must be 0 or more, 0.004 is usual");
                }
            }
            Self::Rmsprop { rho, momentum, epsilon, .. } => {
                share("rho", rho)?;
                share("momentum", momentum)?;
                check_epsilon(epsilon)?;
            }
        }
        Ok(())
    }

    /// The `rate` of step `t`: the learning rate with Adam's bias corrections.
    pub fn rate(&self, learning_rate: f64, t: u32) -> f64 {
        match *self {
            Self::Sgd { .. } | Self::Rmsprop { .. } => learning_rate,
            Self::Adam { beta_1, beta_2, .. } | Self::AdamW { beta_1, beta_2, .. } => {
                let left = |beta: f64| 1.0 - beta.powi(t.min(i32::MAX as u32) as i32);
                learning_rate * left(beta_2).sqrt() / left(beta_1)
            }
        }
    }

    /// The one dispatch that moves all parameters.
    pub(crate) fn emit(&self, update: &Update) -> Dispatch {
        let mut dims =
            Dims { count: update.parameters.elements as u32, heads: update.heads as u32, ..Dims::default() };
        let kernel = match *self {
            Self::Sgd { momentum: 0.0, .. } => &SGD,
            Self::Sgd { momentum, nesterov, .. } => {
                dims.momentum = momentum as f32;
                dims.nesterov = u32::from(nesterov);
                &SGD_MOMENTUM
            }
            Self::Rmsprop { rho, momentum, epsilon, .. } => {
                (dims.gain_2, dims.momentum) = ((1.0 - rho) as f32, momentum as f32);
                dims.epsilon = epsilon as f32;
                &RMSPROP
            }
            Self::Adam { beta_1, beta_2, epsilon, .. } | Self::AdamW { beta_1, beta_2, epsilon, .. } => {
                if let Self::AdamW { weight_decay, .. } = *self {
                    dims.decay = weight_decay as f32;
                }
                (dims.gain_1, dims.gain_2) = ((1.0 - beta_1) as f32, (1.0 - beta_2) as f32);
                dims.epsilon = epsilon as f32;
                &ADAM
            }
        };
        let mut dispatch = Dispatch::new(kernel)
            .dims(&dims)
            .bind("step", update.step)
            .bind("gradients", update.gradients)
            .bind("blocks", update.blocks)
            .bind("coefficients", update.coefficients)
            .bind("metrics", update.metrics)
            .bind("parameters", update.parameters);
        for (name, slot) in ["m", "v"].into_iter().zip(update.slots) {
            if let Some(slot) = slot {
                dispatch = dispatch.bind(name, slot);
            }
        }
        dispatch.threads(update.parameters.elements).pass(Pass::Update)
    }
}

fn check_epsilon(epsilon: f64) -> Result<()> {
    // In f32, as the shader sees it: a root of 0 is divided by it.
    if epsilon.is_finite() && epsilon as f32 > 0.0 {
        return Ok(());
    }
    bail!("epsilon is {epsilon}; it must be above 0, 1e-7 is usual")
}

/// A learning rate that can be trained with.
pub fn check_rate(rate: f64) -> Result<()> {
    if rate.is_finite() && rate > 0.0 && (rate as f32) > 0.0 {
        return Ok(());
    }
    bail!("learning rate is {rate}; it must be a number above 0, 0.001 is a usual start")
}
