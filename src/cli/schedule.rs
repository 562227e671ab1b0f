//! `train --schedule`: how the learning rate goes on.

use clap::ValueEnum;
use cnn_playground::optim::LearningRateSchedule;
use cnn_playground::optim::schedule::{Decay, Plateau};

use super::{Failure, Outcome};

/// Options of `train`; what is not given follows from the length of the run.
#[derive(Debug, clap::Args)]
pub(super) struct Options {
    /// How the learning rate goes on
    #[arg(long = "schedule", value_name = "NAME", default_value = "cosine")]
    name: Name,
    /// Steps in which the rate rises from 0 to its full height
    #[arg(long, value_name = "N", default_value_t = 0, value_parser = super::whole(0))]
    warmup_steps: u32,
    /// step, exponential: steps between reductions, a third of the run when absent; cosine: steps down, the whole run
    #[arg(long, value_name = "N", value_parser = super::whole(1))]
    decay_steps: Option<u32>,
    /// step, exponential: what is left of the rate after each of them [default: 0.1]
    #[arg(long, value_name = "SHARE")]
    decay_rate: Option<f64>,
    /// cosine: what is left of the rate in the end [default: 0]
    #[arg(long, value_name = "SHARE")]
    alpha: Option<f64>,
    /// plateau: what is left of the rate after each reduction [default: 0.1]
    #[arg(long, value_name = "SHARE")]
    factor: Option<f64>,
    /// plateau: epochs without a better validation loss before a reduction [default: 10]
    #[arg(long, value_name = "EPOCHS", value_parser = super::whole(0))]
    patience: Option<u32>,
    /// plateau: how much better a validation loss must be to count [default: 0.0001]
    #[arg(long, value_name = "LOSS")]
    min_delta: Option<f64>,
    /// plateau: epochs after a reduction that are not counted [default: 0]
    #[arg(long, value_name = "EPOCHS", value_parser = super::whole(0))]
    cooldown: Option<u32>,
    /// plateau: where reductions end [default: 0]
    #[arg(long, value_name = "RATE")]
    min_lr: Option<f64>,
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

impl Name {
    fn text(self) -> String {
        self.to_possible_value().map_or_else(String::new, |value| value.get_name().to_owned())
    }
}

impl Options {
    /// What it is called on the command line.
    pub(super) fn name(&self) -> String {
        self.name.text()
    }

    /// Turns down options that the chosen schedule takes no notice of.
    pub(super) fn check(&self) -> Outcome {
        use Name::{Cosine, Exponential, Plateau, Step};
        for (given, option, schedules) in [
            (self.decay_steps.is_some(), "decay-steps", &[Step, Exponential, Cosine][..]),
            (self.decay_rate.is_some(), "decay-rate", &[Step, Exponential]),
            (self.alpha.is_some(), "alpha", &[Cosine]),
            (self.factor.is_some(), "factor", &[Plateau]),
            (self.patience.is_some(), "patience", &[Plateau]),
            (self.min_delta.is_some(), "min-delta", &[Plateau]),
            (self.cooldown.is_some(), "cooldown", &[Plateau]),
            (self.min_lr.is_some(), "min-lr", &[Plateau]),
        ] {
            if given && !schedules.contains(&self.name) {
                let schedules: Vec<_> = schedules.iter().map(|schedule| schedule.text()).collect();
                return Err(Failure::Usage(format!(
                    "--{option} has no effect with --schedule {}; it belongs to {}",
                    self.name.text(),
                    schedules.join(", ")
                )));
            }
        }
        Ok(())
    }

    /// The schedule for a run of so many steps.
    pub(super) fn over(&self, steps: u32) -> LearningRateSchedule {
        let steps = steps.saturating_sub(self.warmup_steps);
        let usual = Plateau::default();
        let decay = match self.name {
            Name::Constant => Decay::Constant,
            Name::Step | Name::Exponential => Decay::ExponentialDecay {
                decay_steps: self.decay_steps.unwrap_or((steps / 3).max(1)),
                decay_rate: self.decay_rate.unwrap_or(0.1),
                staircase: self.name == Name::Step,
            },
            Name::Cosine => Decay::CosineDecay {
                decay_steps: self.decay_steps.unwrap_or(steps.max(1)),
                alpha: self.alpha.unwrap_or_default(),
            },
            Name::Plateau => Decay::ReduceLROnPlateau(Plateau {
                factor: self.factor.unwrap_or(usual.factor),
                patience: self.patience.unwrap_or(usual.patience),
                min_delta: self.min_delta.unwrap_or(usual.min_delta),
                cooldown: self.cooldown.unwrap_or(usual.cooldown),
                min_lr: self.min_lr.unwrap_or(usual.min_lr),
            }),
        };
        LearningRateSchedule { decay, warmup_steps: self.warmup_steps, initial_learning_rate: 0.0 }
    }

    /// Whether the schedule wants to hear of every epoch's validation loss.
    pub(super) fn monitors(&self) -> bool {
        self.name == Name::Plateau
    }
}
