//! A plan on the GPU with all the memory that it needs from outside: written by hand, run, read back.

use crate::error::{Error, Result, bail};
use crate::gpu::{Externals, Gpu, Memory, Program, STEP_WORDS, Step};
use crate::graph::{Graph, InputSpec, Kind, LayerSpec, ModelSpec, VERSION};
use crate::ops::Layer;
use crate::plan::{External, Plan, Purpose, Slice};

/// A program and its memory.
#[derive(Debug)]
pub(crate) struct Rig {
    gpu: Gpu,
    program: Program,
    externals: Externals,
}

impl Rig {
    /// Prepares `plan`; what `externals` does not provide is allocated, zeroed.
    pub(crate) fn new(gpu: &Gpu, plan: Plan, mut externals: Externals) -> Result<Self> {
        for buffer in &plan.buffers {
            let Purpose::External(external) = buffer.purpose else { continue };
            if externals.get(external).is_some() {
                continue;
            }
            let uniform = match external {
                External::Step => wgpu::BufferUsages::UNIFORM,
                _ => wgpu::BufferUsages::empty(),
            };
            let words = buffer.elements.max(STEP_WORDS);
            externals.insert(external, gpu.memory(&buffer.label, words, uniform)?);
        }
        let program = Program::new(gpu, plan, &externals)?;
        Ok(Self { gpu: gpu.clone(), program, externals })
    }

    pub(crate) fn plan(&self) -> &Plan {
        self.program.plan()
    }

    /// Sets the numbers that change every step.
    pub(crate) fn set_step(&self, step: Step) {
        if let Some(memory) = self.externals.get(External::Step) {
            self.gpu.write(memory, 0, &[step]);
        }
    }

    pub(crate) fn write<T: bytemuck::NoUninit>(
        &self,
        what: &str,
        slice: Option<Slice>,
        values: &[T],
    ) -> Result<()> {
        let slice = placed(what, slice)?;
        if slice.elements != values.len() {
            bail!("\"{what}\" has {} values, {} are needed", values.len(), slice.elements);
        }
        let (memory, offset) = self.program.locate(slice);
        self.gpu.write(memory, offset, values);
        Ok(())
    }

    pub(super) fn run(&self) {
        self.run_times(1);
    }

    /// So many runs in one submission.
    pub(crate) fn run_times(&self, times: usize) {
        let mut encoder = self.gpu.encoder();
        for _ in 0..times {
            self.encode(&mut encoder);
        }
        self.gpu.submit(encoder);
    }

    /// Records the whole plan.
    pub(super) fn encode(&self, encoder: &mut wgpu::CommandEncoder) {
        self.program.encode(encoder);
    }

    /// Where a slice of the plan lies.
    pub(super) fn locate(&self, slice: Slice) -> (&Memory, u64) {
        self.program.locate(slice)
    }

    pub(crate) async fn read(&self, what: &str, slice: Option<Slice>) -> Result<Vec<f32>> {
        let slice = placed(what, slice)?;
        let (memory, offset) = self.program.locate(slice);
        self.gpu.read(memory, offset, slice.elements).await
    }

    /// The first values of memory from outside.
    pub(super) async fn read_external(&self, external: External, count: usize) -> Result<Vec<f32>> {
        match self.externals.get(external) {
            Some(memory) => self.gpu.read(memory, 0, count).await,
            None => bail!("this plan keeps no {external:?}"),
        }
    }
}

fn placed(what: &str, slice: Option<Slice>) -> Result<Slice> {
    slice.ok_or_else(|| Error::new(format!("\"{what}\" is not computed by this plan")))
}

/// A network of one layer on samples of this shape.
pub(super) fn one_layer(layer: &Layer, sample: &[usize]) -> Result<Graph> {
    let input = InputSpec { layer: "input".to_owned(), shape: sample.to_vec() };
    let only = LayerSpec {
        name: "layer".to_owned(),
        layer: layer.clone(),
        connected_to: vec![input.layer.clone()],
        trainable: true,
    };
    Graph::new(&ModelSpec {
        version: VERSION,
        name: layer.class().to_owned(),
        source: String::new(),
        notes: Vec::new(),
        kind: Kind::Functional,
        input,
        outputs: vec![only.name.clone()],
        loss_weights: Vec::new(),
        layers: vec![only],
    })
}
