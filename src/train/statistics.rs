//! Smallest, largest, mean, standard deviation and histogram of any tensor, worked out on the GPU when somebody asks.

use serde::Serialize;

use super::ask::PendingAnswer;
use super::histogram::{self, BINS};
use super::session::Session;
use super::subject::Subject;
use crate::error::Result;
use crate::gpu::Externals;
use crate::plan::{Binding, Dispatch, External, Kernel, MAX_BINDING, Pass, Shader, Sketch, dims, wgsl};

/// `shaders/statistics.wgsl`
pub static SHADER: Shader = Shader {
    file: "statistics.wgsl",
    source: wgsl!("statistics.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("values"),
        Binding::write("parts"),
        Binding::read("parts_saved"),
        Binding::write("summary"),
    ],
    dims: Dims::LAYOUT,
};
static PART: Kernel = Kernel { shader: &SHADER, entry_point: "part", workgroup_size: [64, 1, 1] };
static WHOLE: Kernel = Kernel { shader: &SHADER, entry_point: "whole", workgroup_size: [64, 1, 1] };

dims! {
    pub(super) struct Dims { count: u32, parts: u32 }
}

/// Values of one workgroup.
pub(super) const CHUNK: usize = 4096;

/// Words of the shaders' `Summary`.
const SUMMARY: usize = 6;

/// What a tensor's values look like. Where none is finite, the numbers are NaN (`null` in JSON).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statistics {
    /// Values of the tensor.
    pub count: usize,
    /// Those that are infinite or NaN, which the other numbers leave out.
    pub non_finite: usize,
    /// Smallest.
    pub min: f32,
    /// Largest.
    pub max: f32,
    /// Mean.
    pub mean: f32,
    /// Standard deviation: √(Σ (x − mean)² / n).
    pub std: f32,
    /// How many values fall into each of [`BINS`] bins of equal width from `min` to `max`.
    pub histogram: Vec<u32>,
}

impl Session {
    /// The statistics of a tensor as it is now.
    pub async fn statistics(&self, subject: Subject<'_>) -> Result<Statistics> {
        Ok(Statistics::of(&self.submit_statistics(subject)?.read().await?))
    }

    /// Submits the question for [`Statistics::of`].
    pub fn submit_statistics(&self, subject: Subject<'_>) -> Result<PendingAnswer> {
        let place = self.locate(subject)?;
        let mut sketch = Sketch::default();
        let values = sketch.external(External::Subject, place.offset as usize / 4, place.elements);
        let parts = sketch.scratch(SUMMARY * place.elements.div_ceil(CHUNK));
        let summary = sketch.scratch(SUMMARY);
        let bins = sketch.scratch(BINS);
        let (mut dispatches, mut counts) = (Vec::new(), Vec::new());
        // As many values at a time as a kernel may see.
        for first in (0..place.elements).step_by(MAX_BINDING) {
            let values = values.part(first, (place.elements - first).min(MAX_BINDING));
            let count = values.elements.div_ceil(CHUNK);
            let dims = Dims { count: values.elements as u32, parts: count as u32 };
            let part = Dispatch::new(&PART)
                .dims(&dims)
                .bind("values", values)
                .bind("parts", parts.part(SUMMARY * (first / CHUNK), SUMMARY * count));
            dispatches.push(part.groups(count).pass(Pass::Metrics));
            counts.push(histogram::emit(dims, values, summary, bins));
        }
        let dims = Dims { count: 0, parts: (parts.elements / SUMMARY) as u32 };
        let whole = Dispatch::new(&WHOLE).dims(&dims).bind("parts_saved", parts).bind("summary", summary);
        dispatches.push(whole.pass(Pass::Metrics));
        dispatches.append(&mut counts);
        let mut externals = Externals::new();
        externals.insert(External::Subject, place.memory);
        self.ask(sketch, dispatches, &externals, &[summary, bins])
    }
}

impl Statistics {
    /// From the answer to [`Session::submit_statistics`].
    pub fn of(words: &[u32]) -> Self {
        let (finite, non_finite) = (words[0] as usize, words[1] as usize);
        let number = |word: usize| if finite == 0 { f32::NAN } else { f32::from_bits(words[word]) };
        Self {
            count: finite + non_finite,
            non_finite,
            min: number(2),
            max: number(3),
            mean: number(4),
            std: (number(5) / finite as f32).sqrt(),
            histogram: words[SUMMARY..].to_vec(),
        }
    }
}
