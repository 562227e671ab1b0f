//! A network in training.

use std::collections::VecDeque;

use super::arena::Arena;
use super::config::{Data, EVALUATION_BATCH, SessionConfig, check_batch, check_fit, loss_weights};
use super::feed::{Feed, Schedule};
use super::metrics::Ring;
use super::observer::Observer;
use super::step::Recent;
use crate::error::Result;
#[cfg(feature = "conform")]
use crate::error::bail;
use crate::gpu::{Externals, Gpu, Memory, Program, STEP_WORDS};
use crate::graph::Graph;
use crate::ops::cross_entropy::METRICS_WORDS;
use crate::optim::optimizer::check_rate;
use crate::optim::schedule::{Decay, Monitor};
use crate::optim::{Clipping, LearningRateSchedule};
use crate::plan::{Batch, Choice, External, PlanOptions, Target, plan};

/// A network, its weights, its data and its programs on one device.
#[derive(Debug)]
pub struct Session {
    pub(super) gpu: Gpu,
    pub(super) graph: Graph,
    pub(super) config: SessionConfig,
    pub(super) weights: Vec<f32>,
    /// What the schedule works on.
    pub(super) target_rate: f64,
    /// The one that a person chose: a plateau lowers the other.
    pub(super) chosen_rate: f64,
    pub(super) monitor: Monitor,
    pub(super) arena: Arena,
    /// What a reset returns to in place of drawn weights, in Keras's order; empty where nothing was loaded.
    #[cfg(feature = "conform")]
    loaded: Vec<Option<Vec<f32>>>,
    pub(super) feed: Option<(Feed, Schedule)>,
    pub(super) step_numbers: Memory,
    pub(super) indices: Memory,
    pub(super) metrics: Memory,
    pub(super) evaluation_metrics: Memory,
    pub(super) externals: Externals,
    pub(super) train: Program,
    pub(super) evaluate: Option<Program>,
    pub(super) observer: Observer,
    pub(super) ring: Ring,
    /// The weights of before the last step, where somebody watches.
    pub(super) before: Option<Memory>,
    pub(super) done: u32,
    pub(super) recent: VecDeque<Recent>,
    /// Step whose loss was no number: nothing is learnt from then on.
    pub(super) stopped: Option<u32>,
}

impl Session {
    /// Plans the network for training, measuring and looking inside; allocates; draws first weights.
    pub fn new(gpu: &Gpu, graph: Graph, data: &Data, config: SessionConfig) -> Result<Self> {
        config.optimizer.validate()?;
        config.schedule.validate()?;
        config.clipping.iter().try_for_each(Clipping::validate)?;
        check_batch(&graph, config.batch)?;
        let weights = loss_weights(&graph, &config)?;
        let feed = feed(gpu, &graph, data, &config)?;
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
        let source =
            feed.as_ref().map_or(Batch::Host, |(feed, _)| Batch::Augmented(feed.stored(), config.augment));
        let options = train_options(&config, &weights, source, gpu.choice());
        // Compiled in the order of need: somebody looks at the pictures of a dataset at once, then trains, then evaluates.
        let observer = Observer::new(gpu, &graph, &externals)?;
        if feed.is_some() {
            observer.compile()?;
        }
        let train = Program::new(gpu, plan(&graph, options.clone()), &externals)?;
        train.compile()?;
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
        arena.initialise(&graph, config.seed);
        Ok(Self {
            target_rate: config.optimizer.learning_rate(),
            chosen_rate: config.optimizer.learning_rate(),
            monitor: Monitor::default(),
            ring: Ring::new(gpu, graph.outputs.len()),
            gpu: gpu.clone(),
            graph,
            config,
            weights,
            arena,
            #[cfg(feature = "conform")]
            loaded: Vec::new(),
            feed,
            step_numbers,
            indices,
            metrics,
            evaluation_metrics,
            externals,
            train,
            evaluate,
            observer,
            before: None,
            done: 0,
            recent: VecDeque::new(),
            stopped: None,
        })
    }

