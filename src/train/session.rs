//! A network in training.

use std::collections::VecDeque;
use std::sync::Arc;

use super::arena::Arena;
use super::diagnosis::{PendingDiagnosis, Suspect};
use super::feed::{Feed, Schedule};
use super::metrics::{Evaluation, PendingEvaluation, PendingStep, Ring, StepMetrics};
use super::observer::Observer;
use crate::data::Dataset;
use crate::error::{Error, Result, bail};
use crate::gpu::{Externals, Gpu, Memory, Program, STEP_WORDS, Step};
use crate::graph::Graph;
use crate::ops::cross_entropy::METRICS_WORDS;
use crate::optim::Optimizer;
use crate::optim::optimizer::check_rate;
use crate::plan::{Batch, Choice, External, PlanOptions, Target, plan};

/// Samples a batch when only measuring.
const EVALUATION_BATCH: usize = 64;

/// Batches remembered to look for the cause of a NaN: metrics arrive at most this many steps late.
const REMEMBERED: usize = 8;

/// How to train.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionConfig {
    /// What moves the weights.
    pub optimizer: Optimizer,
    /// Samples a step.
    pub batch: usize,
    /// Decides first weights, split and order.
    pub seed: u32,
    /// Share of the samples kept for validation.
    pub validation_split: f32,
    /// Factor of each head's loss; all 1 when absent.
    pub loss_weights: Option<Vec<f32>>,
    /// Share of the target spread evenly over all classes.
    pub label_smoothing: f32,
}

