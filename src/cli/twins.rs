//! `twins`: residual networks and the same layers without their additions, trained alike and set side by side.

use std::sync::Arc;
use std::time::Instant;

use cnn_playground::data::Dataset;
use cnn_playground::gpu::Gpu;
use cnn_playground::train::{Data, LayerNorms, Part, Session, SessionConfig};
use pollster::block_on;

use super::{Failure, Outcome, gpu, network, say};

/// Each beside its twin.
const TWINS: [&str; 4] = ["resnet20", "plain20", "resnet56", "plain56"];

/// Steps over which the gradient's norm is averaged, at the beginning and at the end.
const WINDOW: u32 = 10;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// digits or shapes
    #[arg(long, value_name = "DATASET", default_value = "digits")]
    data: String,
    /// Steps that each network is trained for
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..))]
    steps: u32,
    /// Samples a step
    #[arg(long, value_name = "N", default_value_t = 16)]
    batch: usize,
    /// Height and width of the digits, a multiple of their own 8; shapes have 32
    #[arg(long, value_name = "PIXELS", default_value_t = 16)]
    side: usize,
    /// sgd, momentum, nesterov, rmsprop, adam or adamw
    #[arg(long, value_name = "NAME", default_value = "momentum")]
    optimizer: String,
    /// Step size
    #[arg(long, value_name = "RATE", default_value_t = 0.01)]
    learning_rate: f64,
    /// Decides first weights, split and order, the same for all
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u32,
}

/// What one network showed.
struct Row {
    /// Mean norm of the first convolution's gradient, and of the last one's, over the first and the last steps.
    norms: [[f64; 2]; 2],
    loss: f64,
    accuracy: f32,
    val_accuracy: f32,
    seconds: f64,
}

impl Arguments {
    pub(super) fn run(&self) -> Outcome {
        let dataset = Arc::new(self.dataset()?);
        let gpu = gpu()?;
        say(format!(
            "{} steps of {} pictures ({}, {}×{}), {} at {}, seed {}, on {}\n",
            self.steps,
            self.batch,
            self.data,
            dataset.shape[0],
            dataset.shape[1],
            self.optimizer,
            self.learning_rate,
            self.seed,
            gpu.adapter().get_info().name
        ));
        let window = WINDOW.min(self.steps);
        say(format!(
            "| network | gradient at the first layer, steps 1–{window} | … at the last convolution | first layer, last \
             {window} steps | … last convolution | loss, last {window} steps | training accuracy | validation accuracy | seconds |",
        ));
        say("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        for name in TWINS {
            let row = self.train(&gpu, name, &dataset)?;
            let [[first, last], [first_end, last_end]] = row.norms;
            say(format!(
                "| {name} | {first:.3} | {last:.3} | {first_end:.3} | {last_end:.3} | {:.3} | {:.1} % | {:.1} % | {:.0} |",
                row.loss,
                100.0 * row.accuracy,
                100.0 * row.val_accuracy,
                row.seconds
            ));
        }
        Ok(())
    }

    /// The digits as large as wanted: each of their pixels is so many of the picture.
    fn dataset(&self) -> Outcome<Dataset> {
        let mut dataset = network::dataset(&self.data, self.seed)?;
        if self.data != "digits" {
            return Ok(dataset);
        }
        let own = dataset.shape[0] / dataset.repeat;
        if !self.side.is_multiple_of(own) || !(1..=8).contains(&(self.side / own)) {
            return Err(Failure::Usage(format!(
                "digits cannot have {} pixels a side; use a multiple of their own {own}, up to {}",
                self.side,
                8 * own
            )));
        }
        dataset.repeat = self.side / own;
        dataset.shape[..2].fill(self.side);
        Ok(dataset)
    }

    fn train(&self, gpu: &Gpu, name: &str, dataset: &Arc<Dataset>) -> Outcome<Row> {
        let graph = network::graph_for(name, &dataset.shape, dataset.classes.len())?;
        let config = SessionConfig {
            optimizer: super::train::optimizer(&self.optimizer, Some(self.learning_rate))?,
            batch: self.batch,
            seed: self.seed,
            ..SessionConfig::default()
        };
        let data = Data::Dataset(dataset.clone());
        let mut session = Session::new(gpu, graph, &data, config).map_err(Failure::usage)?;
        let window = WINDOW.min(self.steps);
        let (mut norms, mut loss, mut hits) = ([[0.0; 2]; 2], 0.0, 0.0);
        let start = Instant::now();
        for step in 0..self.steps {
            let metrics = block_on(session.train_step())?;
            let late = step + window >= self.steps;
            if step < window {
                add_norms(&mut norms[0], &block_on(session.norms())?, window);
            }
            if late {
                add_norms(&mut norms[1], &block_on(session.norms())?, window);
                loss += f64::from(metrics.loss - metrics.penalty) / f64::from(window);
                hits += metrics.accuracy / window as f32;
            }
        }
        let seconds = start.elapsed().as_secs_f64();
        let measured = block_on(session.evaluate(Part::Validation))?;
        Ok(Row { norms, loss, accuracy: hits, val_accuracy: measured.accuracy, seconds })
    }
}

/// Adds the norms of the first and of the last convolution's gradient.
fn add_norms(sums: &mut [f64; 2], norms: &[LayerNorms], window: u32) {
    let convolution = |of: &&LayerNorms| of.layer.contains("conv");
    let ends = [norms.iter().find(convolution), norms.iter().rfind(convolution)];
    for (sum, norm) in sums.iter_mut().zip(ends) {
        *sum += f64::from(norm.map_or(f32::NAN, |of| of.gradient)) / f64::from(window);
    }
}
