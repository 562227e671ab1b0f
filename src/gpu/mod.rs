//! The device, and plans turned into something that it can run.

mod device;
mod memory;
pub mod peak;
mod program;
mod texts;

pub use device::{Gpu, GpuOptions, Obstacle};
pub use memory::Memory;
pub use program::{Externals, Program};
pub(crate) use texts::shader_text;
#[cfg(not(feature = "shaders-inside"))]
pub(crate) use texts::{supply_more_shaders, supply_shaders};

use crate::plan::dims;

dims! {
    /// The numbers that change every step; every shader that needs them declares the same struct.
    pub struct Step {
        /// 1 for the first step.
        step: u32,
        /// Samples of the batch that count.
        samples: u32,
        /// The schedule's learning rate.
        learning_rate: f32,
        /// The same with the optimiser's bias corrections.
        rate: f32,
        /// Seed of dropout masks.
        seed: u32,
    }
}

/// 32-bit words of [`crate::plan::External::Step`].
pub const STEP_WORDS: usize = 16;
