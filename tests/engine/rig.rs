//! A plan on the GPU with zeroed memory around it, for tests that need more than one layer alone.

use cnn_playground::gpu::{Externals, Gpu, Program};
use cnn_playground::plan::{External, Plan, Purpose, Slice};

/// A program and its memory.
pub(crate) struct Rig {
    gpu: Gpu,
    program: Program,
    externals: Externals,
}

impl Rig {
    /// Prepares a plan.
    pub(crate) fn new(gpu: &Gpu, plan: Plan) -> Self {
        let mut externals = Externals::new();
        for buffer in &plan.buffers {
            let Purpose::External(external) = buffer.purpose else { continue };
            let words = buffer.elements.max(64);
            let memory = gpu.memory(&buffer.label, words, wgpu::BufferUsages::UNIFORM).expect("memory");
            externals.insert(external, memory);
        }
        let program = Program::new(gpu, plan, &externals).expect("a program");
        Self { gpu: gpu.clone(), program, externals }
    }

    /// Its plan.
    pub(crate) fn plan(&self) -> &Plan {
        self.program.plan()
    }

    /// Writes values of 32 bits.
    pub(crate) fn write<T: bytemuck::NoUninit>(&self, slice: Option<Slice>, values: &[T]) {
        let slice = slice.expect("planned");
        assert_eq!(slice.elements, values.len());
        let (memory, offset) = self.program.locate(slice);
        self.gpu.write(memory, offset, values);
    }

    /// Writes what outlives the plan.
    pub(crate) fn write_external<T: bytemuck::NoUninit>(&self, external: External, values: &[T]) {
        self.gpu.write(&self.externals[external], 0, values);
    }

    /// Runs the plan once.
    pub(crate) fn run(&self) {
        let mut encoder = self.gpu.encoder();
        self.program.encode(&mut encoder);
        self.gpu.submit(encoder);
    }

    /// Values of 32 bits.
    pub(crate) async fn read<T: bytemuck::AnyBitPattern>(&self, slice: Option<Slice>) -> Vec<T> {
        let slice = slice.expect("planned");
        let (memory, offset) = self.program.locate(slice);
        let values = self.gpu.read(memory, offset, slice.elements).await.expect("readable");
        self.gpu.check().expect("no complaint");
        values
    }

    /// What outlives the plan.
    pub(crate) async fn read_external<T: bytemuck::AnyBitPattern>(
        &self,
        external: External,
        count: usize,
    ) -> Vec<T> {
        self.gpu.read(&self.externals[external], 0, count).await.expect("readable")
    }
}
