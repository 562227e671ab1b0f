//! How the learning rate goes on while training (<https://keras.io/api/optimizers/learning_rate_schedules/>).
//!
//! The rate that a session was given is the target of the warm-up and what decays after it:
//!
//! | class | rate after `t` steps beyond the warm-up |
//! | --- | --- |
//! | `Constant` | target |
//! | `ExponentialDecay` | target · `decay_rate`^(t / `decay_steps`); with `staircase` the quotient is rounded down |
//! | `CosineDecay` | target · ((1 − `alpha`) · (1 + cos(π · t / `decay_steps`)) / 2 + `alpha`), t at most `decay_steps` |
//! | `ReduceLROnPlateau` | target, times `factor` whenever the monitored loss stands still |
//!
//! During the warm-up the rate rises in a straight line from `initial_learning_rate` to the target.

use serde::Deserialize;

use crate::error::{Error, Result, bail};
use crate::json::Fields;

/// A warm-up, and what comes after it.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Fields")]
pub struct LearningRateSchedule {
    /// After the warm-up.
    pub decay: Decay,
    /// Steps until the rate has reached the target; 0 is no warm-up.
    pub warmup_steps: u32,
    /// Rate of the first step, where there is a warm-up.
    pub initial_learning_rate: f64,
}

/// What the rate does after the warm-up. Names are Keras's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Decay {
    /// Stays.
    Constant,
    /// Shrinks by the same factor every so many steps: at once (`staircase`), or a little every step.
    ExponentialDecay {
        /// Steps in which the rate shrinks by `decay_rate`.
        decay_steps: u32,
        /// What is left of it then.
        decay_rate: f64,
        /// Whether it moves in steps.
        staircase: bool,
    },
    /// Half a wave down to `alpha` (Loshchilov and Hutter 2017).
    CosineDecay {
        /// Steps until the lowest point, where it stays.
        decay_steps: u32,
        /// What is left of the rate there.
        alpha: f64,
    },
    /// Shrinks when the monitored loss does.
    ReduceLROnPlateau(Plateau),
}

/// When [`Decay::ReduceLROnPlateau`] loses patience.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plateau {
    /// What is left of the rate each time.
    pub factor: f64,
    /// Epochs without improvement before that.
    pub patience: u32,
    /// What counts as an improvement.
    pub min_delta: f64,
    /// Epochs after a reduction that are not counted.
    pub cooldown: u32,
    /// Where reductions end.
    pub min_lr: f64,
}

/// What `ReduceLROnPlateau` remembers between epochs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Monitor {
    /// Lowest loss that counted as an improvement.
    pub(crate) best: f64,
    /// Epochs since.
    pub(crate) wait: u32,
    /// Epochs that do not count yet.
    pub(crate) cooldown: u32,
}

impl Default for Plateau {
    /// Keras's.
    fn default() -> Self {
        Self { factor: 0.1, patience: 10, min_delta: 1e-4, cooldown: 0, min_lr: 0.0 }
    }
}

impl Default for LearningRateSchedule {
    /// The same rate throughout.
    fn default() -> Self {
        Self { decay: Decay::Constant, warmup_steps: 0, initial_learning_rate: 0.0 }
    }
}

impl Default for Monitor {
    /// Nothing seen yet.
    fn default() -> Self {
        Self { best: f64::INFINITY, wait: 0, cooldown: 0 }
    }
}

/// `{ "class": "CosineDecay", "decay_steps": 1000, … }`; what is not given is as in Keras.
impl TryFrom<Fields> for LearningRateSchedule {
    type Error = Error;

