//! Questions that are answered by a few dispatches of their own, when somebody asks.

use super::session::Session;
use crate::error::Result;
use crate::gpu::{Externals, Gpu, Memory, Program};
use crate::plan::{Dispatch, Sketch, Slice};

/// An answer that was asked for and is under way.
#[derive(Debug)]
pub struct PendingAnswer {
    gpu: Gpu,
    staging: Memory,
}

impl Session {
    /// Runs these dispatches once, after all that was submitted before, and fetches what `wanted` holds then.
    pub(super) fn ask(
        &self,
        sketch: Sketch,
        dispatches: Vec<Dispatch>,
        externals: &Externals,
        wanted: &[Slice],
    ) -> Result<PendingAnswer> {
        let program = Program::new(&self.gpu, sketch.plan(dispatches), externals)?;
        let mut encoder = self.gpu.encoder();
        program.encode(&mut encoder);
        let answer = PendingAnswer::copy(&self.gpu, &mut encoder, &program, wanted);
        self.gpu.submit(encoder);
        Ok(answer)
    }
}

impl PendingAnswer {
    /// Records the copying of what slices of a program hold by then.
    pub(super) fn copy(
        gpu: &Gpu,
        encoder: &mut wgpu::CommandEncoder,
        program: &Program,
        wanted: &[Slice],
    ) -> Self {
        let bytes = |slice: &Slice| 4 * slice.elements as u64;
        let staging = gpu.staging("answer", wanted.iter().map(bytes).sum());
        let mut at = 0;
        for slice in wanted {
            let (memory, offset) = program.locate(*slice);
            encoder.copy_buffer_to_buffer(memory.buffer(), offset, staging.buffer(), at, bytes(slice));
            at += bytes(slice);
        }
        Self::of(gpu, staging)
    }

    /// What will lie in a staging buffer.
    pub(super) fn of(gpu: &Gpu, staging: Memory) -> Self {
        Self { gpu: gpu.clone(), staging }
    }

    /// Waits for it. What the words mean, the session knows that was asked.
    pub async fn read(self) -> Result<Vec<u32>> {
        self.gpu.map(&self.staging).await
    }
}
