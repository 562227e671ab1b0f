//! The engine held against reference numbers, on the GPU it runs on.
//!
//! Reference files were computed in `f64` by Keras and carry the error that `f32` is allowed. There are three kinds
//! (`tests/fixtures/README.md` describes them): an operation forward and backward, a training run, and the inference
//! of a whole network. [`conform`] tells them apart by their content, so the same bytes can be proved natively and in
//! a browser.

mod compare;
mod file;
mod filler;
mod gradient;
mod loss;
mod model;
mod op;
mod optimizer;
mod rig;
mod single;
mod training;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::data::Dataset;
use crate::error::{Error, Result, bail};
use crate::gpu::Gpu;
use crate::graph::{Graph, LayerSpec, ModelSpec};
use crate::json;
use crate::ops::Layer;

use compare::Comparison;
use file::OpCase;
pub use gradient::{GradientCheck, GradientOptions, LayerGradient};
#[cfg(all(feature = "bench", target_arch = "wasm32"))]
pub(crate) use rig::Rig;
pub use single::{Single, SingleRun, run_single};

/// What came of one reference file.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Name of the file.
    pub name: String,
    /// Whether every number lies within its tolerance.
    pub passed: bool,
    /// Largest |got − want| ÷ (what is allowed there): at most 1 passes.
    pub worst: f64,
    /// Tensor or curve, and the place in it, where `worst` was met.
    pub worst_at: String,
    /// |got − want| there.
    pub error: f64,
    /// What was allowed there.
    pub tolerance: f64,
    /// Why it failed, for people; empty when it passed.
    pub message: String,
}

/// Runs one reference file on the GPU and compares. Whatever the bytes are, the answer is a report: a file that
/// cannot be read, an operation or a network that is not known are failures that say so.
///
/// `digits` is the dataset of handwritten digits, which some training runs are trained on.
pub async fn conform(gpu: &Gpu, digits: Option<&Dataset>, bytes: &[u8], name: &str) -> Report {
    match compare_file(gpu, digits, bytes).await {
        Ok(comparison) => Report::of(name, comparison),
        Err(error) => Report::failure(name, &error),
    }
}

async fn compare_file(gpu: &Gpu, digits: Option<&Dataset>, bytes: &[u8]) -> Result<Comparison> {
    let comparison = match json::parse(bytes) {
        Ok(json) if json.get("curves").is_some() => {
            training::run(gpu, digits, &read("training run", &json)?).await?
        }
        Ok(json) if json.get("runs").is_some() => model::run(gpu, &read("model file", &json)?).await?,
        Ok(_) => {
            bail!("this JSON is neither a training run (it has no \"curves\") nor a model file (\"runs\")")
        }
        Err(_) => op::run(gpu, &OpCase::read(bytes)?).await?,
    };
    gpu.check()?;
    Ok(comparison)
}

fn read<T: DeserializeOwned>(what: &str, json: &Value) -> Result<T> {
    json::read_part(json).map_err(|error| Error::new(format!("{what}: {error}")))
}

/// Reference runs drop nothing.
fn without_dropout(mut spec: ModelSpec) -> Result<ModelSpec> {
    let mut layers = Vec::new();
    for layer in &spec.layers {
        if layer.layer.class() == "Dropout" {
            let off = Layer::read("Dropout", &json!({ "rate": 0.0 }))?;
            layers.push(LayerSpec { layer: off, ..layer.clone() });
        } else {
            layers.push(layer.clone());
        }
    }
    spec.layers = layers;
    Ok(spec)
}

/// Whether both sides mean the same by weight tensor `t`.
fn check_tensor(graph: &Graph, t: usize, layer: &str, kind: &str) -> Result<()> {
    match graph.parameters.get(t) {
        Some(parameter) => {
            let ours = (graph.layers[parameter.layer].spec.name.as_str(), parameter.spec.name);
            if ours != (layer, kind) {
                bail!("weight tensor {t} is {}/{} here, {layer}/{kind} in the file", ours.0, ours.1);
            }
            Ok(())
        }
        None => bail!(
            "there is no weight tensor {t} ({layer}/{kind}); \"{}\" has {}",
            graph.name,
            graph.parameters.len()
        ),
    }
}

/// Root of the sum of squares, in `f64`.
fn norm(values: &[f32]) -> f64 {
    values.iter().map(|&x| f64::from(x) * f64::from(x)).sum::<f64>().sqrt()
}

impl Report {
    fn of(name: &str, comparison: Comparison) -> Self {
        if comparison.compared == 0 {
            return Self::failure(name, &Error::new("the file expects nothing; it proves nothing"));
        }
        let passed = comparison.worst <= 1.0;
        Self {
            name: name.to_owned(),
            passed,
            message: if passed { String::new() } else { comparison.message() },
            worst: finite(comparison.worst),
            error: finite(comparison.error),
            tolerance: finite(comparison.tolerance),
            worst_at: comparison.at,
        }
    }

    /// A file that was not even compared.
    pub fn failure(name: &str, error: &Error) -> Self {
        Self {
            name: name.to_owned(),
            passed: false,
            worst: f64::MAX,
            worst_at: String::new(),
            error: f64::MAX,
            tolerance: 0.0,
            message: error.to_string(),
        }
    }
}

/// JSON has no infinity.
fn finite(value: f64) -> f64 {
    if value.is_finite() { value } else { f64::MAX }
}
