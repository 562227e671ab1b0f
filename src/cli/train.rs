//! `train`: a progress bar, or one JSON object a step.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use cnn_playground::data::Augment;
use cnn_playground::graph::Graph;
use cnn_playground::optim::{Clipping, Optimizer};
use cnn_playground::train::{Data, Evaluation, Part, Session, SessionConfig};
use cnn_playground::weights::safetensors;
use indicatif::{ProgressBar, ProgressStyle};
use pollster::block_on;
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::{Failure, Outcome, gpu, network, say, say_json, schedule, transfer, tuning};

#[derive(Debug, clap::Args)]
#[command(allow_negative_numbers = true)]
pub(super) struct Arguments {
    /// Registry name, or a .json file in the model format
    model: String,
    /// digits, shapes, or a .safetensors file: `images` [n, height, width, channels] (U8, or F32 from 0 to 1) and `labels`
    /// [n] (whole numbers)
    #[arg(long, value_name = "DATASET", default_value = "digits")]
    data: String,
    /// Times that every training sample is seen
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = super::whole(1))]
    epochs: u32,
    /// Decides first weights, split and order: the same seed on the same GPU gives the same bits
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = super::whole(0))]
    seed: u32,
    /// Samples a step
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = super::whole(0))]
    batch: u32,
    /// sgd, momentum, nesterov, rmsprop, adam or adamw
    #[arg(long, value_name = "NAME", default_value = "adam")]
    optimizer: String,
    /// Step size; 0.002 with adam and Keras's default with others when absent
    #[arg(long, value_name = "RATE")]
    learning_rate: Option<f64>,
    /// Shortens the gradient of a weight tensor whose norm is above this
    #[arg(long, value_name = "NORM")]
    clipnorm: Option<f64>,
    /// The same for all gradients taken as one vector
    #[arg(long, value_name = "NORM")]
    global_clipnorm: Option<f64>,
    #[command(flatten)]
    schedule: schedule::Options,
    #[command(flatten)]
    transfer: transfer::Transfer,
    #[command(flatten)]
    tuning: tuning::TuneOptions,
    /// Share of the samples that only measure
    #[arg(long, value_name = "SHARE", default_value_t = 0.2)]
    validation_split: f32,
    /// Share of every target that is spread evenly over all classes; the losses shown have it in them
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    label_smoothing: f32,
    /// What is done at random to the pictures that train, with commas: flip, shift, rotate, cutout
    #[arg(long, value_name = "LIST", default_value = "")]
    augment: Augment,
    /// Writes the trained weights to this .safetensors file
    #[arg(long, value_name = "FILE")]
    save: Option<PathBuf>,
    /// One JSON object a step, and a last one with the result
    #[arg(long)]
    json: bool,
}

/// The last line of `--json`.
#[derive(Serialize)]
struct Outro {
    val_accuracy: f32,
    val_top5_accuracy: f32,
    val_loss: f32,
    /// Mean over the last epoch's steps.
    loss: f32,
    steps: u32,
    epochs: u32,
    samples_per_second: f64,
    seconds: f64,
}

impl Arguments {
    pub(super) fn run(&self) -> Outcome {
        self.schedule.check()?;
        let dataset = network::dataset(&self.data, self.seed)?;
        let mut graph = network::graph_for_data(&self.model, &self.data, &dataset)?;
        let classes = dataset.classes.clone();
        let config = SessionConfig {
            optimizer: self.optimizer()?,
            clipping: Clipping::of(self.clipnorm, self.global_clipnorm).map_err(Failure::usage)?,
            batch: self.batch as usize,
            seed: self.seed,
            validation_split: self.validation_split,
            label_smoothing: self.label_smoothing,
            augment: self.augment,
            ..SessionConfig::default()
        };
        let fit = self.transfer.prepare(&mut graph)?;
        let output = self.save.as_deref().map(Output::open).transpose()?;
        let (gpu, memory) = self.tuning.open(gpu()?);
        let data = Data::Dataset(Arc::new(dataset));
        let mut session = Session::new(&gpu, graph, &data, config).map_err(Failure::usage)?;
        self.transfer.load(&mut session, fit)?;
        if let Some(mut memory) = memory {
            session.retune(memory.measure(session.tuner()?))?;
        }
        if !self.json {
            say(format!(
                "{} on {}: {}; batch {}, {} from {}, {} schedule, label smoothing {}, seed {}",
                session.graph().name,
                self.data,
                counted(session.graph()),
                self.batch,
                self.optimizer,
                session.learning_rate(),
                self.schedule.name(),
                self.label_smoothing,
                self.seed
            ));
        }
        let start = Instant::now();
        let (loss, measured) = self.epochs(&mut session)?;
        let seconds = start.elapsed().as_secs_f64();
        if let Some(output) = output {
            output.save(&session, &classes)?;
        }
        let steps = session.steps();
        let outro = Outro {
            val_accuracy: measured.accuracy,
            val_top5_accuracy: measured.top5_accuracy,
            val_loss: measured.loss,
            loss,
            steps,
            epochs: self.epochs,
            samples_per_second: f64::from(steps) * f64::from(self.batch) / seconds,
            seconds,
        };
        if self.json {
            return say_json(&outro);
        }
        say(format!(
            "{}: {} of {} validation pictures right ({:.2} %), loss {:.4}; {steps} steps in {seconds:.1} s",
            session.graph().name,
            (measured.accuracy * measured.samples as f32).round(),
            measured.samples,
            100.0 * measured.accuracy,
            measured.loss
        ));
        Ok(())
    }

