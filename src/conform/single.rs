//! One layer alone on the GPU, forward and backward: what op cases and the tests of single ops run.

use crate::error::{Error, Result, bail};
use crate::gpu::{Externals, Gpu, Program, STEP_WORDS, Step};
use crate::graph::Graph;
use crate::ops::Layer;
use crate::plan::{External, PlanOptions, Purpose, Slice, Target, plan};
use crate::shape::Shape;

/// What to run a layer on.
#[derive(Clone, Copy, Debug)]
pub struct Single<'a> {
    /// Samples.
    pub batch: usize,
    /// Each input: shape of one sample, and `batch × shape` values.
    pub inputs: &'a [(&'a [usize], &'a [f32])],
    /// Weights by Keras name; those that are missing are 0.
    pub parameters: &'a [(&'a str, &'a [f32])],
    /// Gradient that arrives at the output, `batch × output shape`; `None` runs forward only.
    pub dy: Option<&'a [f32]>,
    /// Training (batch statistics, dropout) or inference.
    pub training: bool,
    /// False freezes the layer: no gradients of weights, and batch norm works as in inference.
    pub trainable: bool,
    /// Seed of dropout's mask.
    pub seed: u32,
    /// Number of the step, which dropout's mask depends on too; 1 is the first.
    pub step: u32,
}

/// What came out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SingleRun {
    /// The output.
    pub y: Vec<f32>,
    /// Gradient of each input, where `dy` was given; empty where an input has none, such as a mask.
    pub dx: Vec<Vec<f32>>,
    /// Gradient of each trained weight, by its Keras name, where `dy` was given.
    pub gradients: Vec<(&'static str, Vec<f32>)>,
    /// Moving statistics after the run, by their Keras names.
    pub state: Vec<(&'static str, Vec<f32>)>,
}

impl SingleRun {
    /// Gradient of this weight.
    pub fn gradient(&self, name: &str) -> Option<&[f32]> {
        self.gradients.iter().find(|(known, _)| *known == name).map(|(_, values)| values.as_slice())
    }

    /// Moving statistics of this name.
    pub fn state(&self, name: &str) -> Option<&[f32]> {
        self.state.iter().find(|(known, _)| *known == name).map(|(_, values)| values.as_slice())
    }
}

/// Runs `layer` once.
pub async fn run_single(gpu: &Gpu, layer: &Layer, run: &Single<'_>) -> Result<SingleRun> {
    if run.batch == 0 {
        bail!("a batch of 0 samples; give at least 1");
    }
    let shapes = run.inputs.iter().map(|(shape, _)| Shape::new(*shape)).collect::<Result<Vec<_>>>()?;
    let graph = Graph::single(layer, run.trainable, &shapes)?;
    let backward = run.dy.is_some();
    let options = PlanOptions {
        keep_activations: true,
        input_gradient: backward,
        ..PlanOptions::new(
            run.batch,
            run.training,
            if backward { Target::OutputGradient } else { Target::Outputs },
            gpu.choice(),
        )
    };
    let plan = plan(&graph, options);
    let program = Program::new(gpu, plan.clone(), &externals(gpu, &plan, run)?)?;
    let output = graph.layers[graph.outputs[0]].value;
    let machine = Machine { gpu, program: &program };
    for (i, (_, values)) in run.inputs.iter().enumerate() {
        machine.write(&format!("input {i}"), plan.values[i], values)?;
    }
    for (name, values) in run.parameters {
        let index = graph.parameters.iter().position(|parameter| parameter.spec.name == *name);
        let Some(index) = index else { bail!("{} has no weight \"{name}\"", layer.class()) };
        machine.write(name, Some(plan.parameters[index]), values)?;
    }
    if let Some(dy) = run.dy {
        machine.write("dy", plan.gradients[output.0], dy)?;
    }

    let gradients = if backward { &plan.parameter_gradients[..] } else { &[] };
    let state = graph.parameters.iter().zip(&plan.parameters).filter(|(parameter, _)| parameter.spec.state);
    let named: Vec<(&'static str, Slice)> = graph
        .parameters
        .iter()
        .zip(gradients)
        .filter_map(|(parameter, slice)| Some((parameter.spec.name, (*slice)?)))
        .chain(state.clone().map(|(parameter, slice)| (parameter.spec.name, *slice)))
        .collect();
    let dx = if backward { &plan.gradients[..run.inputs.len()] } else { &[] };
    let y = plan.values[output.0].ok_or_else(|| Error::new("the plan computes no output"))?;
    let slices: Vec<Slice> = [y]
        .into_iter()
        .chain(dx.iter().flatten().copied())
        .chain(named.iter().map(|&(_, slice)| slice))
        .collect();
    let mut values = machine.run(&slices).await?.into_iter();
    let mut next = || values.next().unwrap_or_default();
    let y = next();
    let dx = dx.iter().map(|slice| if slice.is_some() { next() } else { Vec::new() }).collect();
    let mut named: Vec<_> = named.into_iter().map(|(name, _)| (name, next())).collect();
    let state = named.split_off(named.len() - state.count());
    Ok(SingleRun { y, dx, gradients: named, state })
}

/// Zeroed memory for all that the plan expects from outside, with the step's numbers written.
fn externals(gpu: &Gpu, plan: &crate::plan::Plan, run: &Single<'_>) -> Result<Externals> {
    let mut externals = Externals::new();
    for buffer in &plan.buffers {
        let Purpose::External(external) = buffer.purpose else { continue };
        let uniform = if external == External::Step {
            wgpu::BufferUsages::UNIFORM
        } else {
            wgpu::BufferUsages::empty()
        };
        let memory = gpu.memory(&buffer.label, buffer.elements.max(STEP_WORDS), uniform)?;
        if external == External::Step {
            let step = Step {
                step: run.step,
                samples: plan.options.batch as u32,
                seed: run.seed,
                ..Step::default()
            };
            gpu.write(&memory, 0, bytemuck::bytes_of(&step));
        }
        externals.insert(external, memory);
    }
    Ok(externals)
}

/// Writes and reads slices of a program, with their lengths checked.
struct Machine<'a> {
    gpu: &'a Gpu,
    program: &'a Program,
}

impl Machine<'_> {
    fn write(&self, what: &str, slice: Option<Slice>, values: &[f32]) -> Result<()> {
        let slice = placed(what, slice)?;
        if slice.elements != values.len() {
            bail!("\"{what}\" has {} values; the layer needs {}", values.len(), slice.elements);
        }
        let (memory, offset) = self.program.locate(slice);
        self.gpu.write(memory, offset, values);
        Ok(())
    }

    /// Runs the program and reads `slices` back, all in one copy.
    async fn run(&self, slices: &[Slice]) -> Result<Vec<Vec<f32>>> {
        let total: usize = slices.iter().map(|slice| slice.elements).sum();
        let staging = self.gpu.staging("single", 4 * total as u64);
        let mut encoder = self.gpu.encoder();
        self.program.encode(&mut encoder);
        let mut at = 0;
        for slice in slices {
            let (memory, offset) = self.program.locate(*slice);
            let bytes = 4 * slice.elements as u64;
            encoder.copy_buffer_to_buffer(memory.buffer(), offset, staging.buffer(), at, bytes);
            at += bytes;
        }
        self.gpu.submit(encoder);
        let all: Vec<f32> = self.gpu.map(&staging).await?;
        self.gpu.check()?;
        let mut rest = &all[..];
        let split = |slice: &Slice| {
            let (values, after) = rest.split_at(slice.elements);
            rest = after;
            values.to_vec()
        };
        Ok(slices.iter().map(split).collect())
    }
}

