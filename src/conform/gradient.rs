//! A network's gradient against central differences of its own loss, on the GPU it runs on.
//!
//! Reference files prove single layers; this proves the chain of them in any network, without a reference. Every weight
//! tensor is moved to and fro along random directions, and the change of the loss is held against what the backward
//! pass promised: (L(w + h·d) − L(w − h·d)) / 2h = ⟨∂L/∂w, d⟩. Along a random direction a gradient that is wrong by a
//! share of its length shows an error of about that share, whichever of its elements are wrong.

use serde::Serialize;

use super::rig::Rig;
use crate::error::{Result, bail};
use crate::gpu::{Gpu, Memory, Step};
use crate::graph::Graph;
use crate::plan::{Pass, PlanOptions, Target, plan};
use crate::rng::Counter;
use crate::train::{Arena, check_batch};

/// How far each weight is moved, as a share of the root mean square of its tensor. More, and units cross the kinks of
/// relu and max pooling: at 0.01 they cost a `LeNet` a tenth of the slope, at 0.0001 a hundredth. Less, and the rounding
/// of the loss shows.
const STEP: f64 = 1e-4;
/// Tensors smaller than this (biases start at zero) are moved as if they were of this size.
const SMALLEST: f64 = 0.1;
/// Share of the slope that is allowed. Three seeds of an eight-layer network with
/// batch norm, which has a kink for every unit, came to a third of what is allowed; of `LeNet` to a fifth.
const RELATIVE: f64 = 0.08;
/// What `f32` may cost in half the difference of two losses (times the loss, at least 1). Measured: 4e-8.
const ROUNDING: f64 = 1e-7;

/// Streams of the random numbers, beside those of the first weights, which count from 0.
const PICTURES: u64 = 1 << 20;
const LABELS: u64 = PICTURES + 1;
const DIRECTIONS: u64 = PICTURES + 2;

/// What to check the gradient on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GradientOptions {
    /// Random pictures in the batch.
    pub batch: usize,
    /// Decides first weights, pictures, labels, dropout and directions.
    pub seed: u32,
    /// Random directions a weight tensor.
    pub directions: usize,
}

impl Default for GradientOptions {
    fn default() -> Self {
        Self { batch: 4, seed: 1, directions: 5 }
    }
}

/// What came of one layer: its worst weight tensor.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerGradient {
    /// Name of the layer.
    pub layer: String,
    /// Keras class of the layer.
    pub class: &'static str,
    /// Trained weights of the whole layer.
    pub parameters: usize,
    /// Weight tensor of which the numbers speak.
    pub tensor: &'static str,
    /// What the backward pass promised: root mean square over the directions of the slope along them, for a step of
    /// the weights' own size.
    pub backward: f64,
    /// The same, measured by differences of the loss.
    pub measured: f64,
    /// What lies between them: the difference of the two, or the median of the differences along single directions if
    /// that is larger.
    pub error: f64,
    /// What of it was allowed.
    pub tolerance: f64,
    /// Whether all weight tensors of the layer lie within what is allowed.
    pub passed: bool,
}

/// A network with the gradients of one batch, ready to be checked layer by layer.
#[derive(Debug)]
pub struct GradientCheck {
    gpu: Gpu,
    graph: Graph,
    options: GradientOptions,
    arena: Arena,
    forward: Rig,
    loss: f64,
    /// One a weight tensor; empty where it is not trained.
    weights: Vec<Vec<f32>>,
    gradients: Vec<Vec<f32>>,
}

