//! A dataset on the GPU, and which of its samples come when.

use std::sync::Arc;

use crate::data::gather::Stored;
use crate::data::{Dataset, Split};
use crate::error::{Result, bail};
use crate::gpu::{Externals, Gpu, Memory};
use crate::plan::External;
use crate::rng::Counter;

/// Keeps the order of batches apart from whatever else is drawn from the seed.
const ORDER_SEED: u64 = 0x6F_72_64_65_72;

/// A dataset's bytes and labels on the GPU. They are uploaded once.
#[derive(Clone, Debug)]
pub struct Feed {
    dataset: Arc<Dataset>,
    pixels: Memory,
    labels: Memory,
}

impl Feed {
    /// Uploads a dataset.
    pub fn new(gpu: &Gpu, dataset: Arc<Dataset>) -> Result<Self> {
        dataset.validate()?;
        let stored = Stored::of(&dataset);
        let pixels = gpu.memory("pixels", stored.words(), wgpu::BufferUsages::empty())?;
        // Whole words as they lie there, which may be a hundred megabytes, and the last bytes made up to one.
        let (words, rest) = dataset.pixels.split_at(dataset.pixels.len() & !3);
        let mut last = [0; 4];
        last[..rest.len()].copy_from_slice(rest);
        gpu.write(&pixels, 0, words);
        if !rest.is_empty() {
            gpu.write(&pixels, words.len() as u64, &last);
        }
        let labels = gpu.memory("labels", dataset.len(), wgpu::BufferUsages::empty())?;
        gpu.write(&labels, 0, &dataset.labels);
        Ok(Self { dataset, pixels, labels })
    }

    /// The dataset.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// How it is stored.
    pub fn stored(&self) -> Stored {
        Stored::of(&self.dataset)
    }

    /// Bytes on the GPU.
    pub fn bytes(&self) -> u64 {
        self.pixels.bytes() + self.labels.bytes()
    }

    pub(super) fn provide(&self, externals: &mut Externals) {
        externals.insert(External::Pixels, self.pixels.clone());
        externals.insert(External::Labels, self.labels.clone());
    }
}

/// The order in which samples are trained on: every epoch a new one, all decided by the seed.
#[derive(Clone, Debug)]
pub struct Schedule {
    split: Split,
    batch: usize,
    seed: u64,
    epoch: Option<(usize, Vec<u32>)>,
}

impl Schedule {
    /// Divides the samples and checks that a batch can be filled.
    pub fn new(dataset: &Dataset, validation: f32, batch: usize, seed: u32) -> Result<Self> {
        let split = dataset.split(validation, seed.into())?;
        if batch > split.train.len() {
            bail!(
                "a batch of {batch} is larger than the {} training samples of \"{}\"; choose a smaller batch",
                split.train.len(),
                dataset.name
            );
        }
        Ok(Self { split, batch, seed: seed.into(), epoch: None })
    }

    /// Which samples train and which only measure.
    pub fn split(&self) -> &Split {
        &self.split
    }

    /// Steps of an epoch. Samples that do not fill a last batch wait for the next epoch's order.
    pub fn steps_per_epoch(&self) -> usize {
        self.split.train.len() / self.batch
    }

    /// Epoch of the step after `done` steps, from 1 on.
    pub fn epoch(&self, done: u32) -> usize {
        done as usize / self.steps_per_epoch() + 1
    }

    /// Sample numbers of the batch after `done` steps.
    pub fn batch(&mut self, done: u32) -> Vec<u32> {
        let epoch = self.epoch(done) - 1;
        let first = (done as usize % self.steps_per_epoch()) * self.batch;
        let (train, seed) = (&self.split.train, self.seed);
        if self.epoch.as_ref().is_none_or(|(ordered, _)| *ordered != epoch) {
            let order = Counter::scrambled(seed ^ ORDER_SEED, epoch as u64).permutation(train.len() as u32);
            self.epoch = Some((epoch, order.into_iter().map(|at| train[at as usize]).collect()));
        }
        let order = self.epoch.as_ref().map_or(&[][..], |(_, order)| order);
        order[first..first + self.batch].to_vec()
    }
}