    /// Starts again with new first weights.
    pub fn reset(&mut self, seed: u32) -> Result<()> {
        if let Some((feed, schedule)) = &mut self.feed {
            *schedule = Schedule::new(feed.dataset(), self.config.validation_split, self.config.batch, seed)?;
        }
        self.arena.initialise(&self.graph, seed);
        #[cfg(feature = "conform")]
        self.write_loaded()?;
        self.begin_at(seed, 0);
        self.target_rate = self.chosen_rate;
        self.monitor = Monitor::default();
        Ok(())
    }

    /// Starts from these weights, in Keras's order, rather than from drawn ones, which stay where there is `None`; a reset
    /// returns to them. A frozen layer must have all of its own. Meant for before the first step: the optimiser keeps
    /// what it remembers.
    ///
    /// The playground's own engine goes without, for its size.
    #[cfg(feature = "conform")]
    pub fn load(&mut self, tensors: Vec<Option<Vec<f32>>>) -> Result<()> {
        if tensors.len() != self.graph.parameters.len() {
            bail!(
                "{} weight tensors were given; the network has {}",
                tensors.len(),
                self.graph.parameters.len()
            );
        }
        for (parameter, tensor) in self.graph.parameters.iter().zip(&tensors) {
            let layer = &self.graph.layers[parameter.layer].spec;
            if !layer.trainable && tensor.is_none() {
                bail!(
                    "layer \"{}\" is frozen, and there is no {} for it among the weights; let it learn",
                    layer.name,
                    parameter.spec.name
                );
            }
        }
        self.loaded = tensors;
        self.write_loaded()?;
        self.remember();
        Ok(())
    }

    #[cfg(feature = "conform")]
    fn write_loaded(&self) -> Result<()> {
        for (t, values) in self.loaded.iter().enumerate() {
            if let Some(values) = values {
                self.arena.write(t, values)?;
            }
        }
        Ok(())
    }

    /// Changes the learning rate from the next step on, and for runs after a reset; a schedule goes on with this one in
    /// place of the first.
    pub fn set_learning_rate(&mut self, rate: f64) -> Result<()> {
        check_rate(rate)?;
        self.chosen_rate = rate;
        self.target_rate = rate;
        Ok(())
    }

    /// Changes how the learning rate goes on; steps count from the session's first.
    pub fn set_schedule(&mut self, schedule: LearningRateSchedule) -> Result<()> {
        schedule.validate()?;
        self.config.schedule = schedule;
        self.monitor = Monitor::default();
        Ok(())
    }

    /// The learning rate of the next step.
    pub fn learning_rate(&self) -> f64 {
        self.config.schedule.rate(self.target_rate, self.done)
    }

    /// Tells `ReduceLROnPlateau` the validation loss at the end of an epoch; other schedules do not listen.
    pub fn monitor(&mut self, loss: f64) {
        if let Decay::ReduceLROnPlateau(plateau) = self.config.schedule.decay {
            self.target_rate = plateau.observe(&mut self.monitor, loss, self.target_rate);
        }
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

/// How a session's training step is planned.
pub(super) fn train_options(
    config: &SessionConfig,
    weights: &[f32],
    source: Batch,
    choice: Choice,
) -> PlanOptions {
    PlanOptions {
        source,
        optimizer: Some(config.optimizer),
        clipping: config.clipping,
        ..PlanOptions::new(
            config.batch,
            true,
            Target::CrossEntropy { weights: weights.to_vec(), label_smoothing: config.label_smoothing },
            choice,
        )
    }
}

/// The dataset on the GPU and the order of its samples, where there is one.
fn feed(gpu: &Gpu, graph: &Graph, data: &Data, config: &SessionConfig) -> Result<Option<(Feed, Schedule)>> {
    let Data::Dataset(dataset) = data else { return Ok(None) };
    check_fit(graph, dataset)?;
    let schedule = Schedule::new(dataset, config.validation_split, config.batch, config.seed)?;
    Ok(Some((Feed::new(gpu, dataset.clone())?, schedule)))
}
