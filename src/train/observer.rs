//! One picture through the network, everything on the way kept: what the page shows of a network.

use super::ask::PendingAnswer;
use crate::error::{Result, bail};
use crate::gpu::{Externals, Gpu, Memory, Program};
use crate::graph::{Graph, ValueId};
use crate::plan::{PlanOptions, Slice, Target, plan};

/// What an observer is for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Question<'a> {
    /// Pictures at a time.
    pub(super) batch: usize,
    /// The value whose gradient somebody writes; without one, there is only a forward pass.
    pub(super) root: Option<ValueId>,
    /// Wires that carry zeros: a layer, and which of its inputs.
    pub(super) cuts: &'a [[usize; 2]],
}

impl Default for Question<'_> {
    fn default() -> Self {
        Self { batch: 1, root: None, cuts: &[] }
    }
}

/// A batch of one in inference mode that shares the weights of a session.
#[derive(Debug)]
pub struct Observer {
    gpu: Gpu,
    program: Program,
    input: usize,
    outputs: Vec<Slice>,
}

impl Observer {
    /// Plans `graph` for one sample.
    pub fn new(gpu: &Gpu, graph: &Graph, weights: &Externals) -> Result<Self> {
        Self::of(gpu, graph, weights, Question::default())
    }

    /// Plans `graph` for what a question asks.
    pub(super) fn of(gpu: &Gpu, graph: &Graph, weights: &Externals, question: Question<'_>) -> Result<Self> {
        let Question { batch, root, cuts } = question;
        let options = PlanOptions {
            // A wire can be cut where a kernel of its own reads it.
            keep_activations: batch == 1 || !cuts.is_empty(),
            input_gradient: root.is_some(),
            ..PlanOptions::new(batch, false, root.map_or(Target::Outputs, Target::Seeded), gpu.choice())
        };
        let mut plan = plan(graph, options);
        for &[layer, input] in cuts {
            plan.silence(graph, layer, input);
        }
        let heads = || graph.outputs.iter().map(|&layer| graph.layers[layer].value).collect();
        let shown = root.map_or_else(heads, |root| vec![root]);
        let outputs = shown.iter().filter_map(|value| plan.values[value.0]).collect();
        let program = Program::new(gpu, plan, weights)?;
        Ok(Self { gpu: gpu.clone(), program, input: batch * graph.input.elements(), outputs })
    }

    /// Compiles its kernels, so that the first question need not wait for them.
    pub(super) fn compile(&self) -> Result<()> {
        self.program.compile()
    }

    /// Sets the picture: height × width × channels values; of several, one after the other.
    pub fn set_input(&self, values: &[f32]) -> Result<()> {
        if values.len() != self.input {
            bail!("the picture has {} values, the network's input takes {}", values.len(), self.input);
        }
        let (memory, offset) = self.locate(ValueId(0))?;
        self.gpu.write(memory, offset, values);
        Ok(())
    }

    /// Runs the picture through the network; what `more` records sees the results.
    pub fn submit(&self, more: impl FnOnce(&mut wgpu::CommandEncoder)) -> PendingOutputs {
        let mut encoder = self.gpu.encoder();
        self.program.encode(&mut encoder);
        let bytes: usize = self.outputs.iter().map(|slice| 4 * slice.elements).sum();
        let staging = self.gpu.staging("outputs", bytes as u64);
        let mut at = 0;
        for &output in &self.outputs {
            let (memory, offset) = self.program.locate(output);
            let bytes = 4 * output.elements as u64;
            encoder.copy_buffer_to_buffer(memory.buffer(), offset, staging.buffer(), at, bytes);
            at += bytes;
        }
        more(&mut encoder);
        self.gpu.submit(encoder);
        let sizes = self.outputs.iter().map(|slice| slice.elements).collect();
        PendingOutputs { gpu: self.gpu.clone(), staging, sizes }
    }

    /// The same for whoever reads bits.
    pub(super) fn ask(&self) -> PendingAnswer {
        let mut encoder = self.gpu.encoder();
        self.program.encode(&mut encoder);
        let answer = PendingAnswer::copy(&self.gpu, &mut encoder, &self.program, &self.outputs);
        self.gpu.submit(encoder);
        answer
    }

    /// Writes the gradient of a value that somebody seeds.
    pub(super) fn seed(&self, value: ValueId, factors: &[f32]) -> Result<()> {
        let (memory, offset, elements) = self.locate_gradient(value)?;
        if factors.len() != elements {
            bail!("a lens on {elements} values was seeded with {}", factors.len());
        }
        self.gpu.write(memory, offset, factors);
        Ok(())
    }

    /// Memory and byte offset of a value of the graph.
    pub fn locate(&self, value: ValueId) -> Result<(&Memory, u64)> {
        match self.program.plan().values[value.0] {
            Some(slice) => Ok(self.program.locate(slice)),
            None => bail!("value {} is not computed", value.0),
        }
    }

    /// Memory, byte offset and values of the gradient of a value.
    pub(super) fn locate_gradient(&self, value: ValueId) -> Result<(&Memory, u64, usize)> {
        match self.program.plan().gradients[value.0] {
            Some(slice) => {
                let (memory, offset) = self.program.locate(slice);
                Ok((memory, offset, slice.elements))
            }
            None => bail!("value {} has no gradient here", value.0),
        }
    }

    /// The program, for its plan.
    pub fn program(&self) -> &Program {
        &self.program
    }
}

/// Outputs that were submitted.
#[derive(Debug)]
pub struct PendingOutputs {
    gpu: Gpu,
    staging: Memory,
    sizes: Vec<usize>,
}

impl PendingOutputs {
    /// Waits for them: one vector a head.
    pub async fn read(self) -> Result<Vec<Vec<f32>>> {
        let values: Vec<f32> = self.gpu.map(&self.staging).await?;
        self.gpu.check()?;
        let mut rest = &values[..];
        let mut heads = Vec::new();
        for size in self.sizes {
            let (head, tail) = rest.split_at(size);
            heads.push(head.to_vec());
            rest = tail;
        }
        Ok(heads)
    }
}
