//! Inference of whole networks: outputs of every head, statistics of every layer.

use serde::Deserialize;

use super::compare::{Comparison, Tolerance};
use super::filler;
use super::rig::Rig;
use crate::error::{Error, Result, bail};
use crate::gpu::{Gpu, Step};
use crate::graph::{Graph, ValueId};
use crate::models;
use crate::plan::{Plan, PlanOptions, Target, plan};
use crate::train::Arena;

/// More values than this in a batch are a mistake in the file.
const MAX_VALUES: usize = 1 << 28;

/// Weights and inputs are the same numbers on both sides; the file rounds them to nine digits.
const ROUNDED: Tolerance = Tolerance { rtol: 1e-6, atol: 1e-9 };

/// A reference file.
#[derive(Debug, Deserialize)]
pub(super) struct Model {
    #[serde(rename = "model")]
    network: String,
    seed: u64,
    #[serde(default)]
    weights: Vec<WeightRow>,
    runs: Vec<Run>,
}

/// Number, layer, kind, shape, first two values, L2 norm.
#[derive(Debug, Deserialize)]
struct WeightRow(usize, String, String, Vec<usize>, Vec<f64>, f64);

#[derive(Debug, Deserialize)]
struct Run {
    batch: usize,
    input: Input,
    heads: Vec<Head>,
    layer_tolerance: f64,
    layers: Vec<LayerRow>,
}

#[derive(Debug, Deserialize)]
struct Input {
    first8: Vec<f64>,
    sum: f64,
}

#[derive(Debug, Deserialize)]
struct Head {
    layer: String,
    tolerance: Tolerance,
    #[serde(default)]
    logits_tolerance: Option<Tolerance>,
    samples: Vec<Sample>,
}

#[derive(Debug, Deserialize)]
struct Sample {
    first32: Vec<f64>,
    sum: f64,
    l2: f64,
    top5: Vec<(usize, f64)>,
    #[serde(default)]
    logits_first32: Vec<f64>,
    #[serde(default)]
    logits_l2: Option<f64>,
}

#[derive(Debug, Deserialize)]
struct LayerRow {
    layer: String,
    mean: f64,
    std: f64,
    min: f64,
    max: f64,
    first8: Vec<f64>,
    spread8: Vec<f64>,
}

/// Runs every batch size of the file.
pub(super) async fn run(gpu: &Gpu, model: &Model) -> Result<Comparison> {
    let spec = models::build(&model.network)
        .map_err(|error| Error::new(format!("unknown model \"{}\": {error}", model.network)))?;
    let graph = Graph::new(&spec)?;
    let mut comparison = Comparison::default();
    let arena = Arena::new(gpu, &graph, false, 0)?;
    let mut rows = model.weights.iter();
    for (t, parameter) in graph.parameters.iter().enumerate() {
        let values = filler::weight(model.seed, t, &parameter.spec);
        if let Some(row) = rows.next() {
            row.compare(&mut comparison, &graph, t, &values)?;
        }
        arena.write(t, &values)?;
    }
    for run in &model.runs {
        run_batch(gpu, &graph, &arena, model.seed, run, &mut comparison).await?;
    }
    Ok(comparison)
}

