//! `train --schedule`: how the learning rate goes on.

use clap::ValueEnum;
use cnn_playground::optim::LearningRateSchedule;
use cnn_playground::optim::schedule::{Decay, Plateau};

/// Options of `train`; what is not given follows from the length of the run.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// How the learning rate goes on
    #[arg(long = "schedule", value_name = "NAME", default_value = "cosine")]
    name: Name,
    /// Steps in which the rate rises from 0 to its full height
    #[arg(long, value_name = "N", default_value_t = 0)]
    warmup_steps: u32,
    /// step, exponential: steps between reductions, a third of the run when absent; cosine: steps down, the whole run
    #[arg(long, value_name = "N")]
    decay_steps: Option<u32>,
    /// step, exponential: what is left of the rate after each of them
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    decay_rate: f64,
    /// cosine: what is left of the rate in the end
    #[arg(long, value_name = "SHARE", default_value_t = 0.0)]
    alpha: f64,
    /// plateau: what is left of the rate after each reduction
    #[arg(long, value_name = "SHARE", default_value_t = Plateau::default().factor)]
    factor: f64,
    /// plateau: epochs without a better validation loss before a reduction
    #[arg(long, value_name = "EPOCHS", default_value_t = Plateau::default().patience)]
    patience: u32,
    /// plateau: how much better a validation loss must be to count
    #[arg(long, value_name = "LOSS", default_value_t = Plateau::default().min_delta)]
    min_delta: f64,
    /// plateau: epochs after a reduction that are not counted
    #[arg(long, value_name = "EPOCHS", default_value_t = Plateau::default().cooldown)]
    cooldown: u32,
    /// plateau: where reductions end
    #[arg(long, value_name = "RATE", default_value_t = Plateau::default().min_lr)]
    min_lr: f64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Name {
    /// The same rate throughout
    Constant,
    /// A staircase (Keras's `ExponentialDecay`)
    Step,
    /// A little less every step (Keras's `ExponentialDecay`)
    Exponential,
    /// Half a wave that sinks to alpha (Keras's `CosineDecay`)
    Cosine,
    /// Less whenever the validation loss stands still (Keras's `ReduceLROnPlateau`)
    Plateau,
}

impl Options {
    /// What it is called on the command line.
    pub(super) fn name(&self) -> String {
        self.name.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// The schedule for a run of so many steps.
    pub(super) fn over(&self, steps: u32) -> LearningRateSchedule {
        let steps = steps.saturating_sub(self.warmup_steps);
        let decay = match self.name {
            Name::Constant => Decay::Constant,
            Name::Step | Name::Exponential => Decay::ExponentialDecay {
                decay_steps: self.decay_steps.unwrap_or((steps / 3).max(1)),
                decay_rate: self.decay_rate,
                staircase: self.name == Name::Step,
            },
            Name::Cosine => Decay::CosineDecay {
                decay_steps: self.decay_steps.unwrap_or(steps.max(1)),
                alpha: self.alpha,
            },
            Name::Plateau => Decay::ReduceLROnPlateau(Plateau {
                factor: self.factor,
                patience: self.patience,
                min_delta: self.min_delta,
                cooldown: self.cooldown,
                min_lr: self.min_lr,
            }),
        };
        LearningRateSchedule { decay, warmup_steps: self.warmup_steps, initial_learning_rate: 0.0 }
    }

    /// Whether the schedule wants to hear of every epoch's validation loss.
    pub(super) fn monitors(&self) -> bool {
        self.name == Name::Plateau
    }
}
