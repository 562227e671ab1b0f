//! Cases of softmax cross-entropy: logits and labels in; probabilities, losses and the gradient out.

use super::file::OpCase;
use super::op::Outputs;
use super::rig::{Rig, one_layer};
use crate::error::{Result, bail};
use crate::gpu::{Externals, Gpu, Step};
use crate::ops::activation::ActivationLayer;
use crate::ops::cross_entropy::METRICS_WORDS;
use crate::ops::{Activation, Layer};
use crate::plan::{External, PlanOptions, Target, plan};

/// Runs the loss on a network that is nothing but a softmax: what goes into it are the logits.
pub(super) async fn cross_entropy(gpu: &Gpu, case: &OpCase) -> Result<Outputs> {
    let x = case.tensor("x")?;
    let (batch, sample) = x.batch("x")?;
    let labels = labels(case, batch, sample.iter().product())?;
    let label_smoothing: f32 = case.attr("label_smoothing")?;
    if !(0.0..1.0).contains(&label_smoothing) {
        bail!("label smoothing is {label_smoothing}; it must be at least 0 and below 1");
    }
    let graph = one_layer(&Layer::from(ActivationLayer { activation: Activation::Softmax }), sample)?;
    let options = PlanOptions {
        keep_activations: true,
        input_gradient: true,
        ..PlanOptions::new(
            batch,
            true,
            Target::CrossEntropy { weights: vec![1.0], label_smoothing },
            gpu.choice(),
        )
    };
    let loss = Rig::new(gpu, plan(&graph, options.clone()), Externals::new())?;
    loss.set_step(Step { step: 1, samples: batch as u32, ..Step::default() });
    loss.write("x", loss.plan().values[0], &x.values)?;
    loss.write("labels", loss.plan().labels, &labels)?;
    loss.run();
    let per_sample = loss.read("losses", loss.plan().losses.first().copied()).await?;
    let metrics = loss.read_external(External::Metrics, METRICS_WORDS).await?;
    let dx = loss.read("dx", loss.plan().gradients[0]).await?;

    let options = PlanOptions { target: Target::Outputs, input_gradient: false, ..options };
    let softmax = Rig::new(gpu, plan(&graph, options), Externals::new())?;
    softmax.write("x", softmax.plan().values[0], &x.values)?;
    softmax.run();
    let y = softmax.read("y", softmax.plan().values[graph.layers[0].value.0]).await?;
    Ok(vec![
        ("loss".to_owned(), vec![metrics[0]]),
        ("loss_per_sample".to_owned(), per_sample.chunks_exact(4).map(|sample| sample[0]).collect()),
        ("dx".to_owned(), dx),
        ("y".to_owned(), y),
    ])
}

fn labels(case: &OpCase, batch: usize, classes: usize) -> Result<Vec<u32>> {
    let Some(labels) = case.labels.get("labels") else { bail!("the file has no labels") };
    if labels.len() != batch {
        bail!("{} labels were given for {batch} samples", labels.len());
    }
    match labels.iter().find(|&&label| label < 0 || label as usize >= classes) {
        Some(label) => bail!("label {label} is out of range: there are {classes} classes"),
        None => Ok(labels.iter().map(|&label| label as u32).collect()),
    }
}