async fn run_batch(
    gpu: &Gpu,
    graph: &Graph,
    arena: &Arena,
    seed: u64,
    run: &Run,
    comparison: &mut Comparison,
) -> Result<()> {
    let elements = graph.input.elements().checked_mul(run.batch).filter(|&n| n > 0 && n <= MAX_VALUES);
    let Some(elements) = elements else {
        bail!("a batch of {} pictures of {} cannot be run", run.batch, graph.input)
    };
    let options = PlanOptions {
        keep_activations: true,
        ..PlanOptions::new(run.batch, false, Target::Outputs, gpu.choice())
    };
    let x = filler::image(seed, elements);
    run.input.compare(comparison, &x);
    let start = |plan: Plan| -> Result<Rig> {
        let rig = Rig::new(gpu, plan, arena.externals().clone())?;
        rig.set_step(Step { step: 1, samples: run.batch as u32, ..Step::default() });
        rig.write("input", rig.plan().values[0], &x)?;
        rig.run();
        gpu.check()?;
        Ok(rig)
    };
    let rig = start(plan(graph, options.clone()))?;
    for row in &run.layers {
        let values = rig.read(&row.layer, rig.plan().values[value_of(graph, &row.layer)?.0]).await?;
        row.compare(comparison, run, &values);
    }
    for head in &run.heads {
        let value = value_of(graph, &head.layer)?;
        let outputs = rig.read(&head.layer, rig.plan().values[value.0]).await?;
        let logits = rig.read(&head.layer, rig.plan().values[graph.logits(value).0]).await?;
        head.compare(comparison, run.batch, &outputs, &logits)?;
    }
    // Layers that inference fuses, where nobody looks at them, must come to the same.
    let fused = plan(graph, PlanOptions { keep_activations: false, ..options });
    if fused.dispatches.len() < rig.plan().dispatches.len() {
        let alone = start(fused)?;
        for head in &run.heads {
            let value = value_of(graph, &head.layer)?;
            let outputs = alone.read(&head.layer, alone.plan().values[value.0]).await?;
            let logits = rig.read(&head.layer, rig.plan().values[graph.logits(value).0]).await?;
            head.compare(comparison, run.batch, &outputs, &logits)?;
        }
    }
    Ok(())
}

fn value_of(graph: &Graph, layer: &str) -> Result<ValueId> {
    if layer == graph.input_name {
        return Ok(ValueId(0));
    }
    Ok(graph.layers[graph.layer(layer)?].value)
}

impl WeightRow {
    fn compare(&self, comparison: &mut Comparison, graph: &Graph, t: usize, values: &[f32]) -> Result<()> {
        let Self(row, layer, kind, shape, first, l2) = self;
        super::check_tensor(graph, *row, layer, kind)?;
        if *row != t || *shape != graph.parameters[t].spec.shape {
            bail!(
                "weight tensor {t} is {layer}/{kind} of shape {:?}, in the file number {row} of shape {shape:?}",
                graph.parameters[t].spec.shape
            );
        }
        each(comparison, &format!("weights {layer}/{kind}"), values, first, ROUNDED);
        comparison.value(|| format!("weights {layer}/{kind} l2"), super::norm(values), *l2, ROUNDED);
        Ok(())
    }
}

impl Input {
    fn compare(&self, comparison: &mut Comparison, x: &[f32]) {
        each(comparison, "input", x, &self.first8, ROUNDED);
        comparison.value(|| "input sum".into(), sum(x), self.sum, ROUNDED);
    }
}

impl LayerRow {
    fn compare(&self, comparison: &mut Comparison, run: &Run, values: &[f32]) {
        let allowed = Tolerance::absolute(run.layer_tolerance * self.min.abs().max(self.max.abs()));
        let name = format!("batch {} {}", run.batch, self.layer);
        let n = values.len() as f64;
        let mean = sum(values) / n;
        let variance = values.iter().map(|&x| (f64::from(x) - mean).powi(2)).sum::<f64>() / n;
        let extreme =
            |pick: fn(f32, f32) -> f32| values.iter().copied().reduce(pick).map_or(f64::NAN, f64::from);
        for (what, got, want) in [
            ("mean", mean, self.mean),
            ("std", variance.sqrt(), self.std),
            ("min", extreme(f32::min), self.min),
            ("max", extreme(f32::max), self.max),
        ] {
            comparison.value(|| format!("{name} {what}"), got, want, allowed);
        }
        each(comparison, &format!("{name} first8"), values, &self.first8, allowed);
        let last = self.spread8.len().max(2) - 1;
        let spread: Vec<f32> =
            (0..=last).filter_map(|i| values.get(i * (values.len().max(1) - 1) / last).copied()).collect();
        each(comparison, &format!("{name} spread8"), &spread, &self.spread8, allowed);
    }
}

