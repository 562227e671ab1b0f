//! What the page is told of a network and its plans, in the form of the types file.

use serde::Serialize;

use super::Pairs;
use crate::graph::{Graph, Kind};
use crate::plan::{Dispatch, External, Pass, Plan};
use crate::train;

#[derive(Serialize)]
pub(super) struct Network<'a> {
    name: &'a str,
    kind: Kind,
    input: Input<'a>,
    outputs: Vec<&'a str>,
    totals: Totals,
    layers: Vec<Layer<'a>>,
}

#[derive(Serialize)]
struct Input<'a> {
    layer: &'a str,
    shape: &'a [usize],
}

#[derive(Serialize)]
struct Totals {
    params: usize,
    trainable: usize,
    non_trainable: usize,
    macs: u64,
    layers: usize,
}

#[derive(Serialize)]
struct Layer<'a> {
    name: &'a str,
    class: &'static str,
    output_shape: &'a [usize],
    params: usize,
    macs: u64,
    connected_to: Vec<&'a str>,
    config: serde_json::Value,
    weights: Vec<Weight<'a>>,
    receptive_field: usize,
}

#[derive(Serialize)]
struct Weight<'a> {
    name: &'static str,
    shape: &'a [usize],
    trainable: bool,
}

/// `NetworkInfo`
pub(super) fn network(graph: &Graph) -> Network<'_> {
    let sum = |all: bool| {
        let counted = graph.parameters.iter().filter(|parameter| all || parameter.trainable);
        counted.map(|parameter| parameter.spec.elements()).sum::<usize>()
    };
    let (params, trainable) = (sum(true), sum(false));
    Network {
        name: &graph.name,
        kind: graph.kind,
        input: Input { layer: &graph.input_name, shape: graph.input.extents() },
        outputs: graph.outputs.iter().map(|&layer| graph.layers[layer].spec.name.as_str()).collect(),
        totals: Totals {
            params,
            trainable,
            non_trainable: params - trainable,
            macs: graph.layers.iter().map(|layer| layer.macs).sum(),
            layers: graph.layers.len(),
        },
        layers: (0..graph.layers.len()).map(|at| layer(graph, at)).collect(),
    }
}

fn layer(graph: &Graph, at: usize) -> Layer<'_> {
    let layer = &graph.layers[at];
    let parameters = &graph.parameters[layer.parameters.clone()];
    Layer {
        name: &layer.spec.name,
        class: layer.spec.layer.class(),
        output_shape: layer.shape.extents(),
        params: parameters.iter().map(|parameter| parameter.spec.elements()).sum(),
        macs: layer.macs,
        connected_to: layer.inputs.iter().map(|&source| graph.source_name(source)).collect(),
        config: layer.spec.layer.config(),
        weights: parameters
            .iter()
            .map(|parameter| Weight {
                name: parameter.spec.name,
                shape: &parameter.spec.shape,
                trainable: parameter.trainable,
            })
            .collect(),
        receptive_field: layer.receptive_field,
    }
}

#[derive(Serialize)]
pub(super) struct Plans<'a> {
    train: Vec<DispatchInfo<'a>>,
    infer: Vec<DispatchInfo<'a>>,
    bytes: Bytes,
}

#[derive(Serialize)]
struct Bytes {
    parameters: u64,
    gradients: u64,
    optimizer: u64,
    activations: u64,
    dataset: u64,
    other: u64,
}

#[derive(Serialize)]
struct DispatchInfo<'a> {
    layer: &'a str,
    pass: Pass,
    shader: &'static str,
    entry_point: &'static str,
    workgroups: [u32; 3],
    workgroup_size: [u32; 3],
    constants: Pairs<f64>,
    bindings: Vec<Bound<'a>>,
}

#[derive(Serialize)]
struct Bound<'a> {
    name: &'static str,
    buffer: &'a str,
    bytes: usize,
}

/// `PlanInfo`
pub(super) fn plans(session: &train::Session) -> Plans<'_> {
    let (graph, arena) = (session.graph(), session.arena());
    let (train, infer) = (session.train_program(), session.observer().program());
    let parameters = arena.bytes(External::Parameters) + arena.bytes(External::State);
    let gradients = arena.bytes(External::Gradients);
    let optimizer = arena.bytes(External::Momentum) + arena.bytes(External::Velocity);
    let activations = train.bytes() + infer.bytes();
    let dataset = session.feed().map_or(0, crate::train::Feed::bytes);
    let other =
        session.gpu().bytes().saturating_sub(parameters + gradients + optimizer + activations + dataset);
    Plans {
        train: dispatches(graph, train.plan()),
        infer: dispatches(graph, infer.plan()),
        bytes: Bytes { parameters, gradients, optimizer, activations, dataset, other },
    }
}

fn dispatches<'a>(graph: &'a Graph, plan: &'a Plan) -> Vec<DispatchInfo<'a>> {
    let info = |dispatch: &'a Dispatch| DispatchInfo {
        layer: dispatch.layer.map_or("", |layer| &graph.layers[layer].spec.name),
        pass: dispatch.pass,
        shader: dispatch.kernel.shader.file,
        entry_point: dispatch.kernel.entry_point,
        workgroups: dispatch.workgroups,
        workgroup_size: dispatch.kernel.workgroup_size,
        constants: Pairs(dispatch.constants.clone()),
        bindings: dispatch
            .bound()
            .map(|(binding, slice)| Bound {
                name: binding.name,
                buffer: &plan.buffers[slice.buffer.0].label,
                bytes: 4 * slice.elements,
            })
            .collect(),
    };
    plan.dispatches.iter().map(info).collect()
}
