//! What training a network costs, known before anything is allocated.

use serde::Serialize;

use super::config::{SessionConfig, check_batch, loss_weights};
use super::session::train_options;
use crate::error::{Error, Result};
use crate::graph::Graph;
use crate::plan::{
    ALIGN, Batch, Choice, Pass, Plan, PlanOptions, Purpose, Target, parameter_elements, plan, state_elements,
};

/// What an adapter allows, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// One buffer.
    pub max_buffer_size: u64,
    /// What a kernel may see of it at once.
    pub max_storage_buffer_binding_size: u64,
}

impl Limits {
    /// What every WebGPU adapter allows (<https://www.w3.org/TR/webgpu/#limit-default>).
    pub const WEBGPU: Self = Self { max_buffer_size: 256 << 20, max_storage_buffer_binding_size: 128 << 20 };
}

/// What a training step and an inference of a network cost.
#[derive(Clone, Debug, Serialize)]
pub struct Ledger {
    /// Samples a run.
    pub batch: usize,
    /// One step: forwards, backwards, update.
    pub training: Cost,
    /// One run forwards.
    pub inference: Cost,
    /// Layer by layer, in the order of the summary.
    pub layers: Vec<LayerCost>,
    #[serde(skip)]
    plans: [Plan; 2],
}

/// What one run costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Cost {
    /// Kernels started.
    pub dispatches: usize,
    /// Multiply-accumulates of the whole batch, forwards. Backwards takes about twice as many again.
    pub macs: u64,
    /// GPU memory.
    pub bytes: Bytes,
}

/// GPU memory by purpose; the dataset comes on top.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bytes {
    /// All weights, frozen ones and moving statistics too.
    pub parameters: u64,
    /// Gradients of the weights that are trained.
    pub gradients: u64,
    /// The optimiser's memories.
    pub optimizer: u64,
    /// Tables that tell the optimiser its tensors.
    pub tables: u64,
    /// What flows: outputs of layers, their gradients, what kernels need on the side, which all take turns; and the
    /// numbers of the dispatches.
    pub activations: u64,
    /// All of the above.
    pub total: u64,
    /// Outputs of all layers, if each had memory of its own.
    pub outputs: u64,
    /// Their gradients, if each had memory of its own.
    pub output_gradients: u64,
    /// What kernels need on the side, if all had memory of their own.
    pub scratch: u64,
}

/// What one layer adds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LayerCost {
    /// Its name.
    pub name: String,
    /// Keras class name.
    pub class: &'static str,
    /// Shape of one output sample.
    pub output_shape: Vec<usize>,
    /// Values of its weights.
    pub params: usize,
    /// Whether they are trained.
    pub trainable: bool,
    /// Multiply-accumulates for one sample, forwards.
    pub macs: u64,
    /// Side of the square of input pixels that one output value sees.
    pub receptive_field: usize,
    /// Bytes of its output for the whole batch.
    pub activation_bytes: u64,
    /// Kernels that a training step starts for it.
    pub dispatches: Dispatches,
}

/// Kernels started.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Dispatches {
    /// In the forward pass.
    pub forward: usize,
    /// In the backward pass.
    pub backward: usize,
}

impl Ledger {
    /// The ledger of `graph`, trained as `config` says, with the kernels of `choice`.
    pub fn new(graph: &Graph, config: &SessionConfig, choice: Choice) -> Result<Self> {
        check_batch(graph, config.batch)?;
        let weights = loss_weights(graph, config)?;
        let options = train_options(config, &weights, Batch::Host, choice);
        let inference =
            PlanOptions { training: false, optimizer: None, target: Target::Outputs, ..options.clone() };
        let plans = [plan(graph, options), plan(graph, inference)];
        let [training, inference] = [&plans[0], &plans[1]].map(|plan| cost(graph, config, plan));
        let layers = (0..graph.layers.len()).map(|at| layer(graph, &plans[0], at)).collect();
        Ok(Self { batch: config.batch, training, inference, layers, plans })
    }

    /// What keeps an adapter of these limits from running it: nothing, or an error for each limit that breaks. The first
    /// list is that of training, the second of inference.
    pub fn obstacles(&self, limits: Limits) -> [Vec<Error>; 2] {
        [&self.plans[0], &self.plans[1]].map(|plan| {
            let checks = [
                plan.check_buffers(limits.max_buffer_size),
                plan.check_bindings(limits.max_storage_buffer_binding_size),
            ];
            checks.into_iter().filter_map(Result::err).collect()
        })
    }
}

fn cost(graph: &Graph, config: &SessionConfig, plan: &Plan) -> Cost {
    let macs: u64 = graph.layers.iter().map(|layer| layer.macs).sum();
    let bytes = bytes(graph, config, plan);
    Cost { dispatches: plan.dispatches.len(), macs: macs * config.batch as u64, bytes }
}

fn bytes(graph: &Graph, config: &SessionConfig, plan: &Plan) -> Bytes {
    // What an arena is allocated with: at least one vec4.
    let arena = |elements: usize| 4 * elements.max(4) as u64;
    let trained = parameter_elements(graph);
    let tensors = graph.parameters.len();
    let training = plan.options.training;
    let of = |purpose| {
        let buffers = plan.buffers.iter().filter(|buffer| buffer.purpose == purpose);
        buffers.map(|buffer| 4 * buffer.elements as u64).sum()
    };
    let mut bytes = Bytes {
        parameters: arena(trained) + arena(state_elements(graph)),
        activations: plan.bytes(),
        outputs: of(Purpose::Activation),
        output_gradients: of(Purpose::Gradient),
        scratch: of(Purpose::Scratch),
        ..Bytes::default()
    };
    if training {
        bytes.gradients = arena(trained);
        bytes.optimizer = config.optimizer.slots() as u64 * arena(trained);
        bytes.tables = arena(trained / ALIGN) + arena(4 * tensors) + arena(2 * tensors);
    }
    bytes.total = bytes.parameters + bytes.gradients + bytes.optimizer + bytes.tables + bytes.activations;
    bytes
}

fn layer(graph: &Graph, plan: &Plan, at: usize) -> LayerCost {
    let layer = &graph.layers[at];
    let started = |pass: Pass| {
        let own = plan.dispatches.iter().filter(|dispatch| dispatch.layer == Some(at));
        own.filter(|dispatch| dispatch.pass == pass).count()
    };
    LayerCost {
        name: layer.spec.name.clone(),
        class: layer.spec.layer.class(),
        output_shape: layer.shape.extents().to_vec(),
        params: graph.parameters[layer.parameters.clone()].iter().map(|p| p.spec.elements()).sum(),
        trainable: layer.spec.trainable,
        macs: layer.macs,
        receptive_field: layer.receptive_field,
        activation_bytes: 4 * (plan.options.batch * layer.shape.elements()) as u64,
        dispatches: Dispatches { forward: started(Pass::Forward), backward: started(Pass::Backward) },
    }
}