impl GradientCheck {
    /// Draws weights and a batch and runs it forwards and backwards once.
    pub async fn new(gpu: &Gpu, graph: Graph, options: GradientOptions) -> Result<Self> {
        let GradientOptions { batch, seed, directions } = options;
        if graph.outputs.is_empty() || directions == 0 {
            bail!("a gradient check needs an output and a direction; this one has {options:?}");
        }
        check_batch(&graph, batch)?;
        let arena = Arena::new(gpu, &graph, true, 0)?;
        arena.initialise(&graph, seed);
        let whole = plan(&graph, plan_options(gpu, &graph, batch));
        let mut forward = whole.clone();
        forward.dispatches.retain(|dispatch| dispatch.pass != Pass::Backward);
        let whole = Rig::new(gpu, whole, arena.externals().clone())?;
        let forward = Rig::new(gpu, forward, arena.externals().clone())?;
        for rig in [&whole, &forward] {
            write_batch(rig, &graph, options)?;
        }
        whole.run();
        let (mut weights, mut gradients) = (Vec::new(), Vec::new());
        for (t, parameter) in graph.parameters.iter().enumerate() {
            let trained = parameter.trainable && !parameter.spec.state;
            weights.push(if trained { arena.read(t).await? } else { Vec::new() });
            gradients.push(if trained { arena.read_gradient(t).await? } else { Vec::new() });
        }
        let mut check =
            Self { gpu: gpu.clone(), graph, options, arena, forward, loss: 0.0, weights, gradients };
        check.loss = check.read_losses(vec![check.submit()]).await?[0];
        if !check.loss.is_finite() {
            bail!("the loss of \"{}\" on random pictures is {}", check.graph.name, check.loss);
        }
        Ok(check)
    }

    /// Layers that have something to check, in the network's order.
    pub fn layers(&self) -> Vec<usize> {
        let trained =
            |at: &usize| self.graph.layers[*at].parameters.clone().any(|t| !self.weights[t].is_empty());
        (0..self.graph.layers.len()).filter(trained).collect()
    }

    /// The network.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The gradient that is judged, of weight tensor `t` (Keras's number). A test spoils it to see that this is noticed.
    pub fn gradient_mut(&mut self, t: usize) -> &mut [f32] {
        &mut self.gradients[t]
    }

    /// Checks the layer of this index.
    pub async fn check(&self, layer: usize) -> Result<LayerGradient> {
        let Some(of) = self.graph.layers.get(layer) else {
            bail!("there is no layer {layer}; \"{}\" has {}", self.graph.name, self.graph.layers.len())
        };
        let mut worst: Option<LayerGradient> = None;
        let mut parameters = 0;
        for t in of.parameters.clone().filter(|&t| !self.weights[t].is_empty()) {
            let slopes = self.slopes(t).await?;
            parameters += self.weights[t].len();
            let row = self.judge(layer, t, &slopes);
            let ratio = |of: &LayerGradient| {
                if of.error.is_finite() { of.error / of.tolerance } else { f64::INFINITY }
            };
            let worse = |than: &LayerGradient| ratio(&row) > ratio(than);
            if worst.as_ref().is_none_or(worse) {
                worst = Some(row);
            }
        }
        self.gpu.check()?;
        match worst {
            Some(worst) => Ok(LayerGradient { parameters, ..worst }),
            None => bail!("layer \"{}\" has no weights that are trained", of.spec.name),
        }
    }

    fn judge(&self, layer: usize, t: usize, slopes: &[Slope]) -> LayerGradient {
        let rms = |of: fn(&Slope) -> f64| {
            let squares: f64 = slopes.iter().map(|slope| of(slope) * of(slope)).sum();
            (squares / slopes.len() as f64).sqrt()
        };
        let backward = rms(|slope| slope.backward);
        let measured = rms(|slope| slope.measured);
        // Now and then a direction meets a kink: the median forgives it. It would also forgive a gradient that is wrong along
        // the one direction that counts; the difference of the two sizes does not.
        let mut apart: Vec<f64> =
            slopes.iter().map(|slope| (slope.backward - slope.measured).abs()).collect();
        apart.sort_by(f64::total_cmp);
        let error = apart[apart.len() / 2].max((backward - measured).abs());
        let tolerance = RELATIVE * backward.max(measured) + ROUNDING * self.loss.max(1.0) / STEP;
        let layer = &self.graph.layers[layer];
        LayerGradient {
            layer: layer.spec.name.clone(),
            class: layer.spec.layer.class(),
            parameters: 0,
            tensor: self.graph.parameters[t].spec.name,
            backward,
            measured,
            error,
            tolerance,
            passed: error <= tolerance,
        }
    }