    /// Trains; returns the last epoch's mean loss and what the validation samples say in the end.
    fn epochs(&self, session: &mut Session) -> Outcome<(f32, Evaluation)> {
        let steps = session.schedule().map_or(0, cnn_playground::train::Schedule::steps_per_epoch);
        session
            .set_schedule(self.schedule.over(self.epochs.saturating_mul(steps as u32)))
            .map_err(Failure::usage)?;
        let mut epoch = 1;
        loop {
            let bar = self.bar(epoch, steps as u64);
            let mut sum = 0.0;
            for step in 1..=steps {
                let metrics = block_on(session.train_step())?;
                sum += f64::from(metrics.loss);
                if self.json {
                    say_json(&metrics)?;
                }
                bar.set_message(format!("loss {:.4}", sum / step as f64));
                bar.inc(1);
            }
            bar.finish_and_clear();
            let loss = (sum / steps.max(1) as f64) as f32;
            let last = epoch == self.epochs;
            if last || !self.json || self.schedule.monitors() {
                let measured = block_on(session.evaluate(Part::Validation))?;
                session.monitor(measured.loss.into());
                if !self.json {
                    let accuracy = 100.0 * measured.accuracy;
                    say(format!(
                        "epoch {epoch:3}  loss {loss:.4}  validation: loss {:.4}, accuracy {accuracy:.2} %",
                        measured.loss
                    ));
                }
                if last {
                    return Ok((loss, measured));
                }
            }
            epoch += 1;
        }
    }

    fn bar(&self, epoch: u32, steps: u64) -> ProgressBar {
        if self.json {
            return ProgressBar::hidden();
        }
        let style = ProgressStyle::with_template("{prefix} {wide_bar} {pos}/{len} {per_sec}  {msg}");
        let bar = ProgressBar::new(steps).with_prefix(format!("epoch {epoch}/{}", self.epochs));
        bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
    }

    fn optimizer(&self) -> Outcome<Optimizer> {
        optimizer(&self.optimizer, self.learning_rate)
    }
}

/// An optimiser by its name on the command line.
pub(super) fn optimizer(name: &str, learning_rate: Option<f64>) -> Outcome<Optimizer> {
    let mut settings = Map::new();
    let algorithm = match name {
        "momentum" | "nesterov" => "sgd",
        other => other,
    };
    settings.insert("algorithm".to_owned(), json!(algorithm));
    if name != algorithm {
        settings.insert("momentum".to_owned(), json!(0.9));
        settings.insert("nesterov".to_owned(), json!(name == "nesterov"));
    }
    // Twice Keras's, because the schedule lets it sink.
    let rate = learning_rate.or_else(|| (algorithm == "adam").then_some(0.002));
    if let Some(rate) = rate {
        // JSON has no NaN: it would arrive as null.
        cnn_playground::optim::optimizer::check_rate(rate).map_err(Failure::usage)?;
        settings.insert("learning_rate".to_owned(), json!(rate));
    }
    let optimizer: Optimizer = serde_json::from_value(Value::Object(settings)).map_err(|error| {
        Failure::Usage(format!(
            "optimizer \"{name}\": {error}; momentum and nesterov are sgd with a momentum of 0.9"
        ))
    })?;
    optimizer.validate().map_err(Failure::usage)?;
    Ok(optimizer)
}
/// How many parameters there are, and where it is not all, how many learn.
fn counted(graph: &Graph) -> String {
    let totals = graph.summary().totals;
    let frozen = graph.layers.iter().any(|layer| !layer.spec.trainable);
    let learn = if frozen { format!(", {} of them trained", totals.trainable) } else { String::new() };
    format!("{} parameters{learn}", totals.params)
}

/// Where weights will go. Opened before training: a path that can't be written is not for the last minute to tell.
struct Output<'a> {
    path: &'a Path,
    /// Written first, so that an older file stays whole until there is a new one.
    part: PathBuf,
}

impl<'a> Output<'a> {
    fn open(path: &'a Path) -> Outcome<Self> {
        if path.is_dir() {
            return Err(Failure::Usage(format!("{} is a folder; name a file to save to", path.display())));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir());
        if let Some(folder) = folder {
            return Err(Failure::Usage(format!(
                "{}: there is no folder {}; make it first, or save to another file",
                path.display(),
                folder.display()
            )));
        }
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let output = Self { path, part: part.into() };
        std::fs::File::create(&output.part).map_err(|error| output.failure(&error))?;
        Ok(output)
    }

    fn save(&self, session: &Session, classes: &[String]) -> Outcome {
        let mut tensors = Vec::new();
        for t in 0..session.graph().parameters.len() {
            tensors.push(block_on(session.arena().read(t))?);
        }
        let bytes = safetensors::write(session.graph(), &tensors, classes)?;
        let written = std::fs::write(&self.part, bytes).and_then(|()| std::fs::rename(&self.part, self.path));
        written.map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &std::io::Error) -> Failure {
        Failure::Run(format!("{}: {error}", self.path.display()))
    }
}

impl Drop for Output<'_> {
    fn drop(&mut self) {
        // Training has stopped before its end; after a rename there is none.
        let _ = std::fs::remove_file(&self.part);
    }
}
