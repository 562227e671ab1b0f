//! `overfit`: networks learn eight pictures by heart. What they compute forwards, their gradients and their first weights
//! are good enough to drive the loss to nothing, or something is wrong with one of these.

use std::time::{Duration, Instant};

use cnn_playground::Error;
use cnn_playground::data::shapes::shapes;
use cnn_playground::gpu::Gpu;
use cnn_playground::graph::Graph;
use cnn_playground::models::{self, REGISTRY};
use cnn_playground::ops::Layer;
use cnn_playground::optim::Optimizer;
use cnn_playground::train::{Data, Session, SessionConfig};
use pollster::block_on;
use serde::Serialize;

use super::{Failure, Outcome, gpu, note, say, say_json};

const PICTURES: usize = 8;

/// Loss of every head, without penalties, below which the pictures count as learnt.
const LEARNT: f32 = 0.05;

/// How long a large network may be silent.
const TELL_EVERY: Duration = Duration::from_secs(10);

/// Classes of networks that tell more apart: a thousand would be most of the work, and eight are seen.
const CLASSES: usize = 10;

/// How a network is shown the pictures.
struct Setting {
    name: &'static str,
    /// Height and width; 0 is the network's own.
    side: usize,
    /// Of Adam.
    rate: f64,
    /// Steps in which it should be done; twice as many are a failure.
    steps: usize,
}

const fn setting(name: &'static str, side: usize, rate: f64, steps: usize) -> Setting {
    Setting { name, side, rate, steps }
}

/// Every network of the registry that has a classifier. Those for 224 pixels see less, for time: as much as is left of a
/// picture when their pools are through with it.
const SETTINGS: &[Setting] = &[
    setting("lenet", 0, 0.001, 80),
    setting("lenet_tanh", 0, 0.001, 80),
    setting("simple_cnn", 0, 0.001, 80),
    setting("alexnet_32", 0, 0.001, 80),
    setting("alexnet", 64, 0.0001, 60),
    setting("vgg_32", 0, 0.001, 80),
    setting("vgg_bn_32", 0, 0.001, 80),
    setting("vgg16_cifar100", 0, 0.0001, 130),
    setting("vgg16_imagenet", 32, 0.0001, 130),
    setting("vgg19", 32, 0.0001, 260),
    setting("googlenet_32", 0, 0.001, 80),
    setting("googlenet", 193, 0.0003, 60),
    setting("resnet8", 0, 0.001, 80),
    setting("resnet8_elu", 0, 0.001, 80),
    setting("plain8", 0, 0.001, 80),
    setting("resnet20", 0, 0.001, 80),
    setting("plain20", 0, 0.001, 80),
    setting("resnet56", 0, 0.001, 80),
    setting("plain56", 0, 0.001, 80),
    setting("resnet50_cifar100", 0, 0.001, 80),
    setting("resnet50_cifar100_note000", 0, 0.001, 80),
    setting("resnet50_imagenet", 0, 0.001, 80),
    setting("resnet50_keras", 32, 0.001, 80),
    setting("resnet_note004", 32, 0.001, 80),
];

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Registry names; every network with a classifier when absent
    #[arg(value_name = "MODEL")]
    models: Vec<String>,
    /// Height and width of the pictures, in place of each network's own
    #[arg(long, value_name = "PIXELS")]
    side: Option<usize>,
    /// Step size of Adam, in place of each network's own
    #[arg(long, value_name = "RATE")]
    learning_rate: Option<f64>,
    /// One JSON object a network
    #[arg(long)]
    json: bool,
}

/// What came of one network.
#[derive(Serialize)]
struct Row {
    model: &'static str,
    input: String,
    parameters: usize,
    learning_rate: f64,
    steps: usize,
    /// The largest of the heads'.
    loss: f32,
    seconds: f64,
}

impl Arguments {
    pub(super) fn run(&self) -> Outcome {
        let settings = self.chosen()?;
        let gpu = gpu()?;
        if !self.json {
            say("| network | input | parameters | Adam's rate | steps | loss | seconds |");
            say("| --- | --- | --- | --- | --- | --- | --- |");
        }
        let mut failed = false;
        for setting in settings {
            let row = self.learn(&gpu, setting)?;
            // Not a number is no loss either.
            let learnt = row.loss < LEARNT;
            failed |= !learnt;
            if self.json {
                say_json(&row)?;
            } else {
                let Row { model, input, parameters, learning_rate, steps, loss, seconds } = &row;
                say(format!(
                    "| {model} | {input} | {parameters} | {learning_rate} | {steps} | {loss:.4} | {seconds:.0} |"
                ));
            }
            if !learnt {
                note(format!(
                    "{} is at {} after {} steps, not below {LEARNT}",
                    row.model, row.loss, row.steps
                ));
            }
        }
        if failed { Err(Failure::Reported) } else { Ok(()) }
    }

