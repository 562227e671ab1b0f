//! What the page is told of a network's plans, in the form of the types file.

use serde::Serialize;

use super::Pairs;
use crate::graph::Graph;
use crate::plan::{Dispatch, External, Pass, Plan};
use crate::train;

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
pub(super) struct DispatchInfo<'a> {
    layer: &'a str,
    pass: Pass,
    shader: &'static str,
    entry_point: &'static str,
    workgroups: [u32; 3],
    workgroup_size: [u32; 3],
    macs: u64,
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
        train: dispatches(Some(graph), train.plan()),
        infer: dispatches(Some(graph), infer.plan()),
        bytes: Bytes { parameters, gradients, optimizer, activations, dataset, other },
    }
}

/// `DispatchInfo[]`; without its graph, of layers without names.
pub(super) fn dispatches<'a>(graph: Option<&'a Graph>, plan: &'a Plan) -> Vec<DispatchInfo<'a>> {
    let info = |dispatch: &'a Dispatch| DispatchInfo {
        layer: graph.zip(dispatch.layer).map_or("", |(graph, layer)| &graph.layers[layer].spec.name),
        pass: dispatch.pass,
        shader: dispatch.kernel.shader.file,
        entry_point: dispatch.kernel.entry_point,
        workgroups: dispatch.workgroups,
        workgroup_size: dispatch.kernel.workgroup_size,
        macs: dispatch.macs,
        constants: Pairs(dispatch.constants.clone()),
        bindings: dispatch
            .used()
            .map(|(binding, slice)| Bound {
                name: binding.name,
                buffer: &plan.buffers[slice.buffer.0].label,
                bytes: 4 * slice.elements,
            })
            .collect(),
    };
    plan.dispatches.iter().map(info).collect()
}
