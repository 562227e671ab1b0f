//! The cost ledger: what it says is what is allocated, and it names the limits that break.
#![cfg(not(target_arch = "wasm32"))]

use cnn_playground::gpu::{Gpu, GpuOptions, Program};
use cnn_playground::graph::Graph;
use cnn_playground::models;
use cnn_playground::optim::Optimizer;
use cnn_playground::plan::{Choice, External};
use cnn_playground::train::{Arena, Data, Ledger, Limits, Session, SessionConfig};
use pollster::block_on;

fn registered(name: &str) -> Graph {
    Graph::new(&models::build(name).expect("registered")).expect("valid")
}

fn config(batch: usize, optimizer: Optimizer) -> SessionConfig {
    SessionConfig { batch, optimizer, ..SessionConfig::default() }
}

#[test]
fn the_ledger_tells_what_is_allocated() {
    let gpu = block_on(Gpu::new(GpuOptions::default())).expect("an adapter");
    for (name, frozen) in [("lenet", 0), ("resnet8", 0), ("googlenet_32", 0), ("vgg_bn_32", 1)] {
        for optimizer in [Optimizer::sgd(0.1), Optimizer::adam(0.001)] {
            let mut graph = registered(name);
            if frozen > 0 {
                graph.freeze_all_but(frozen).expect("something learns");
            }
            let config = config(4, optimizer);
            let ledger = Ledger::new(&graph, &config, gpu.choice()).expect("fits");
            let bytes = ledger.training.bytes;
            let before = gpu.bytes();
            let arena = Arena::new(&gpu, &graph, true, optimizer.slots()).expect("fits");
            assert_eq!(gpu.bytes() - before, bytes.total - bytes.activations, "{name}: {bytes:?}");
            drop(arena);
            let session = Session::new(&gpu, graph, &Data::Host, config).expect("fits");
            let program: &Program = session.train_program();
            assert_eq!(program.bytes(), bytes.activations, "{name}");
            assert_eq!(program.plan().dispatches.len(), ledger.training.dispatches, "{name}");
            let arena = session.arena();
            let of = |external| arena.bytes(external);
            assert_eq!(of(External::Parameters) + of(External::State), bytes.parameters, "{name}");
            assert_eq!(of(External::Momentum) + of(External::Velocity), bytes.optimizer, "{name}");
            let own: usize = ledger.layers.iter().map(|l| l.dispatches.forward + l.dispatches.backward).sum();
            assert!(own < ledger.training.dispatches, "{name}");
        }
    }
}

#[test]
fn limits_that_break_are_named() {
    let ledger = |name, batch| {
        Ledger::new(&registered(name), &config(batch, Optimizer::adam(0.001)), Choice::Plain)
            .expect("planned")
    };
    let [training, inference] = ledger("lenet", 16).obstacles(Limits::WEBGPU);
    assert!(training.is_empty() && inference.is_empty());
    // 138 million weights are 528 MiB, and lie in one buffer.
    let [training, _] = ledger("vgg16_imagenet", 1).obstacles(Limits::WEBGPU);
    let text = training[0].to_string();
    let want = "the arena of all trained weights needs 528 MiB in one piece, this adapter allows 256 MiB, whatever the batch";
    assert!(text.starts_with(want) && !text.contains("smaller batch"), "{text}");
    // A batch of 64 makes the first maps of a VGG 784 MiB.
    let [training, _] = ledger("vgg16_imagenet", 64)
        .obstacles(Limits { max_buffer_size: 4 << 30, max_storage_buffer_binding_size: 128 << 20 });
    let text = training[0].to_string();
    assert!(text.contains("conv2d\" takes 784 MiB at once, this adapter binds 128 MiB"), "{text}");
}

#[test]
fn receptive_fields_and_multiply_adds_are_the_summarys() {
    let ledger =
        Ledger::new(&registered("lenet"), &config(3, Optimizer::sgd(0.1)), Choice::Plain).expect("planned");
    let fields: Vec<_> = ledger.layers.iter().map(|layer| layer.receptive_field).collect();
    assert_eq!(fields[..4], [5, 6, 14, 16]);
    assert_eq!(ledger.training.macs, 3 * 416_520);
    assert_eq!(ledger.layers[0].activation_bytes, 3 * 28 * 28 * 6 * 4);
}