    /// What is to be shown, in the registry's order.
    fn chosen(&self) -> Outcome<Vec<&'static Setting>> {
        for name in &self.models {
            if !SETTINGS.iter().any(|setting| setting.name == name) {
                let reason = match REGISTRY.iter().any(|known| known.name == name) {
                    true => {
                        Error::new(format!("\"{name}\" has no classifier that could learn pictures by heart"))
                    }
                    false => {
                        models::build(name).map_or_else(|error| error, |_| unreachable!("not registered"))
                    }
                };
                return Err(Failure::usage(reason));
            }
        }
        let wanted = |setting: &&Setting| {
            self.models.is_empty() || self.models.iter().any(|name| name == setting.name)
        };
        Ok(SETTINGS.iter().filter(wanted).collect())
    }

    fn learn(&self, gpu: &Gpu, setting: &Setting) -> Outcome<Row> {
        let graph = network(setting.name, self.side.unwrap_or(setting.side)).map_err(Failure::usage)?;
        let (input, parameters) = (graph.input.to_string(), graph.summary().totals.params);
        let (x, labels) = (pictures(graph.input.extents())?, (0..PICTURES as u32).collect::<Vec<_>>());
        let learning_rate = self.learning_rate.unwrap_or(setting.rate);
        let optimizer = Optimizer::adam(learning_rate);
        let config = SessionConfig { batch: PICTURES, optimizer, ..SessionConfig::default() };
        let start = Instant::now();
        let mut session = Session::new(gpu, graph, &Data::Host, config).map_err(Failure::usage)?;
        session.write_batch(&x, &labels)?;
        let (mut steps, mut loss, mut told) = (0, f32::NAN, start);
        while steps < 2 * setting.steps {
            let metrics = block_on(session.submit_batch()?.read())?;
            loss = worst(&metrics.head_losses);
            if loss < LEARNT {
                break;
            }
            steps += 1;
            if told.elapsed() > TELL_EVERY {
                told = Instant::now();
                note(format!("{}: loss {loss:.3} after {steps} steps", setting.name));
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        Ok(Row { model: setting.name, input, parameters, learning_rate, steps, loss, seconds })
    }
}

/// The largest of the heads' losses; NaN if one of them is, which `f32::max` would pass over.
fn worst(losses: &[f32]) -> f32 {
    losses.iter().copied().fold(0.0, |a, b| if b > a || b.is_nan() { b } else { a })
}

/// The network as it stands in the registry but for the number of classes and for dropout, which is off: it is there to
/// prevent just this.
fn network(name: &str, side: usize) -> cnn_playground::Result<Graph> {
    let own = models::build(name)?;
    let channels = own.input.shape.last().copied().unwrap_or_default();
    let mut spec = models::build_for(name, channels, CLASSES)?;
    for layer in &mut spec.layers {
        if let Layer::Dropout(dropout) = &mut layer.layer {
            dropout.rate = 0.0;
        }
    }
    if side > 0 {
        spec.input.shape[..2].fill(side);
    }
    Graph::new(&spec)
}

/// Eight shapes, one of a kind, for a network with this input.
fn pictures(input: &[usize]) -> Outcome<Vec<f32>> {
    let dataset = shapes(PICTURES, 1)?;
    let [side, _, channels] = dataset.shape;
    let [h, w, depth] = [input[0], input[1], input[2]];
    let mut values = Vec::with_capacity(PICTURES * h * w * depth);
    for picture in dataset.pixels.chunks(side * side * channels) {
        for (y, x) in (0..h).flat_map(|y| (0..w).map(move |x| (y, x))) {
            let at = channels * (y * side / h * side + x * side / w);
            values.extend((0..depth).map(|c| f32::from(picture[at + c]) * dataset.scale));
        }
    }
    Ok(values)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_network_with_a_classifier_has_a_setting_that_it_can_be_built_with() {
        let names: Vec<_> =
            REGISTRY.iter().filter(|known| known.classes > 0).map(|known| known.name).collect();
        assert_eq!(SETTINGS.iter().map(|setting| setting.name).collect::<Vec<_>>(), names);
        for setting in SETTINGS {
            network(setting.name, setting.side).expect(setting.name);
        }
    }

    #[test]
    fn a_loss_that_is_no_number_is_not_learnt() {
        assert_eq!(worst(&[0.5, 2.0, 1.0]), 2.0);
        for losses in [[f32::NAN, 0.0], [0.0, f32::NAN], [3.0, f32::NAN]] {
            assert!(worst(&losses).is_nan(), "{losses:?}");
        }
    }
}
