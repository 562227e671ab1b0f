//! Plans as data: a simulator that knows what each dispatch reads and writes, over the whole registry and over random
//! networks; the same networks with and without shared memory on the GPU; and what every architecture costs.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/choices.rs"]
mod choices;
#[path = "plans/memory.rs"]
mod memory;
#[path = "plans/random.rs"]
mod random;
#[path = "engine/rig.rs"]
mod rig;
#[path = "plans/simulator.rs"]
mod simulator;
#[path = "plans/tables.rs"]
mod tables;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::sync::LazyLock;

use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::graph::Graph;
use cnn_playground::models;
use cnn_playground::optim::Optimizer;
use cnn_playground::plan::{AdapterKind, Choice, External, Plan, PlanOptions, Purpose, Target, plan};
use pollster::block_on;
use proptest::prelude::*;

use crate::rig::Rig;

fn options(graph: &Graph, training: bool) -> PlanOptions {
    let weights = vec![1.0; graph.outputs.len()];
    PlanOptions {
        optimizer: training.then(|| Optimizer::adam(0.001)),
        ..PlanOptions::new(
            2,
            training,
            match training {
                true => Target::CrossEntropy { weights, label_smoothing: 0.0 },
                false => Target::Outputs,
            },
            Choice::Plain,
        )
    }
}

fn registered(name: &str) -> Graph {
    Graph::new(&models::build(name).expect("registered")).expect("valid")
}

#[test]
fn every_registered_plan_keeps_what_is_still_needed() {
    for architecture in models::REGISTRY {
        let graph = registered(architecture.name);
        for (training, choice) in
            choices::choices().flat_map(|choice| [(false, choice.clone()), (true, choice)])
        {
            let plan = plan(&graph, PlanOptions { choice, ..options(&graph, training) });
            simulator::check(&plan).unwrap_or_else(|error| panic!("{}: {error}", architecture.name));
        }
    }
}

/// What follows a convolution is done by the convolution's own kernel, so that hardly more is run than there are
/// convolutions, pools and dense layers.
#[test]
fn inference_of_a_resnet_is_convolutions_and_little_else() {
    for name in ["resnet50_keras", "resnet50_imagenet", "resnet20"] {
        let graph = registered(name);
        let working = graph.layers.iter().filter(|layer| {
            let class = layer.spec.layer.class();
            ["Conv2D", "Dense"].contains(&class) || class.contains("Pooling")
        });
        let working = working.count();
        // One picture, on an adapter where a launch costs something.
        for choice in [Choice::Plain, Choice::Expected(AdapterKind::Gpu)] {
            let plan = plan(&graph, PlanOptions { batch: 1, choice, ..options(&graph, false) });
            let dispatches = plan.dispatches.len();
            assert!(
                5 * dispatches <= 6 * working,
                "{name}: {dispatches} dispatches, {working} working layers"
            );
        }
    }
}

#[test]
fn the_simulator_notices_memory_that_is_shared_too_early() {
    let graph = registered("resnet8");
    let sound = plan(&graph, options(&graph, true));
    let activation = |plan: &Plan| -> Vec<usize> {
        let local =
            |b: &usize| plan.buffers[*b].purpose == Purpose::Activation && plan.buffers[*b].slot.is_some();
        (0..plan.buffers.len()).filter(local).collect()
    };
    // Two outputs that the backward pass needs both, in one piece of memory.
    let mut broken = sound.clone();
    let outputs = activation(&sound);
    let [kept, other] = [outputs[2], outputs[3]];
    broken.buffers[other].slot = broken.buffers[kept].slot;
    broken.buffers[other].offset = broken.buffers[kept].offset;
    simulator::check(&broken).expect_err("one overwrites the other");
    // A dispatch that comes before the one it waits for.
    let mut broken = sound;
    broken.dispatches.swap(0, 1);
    simulator::check(&broken).expect_err("the second reads what the first writes");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, ..ProptestConfig::default() })]

    #[test]
    fn random_networks_keep_what_is_still_needed(network in random::network()) {
        let graph = random::graph(&network);
        for (training, choice) in choices::choices().flat_map(|choice| [(false, choice.clone()), (true, choice)]) {
            let plan = plan(&graph, PlanOptions { choice, ..options(&graph, training) });
            prop_assert_eq!(simulator::check(&plan), Ok(()), "{:?}", network);
        }
    }
}

/// Numbers in `[-0.5, 0.5)` that look random.
fn numbers(count: usize) -> Vec<f32> {
    (0..count as u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 8) as f32 / 16_777_216.0 - 0.5).collect()
}

