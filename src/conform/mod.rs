//! The engine held against reference numbers, on the GPU it runs on.
//!
//! Reference files were computed in `f64` by Keras and carry the error that `f32` is allowed. There are three kinds
//! (`tests/fixtures/README.md` describes them): an operation forward and backward, a training run, and the inference
//! of a whole network. [`conform`] tells them apart by their content, so the same bytes can be proved natively and in
//! a browser.

mod compare;
mod file;
mod loss;
mod op;
mod optimizer;
mod rig;
mod single;

use serde::Serialize;

use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::gpu::Gpu;

use compare::Comparison;
use file::OpCase;
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

async fn compare_file(gpu: &Gpu, _digits: Option<&Dataset>, bytes: &[u8]) -> Result<Comparison> {
    let case = OpCase::read(bytes)?;
    let comparison = op::run(gpu, &case).await?;
    gpu.check()?;
    Ok(comparison)
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
