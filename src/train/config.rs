//! How to train, on what, and whether the two fit.

use std::sync::Arc;

use crate::data::{Augment, Dataset};
use crate::error::{Result, bail};
use crate::graph::Graph;
use crate::optim::{Clipping, LearningRateSchedule, Optimizer};

/// Samples a batch when only measuring.
pub(super) const EVALUATION_BATCH: usize = 64;

/// How to train.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionConfig {
    /// What moves the weights.
    pub optimizer: Optimizer,
    /// How its learning rate goes on.
    pub schedule: LearningRateSchedule,
    /// How long a gradient may be.
    pub clipping: Option<Clipping>,
    /// Samples a step.
    pub batch: usize,
    /// Decides first weights, split and order.
    pub seed: u32,
    /// Share of the samples kept for validation.
    pub validation_split: f32,
    /// Factor of each head's loss; the network's own when absent.
    pub loss_weights: Option<Vec<f32>>,
    /// Share of the target spread evenly over all classes.
    pub label_smoothing: f32,
    /// What is done to pictures in training; measuring sees them as they are.
    pub augment: Augment,
}

impl Default for SessionConfig {
    /// Adam, batches of 64, a fifth for validation.
    fn default() -> Self {
        Self {
            optimizer: Optimizer::adam(0.001),
            schedule: LearningRateSchedule::default(),
            clipping: None,
            batch: 64,
            seed: 1,
            validation_split: 0.2,
            loss_weights: None,
            label_smoothing: 0.0,
            augment: Augment::default(),
        }
    }
}

/// What to train on.
#[derive(Clone, Debug)]
pub enum Data {
    /// A dataset, uploaded once.
    Dataset(Arc<Dataset>),
    /// Every batch is written by the caller with [`Session::write_batch`].
    Host,
}

/// A part of the dataset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the network learns from.
    Train,
    /// What it never learns from.
    Validation,
}

/// Whether so many samples can run at once: shaders count the values of a whole batch in 32 bits.
pub fn check_batch(graph: &Graph, batch: usize) -> Result<()> {
    const MAX_BATCH: usize = 65_536;
    const MAX_VALUES: u64 = 1 << 31;
    if batch == 0 || batch > MAX_BATCH {
        bail!("a batch of {batch} cannot run; use 1 to {MAX_BATCH}");
    }
    let outputs = graph.layers.iter().map(|layer| (&layer.spec.name, &layer.shape));
    let all = outputs.chain([(&graph.input_name, &graph.input)]);
    match all.max_by_key(|(_, shape)| shape.elements()) {
        Some((name, shape)) if shape.elements() as u64 * batch.max(EVALUATION_BATCH) as u64 >= MAX_VALUES => {
            bail!("a batch of {batch} makes \"{name}\" {shape} with 2^31 values or more; use a smaller batch")
        }
        _ => Ok(()),
    }
}

pub(super) fn loss_weights(graph: &Graph, config: &SessionConfig) -> Result<Vec<f32>> {
    if !(0.0..1.0).contains(&config.label_smoothing) {
        bail!("label smoothing is {}; it must be at least 0 and below 1", config.label_smoothing);
    }
    match &config.loss_weights {
        Some(given) => crate::graph::loss_weights(given, graph.outputs.len()),
        None => Ok(graph.loss_weights.clone()),
    }
}

/// Whether the network can be trained on this dataset.
pub(super) fn check_fit(graph: &Graph, dataset: &Dataset) -> Result<()> {
    dataset.validate()?;
    // Nothing is frozen in the playground's own engine.
    #[cfg(feature = "conform")]
    graph.check_learns()?;
    if graph.input.extents() != dataset.shape {
        bail!(
            "\"{}\" takes pictures of shape {}, the dataset \"{}\" has {:?}; choose another dataset or input shape",
            graph.name,
            graph.input,
            dataset.name,
            dataset.shape
        );
    }
    for &output in &graph.outputs {
        let layer = &graph.layers[output];
        if layer.shape.elements() < dataset.classes.len() {
            bail!(
                "output \"{}\" has {} values, the dataset \"{}\" has {} classes; make the last layer wider",
                layer.spec.name,
                layer.shape.elements(),
                dataset.name,
                dataset.classes.len()
            );
        }
    }
    Ok(())
}

pub(super) fn check_indices(indices: &[u32], samples: usize) -> Result<()> {
    match indices.iter().find(|&&index| index as usize >= samples) {
        Some(index) => bail!("sample {index} does not exist; the dataset has {samples}"),
        None => Ok(()),
    }
}