    fn try_from(mut fields: Fields) -> Result<Self> {
        let class: String = fields.need("class")?;
        let decay = match class.as_str() {
            "Constant" => Decay::Constant,
            "ExponentialDecay" => Decay::ExponentialDecay {
                decay_steps: fields.need("decay_steps")?,
                decay_rate: fields.need("decay_rate")?,
                staircase: fields.take("staircase")?.unwrap_or_default(),
            },
            "CosineDecay" => Decay::CosineDecay {
                decay_steps: fields.need("decay_steps")?,
                alpha: fields.take("alpha")?.unwrap_or_default(),
            },
            "ReduceLROnPlateau" => {
                let keras = Plateau::default();
                Decay::ReduceLROnPlateau(Plateau {
                    factor: fields.take("factor")?.unwrap_or(keras.factor),
                    patience: fields.take("patience")?.unwrap_or(keras.patience),
                    min_delta: fields.take("min_delta")?.unwrap_or(keras.min_delta),
                    cooldown: fields.take("cooldown")?.unwrap_or(keras.cooldown),
                    min_lr: fields.take("min_lr")?.unwrap_or(keras.min_lr),
                })
            }
            _ => bail!(
                "unknown schedule {class}; known are Constant, ExponentialDecay, CosineDecay and ReduceLROnPlateau"
            ),
        };
        let warmup_steps = fields.take("warmup_steps")?.unwrap_or_default();
        let initial_learning_rate = fields.take("initial_learning_rate")?.unwrap_or_default();
        fields.finish()?;
        Ok(Self { decay, warmup_steps, initial_learning_rate })
    }
}

impl LearningRateSchedule {
    /// Whether all numbers can be trained with.
    pub fn validate(&self) -> Result<()> {
        at_least_0("initial_learning_rate", self.initial_learning_rate)?;
        match self.decay {
            Decay::Constant => Ok(()),
            Decay::ExponentialDecay { decay_steps, decay_rate, .. } => {
                some_steps(decay_steps)?;
                if decay_rate > 0.0 && decay_rate.is_finite() {
                    return Ok(());
                }
                bail!("decay_rate is {decay_rate}; it must be above 0, 0.96 is usual")
            }
            Decay::CosineDecay { decay_steps, alpha } => {
                some_steps(decay_steps)?;
                if (0.0..=1.0).contains(&alpha) {
                    return Ok(());
                }
                bail!("alpha is {alpha}; it is the share of the rate that is left in the end, from 0 to 1")
            }
            Decay::ReduceLROnPlateau(Plateau { factor, min_delta, min_lr, .. }) => {
                if !(factor > 0.0 && factor < 1.0) {
                    bail!("factor is {factor}; a reduction takes one between 0 and 1, 0.1 is usual");
                }
                at_least_0("min_delta", min_delta)?;
                at_least_0("min_lr", min_lr)
            }
        }
    }

    /// The rate of the step after `done` steps, where the session's own rate is `target`.
    pub fn rate(&self, target: f64, done: u32) -> f64 {
        if done < self.warmup_steps {
            let share = f64::from(done) / f64::from(self.warmup_steps);
            return (target - self.initial_learning_rate) * share + self.initial_learning_rate;
        }
        let t = f64::from(done - self.warmup_steps);
        match self.decay {
            Decay::Constant | Decay::ReduceLROnPlateau(_) => target,
            Decay::ExponentialDecay { decay_steps, decay_rate, staircase } => {
                let periods = t / f64::from(decay_steps);
                let periods = if staircase { periods.floor() } else { periods };
                target * libm::exp(periods * libm::log(decay_rate))
            }
            Decay::CosineDecay { decay_steps, alpha } => {
                let share = (t / f64::from(decay_steps)).min(1.0);
                let wave = f64::midpoint(1.0, libm::cos(std::f64::consts::PI * share));
                target * ((1.0 - alpha) * wave + alpha)
            }
        }
    }
}

impl Plateau {
    /// The target rate after an epoch that ended with this loss, in place of `rate`.
    pub fn observe(&self, monitor: &mut Monitor, loss: f64, rate: f64) -> f64 {
        if monitor.cooldown > 0 {
            monitor.cooldown -= 1;
            monitor.wait = 0;
        }
        if loss < monitor.best - self.min_delta {
            monitor.best = loss;
            monitor.wait = 0;
        } else if monitor.cooldown == 0 {
            monitor.wait += 1;
            if monitor.wait >= self.patience && rate > self.min_lr {
                monitor.cooldown = self.cooldown;
                monitor.wait = 0;
                return (rate * self.factor).max(self.min_lr);
            }
        }
        rate
    }
}

fn some_steps(steps: u32) -> Result<()> {
    match steps {
        0 => bail!("decay_steps is 0; it must be 1 or more, the steps of an epoch are a start"),
        _ => Ok(()),
    }
}

fn at_least_0(name: &str, value: f64) -> Result<()> {
    if value >= 0.0 && value.is_finite() {
        return Ok(());
    }
    bail!("{name} is {value}; it must be a number from 0 on")
}

#[cfg(test)]
mod tests;
