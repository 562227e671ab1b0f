//! All weights of a network in one buffer, with buffers of the same form for gradients and the optimiser.

use crate::error::{Result, bail};
use crate::gpu::{Externals, Gpu, Memory};
use crate::graph::Graph;
use crate::plan::{
    ALIGN, External, arena_of, check_external, parameter_elements, place_parameters, state_elements,
};
use crate::rng::Counter;

/// A network's weights on the GPU.
#[derive(Debug)]
pub struct Arena {
    gpu: Gpu,
    places: Vec<Place>,
    memories: Externals,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    external: External,
    offset: u64,
    elements: usize,
}

impl Arena {
    /// Memory for the weights of `graph`, with gradients and `slots` optimiser buffers when it is to be trained.
    pub fn new(gpu: &Gpu, graph: &Graph, training: bool, slots: usize) -> Result<Self> {
        let offsets = place_parameters(graph);
        let places = graph.parameters.iter().zip(offsets).map(|(parameter, offset)| Place {
            external: arena_of(parameter),
            offset: 4 * offset as u64,
            elements: parameter.spec.elements(),
        });
        let mut arena = Self { gpu: gpu.clone(), places: places.collect(), memories: Externals::new() };
        let elements = parameter_elements(graph);
        arena.allocate(External::Parameters, elements)?;
        arena.allocate(External::State, state_elements(graph))?;
        if training {
            arena.allocate(External::Gradients, elements)?;
            for slot in [External::Momentum, External::Velocity].into_iter().take(slots) {
                arena.allocate(slot, elements)?;
            }
            arena.write_tables(graph, elements)?;
        }
        Ok(arena)
    }

    fn allocate(&mut self, external: External, words: usize) -> Result<()> {
        check_external(external, words, self.gpu.device().limits().max_buffer_size)?;
        let memory = self.gpu.memory(&format!("{external:?}"), words, wgpu::BufferUsages::empty())?;
        self.memories.insert(external, memory);
        Ok(())
    }

    /// What the optimiser has to know of each tensor.
    fn write_tables(&mut self, graph: &Graph, elements: usize) -> Result<()> {
        let mut blocks = vec![0u32; elements / ALIGN];
        let mut runs = vec![[0u32; 2]; graph.parameters.len()];
        let mut coefficients = Vec::with_capacity(4 * graph.parameters.len());
        for (index, (parameter, place)) in graph.parameters.iter().zip(&self.places).enumerate() {
            let trained = if parameter.trainable { 1.0 } else { 0.0 };
            coefficients.extend([parameter.spec.l2, parameter.spec.l1, trained, 1.0]);
            if place.external == External::Parameters {
                let (first, count) = (place.offset as usize / 4 / ALIGN, place.elements.div_ceil(ALIGN));
                blocks[first..][..count].fill(index as u32);
                runs[index] = [first as u32, count as u32];
            }
        }
        self.allocate(External::Blocks, blocks.len())?;
        self.allocate(External::Coefficients, coefficients.len())?;
        self.allocate(External::Places, 2 * runs.len())?;
        self.gpu.write(&self.memories[External::Blocks], 0, &blocks);
        self.gpu.write(&self.memories[External::Coefficients], 0, &coefficients);
        self.gpu.write(&self.memories[External::Places], 0, &runs);
        Ok(())
    }

    /// Draws first weights from `seed` and forgets the optimiser's past.
    pub fn initialise(&self, graph: &Graph, seed: u32) {
        for (index, parameter) in graph.parameters.iter().enumerate() {
            let values = parameter
                .spec
                .initializer
                .fill(&parameter.spec.shape, Counter::scrambled(seed.into(), index as u64));
            self.put(index, &values);
        }
        let mut encoder = self.gpu.encoder();
        for slot in [External::Momentum, External::Velocity, External::Gradients] {
            if let Some(memory) = self.memories.get(slot) {
                encoder.clear_buffer(memory.buffer(), 0, None);
            }
        }
        self.gpu.submit(encoder);
    }

    /// Replaces the values of weight tensor `index` (Keras's number).
    pub fn write(&self, index: usize, values: &[f32]) -> Result<()> {
        let Some(place) = self.places.get(index) else {
            bail!("there is no weight tensor {index}; the network has {}", self.places.len())
        };
        if values.len() != place.elements {
            bail!("weight tensor {index} has {} values, got {}", place.elements, values.len());
        }
        self.put(index, values);
        Ok(())
    }

    fn put(&self, index: usize, values: &[f32]) {
        let place = self.places[index];
        self.gpu.write(&self.memories[place.external], place.offset, values);
    }

    /// Memory and byte offset of weight tensor `index`, for views.
    pub fn locate(&self, index: usize) -> (&Memory, u64, usize) {
        let place = self.places[index];
        (&self.memories[place.external], place.offset, place.elements)
    }

    /// Reads weight tensor `index` back.
    pub async fn read(&self, index: usize) -> Result<Vec<f32>> {
        let (memory, offset, elements) = self.locate(index);
        self.gpu.read(memory, offset, elements).await
    }

    /// Reads the gradient of weight tensor `index` from the last step, without its regularisers' share.
    pub async fn read_gradient(&self, index: usize) -> Result<Vec<f32>> {
        let (memory, offset, elements) = self.locate_gradient(index)?;
        self.gpu.read(memory, offset, elements).await
    }

    /// Memory, byte offset and values of the gradient of weight tensor `index`.
    pub fn locate_gradient(&self, index: usize) -> Result<(&Memory, u64, usize)> {
        let place = self.places[index];
        match (place.external, self.memories.get(External::Gradients)) {
            (External::Parameters, Some(memory)) => Ok((memory, place.offset, place.elements)),
            _ => bail!("weight tensor {index} is not trained and has no gradient"),
        }
    }

    /// The memory, for programs.
    pub fn externals(&self) -> &Externals {
        &self.memories
    }

    /// Bytes held for one purpose.
    pub fn bytes(&self, external: External) -> u64 {
        self.memories.get(external).map_or(0, Memory::bytes)
    }
}
