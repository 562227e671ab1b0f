//! How much memory plans take, beside what they cannot do without; and that the GPU holds just as much.

use std::fmt::Write;

use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::graph::Graph;
use cnn_playground::models;
use cnn_playground::plan::{AdapterKind, Choice, Dispatch, External, Pass, Plan, PlanOptions, Purpose, plan};
use pollster::block_on;

use crate::rig::Rig;
use crate::{options, registered};

fn touches(dispatch: &Dispatch, buffer: usize) -> bool {
    dispatch.bound().any(|(_, slice)| slice.buffer.0 == buffer)
}

/// Values of the plan's own memory, over those of its buffers that are `wanted`.
fn elements(plan: &Plan, wanted: impl Fn(usize) -> bool) -> usize {
    let local = (0..plan.buffers.len()).filter(|&b| plan.buffers[b].slot.is_some());
    local.filter(|&b| wanted(b)).map(|b| plan.buffers[b].elements).sum()
}

/// What the forward pass leaves for the gradient: written or read on the way forwards, read on the way back.
fn needed_for_gradient(plan: &Plan) -> usize {
    let in_pass =
        |b, pass| plan.dispatches.iter().any(|d| (d.pass == Pass::Backward) == pass && touches(d, b));
    elements(plan, |b| in_pass(b, false) && in_pass(b, true))
}

/// What the textbook keeps for the gradient: that, and the output of every activation, from which its slope is computed. Plans
/// do without it where the pool or the concatenation that follows has the same values.
fn textbook_keeps(plan: &Plan, graph: &Graph) -> usize {
    let kept = |node: &&cnn_playground::graph::Node| graph.op(node).fused_activation() != 0;
    let outputs: Vec<_> =
        graph.nodes.iter().filter(kept).filter_map(|node| plan.values[node.output.0]).collect();
    let in_pass =
        |b, pass| plan.dispatches.iter().any(|d| (d.pass == Pass::Backward) == pass && touches(d, b));
    let output = |b| outputs.iter().any(|slice| slice.buffer.0 == b);
    elements(plan, |b| in_pass(b, false) && (in_pass(b, true) || output(b)))
}

/// Largest sum of a dispatch's own memory: what a kernel gradient that is computed in parts, or a convolution by tiles of
/// polynomials, takes for a moment.
fn parts(plan: &Plan) -> usize {
    let part = |b: usize| [" parts", " values"].iter().any(|end| plan.buffers[b].label.ends_with(end));
    plan.dispatches.iter().map(|d| elements(plan, |b| part(b) && touches(d, b))).max().unwrap_or(0)
}

/// The most that is alive at once, which no way of sharing gets below.
fn alive(plan: &Plan) -> usize {
    let span = |b: usize| {
        let pinned = plan.buffers[b].pinned;
        let first = plan.dispatches.iter().position(|d| touches(d, b)).filter(|_| !pinned);
        first.unwrap_or(0)
            ..=plan.dispatches.iter().rposition(|d| touches(d, b)).filter(|_| !pinned).unwrap_or(usize::MAX)
    };
    let spans: Vec<_> = (0..plan.buffers.len()).map(span).collect();
    (0..plan.dispatches.len()).map(|at| elements(plan, |b| spans[b].contains(&at))).max().unwrap_or(0)
}

/// In units of a thousand bytes.
fn kilobytes(elements: usize) -> usize {
    4 * elements / 1000
}

fn weights(graph: &Graph) -> usize {
    graph.parameters.iter().filter(|p| !p.spec.state).map(|p| p.spec.elements()).sum()
}

