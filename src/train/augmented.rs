//! What augmentation makes of one picture, to look at.

use super::ask::PendingAnswer;
use super::config::check_indices;
use super::session::Session;
use crate::data::gather::Gather;
use crate::error::{Result, bail};
use crate::gpu::{Externals, STEP_WORDS, Step};
use crate::plan::{External, Sketch};

impl Session {
    /// Asks for `[count, h, w, c]` values (as bits of `f32`): one sample of the dataset as the first `count` places of the
    /// next step's batch would show it.
    pub fn submit_augmented(&self, index: u32, count: usize) -> Result<PendingAnswer> {
        let Some((feed, _)) = &self.feed else { bail!("this session has no dataset to take samples from") };
        check_indices(&[index], feed.dataset().len())?;
        let stored = feed.stored();
        let indices = self.gpu.memory("indices", count, wgpu::BufferUsages::empty())?;
        let step = self.gpu.memory("step", STEP_WORDS, wgpu::BufferUsages::UNIFORM)?;
        self.gpu.write(&indices, 0, &vec![index; count]);
        let seed = self.config.seed;
        let numbers =
            Step { step: self.done + 1, samples: count as u32, learning_rate: 0.0, rate: 0.0, seed };
        self.gpu.write(&step, 0, &[numbers]);

        let mut sketch = Sketch::default();
        let x = sketch.scratch(count * stored.shape.iter().product::<usize>());
        let gather = Gather {
            stored,
            batch: count,
            augment: self.config.augment,
            pixels: sketch.external(External::Pixels, 0, stored.words()),
            stored_labels: sketch.external(External::Labels, 0, stored.count),
            indices: sketch.external(External::Indices, 0, count),
            step: sketch.external(External::Step, 0, STEP_WORDS),
            x,
            labels: None,
            spare: sketch.scratch(1),
        };
        let mut externals = Externals::new();
        feed.provide(&mut externals);
        externals.insert(External::Indices, indices);
        externals.insert(External::Step, step);
        self.ask(sketch, vec![gather.emit()], &externals, &[x])
    }
}
