//! What is timed: every op by itself, and training and inference of whole networks.

use cnn_playground::gpu::{Gpu, Program, STEP_WORDS, Step};
use cnn_playground::graph::Graph;
use cnn_playground::ops::Layer;
use cnn_playground::optim::Optimizer;
use cnn_playground::plan::{
    Choice, Dispatch, External, Pass, Plan, PlanOptions, Purpose, Slice, Target, plan,
};
use cnn_playground::rng::Counter;
use cnn_playground::train::{Arena, Tuner, check_batch};
use cnn_playground::{Error, Result, Shape};

use super::super::{Failure, Outcome, network};

/// One op at a size that is met in practice.
struct OpCase {
    name: &'static str,
    batch: usize,
    /// Shape of each input.
    inputs: &'static [&'static [usize]],
    /// Keras class and configuration.
    class: &'static str,
    config: &'static str,
}

const fn case(
    name: &'static str,
    batch: usize,
    inputs: &'static [&'static [usize]],
    class: &'static str,
    config: &'static str,
) -> OpCase {
    OpCase { name, batch, inputs, class, config }
}

/// The input that element-wise ops and normalisations are timed on.
const MAPS: &[&[usize]] = &[&[32, 32, 64]];

/// Every op. What a software adapter would need minutes for is [`LARGE`].
#[rustfmt::skip]
const OPS: &[OpCase] = &[
    case("conv2d_3x3", 1, &[&[56, 56, 64]], "Conv2D", r#"{"filters": 64, "kernel_size": [3, 3], "padding": "same"}"#),
    case("conv2d_1x1", 1, &[&[56, 56, 256]], "Conv2D", r#"{"filters": 64, "kernel_size": [1, 1]}"#),
    case("conv2d_7x7", 1, &[&[224, 224, 3]], "Conv2D", r#"{"filters": 64, "kernel_size": [7, 7], "strides": [2, 2], "padding": [[3, 3], [3, 3]]}"#),
    case("conv2d_lenet_1", 64, &[&[32, 32, 1]], "Conv2D", r#"{"filters": 6, "kernel_size": [5, 5], "activation": "relu"}"#),
    case("conv2d_lenet_2", 64, &[&[14, 14, 6]], "Conv2D", r#"{"filters": 16, "kernel_size": [5, 5], "activation": "relu"}"#),
    case("conv2d_3x3_large", 32, &[&[56, 56, 256]], "Conv2D", r#"{"filters": 256, "kernel_size": [3, 3], "padding": "same"}"#),
    case("depthwise_conv2d", 8, &[&[56, 56, 64]], "DepthwiseConv2D", r#"{"kernel_size": [3, 3], "padding": "same"}"#),
    case("dense", 64, &[&[400]], "Dense", r#"{"units": 120, "activation": "relu"}"#),
    case("dense_1024", 1024, &[&[1024]], "Dense", r#"{"units": 1024, "use_bias": false}"#),
    case("dense_4096_large", 4096, &[&[4096]], "Dense", r#"{"units": 4096, "use_bias": false}"#),
    case("max_pool_2x2", 32, MAPS, "MaxPooling2D", r#"{"pool_size": [2, 2], "strides": [2, 2]}"#),
    case("max_pool_3x3", 1, &[&[112, 112, 64]], "MaxPooling2D", r#"{"pool_size": [3, 3], "strides": [2, 2], "padding": [[1, 1], [1, 1]]}"#),
    case("avg_pool", 32, MAPS, "AveragePooling2D", r#"{"pool_size": [2, 2], "strides": [2, 2]}"#),
    case("global_avg_pool", 32, MAPS, "GlobalAveragePooling2D", "{}"),
    case("global_max_pool", 32, MAPS, "GlobalMaxPooling2D", "{}"),
    case("batch_norm", 32, MAPS, "BatchNormalization", "{}"),
    case("layer_norm", 32, MAPS, "LayerNormalization", "{}"),
    case("local_response_norm", 32, MAPS, "LocalResponseNormalization", "{}"),
    case("relu", 32, MAPS, "ReLU", "{}"),
    case("leaky_relu", 32, MAPS, "LeakyReLU", "{}"),
    case("elu", 32, MAPS, "ELU", "{}"),
    case("tanh", 32, MAPS, "Activation", r#"{"activation": "tanh"}"#),
    case("softmax", 1024, &[&[1000]], "Activation", r#"{"activation": "softmax"}"#),
    case("dropout", 32, MAPS, "Dropout", r#"{"rate": 0.5}"#),
    case("add", 32, &[&[32, 32, 64], &[32, 32, 64]], "Add", "{}"),
    case("concatenate", 32, &[&[32, 32, 64], &[32, 32, 64]], "Concatenate", "{}"),
    case("upsampling", 32, MAPS, "UpSampling2D", "{}"),
    case("zero_padding", 32, MAPS, "ZeroPadding2D", r#"{"padding": [[1, 1], [1, 1]]}"#),
];

/// Ending of the names that are timed only where they are asked for, or where there is a GPU.
const LARGE: &str = "_large";

/// Samples of a network's run where nobody asks for another number.
const NETWORK_BATCH: usize = 64;

/// The networks timed when nothing is named.
const NETWORKS: [&str; 1] = ["lenet"];

/// Something to time.
#[derive(Debug)]
pub(super) struct Workload {
    pub(super) name: String,
    pub(super) batch: usize,
    pub(super) graph: Graph,
    network: bool,
}

/// Names of all ops.
pub(super) fn op_names() -> impl Iterator<Item = &'static str> {
    OPS.iter().map(|op| op.name)
}

/// What the command line names; everything that this adapter can do in a while where it names nothing.
pub(super) fn find(names: &[String], batch: Option<usize>, software: bool) -> Outcome<Vec<Workload>> {
    let mut found = Vec::new();
    if names.is_empty() {
        for case in OPS.iter().filter(|case| !(software && case.name.ends_with(LARGE))) {
            found.push(op(case, batch)?);
        }
        for name in NETWORKS {
            found.push(whole_network(name, batch)?);
        }
    }
    for name in names {
        match OPS.iter().find(|case| case.name == name) {
            Some(case) => found.push(op(case, batch)?),
            None => found.push(whole_network(name, batch)?),
        }
    }
    for workload in &found {
        check_batch(&workload.graph, workload.batch).map_err(Failure::usage)?;
    }
    Ok(found)
}

fn op(case: &OpCase, batch: Option<usize>) -> Outcome<Workload> {
    let graph = || {
        let config = serde_json::from_str(case.config).map_err(|error| Error::new(error.to_string()))?;
        let layer = Layer::read(case.class, &config)?;
        let shapes =
            case.inputs.iter().map(|shape| Shape::new(shape.to_vec())).collect::<Result<Vec<_>>>()?;
        Graph::single(&layer, true, &shapes)
    };
    let graph = graph().map_err(Failure::usage)?;
    Ok(Workload { name: case.name.to_owned(), batch: batch.unwrap_or(case.batch), graph, network: false })
}

fn whole_network(name: &str, batch: Option<usize>) -> Outcome<Workload> {
    let graph = network::graph(name).map_err(|failure| match failure {
        Failure::Usage(message) if message.starts_with("there is no model") => {
            let ops: Vec<_> = op_names().collect();
            Failure::Usage(format!("{message}. Ops are {}", ops.join(", ")))
        }
        other => other,
    })?;
    Ok(Workload { name: name.to_owned(), batch: batch.unwrap_or(NETWORK_BATCH), graph, network: true })
}

/// A part of a workload: a run of its plan's dispatches.
#[derive(Clone, Debug)]
pub(super) struct Part {
    /// `forward`, `backward`, `step` or `inference`.
    pub(super) name: &'static str,
    /// Index into [`Prepared::programs`].
    pub(super) program: usize,
    pub(super) range: std::ops::Range<usize>,
}

/// A workload on the GPU.
#[derive(Debug)]
pub(super) struct Prepared {
    pub(super) programs: Vec<Program>,
    pub(super) parts: Vec<Part>,
    /// Bytes of GPU memory for each program with its weights.
    pub(super) bytes: Vec<u64>,
}

impl Workload {
    /// What can be measured of its training, with the kernels of this device.
    pub(super) fn tuner(&self, gpu: &Gpu) -> Result<Tuner> {
        Tuner::new(gpu, &self.graph, &self.plan(Target::OutputGradient, None, &gpu.choice()))
    }

    /// Plans it with this choice of kernels and fills its memory with random numbers.
    pub(super) fn prepare(&self, gpu: &Gpu, choice: &Choice) -> Result<Prepared> {
        let mut prepared = Prepared { programs: Vec::new(), parts: Vec::new(), bytes: Vec::new() };
        if !self.network {
            let plan = self.plan(Target::OutputGradient, None, choice);
            let end = plan.dispatches.len();
            let turn = plan.dispatches.iter().position(|d| d.pass == Pass::Backward).unwrap_or(end);
            self.add(gpu, &mut prepared, plan, &[("forward", 0..turn), ("backward", turn..end)])?;
            return Ok(prepared);
        }
        let inference = self.plan(Target::Outputs, None, choice);
        let end = inference.dispatches.len();
        self.add(gpu, &mut prepared, inference, &[("inference", 0..end)])?;
        let classifies =
            self.graph.outputs.iter().all(|&layer| self.graph.layers[layer].shape.extents().len() == 1);
        if classifies {
            let weights = vec![1.0; self.graph.outputs.len()];
            let target = Target::CrossEntropy { weights, label_smoothing: 0.0 };
            let step = self.plan(target, Some(Optimizer::adam(0.001)), choice);
            let end = step.dispatches.len();
            self.add(gpu, &mut prepared, step, &[("step", 0..end)])?;
        }
        Ok(prepared)
    }

    fn plan(&self, target: Target, optimizer: Option<Optimizer>, choice: &Choice) -> Plan {
        let options = PlanOptions {
            input_gradient: target == Target::OutputGradient,
            optimizer,
            ..PlanOptions::new(self.batch, target != Target::Outputs, target, choice.clone())
        };
        plan(&self.graph, options)
    }

    fn add(
        &self,
        gpu: &Gpu,
        prepared: &mut Prepared,
        plan: Plan,
        parts: &[(&'static str, std::ops::Range<usize>)],
    ) -> Result<()> {
        let before = gpu.bytes();
        let slots = plan.options.optimizer.map_or(0, |optimizer| optimizer.slots());
        let arena = Arena::new(gpu, &self.graph, plan.options.training, slots)?;
        arena.initialise(&self.graph, 1);
        let mut externals = arena.externals().clone();
        for buffer in &plan.buffers {
            let Purpose::External(external) = buffer.purpose else { continue };
            if externals.get(external).is_none() {
                let words = buffer.elements.max(STEP_WORDS);
                externals.insert(external, gpu.memory(&buffer.label, words, wgpu::BufferUsages::UNIFORM)?);
            }
        }
        if let Some(memory) = externals.get(External::Step) {
            // A learning rate of 0: the numbers stay what they are, however often the step runs.
            let step = Step { step: 1, samples: self.batch as u32, learning_rate: 0.0, rate: 0.0, seed: 1 };
            gpu.write(memory, 0, &[step]);
        }
        let program = Program::new(gpu, plan, &externals)?;
        fill(gpu, &program, &self.graph);
        prepared.bytes.push(gpu.bytes() - before);
        let at = prepared.programs.len();
        let parts = parts.iter().filter(|(_, range)| !range.is_empty());
        prepared.parts.extend(parts.map(|(name, range)| Part { name, program: at, range: range.clone() }));
        prepared.programs.push(program);
        Ok(())
    }

    /// Shader, entry point and layer.
    pub(super) fn label(&self, dispatch: &Dispatch) -> String {
        let stem = dispatch.kernel.shader.file.trim_end_matches(".wgsl");
        let layer = dispatch.layer.filter(|_| self.network);
        let layer = layer.map_or("", |layer| self.graph.layers[layer].spec.name.as_str());
        format!("{stem} {} {layer}", dispatch.kernel.entry_point).trim_end().to_owned()
    }
}

/// Bytes of all that is bound; the same memory under two names counts once.
pub(super) fn bytes(dispatch: &Dispatch) -> u64 {
    let mut slices: Vec<_> = dispatch.buffers.iter().map(|&(_, slice)| slice).collect();
    slices.sort_by_key(|slice| (slice.buffer, slice.offset));
    slices.dedup();
    slices.iter().map(|slice| 4 * slice.elements as u64).sum()
}

/// Random inputs and, where a plan starts from one, a random output gradient. Labels stay 0.
fn fill(gpu: &Gpu, program: &Program, graph: &Graph) {
    let plan = program.plan();
    let inputs = plan.values[..graph.inputs].iter().copied();
    let output = graph.layers[graph.outputs[0]].value;
    let gradient = plan.gradients[output.0].filter(|_| plan.options.target == Target::OutputGradient);
    for (stream, slice) in (0..).zip(inputs.chain([gradient]).flatten()) {
        write(gpu, program, slice, stream);
    }
}

fn write(gpu: &Gpu, program: &Program, slice: Slice, stream: u64) {
    let random = Counter::scrambled(1, stream);
    let values: Vec<f32> = (0..slice.elements as u64).map(|i| random.signed(i) as f32).collect();
    let (memory, offset) = program.locate(slice);
    gpu.write(memory, offset, &values);
}