fn placed(what: &str, slice: Option<Slice>) -> Result<Slice> {
    slice.ok_or_else(|| Error::new(format!("\"{what}\" is not computed by this plan")))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::gpu::GpuOptions;
    use crate::ops::dense::Dense;

    #[test]
    fn a_dense_layer_runs_alone() {
        let gpu = pollster::block_on(Gpu::new(GpuOptions::default())).expect("an adapter");
        let layer = Layer::from(Dense::new(2));
        let mut run = Single {
            batch: 1,
            inputs: &[(&[2], &[1.0, 2.0])],
            parameters: &[("kernel", &[1.0, 2.0, 3.0, 4.0]), ("bias", &[0.5, -0.5])],
            dy: Some(&[1.0, 10.0]),
            training: true,
            trainable: true,
            seed: 0,
            step: 1,
        };
        let got = pollster::block_on(run_single(&gpu, &layer, &run)).expect("runs");
        assert_eq!(got.y, [7.5, 9.5]);
        assert_eq!(got.dx, [[21.0, 43.0]]);
        assert_eq!(got.gradient("kernel"), Some(&[1.0, 10.0, 2.0, 20.0][..]));
        assert_eq!(got.gradient("bias"), Some(&[1.0, 10.0][..]));
        run.parameters = &[("bias", &[0.5])];
        let error = pollster::block_on(run_single(&gpu, &layer, &run)).expect_err("a short bias");
        assert_eq!(error.to_string(), "\"bias\" has 1 values; the layer needs 2");
    }
}
