//! One layer alone on the GPU, forward and backward: what op cases and the tests of single ops run.

use crate::error::{Error, Result, bail};
use crate::gpu::{Externals, Gpu, Program, STEP_WORDS, Step};
use crate::graph::{Graph, InputSpec, Kind, LayerSpec, ModelSpec, VERSION};
use crate::ops::Layer;
use crate::plan::{Batch, External, PlanOptions, Purpose, Slice, Target, plan};

/// Name of the one layer.
const LAYER: &str = "layer";

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
    /// Seed of dropout's mask.
    pub seed: u32,
}

/// What came out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SingleRun {
    /// The output.
    pub y: Vec<f32>,
    /// Gradient of each input, where `dy` was given.
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
    let graph = Graph::new(&model(layer, run)?)?;
    let options = PlanOptions {
        batch: run.batch,
        training: run.training,
        target: if run.dy.is_some() { Target::OutputGradient } else { Target::Outputs },
        source: Batch::Host,
        keep_activations: true,
        input_gradient: run.dy.is_some(),
        optimizer: None,
        choice: gpu.choice(),
    };
    let plan = plan(&graph, options);
    let program = Program::new(gpu, plan.clone(), &externals(gpu, &plan, run)?)?;
    let machine = Machine { gpu, program: &program };
    let output = graph.layers[graph.outputs[0]].value;
    machine.write("input 0", plan.values[0], run.inputs[0].1)?;
    for (name, values) in run.parameters {
        let index = graph.parameters.iter().position(|parameter| parameter.spec.name == *name);
        let Some(index) = index else { bail!("{} has no weight \"{name}\"", layer.class()) };
        machine.write(name, Some(plan.parameters[index]), values)?;
    }
    if let Some(dy) = run.dy {
        machine.write("dy", plan.gradients[output.0], dy)?;
    }
    let mut encoder = gpu.encoder();
    program.encode(&mut encoder);
    gpu.submit(encoder);

    let mut result = SingleRun { y: machine.read("y", plan.values[output.0]).await?, ..SingleRun::default() };
    if run.dy.is_some() {
        result.dx.push(machine.read("dx", plan.gradients[0]).await?);
    }
    for (index, parameter) in graph.parameters.iter().enumerate() {
        let name = parameter.spec.name;
        if parameter.spec.state {
            result.state.push((name, machine.read(name, Some(plan.parameters[index])).await?));
        } else if run.dy.is_some() {
            result.gradients.push((name, machine.read(name, plan.parameter_gradients[index]).await?));
        }
    }
    gpu.check()?;
    Ok(result)
}

/// A network of this layer alone.
fn model(layer: &Layer, run: &Single<'_>) -> Result<ModelSpec> {
    let [(shape, _)] = run.inputs else {
        bail!("{} inputs were given; a layer runs alone with one", run.inputs.len())
    };
    if run.batch == 0 {
        bail!("a batch of 0 samples; give at least 1");
    }
    let input = InputSpec { layer: "input".to_owned(), shape: shape.to_vec() };
    let only = LayerSpec {
        name: LAYER.to_owned(),
        layer: layer.clone(),
        connected_to: vec![input.layer.clone()],
        trainable: true,
    };
    Ok(ModelSpec {
        version: VERSION,
        name: layer.class().to_owned(),
        source: String::new(),
        notes: Vec::new(),
        kind: Kind::Functional,
        input,
        layers: vec![only],
        outputs: vec![LAYER.to_owned()],
    })
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
            let step =
                Step { step: 1, samples: plan.options.batch as u32, seed: run.seed, ..Step::default() };
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

    async fn read(&self, what: &str, slice: Option<Slice>) -> Result<Vec<f32>> {
        let slice = placed(what, slice)?;
        let (memory, offset) = self.program.locate(slice);
        self.gpu.read(memory, offset, slice.elements).await
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
            seed: 0,
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