/// One training step's losses and gradients, bit by bit.
fn outcome(gpu: &Gpu, graph: &Graph, plan: Plan) -> Vec<u32> {
    let elements = |external| {
        let found = plan.buffers.iter().find(|buffer| buffer.purpose == Purpose::External(external));
        found.map_or(0, |buffer| buffer.elements)
    };
    let (parameters, count) = (elements(External::Parameters), elements(External::Gradients));
    let rig = Rig::new(gpu, plan);
    rig.write_external(External::Parameters, &numbers(parameters));
    // Step 1, two samples, no learning rate.
    rig.write_external(External::Step, &[1_u32, 2, 0, 0, 7]);
    let input = rig.plan().values[0];
    rig.write(input, &numbers(2 * graph.input.elements()));
    rig.write(rig.plan().labels, &[0_u32, 2]);
    rig.run();
    let mut bits: Vec<u32> = block_on(rig.read(rig.plan().losses.first().copied()));
    bits.extend(block_on(rig.read_external::<u32>(External::Gradients, count)));
    bits
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn shared_memory_changes_no_bit(network in random::network()) {
        static GPU: LazyLock<Gpu> =
            LazyLock::new(|| block_on(Gpu::new(GpuOptions::default())).expect("an adapter"));
        let graph = random::graph(&network);
        let options = PlanOptions { optimizer: None, choice: GPU.choice(), ..options(&graph, true) };
        let alone = plan(&graph, PlanOptions { reuse: false, ..options.clone() });
        let places: BTreeSet<_> = alone.buffers.iter().filter_map(|b| Some((b.slot?, b.offset))).collect();
        prop_assert_eq!(places.len(), alone.buffers.iter().filter(|b| b.slot.is_some()).count());
        let shared = outcome(&GPU, &graph, plan(&graph, options));
        prop_assert!(shared.iter().any(|&bits| bits != 0));
        prop_assert_eq!(shared, outcome(&GPU, &graph, alone), "{:?}", network);
    }
}

/// What a plan runs and holds, in a few lines.
fn account(plan: &Plan) -> String {
    let mut kernels: BTreeMap<_, usize> = BTreeMap::new();
    for dispatch in &plan.dispatches {
        let kernel = dispatch.kernel;
        let name = format!("{} {}", kernel.shader.file.trim_end_matches(".wgsl"), kernel.entry_point);
        *kernels.entry((dispatch.pass, name)).or_default() += 1;
    }
    let mut text = format!("{} dispatches\n", plan.dispatches.len());
    for ((pass, name), count) in kernels {
        let _ = writeln!(text, "  {count:4} × {} {name}", format!("{pass:?}").to_lowercase());
    }
    let sum: usize = plan.slots.iter().sum();
    let _ = writeln!(text, "{} KB in {} pieces that buffers share", 4 * sum / 1000, plan.slots.len());
    for buffer in plan.buffers.iter().filter(|buffer| matches!(buffer.purpose, Purpose::External(_))) {
        let _ = writeln!(text, "{} KB {}", 4 * buffer.elements / 1000, buffer.label);
    }
    text
}

#[test]
fn every_architecture_costs_what_it_did() {
    for architecture in models::REGISTRY {
        let graph = registered(architecture.name);
        let account = |training| account(&plan(&graph, options(&graph, training)));
        let text =
            format!("inference, batch 2: {}\ntraining, batch 2, Adam: {}", account(false), account(true));
        insta::assert_snapshot!(architecture.name, text);
    }
}

/// Every dispatch of a small network, with what it binds.
#[test]
fn lenet_is_planned_dispatch_by_dispatch() {
    let graph = registered("lenet");
    let plan = plan(&graph, options(&graph, true));
    let mut text = String::new();
    for dispatch in &plan.dispatches {
        let kernel = dispatch.kernel;
        let [x, y, z] = dispatch.workgroups;
        let _ = writeln!(text, "{} {} {x}×{y}×{z}", kernel.shader.file, kernel.entry_point);
        for (binding, slice) in dispatch.used() {
            let buffer = &plan.buffers[slice.buffer.0];
            let slot =
                buffer.slot.map_or(String::new(), |slot| format!(" in piece {slot} from {}", buffer.offset));
            let end = slice.offset + slice.elements;
            let _ = writeln!(text, "    {} = {} [{}..{end}]{slot}", binding.name, buffer.label, slice.offset);
        }
    }
    insta::assert_snapshot!("lenet_dispatches", text);
}
