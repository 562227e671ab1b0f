//! The first dispatch of a step: a batch out of the dataset on the GPU.

use super::{Augment, Dataset};
use crate::plan::{Binding, Dispatch, Kernel, Pass, Shader, Slice, dims, wgsl};

/// `shaders/gather.wgsl`
pub static SHADER: Shader = Shader {
    file: "gather.wgsl",
    source: wgsl!("gather.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::uniform("step"),
        Binding::read("pixels"),
        Binding::read("stored_labels"),
        Binding::read("indices"),
        Binding::write("x"),
        Binding::write("labels"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { batch: u32, h: u32, w: u32, channels: u32, repeat: u32, scale: f32 }
}

/// How a dataset lies on the GPU.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Stored {
    /// Number of samples.
    pub count: usize,
    /// Height, width, channels as the network sees them.
    pub shape: [usize; 3],
    /// Each stored pixel is shown `repeat × repeat` times.
    pub repeat: usize,
    /// Value = byte × scale.
    pub scale: f32,
}

impl Stored {
    /// The form of a dataset.
    pub fn of(dataset: &Dataset) -> Self {
        Self {
            count: dataset.len(),
            shape: dataset.shape,
            repeat: dataset.repeat.max(1),
            scale: dataset.scale,
        }
    }

    /// Words of four bytes that all pixels take.
    pub fn words(&self) -> usize {
        let [h, w, c] = self.shape;
        (self.count * (h / self.repeat) * (w / self.repeat) * c).div_ceil(4)
    }
}

/// The memory that a gather reads and writes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gather {
    pub(crate) stored: Stored,
    pub(crate) batch: usize,
    pub(crate) augment: Augment,
    pub(crate) pixels: Slice,
    pub(crate) stored_labels: Slice,
    pub(crate) indices: Slice,
    pub(crate) step: Slice,
    pub(crate) x: Slice,
    /// `None` gathers pictures only; then `spare` is bound in its place and left alone.
    pub(crate) labels: Option<Slice>,
    pub(crate) spare: Slice,
}

impl Gather {
    pub(crate) fn emit(&self) -> Dispatch {
        let [h, w, channels] = self.stored.shape.map(|n| n as u32);
        let repeat = self.stored.repeat as u32;
        let dispatch = Dispatch::new(&FORWARD)
            .dims(&Dims { batch: self.batch as u32, h, w, channels, repeat, scale: self.stored.scale })
            .bind("step", self.step)
            .bind("pixels", self.pixels)
            .bind("stored_labels", self.stored_labels)
            .bind("indices", self.indices)
            .bind("x", self.x)
            .bind("labels", self.labels.unwrap_or(self.spare))
            .constant("LABELS", u32::from(self.labels.is_some()))
            .threads(self.x.elements.max(self.batch))
            .pass(Pass::Data);
        if self.augment.is_none() { dispatch } else { dispatch.constant("AUGMENT", self.augment.bits()) }
    }
}
