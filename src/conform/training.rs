//! Training runs: losses of every step, gradients of the first, weights after the last.

use std::sync::Arc;

use serde::Deserialize;

use super::compare::{Comparison, Tolerance};
use super::filler;
use crate::data::Dataset;
use crate::error::{Error, Result, bail};
use crate::gpu::Gpu;
use crate::graph::Graph;
use crate::models;
use crate::optim::Optimizer;
use crate::train::{Data, Session, SessionConfig, StepMetrics};

/// More values than this in a batch are a mistake in the file.
const MAX_VALUES: usize = 1 << 28;

/// A reference file.
#[derive(Debug, Deserialize)]
pub(super) struct Training {
    network: String,
    seed: u64,
    data: Source,
    #[serde(default)]
    first_sample: u64,
    batch: usize,
    steps: usize,
    classes: u32,
    #[serde(default)]
    optimizer: Option<Optimizer>,
    loss_weights: Vec<f32>,
    #[serde(default)]
    head_losses_step1: Vec<f64>,
    curves: Curves,
    data_loss_tolerance: Vec<f64>,
    l2_loss_tolerance: Vec<f64>,
    accuracy_tolerance: f64,
    #[serde(default)]
    labels: Option<Vec<u32>>,
    gradients_step1: Vec<Row>,
    #[serde(default)]
    weights_final: Vec<Row>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    Digits,
    DigitsRgb,
    Filler,
}

/// Measured before each update.
#[derive(Debug, Deserialize)]
struct Curves {
    data_loss: Vec<f64>,
    l2_loss: Vec<f64>,
    accuracy: Vec<f64>,
}

/// What is known of one tensor.
#[derive(Debug, Deserialize)]
struct Row {
    t: usize,
    layer: String,
    kind: String,
    l2: f64,
    l2_atol: f64,
    first4: Vec<f64>,
    value_atol: f64,
}

/// Trains as the file says and compares.
pub(super) async fn run(gpu: &Gpu, digits: Option<&Dataset>, training: &Training) -> Result<Comparison> {
    training.validate()?;
    let graph = training.graph()?;
    training.check_names(&graph)?;
    let mut session = training.session(gpu, &graph, digits)?;
    let mut weights = Vec::new();
    for (t, parameter) in graph.parameters.iter().enumerate() {
        let values = filler::weight(training.seed, t, &parameter.spec);
        session.arena().write(t, &values)?;
        weights.push(values);
    }
    let mut comparison = Comparison::default();
    for step in 0..training.steps {
        let metrics = training.step(&mut session, digits, step).await?;
        training.compare_step(&mut comparison, step, &metrics)?;
        if step == 0 {
            compare_gradients(&mut comparison, &session, &weights, &training.gradients_step1).await?;
        }
    }
    for row in &training.weights_final {
        row.compare(&mut comparison, "weights_final", &session.arena().read(row.t).await?);
    }
    Ok(comparison)
}

impl Training {
    fn validate(&self) -> Result<()> {
        let Curves { data_loss, l2_loss, accuracy } = &self.curves;
        let lengths = [data_loss, l2_loss, accuracy, &self.data_loss_tolerance, &self.l2_loss_tolerance];
        if let Some(curve) = lengths.iter().find(|curve| curve.len() != self.steps) {
            bail!("a curve has {} values for {} steps", curve.len(), self.steps);
        }
        if self.steps == 0 {
            bail!("a run of 0 steps proves nothing");
        }
        Ok(())
    }

    /// The network of the registry, with its dropout switched off.
    fn graph(&self) -> Result<Graph> {
        let spec = models::build(&self.network)
            .map_err(|error| Error::new(format!("unknown model \"{}\": {error}", self.network)))?;
        let graph = Graph::new(&super::without_dropout(spec)?)?;
        let values = graph.input.elements().checked_mul(self.batch);
        if self.batch == 0 || values.is_none_or(|values| values > MAX_VALUES) {
            bail!("a batch of {} pictures of {} cannot be run", self.batch, graph.input);
        }
        Ok(graph)
    }

    fn check_names(&self, graph: &Graph) -> Result<()> {
        for row in self.gradients_step1.iter().chain(&self.weights_final) {
            super::check_tensor(graph, row.t, &row.layer, &row.kind)?;
        }
        Ok(())
    }

    fn session(&self, gpu: &Gpu, graph: &Graph, digits: Option<&Dataset>) -> Result<Session> {
        let data = match self.data {
            Source::Digits => Data::Dataset(Arc::new(self.digits(digits)?.clone())),
            Source::DigitsRgb | Source::Filler => Data::Host,
        };
        let config = SessionConfig {
            // Where the file has none there is one step, and nothing is looked at after it.
            optimizer: self.optimizer.unwrap_or(Optimizer::sgd(0.01)),
            batch: self.batch,
            loss_weights: Some(self.loss_weights.clone()),
            ..SessionConfig::default()
        };
        Session::new(gpu, graph.clone(), &data, config)
    }

