//! One picture through the network, everything on the way kept: what the page shows of a network.

use crate::error::{Result, bail};
use crate::gpu::{Externals, Gpu, Memory, Program};
use crate::graph::{Graph, ValueId};
use crate::plan::{Batch, PlanOptions, Slice, Target, plan};

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
        let options = PlanOptions {
            batch: 1,
            training: false,
            target: Target::Outputs,
            source: Batch::Host,
            keep_activations: true,
            reuse: true,
            input_gradient: false,
            optimizer: None,
            clipping: None,
            choice: gpu.choice(),
        };
        let plan = plan(graph, options);
        let outputs =
            graph.outputs.iter().filter_map(|&layer| plan.values[graph.layers[layer].value.0]).collect();
        let program = Program::new(gpu, plan, weights)?;
        Ok(Self { gpu: gpu.clone(), program, input: graph.input.elements(), outputs })
    }

    /// Sets the picture: height × width × channels values.
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

    /// Memory and byte offset of a value of the graph.
    pub fn locate(&self, value: ValueId) -> Result<(&Memory, u64)> {
        match self.program.plan().values[value.0] {
            Some(slice) => Ok(self.program.locate(slice)),
            None => bail!("value {} is not computed", value.0),
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