impl Default for SessionConfig {
    /// Adam, batches of 64, a fifth for validation.
    fn default() -> Self {
        Self {
            optimizer: Optimizer::adam(0.001),
            batch: 64,
            seed: 1,
            validation_split: 0.2,
            loss_weights: None,
            label_smoothing: 0.0,
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

/// A network, its weights, its data and its programs on one device.
#[derive(Debug)]
pub struct Session {
    gpu: Gpu,
    graph: Graph,
    config: SessionConfig,
    weights: Vec<f32>,
    learning_rate: f64,
    arena: Arena,
    feed: Option<(Feed, Schedule)>,
    step_numbers: Memory,
    indices: Memory,
    metrics: Memory,
    evaluation_metrics: Memory,
    externals: Externals,
    train: Program,
    evaluate: Option<Program>,
    observer: Observer,
    ring: Ring,
    done: u32,
    recent: VecDeque<(u32, Vec<u32>)>,
}

impl Session {
    /// Plans the network for training, measuring and looking inside; allocates; draws first weights.
    pub fn new(gpu: &Gpu, graph: Graph, data: &Data, config: SessionConfig) -> Result<Self> {
        config.optimizer.validate()?;
        check_batch(&graph, config.batch)?;
        let weights = loss_weights(&graph, &config)?;
        let feed = match data {
            Data::Host => None,
            Data::Dataset(dataset) => {
                check_fit(&graph, dataset)?;
                let schedule = Schedule::new(dataset, config.validation_split, config.batch, config.seed)?;
                Some((Feed::new(gpu, dataset.clone())?, schedule))
            }
        };
        let arena = Arena::new(gpu, &graph, true, config.optimizer.slots())?;
        let words = config.batch.max(EVALUATION_BATCH);
        let indices = gpu.memory("indices", words, wgpu::BufferUsages::empty())?;
        let step_numbers = gpu.memory("step", STEP_WORDS, wgpu::BufferUsages::UNIFORM)?;
        let heads = METRICS_WORDS * graph.outputs.len();
        let metrics = gpu.memory("metrics", heads, wgpu::BufferUsages::empty())?;
        let evaluation_metrics = gpu.memory("evaluation metrics", heads, wgpu::BufferUsages::empty())?;
        let mut externals = arena.externals().clone();
        externals.insert(External::Indices, indices.clone());
        externals.insert(External::Step, step_numbers.clone());
        externals.insert(External::Metrics, metrics.clone());
        if let Some((feed, _)) = &feed {
            feed.provide(&mut externals);
        }
        let source = feed.as_ref().map_or(Batch::Host, |(feed, _)| Batch::Dataset(feed.stored()));
        let options = train_options(&config, &weights, source, gpu.choice());
        let train = Program::new(gpu, plan(&graph, options.clone()), &externals)?;
        let evaluate = match &feed {
            None => None,
            Some(_) => {
                let options =
                    PlanOptions { batch: EVALUATION_BATCH, training: false, optimizer: None, ..options };
                let mut externals = externals.clone();
                externals.insert(External::Metrics, evaluation_metrics.clone());
                Some(Program::new(gpu, plan(&graph, options), &externals)?)
            }
        };
        let observer = Observer::new(gpu, &graph, &externals)?;
        arena.initialise(&graph, config.seed);
        Ok(Self {
            learning_rate: config.optimizer.learning_rate(),
            ring: Ring::new(gpu, graph.outputs.len()),
            gpu: gpu.clone(),
            graph,
            config,
            weights,
            arena,
            feed,
            step_numbers,
            indices,
            metrics,
            evaluation_metrics,
            externals,
            train,
            evaluate,
            observer,
            done: 0,
            recent: VecDeque::new(),
        })
    }

    /// Submits one training step on the next batch of the dataset.
    pub fn submit_step(&mut self) -> Result<PendingStep> {
        let done = self.done;
        let Some((_, schedule)) = &mut self.feed else {
            bail!("this session has no dataset; write a batch and call submit_batch")
        };
        let indices = schedule.batch(done);
        self.submit_step_on(&indices)
    }

    /// Submits one training step on these samples of the dataset, exactly as many as a batch has.
    pub fn submit_step_on(&mut self, indices: &[u32]) -> Result<PendingStep> {
        let Some((feed, _)) = &self.feed else { bail!("this session has no dataset to take samples from") };
        if indices.len() != self.config.batch {
            bail!("{} samples were named for a batch of {}", indices.len(), self.config.batch);
        }
        check_indices(indices, feed.dataset().len())?;
        self.gpu.write(&self.indices, 0, indices);
        self.recent.push_back((self.done + 1, indices.to_vec()));
        if self.recent.len() > REMEMBERED {
            self.recent.pop_front();
        }
        Ok(self.submit())
    }

    /// Writes a batch for [`Session::submit_batch`]: `batch` pictures and their labels.
    pub fn write_batch(&self, x: &[f32], labels: &[u32]) -> Result<()> {
        let plan = self.train.plan();
        let (Some(input), Some(label_slice)) = (plan.values[0], plan.labels) else {
            bail!("this session's plan takes no batch")
        };
        if self.feed.is_some() {
            bail!("this session takes its batches from a dataset");
        }
        if x.len() != input.elements || labels.len() != label_slice.elements {
            bail!(
                "a batch has {} values and {} labels, got {} and {}",
                input.elements,
                label_slice.elements,
                x.len(),
                labels.len()
            );
        }
        let classes = self.graph.layers[self.graph.outputs[0]].shape.elements() as u32;
        if let Some(label) = labels.iter().find(|&&label| label >= classes) {
            bail!("label {label} is out of range: the network has {classes} classes");
        }
        let (memory, offset) = self.train.locate(input);
        self.gpu.write(memory, offset, x);
        let (memory, offset) = self.train.locate(label_slice);
        self.gpu.write(memory, offset, labels);
        Ok(())
    }

    /// Submits one training step on the batch that was written.
    pub fn submit_batch(&mut self) -> Result<PendingStep> {
        if self.feed.is_some() {
            bail!("this session takes its batches from a dataset; call submit_step");
        }
        Ok(self.submit())
    }

    fn submit(&mut self) -> PendingStep {
        let epoch = self.feed.as_ref().map_or(1, |(_, schedule)| schedule.epoch(self.done));
        self.done += 1;
        self.write_step(self.config.batch);
        let mut encoder = self.gpu.encoder();
        self.train.encode(&mut encoder);
        let staging = self.ring.copy(&mut encoder, &self.metrics);
        self.gpu.submit(encoder);
        PendingStep {
            ring: self.ring.clone(),
            staging,
            step: self.done,
            epoch,
            weights: self.weights.clone(),
        }
    }

    fn write_step(&self, samples: usize) {
        let step = Step {
            step: self.done,
            samples: samples as u32,
            learning_rate: self.learning_rate as f32,
            rate: self.config.optimizer.rate(self.learning_rate, self.done.max(1)) as f32,
            seed: self.config.seed,
        };
        self.gpu.write(&self.step_numbers, 0, &[step]);
    }

    /// One training step, finished. A loss that is no number is an error that says where it came from.
    pub async fn train_step(&mut self) -> Result<StepMetrics> {
        let metrics = self.submit_step()?.read().await?;
        match metrics.halted {
            None => Ok(metrics),
            Some(step) => Err(Error::new(self.submit_diagnosis(step)?.read().await?)),
        }
    }

    /// Submits loss and accuracy over a part of the dataset.
    pub fn submit_evaluation(&self, part: Part) -> Result<PendingEvaluation> {
        let (Some((_, schedule)), Some(program)) = (&self.feed, &self.evaluate) else {
            bail!("this session has no dataset to evaluate on")
        };
        let samples = match part {
            Part::Train => &schedule.split().train,
            Part::Validation => &schedule.split().validation,
        };
        let batches = samples.len().div_ceil(EVALUATION_BATCH);
        let words = METRICS_WORDS * self.weights.len();
        let results = self.gpu.memory("evaluation", batches * words, wgpu::BufferUsages::empty())?;
        for (at, batch) in samples.chunks(EVALUATION_BATCH).enumerate() {
            self.gpu.write(&self.indices, 0, batch);
            self.write_step(batch.len());
            let mut encoder = self.gpu.encoder();
            program.encode(&mut encoder);
            let bytes = 4 * words as u64;
            let from = self.evaluation_metrics.buffer();
            encoder.copy_buffer_to_buffer(from, 0, results.buffer(), at as u64 * bytes, bytes);
            self.gpu.submit(encoder);
        }
        Ok(PendingEvaluation { gpu: self.gpu.clone(), results, batches, weights: self.weights.clone() })
    }

    /// Loss and accuracy over a part of the dataset.
    pub async fn evaluate(&self, part: Part) -> Result<Evaluation> {
        self.submit_evaluation(part)?.read().await
    }

    /// Submits the search for the tensor that made the loss of `step` no number.
    pub fn submit_diagnosis(&self, step: u32) -> Result<PendingDiagnosis> {
        let mut suspects = Vec::new();
        let mut encoder = self.gpu.encoder();
        let look =
            |encoder: &mut wgpu::CommandEncoder, what: String, from: (&Memory, u64), elements: usize| {
                let bytes = 4 * elements as u64;
                let staging = self.gpu.staging("suspect", bytes);
                encoder.copy_buffer_to_buffer(from.0.buffer(), from.1, staging.buffer(), 0, bytes);
                Suspect { what, staging }
            };
        for (index, parameter) in self.graph.parameters.iter().enumerate() {
            let layer = &self.graph.layers[parameter.layer].spec.name;
            let (memory, offset, elements) = self.arena.locate(index);
            let what = format!(
                "the {} of layer \"{layer}\" went out of range in the update before",
                parameter.spec.name
            );
            suspects.push(look(&mut encoder, what, (memory, offset), elements));
        }
        let batch = self.recent.iter().find(|(of, _)| *of == step).map(|(_, indices)| indices);
        let program = batch.map(|indices| self.rerun(indices)).transpose()?;
        if let Some(program) = &program {
            program.encode(&mut encoder);
            for layer in &self.graph.layers {
                let Some(slice) = program.plan().values[layer.value.0] else { continue };
                let what =
                    format!("the output of layer \"{}\" is the first that is out of range", layer.spec.name);
                suspects.push(look(&mut encoder, what, program.locate(slice), slice.elements));
            }
        }
        self.gpu.submit(encoder);
        Ok(PendingDiagnosis { gpu: self.gpu.clone(), step, learning_rate: self.learning_rate, suspects })
    }

    /// A program that runs a batch forwards again and keeps everything.
    fn rerun(&self, indices: &[u32]) -> Result<Program> {
        self.gpu.write(&self.indices, 0, indices);
        self.write_step(indices.len());
        let options = PlanOptions {
            target: Target::Outputs,
            keep_activations: true,
            optimizer: None,
            ..self.train.plan().options.clone()
        };
        Program::new(&self.gpu, plan(&self.graph, options), &self.externals)
    }

    /// Starts again with new first weights.
    pub fn reset(&mut self, seed: u32) -> Result<()> {
        self.config.seed = seed;
        if let Some((feed, schedule)) = &mut self.feed {
            *schedule = Schedule::new(feed.dataset(), self.config.validation_split, self.config.batch, seed)?;
        }
        self.arena.initialise(&self.graph, seed);
        self.gpu.write(&self.metrics, 0, &vec![0u32; METRICS_WORDS * self.weights.len()]);
        self.done = 0;
        self.recent.clear();
        self.learning_rate = self.config.optimizer.learning_rate();
        Ok(())
    }

    /// Changes the learning rate from the next step on.
    pub fn set_learning_rate(&mut self, rate: f64) -> Result<()> {
        check_rate(rate)?;
        self.learning_rate = rate;
        Ok(())
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f64 {
        self.learning_rate
    }

    /// Steps done.
    pub fn steps(&self) -> u32 {
        self.done
    }

    /// The order of samples, where there is a dataset.
    pub fn schedule(&self) -> Option<&Schedule> {
        self.feed.as_ref().map(|(_, schedule)| schedule)
    }

    /// The data on the GPU, where there is a dataset.
    pub fn feed(&self) -> Option<&Feed> {
        self.feed.as_ref().map(|(feed, _)| feed)
    }

    /// The network.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The device.
    pub fn gpu(&self) -> &Gpu {
        &self.gpu
    }

    /// How it was set up.
    pub fn config(&self) -> &SessionConfig {
        &self.config
    }

    /// The weights.
    pub fn arena(&self) -> &Arena {
        &self.arena
    }

    /// The training program.
    pub fn train_program(&self) -> &Program {
        &self.train
    }

    /// One picture through the network.
    pub fn observer(&self) -> &Observer {
        &self.observer
    }
}

fn train_options(config: &SessionConfig, weights: &[f32], source: Batch, choice: Choice) -> PlanOptions {
    PlanOptions {
        batch: config.batch,
        training: true,
        target: Target::CrossEntropy { weights: weights.to_vec(), label_smoothing: config.label_smoothing },
        source,
        keep_activations: false,
        input_gradient: false,
        optimizer: Some(config.optimizer),
        choice,
    }
}

/// Shaders count the values of a whole batch in 32 bits.
fn check_batch(graph: &Graph, batch: usize) -> Result<()> {
    const MAX_BATCH: usize = 65_536;
    const MAX_VALUES: u64 = 1 << 31;
    if batch == 0 || batch > MAX_BATCH {
        bail!("a batch of {batch} cannot be trained on; use 1 to {MAX_BATCH}");
    }
    let largest = graph.layers.iter().max_by_key(|layer| layer.shape.elements());
    match largest {
        Some(layer) if layer.shape.elements() as u64 * batch.max(EVALUATION_BATCH) as u64 >= MAX_VALUES => {
            bail!(
                "a batch of {batch} makes the output of layer \"{}\" {} with 2^31 values or more; use a smaller batch",
                layer.spec.name,
                layer.shape
            )
        }
        _ => Ok(()),
    }
}

fn loss_weights(graph: &Graph, config: &SessionConfig) -> Result<Vec<f32>> {
    if !(0.0..1.0).contains(&config.label_smoothing) {
        bail!("label smoothing is {}; it must be at least 0 and below 1", config.label_smoothing);
    }
    let weights = config.loss_weights.clone().unwrap_or_else(|| vec![1.0; graph.outputs.len()]);
    if weights.len() != graph.outputs.len() || weights.iter().any(|weight| !weight.is_finite()) {
        bail!(
            "{} loss weights were given for {} outputs; give one finite number each",
            weights.len(),
            graph.outputs.len()
        );
    }
    Ok(weights)
}

/// Whether the network can be trained on this dataset.
fn check_fit(graph: &Graph, dataset: &Dataset) -> Result<()> {
    dataset.validate()?;
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

fn check_indices(indices: &[u32], samples: usize) -> Result<()> {
    match indices.iter().find(|&&index| index as usize >= samples) {
        Some(index) => bail!("sample {index} does not exist; the dataset has {samples}"),
        None => Ok(()),
    }
}