    fn digits<'a>(&self, digits: Option<&'a Dataset>) -> Result<&'a Dataset> {
        match digits {
            Some(digits) if !digits.is_empty() => Ok(digits),
            _ => bail!("this run of \"{}\" needs the dataset of digits, which was not given", self.network),
        }
    }

    async fn step(
        &self,
        session: &mut Session,
        digits: Option<&Dataset>,
        step: usize,
    ) -> Result<StepMetrics> {
        match self.data {
            Source::Digits => {
                let indices = self.indices(self.digits(digits)?, step);
                return session.submit_step_on(&indices)?.read().await;
            }
            Source::DigitsRgb => {
                let digits = self.digits(digits)?;
                let indices = self.indices(digits, step);
                let (x, labels) = coloured(digits, &indices)?;
                session.write_batch(&x, &labels)?;
            }
            Source::Filler => {
                let labels = filler::labels(self.seed, self.batch, self.classes);
                if self.labels.as_ref().is_some_and(|expected| *expected != labels) {
                    bail!("the filler gives labels {labels:?}, the file has {:?}", self.labels);
                }
                let elements = self.batch * session.graph().input.elements();
                session.write_batch(&filler::image(self.seed, elements), &labels)?;
            }
        }
        session.submit_batch()?.read().await
    }

    /// In the order of the file, over and over.
    fn indices(&self, digits: &Dataset, step: usize) -> Vec<u32> {
        let samples = digits.len() as u64;
        let first = self.first_sample % samples + step as u64 * self.batch as u64;
        (0..self.batch as u64).map(|i| ((first + i) % samples) as u32).collect()
    }

    fn compare_step(&self, comparison: &mut Comparison, step: usize, metrics: &StepMetrics) -> Result<()> {
        let mut compare = |curve: &str, got: f64, want: f64, atol: f64| {
            comparison.value(|| format!("{curve}[{step}]"), got, want, Tolerance::absolute(atol));
        };
        let (losses, tolerances) = (&self.curves.data_loss, &self.data_loss_tolerance);
        let heads = metrics.head_losses.iter().zip(&self.loss_weights);
        let data_loss = heads.map(|(&loss, &weight)| f64::from(loss) * f64::from(weight)).sum();
        compare("data_loss", data_loss, losses[step], tolerances[step]);
        compare("l2_loss", metrics.penalty.into(), self.curves.l2_loss[step], self.l2_loss_tolerance[step]);
        compare("accuracy", metrics.accuracy.into(), self.curves.accuracy[step], self.accuracy_tolerance);
        if step == 0 && !self.head_losses_step1.is_empty() {
            if self.head_losses_step1.len() != metrics.head_losses.len() {
                bail!(
                    "the file has {} heads, the network {}",
                    self.head_losses_step1.len(),
                    metrics.head_losses.len()
                );
            }
            for (head, (&got, &want)) in metrics.head_losses.iter().zip(&self.head_losses_step1).enumerate() {
                compare(&format!("head_losses_step1[{head}] of step "), got.into(), want, tolerances[0]);
            }
        }
        Ok(())
    }
}

impl Row {
    fn compare(&self, comparison: &mut Comparison, what: &str, values: &[f32]) {
        let name = || format!("{what} {}/{}", self.layer, self.kind);
        let l2 = super::norm(values);
        comparison.value(|| format!("{} l2", name()), l2, self.l2, Tolerance::absolute(self.l2_atol));
        for (at, &want) in self.first4.iter().enumerate() {
            let got = values.get(at).map_or(f64::NAN, |&value| value.into());
            comparison.value(|| format!("{}[{at}]", name()), got, want, Tolerance::absolute(self.value_atol));
        }
    }
}

/// The engine keeps the regularisers' share out of the gradients until the optimiser adds it; the file has it in.
async fn compare_gradients(
    comparison: &mut Comparison,
    session: &Session,
    weights: &[Vec<f32>],
    rows: &[Row],
) -> Result<()> {
    for row in rows {
        let spec = &session.graph().parameters[row.t].spec;
        let mut gradient = session.arena().read_gradient(row.t).await?;
        for (g, &w) in gradient.iter_mut().zip(&weights[row.t]) {
            *g += 2.0 * spec.l2 * w + if w == 0.0 { 0.0 } else { spec.l1 * w.signum() };
        }
        row.compare(comparison, "gradients_step1", &gradient);
    }
    Ok(())
}

/// The digits in three channels: times 1, 0.5, 0.25.
fn coloured(digits: &Dataset, indices: &[u32]) -> Result<(Vec<f32>, Vec<u32>)> {
    let (mut x, mut labels) = (Vec::new(), Vec::new());
    for &index in indices {
        x.extend(digits.values(index as usize)?.iter().flat_map(|value| [1.0, 0.5, 0.25].map(|k| k * value)));
        labels.push(digits.labels[index as usize]);
    }
    Ok((x, labels))
}