impl Head {
    fn compare(
        &self,
        comparison: &mut Comparison,
        batch: usize,
        outputs: &[f32],
        logits: &[f32],
    ) -> Result<()> {
        if self.samples.len() != batch {
            bail!("head \"{}\" has {} samples for a batch of {batch}", self.layer, self.samples.len());
        }
        let classes = outputs.len() / batch;
        for (at, sample) in self.samples.iter().enumerate() {
            let name = format!("batch {batch} {} sample {at}", self.layer);
            let of =
                |values: &[f32]| values.get(at * classes..(at + 1) * classes).unwrap_or_default().to_vec();
            sample.compare_outputs(comparison, &name, &of(outputs), self.tolerance)?;
            if let Some(tolerance) = self.logits_tolerance {
                let logits = of(logits);
                each(comparison, &format!("{name} logits"), &logits, &sample.logits_first32, tolerance);
                if let Some(want) = sample.logits_l2 {
                    let tolerance = of_norm(tolerance, classes);
                    comparison.value(|| format!("{name} logits l2"), super::norm(&logits), want, tolerance);
                }
            }
        }
        Ok(())
    }
}

impl Sample {
    fn compare_outputs(
        &self,
        comparison: &mut Comparison,
        name: &str,
        got: &[f32],
        tolerance: Tolerance,
    ) -> Result<()> {
        each(comparison, name, got, &self.first32, tolerance);
        let n = got.len();
        // Errors of single values add up at worst.
        let of_sum = Tolerance {
            rtol: 0.0,
            atol: n as f64 * tolerance.atol + tolerance.rtol * self.l2 * (n as f64).sqrt(),
        };
        comparison.value(|| format!("{name} sum"), sum(got), self.sum, of_sum);
        comparison.value(|| format!("{name} l2"), super::norm(got), self.l2, of_norm(tolerance, n));
        let order = best(got, self.top5.len() + 1);
        for (rank, &(class, want)) in self.top5.iter().enumerate() {
            let Some(&value) = got.get(class) else {
                bail!("class {class} of {n} is in the top five of the file")
            };
            comparison.value(|| format!("{name} top5[{rank}]"), value.into(), want, tolerance);
            let above = rank.checked_sub(1).and_then(|above| self.top5.get(above)).map(|&(_, value)| value);
            let below = match self.top5.get(rank + 1) {
                Some(&(_, value)) => Some(value),
                // The sixth is not in the file; ours will do.
                None => order.get(rank + 1).map(|&class| got[class].into()),
            };
            let apart =
                |other: Option<f64>| other.is_none_or(|other| (other - want).abs() > 2.0 * tolerance.atol);
            if apart(above) && apart(below) {
                let (got, want) = (order.get(rank).map_or(f64::NAN, |&best| best as f64), class as f64);
                comparison.value(|| format!("{name} top5[{rank}] class"), got, want, Tolerance::default());
            }
        }
        Ok(())
    }
}

/// Classes of the `count` largest values, the largest first; of equal ones the class that comes first.
fn best(values: &[f32], count: usize) -> Vec<usize> {
    let mut best = Vec::new();
    for _ in 0..count.min(values.len()) {
        let left = (0..values.len()).filter(|class| !best.contains(class));
        best.extend(left.reduce(|a, b| if values[b].total_cmp(&values[a]).is_gt() { b } else { a }));
    }
    best
}

/// The first values of a tensor; a tensor that is shorter than the list fails.
fn each(comparison: &mut Comparison, name: &str, got: &[f32], want: &[f64], tolerance: Tolerance) {
    for (at, &want) in want.iter().enumerate() {
        let got = got.get(at).map_or(f64::NAN, |&got| got.into());
        comparison.value(|| format!("{name}[{at}]"), got, want, tolerance);
    }
}

/// The norm of `n` values moves by at most the norm of their errors.
fn of_norm(tolerance: Tolerance, n: usize) -> Tolerance {
    Tolerance { atol: tolerance.atol * (n as f64).sqrt(), ..tolerance }
}

fn sum(values: &[f32]) -> f64 {
    values.iter().copied().map(f64::from).sum()
}
