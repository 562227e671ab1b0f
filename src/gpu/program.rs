//! A plan with its memory, pipelines and bind groups: all that can be prepared before the first step.

use std::cell::OnceCell;

use super::{Gpu, Memory, shader_text};
use crate::error::{Result, bail};
use crate::plan::{Access, Dispatch, External, Plan, Purpose, Slice, UNIFORM_ALIGN, binding_bytes};

/// Memory that several programs share.
#[derive(Clone, Debug, Default)]
pub struct Externals {
    // A dozen at most, so this is as quick as any map.
    entries: Vec<(External, Memory)>,
}

impl Externals {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The memory for this purpose.
    pub fn get(&self, external: External) -> Option<&Memory> {
        self.entries.iter().find(|(known, _)| *known == external).map(|(_, memory)| memory)
    }

    /// Provides the memory for a purpose, in place of what was provided before.
    pub fn insert(&mut self, external: External, memory: Memory) {
        self.entries.retain(|(known, _)| *known != external);
        self.entries.push((external, memory));
    }
}

impl std::ops::Index<External> for Externals {
    type Output = Memory;

    fn index(&self, external: External) -> &Memory {
        self.get(external).expect("memory that a program was checked to have")
    }
}

/// A plan that is ready to run.
#[derive(Debug)]
pub struct Program {
    gpu: Gpu,
    plan: Plan,
    launches: OnceCell<Vec<Launch>>,
    slots: Vec<Memory>,
    externals: Externals,
    uniforms: Option<Memory>,
}

#[derive(Debug)]
struct Launch {
    pipeline: wgpu::ComputePipeline,
    bind_group: wgpu::BindGroup,
    workgroups: [u32; 3],
}

impl Program {
    /// Allocates the plan's slots. Its pipelines are compiled when it first runs, or by [`Program::compile`]: what is never
    /// asked keeps nobody waiting.
    pub fn new(gpu: &Gpu, plan: Plan, externals: &Externals) -> Result<Self> {
        for dispatch in &plan.dispatches {
            shader_text(dispatch.kernel.shader)?;
        }
        let slots = (0..plan.slots.len())
            .map(|slot| gpu.memory(&slot_label(&plan, slot), plan.slots[slot], wgpu::BufferUsages::empty()))
            .collect::<Result<_>>()?;
        let mut program = Self {
            gpu: gpu.clone(),
            launches: OnceCell::new(),
            slots,
            externals: externals.clone(),
            uniforms: None,
            plan,
        };
        program.check_externals()?;
        program.plan.check_bindings(gpu.device().limits().max_storage_buffer_binding_size)?;
        program.uniforms = program.write_uniforms(gpu)?;
        gpu.check()?;
        Ok(program)
    }

    /// Compiles its pipelines and binds everything, so that the first run need not.
    pub fn compile(&self) -> Result<()> {
        self.launches();
        self.gpu.check()
    }

    fn launches(&self) -> &[Launch] {
        self.launches.get_or_init(|| (0..self.plan.dispatches.len()).map(|at| self.launch(at)).collect())
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// Records the whole plan.
    pub fn encode(&self, encoder: &mut wgpu::CommandEncoder) {
        self.encode_range(encoder, 0..self.plan.dispatches.len());
    }

    /// Records some of the plan's dispatches.
    pub fn encode_range(&self, encoder: &mut wgpu::CommandEncoder, range: std::ops::Range<usize>) {
        self.launch_in(&mut encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default()), range);
    }

    pub(crate) fn launch_in(&self, pass: &mut wgpu::ComputePass<'_>, range: std::ops::Range<usize>) {
        for launch in &self.launches()[range] {
            let [x, y, z] = launch.workgroups;
            pass.set_pipeline(&launch.pipeline);
            pass.set_bind_group(0, &launch.bind_group, &[]);
            pass.dispatch_workgroups(x, y, z);
        }
    }

    /// What some dispatches write outside of the program, to be put back after a run that shall leave no traces.
    pub(crate) fn keep(&self, gpu: &Gpu, range: std::ops::Range<usize>) -> Result<Kept> {
        let mut places: Vec<(Memory, u64, u64)> = Vec::new();
        let bound = self.plan.dispatches[range].iter().flat_map(Dispatch::bound);
        for (_, slice) in bound.filter(|(binding, _)| binding.access == Access::ReadWrite) {
            let (memory, offset) = self.locate(slice);
            let outside = matches!(self.plan.buffers[slice.buffer.0].purpose, Purpose::External(_));
            let bytes = (4 * slice.elements as u64).min(memory.bytes() - offset);
            let known = |(other, at, size): &(Memory, u64, u64)| {
                other.buffer() == memory.buffer() && (*at, *size) == (offset, bytes)
            };
            if outside && !places.iter().any(known) {
                places.push((memory.clone(), offset, bytes));
            }
        }
        let words: u64 = places.iter().map(|(_, _, bytes)| bytes / 4).sum();
        Ok(Kept { copy: gpu.memory("kept", words as usize, wgpu::BufferUsages::empty())?, places })
    }