#[test]
fn training_holds_little_more_than_the_gradient_needs() {
    let mut table = String::from(
        "training with Adam, batch 32, in KB: weights with gradients and moments | what the textbook keeps for the gradient | what the plan \
         keeps | sums in parts or values of tiles | alive at once | planned || all together beside weights and the textbook\n",
    );
    for architecture in models::REGISTRY.iter().filter(|architecture| architecture.classes > 0) {
        let graph = registered(architecture.name);
        for choice in [Choice::Plain, Choice::Expected(AdapterKind::Gpu)] {
            let plan =
                plan(&graph, PlanOptions { batch: 32, choice: choice.clone(), ..options(&graph, true) });
            let (weights, needed, planned) =
                (4 * weights(&graph), textbook_keeps(&plan, &graph), plan.slots.iter().sum());
            let (parts, alive): (usize, usize) = (parts(&plan), alive(&plan));
            let share = (weights + planned) as f64 / (weights + needed) as f64;
            let kernels = if choice == Choice::Plain { "plain" } else { "fast" };
            let [w, n, k, s, a, p] =
                [weights, needed, needed_for_gradient(&plan), parts, alive, planned].map(kilobytes);
            let _ = writeln!(
                table,
                "{:25} {kernels} | {w:7} | {n:7} | {k:7} | {s:5} | {a:7} | {p:7} || {share:.3}",
                architecture.name
            );
            // Small networks have one gradient at hand that is large beside all they keep: the first layer's.
            let bound = 1.1 * (weights + needed) as f64 + parts as f64 + 250_000.0;
            assert!((weights + planned) as f64 <= bound, "{} with {kernels} kernels", architecture.name);
            // What a dispatch writes lies in a slot of its own, which may cost the largest of them once.
            let largest = plan.slots.iter().max().copied().unwrap_or(0);
            let close = planned as f64 <= 1.03 * alive as f64 + largest as f64;
            assert!(close, "{} with {kernels} kernels", architecture.name);
        }
    }
    insta::assert_snapshot!("memory_of_training", table);
}

/// Values of a layer's output and its inputs, the most of any layer.
fn largest_adjacent(graph: &Graph) -> usize {
    let node = |node: &cnn_playground::graph::Node| {
        let values = node.inputs.iter().chain([&node.output]);
        values.map(|value| graph.values[value.0].elements()).sum()
    };
    graph.nodes.iter().map(node).max().unwrap_or(0)
}

#[test]
fn inference_holds_little_more_than_its_largest_layer() {
    let mut table =
        String::from("inference, batch 1, in KB: input and output of the largest layer | planned || share\n");
    for architecture in models::REGISTRY {
        let graph = registered(architecture.name);
        let plan = plan(&graph, PlanOptions { batch: 1, ..options(&graph, false) });
        let (largest, planned): (usize, usize) = (largest_adjacent(&graph), plan.slots.iter().sum());
        let share = planned as f64 / largest as f64;
        let [l, p] = [largest, planned].map(kilobytes);
        let _ = writeln!(table, "{:25} | {l:5} | {p:5} || {share:.2}", architecture.name);
        assert!(share <= 2.5, "{}: {share}", architecture.name);
    }
    insta::assert_snapshot!("memory_of_inference", table);
}

#[test]
fn the_device_holds_what_the_plan_says() {
    let gpu = block_on(Gpu::new(GpuOptions::default())).expect("an adapter");
    for name in ["lenet", "vgg_bn_32", "googlenet_32", "resnet20"] {
        let graph = registered(name);
        for training in [false, true] {
            let plan = plan(&graph, PlanOptions { choice: gpu.choice(), ..options(&graph, training) });
            let outside = |b: &cnn_playground::plan::Buffer| match b.purpose {
                Purpose::External(External::Step) => None,
                Purpose::External(_) => Some(4 * b.elements.max(64) as u64),
                _ => None,
            };
            let step = plan.buffers.iter().filter(|b| b.purpose == Purpose::External(External::Step));
            let externals: u64 =
                plan.buffers.iter().filter_map(outside).sum::<u64>() + 256 * step.count() as u64;
            let (before, predicted) = (gpu.bytes(), plan.bytes());
            let rig = Rig::new(&gpu, plan);
            assert_eq!(gpu.bytes() - before, predicted + externals, "{name}, training: {training}");
            drop(rig);
            assert_eq!(gpu.bytes(), before, "{name}, training: {training}");
        }
    }
}
