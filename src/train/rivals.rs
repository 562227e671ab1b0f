//! A layer alone, with memory of its own, in every way that there is to compute it: for races between kernels.

use super::session::Session;
use crate::error::{Result, bail};
use crate::gpu::{Externals, Gpu, Program, STEP_WORDS};
use crate::graph::{Graph, ValueId};
use crate::ops::VARIANTS;
use crate::plan::{Choice, External, PLAIN, Plan, PlanOptions, Purpose, Target, plan};

/// Values that repeat: neither all zero, which some GPUs are quicker at, nor so large that sums overflow.
const PATTERN: usize = 4096;

impl Session {
    /// The layer alone, forwards and backwards on a training batch of its inputs' shape, computed by the kernels of this name
    /// wherever it has them, and by plain ones elsewhere; without a name, by those that training takes.
    pub fn rival(&self, layer: &str, variant: Option<&str>) -> Result<Program> {
        let choice = match variant {
            None => self.gpu.choice(),
            Some(PLAIN) => Choice::Plain,
            Some(name) => match crate::plan::variant(name) {
                Some(known) => Choice::Fixed(known),
                None => bail!("there is no variant \"{name}\"; known are {PLAIN}, {}", VARIANTS.join(", ")),
            },
        };
        let lone = Lone::new(&self.graph, self.graph.layer(layer)?, self.config.batch)?;
        alone(&self.gpu, lone.plan(choice))
    }
}

/// A layer alone, on inputs like those that it has in its network.
#[derive(Debug)]
pub(super) struct Lone {
    graph: Graph,
    batch: usize,
    /// Nobody wants the gradient of the picture.
    input_gradient: bool,
}

impl Lone {
    pub(super) fn new(graph: &Graph, layer: usize, batch: usize) -> Result<Self> {
        let spec = &graph.layers[layer].spec;
        let node = graph.nodes.iter().find(|node| node.layer == layer);
        let inputs = node.map_or(&[][..], |node| &node.inputs);
        let shapes: Vec<_> = inputs.iter().map(|value| graph.values[value.0].clone()).collect();
        let input_gradient = inputs.iter().any(|&input| input != ValueId(0));
        Ok(Self { graph: Graph::single(&spec.layer, spec.trainable, &shapes)?, batch, input_gradient })
    }

    /// Forwards and backwards on a training batch.
    pub(super) fn plan(&self, choice: Choice) -> Plan {
        let options = PlanOptions {
            input_gradient: self.input_gradient,
            ..PlanOptions::new(self.batch, true, Target::OutputGradient, choice)
        };
        plan(&self.graph, options)
    }
}

/// A program with all the memory that its plan needs from outside.
pub fn alone(gpu: &Gpu, plan: Plan) -> Result<Program> {
    let mut externals = Externals::new();
    for buffer in &plan.buffers {
        let Purpose::External(external) = buffer.purpose else { continue };
        let usage = match external {
            External::Step => wgpu::BufferUsages::UNIFORM,
            _ => wgpu::BufferUsages::empty(),
        };
        externals.insert(external, gpu.memory(&buffer.label, buffer.elements.max(STEP_WORDS), usage)?);
    }
    let program = Program::new(gpu, plan, &externals)?;
    let values: Vec<f32> = (0..PATTERN).map(|at| (at % 37) as f32 / 37.0 - 0.4).collect();
    let plan = program.plan();
    let written = plan.values.iter().chain(&plan.gradients).flatten().chain(&plan.parameters);
    for slice in written {
        let (memory, offset) = program.locate(*slice);
        for first in (0..slice.elements).step_by(PATTERN) {
            let count = (slice.elements - first).min(PATTERN);
            gpu.write(memory, offset + 4 * first as u64, &values[..count]);
        }
    }
    Ok(program)
}