    /// Where a slice of the plan lies: its buffer and the byte offset in it.
    pub fn locate(&self, slice: Slice) -> (&Memory, u64) {
        let buffer = &self.plan.buffers[slice.buffer.0];
        let memory = match (buffer.purpose, buffer.slot) {
            (Purpose::External(external), _) => &self.externals[external],
            (_, Some(slot)) => &self.slots[slot],
            (_, None) => unreachable!("only buffers that are never bound have no slot"),
        };
        (memory, 4 * (buffer.offset + slice.offset) as u64)
    }

    /// Bytes of the program's own memory.
    pub fn bytes(&self) -> u64 {
        self.slots.iter().chain(&self.uniforms).map(Memory::bytes).sum()
    }

    fn check_externals(&self) -> Result<()> {
        for buffer in &self.plan.buffers {
            let Purpose::External(external) = buffer.purpose else { continue };
            match self.externals.get(external) {
                Some(memory) if memory.bytes() >= 4 * buffer.elements as u64 => {}
                Some(memory) => bail!(
                    "{external:?} holds {} bytes, the plan needs {}",
                    memory.bytes(),
                    4 * buffer.elements
                ),
                None => bail!("the plan needs {external:?}, which was not provided"),
            }
        }
        Ok(())
    }

    /// All `dims` in one buffer, written once.
    fn write_uniforms(&self, gpu: &Gpu) -> Result<Option<Memory>> {
        let mut bytes = Vec::new();
        for dispatch in &self.plan.dispatches {
            bytes.extend_from_slice(&dispatch.dims);
            bytes.resize(bytes.len().next_multiple_of(UNIFORM_ALIGN), 0);
        }
        if bytes.is_empty() {
            return Ok(None);
        }
        let memory = gpu.memory("dims", bytes.len() / 4, wgpu::BufferUsages::UNIFORM)?;
        gpu.write(&memory, 0, &bytes);
        Ok(Some(memory))
    }

    fn launch(&self, at: usize) -> Launch {
        let dispatch = &self.plan.dispatches[at];
        let pipeline = self.gpu.pipeline(dispatch);
        let uniform_start: usize =
            self.plan.dispatches[..at].iter().map(|d| d.dims.len().next_multiple_of(UNIFORM_ALIGN)).sum();
        let dims = self
            .uniforms
            .as_ref()
            .filter(|_| !dispatch.dims.is_empty())
            .map(|uniforms| entry(0, uniforms, uniform_start as u64, dispatch.dims.len() as u64));
        let bound = dispatch.buffers.iter().map(|&(number, slice)| {
            let (memory, offset) = self.locate(slice);
            let bytes = binding_bytes(slice).min(memory.bytes() - offset);
            entry(number, memory, offset, bytes)
        });
        let entries: Vec<_> = dims.into_iter().chain(bound).collect();
        let bind_group = self.gpu.device().create_bind_group(&wgpu::BindGroupDescriptor {
            label: Some(dispatch.kernel.entry_point),
            layout: &pipeline.layout,
            entries: &entries,
        });
        Launch { pipeline: pipeline.pipeline, bind_group, workgroups: dispatch.workgroups }
    }
}

/// Memory and a copy of what it held.
#[derive(Debug)]
pub(crate) struct Kept {
    copy: Memory,
    places: Vec<(Memory, u64, u64)>,
}

impl Kept {
    /// Records the copying: away, or with `back` to where it came from.
    pub(crate) fn encode(&self, encoder: &mut wgpu::CommandEncoder, back: bool) {
        let mut at = 0;
        for (memory, offset, bytes) in &self.places {
            let (own, copy) = ((memory.buffer(), *offset), (self.copy.buffer(), at));
            let (from, to) = if back { (copy, own) } else { (own, copy) };
            encoder.copy_buffer_to_buffer(from.0, from.1, to.0, to.1, *bytes);
            at += bytes;
        }
    }
}

fn entry(binding: u32, memory: &Memory, offset: u64, bytes: u64) -> wgpu::BindGroupEntry<'_> {
    let size = std::num::NonZeroU64::new(bytes);
    let resource =
        wgpu::BindingResource::Buffer(wgpu::BufferBinding { buffer: memory.buffer(), offset, size });
    wgpu::BindGroupEntry { binding, resource }
}

/// A slot is called by the largest buffer that uses it.
fn slot_label(plan: &Plan, slot: usize) -> String {
    let users = plan.buffers.iter().filter(|buffer| buffer.slot == Some(slot));
    users.max_by_key(|buffer| buffer.elements).map_or_else(String::new, |buffer| buffer.label.clone())
}