    /// The loss's slope along random directions in the space of one weight tensor, promised and measured.
    async fn slopes(&self, t: usize) -> Result<Vec<Slope>> {
        let weights = &self.weights[t];
        let size = (super::norm(weights) / (weights.len() as f64).sqrt()).max(SMALLEST);
        let (mut pending, mut backward) = (Vec::new(), Vec::new());
        for direction in 0..self.options.directions {
            let stream = DIRECTIONS + (t * self.options.directions + direction) as u64;
            let counter = Counter::scrambled(self.options.seed.into(), stream);
            let moved = |sign: f64| -> Vec<f32> {
                let step =
                    |j: usize| sign * STEP * size * if counter.bits(j as u64) & 1 == 0 { 1.0 } else { -1.0 };
                weights.iter().enumerate().map(|(j, &w)| (f64::from(w) + step(j)) as f32).collect()
            };
            let (ahead, behind) = (moved(1.0), moved(-1.0));
            for moved in [&ahead, &behind] {
                self.arena.write(t, moved)?;
                pending.push(self.submit());
            }
            // Of the step that was really taken, after its rounding.
            let ends = ahead.iter().zip(&behind).map(|(&a, &b)| f64::from(a) - f64::from(b));
            let change: f64 = self.gradients[t].iter().zip(ends).map(|(&g, by)| f64::from(g) * by).sum();
            backward.push(change / (2.0 * STEP));
        }
        self.arena.write(t, weights)?;
        let losses = self.read_losses(pending).await?;
        let measured = losses.chunks_exact(2).map(|ends| (ends[0] - ends[1]) / (2.0 * STEP));
        Ok(backward
            .into_iter()
            .zip(measured)
            .map(|(backward, measured)| Slope { backward, measured })
            .collect())
    }

    /// Runs the batch forwards with the weights as they are.
    fn submit(&self) -> Vec<Memory> {
        let mut encoder = self.gpu.encoder();
        self.forward.encode(&mut encoder);
        let mut stagings = Vec::new();
        for &slice in &self.forward.plan().losses {
            let bytes = 4 * slice.elements as u64;
            let staging = self.gpu.staging("losses", bytes);
            let (memory, offset) = self.forward.locate(slice);
            encoder.copy_buffer_to_buffer(memory.buffer(), offset, staging.buffer(), 0, bytes);
            stagings.push(staging);
        }
        self.gpu.submit(encoder);
        stagings
    }

    /// The losses of what was submitted: the mean over the batch in `f64`, so that only the forward pass rounds.
    async fn read_losses(&self, pending: Vec<Vec<Memory>>) -> Result<Vec<f64>> {
        let mut losses = Vec::new();
        for heads in pending {
            let mut loss = 0.0;
            for staging in heads {
                let samples: Vec<f32> = self.gpu.map(&staging).await?;
                loss += samples.chunks_exact(4).map(|sample| f64::from(sample[0])).sum::<f64>();
            }
            losses.push(loss / self.options.batch as f64);
        }
        Ok(losses)
    }
}

/// What the loss does along a direction, per step of the weights' own size.
#[derive(Clone, Copy, Debug)]
struct Slope {
    backward: f64,
    measured: f64,
}

fn plan_options(gpu: &Gpu, graph: &Graph, batch: usize) -> PlanOptions {
    PlanOptions::new(
        batch,
        true,
        Target::CrossEntropy { weights: vec![1.0; graph.outputs.len()], label_smoothing: 0.0 },
        gpu.choice(),
    )
}

/// Random pictures with random labels, the same for both programs.
fn write_batch(rig: &Rig, graph: &Graph, options: GradientOptions) -> Result<()> {
    let GradientOptions { batch, seed, .. } = options;
    rig.set_step(Step { step: 1, samples: batch as u32, seed, ..Step::default() });
    let draw = |stream: u64| Counter::scrambled(seed.into(), stream);
    let pictures = draw(PICTURES);
    let values: Vec<f32> =
        (0..batch * graph.input.elements()).map(|j| pictures.uniform(j as u64) as f32).collect();
    rig.write("pictures", rig.plan().values[0], &values)?;
    let classes = graph.outputs.iter().map(|&layer| graph.layers[layer].shape.elements()).min().unwrap_or(1);
    let drawn: Vec<u32> = (0..batch as u64).map(|j| draw(LABELS).below(j, classes as u32)).collect();
    rig.write("labels", rig.plan().labels, &drawn)
}
