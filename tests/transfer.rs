//! Transfer learning: layers that are frozen, a head that is replaced, and what of it plans and steps leave alone.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use cnn_playground::data::Dataset;
use cnn_playground::data::digits::bundled_digits;
use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::graph::{Graph, ModelSpec};
use cnn_playground::models;
use cnn_playground::optim::Optimizer;
use cnn_playground::plan::{Choice, External, Pass, Plan, PlanOptions, Purpose, Target, plan};
use cnn_playground::train::{Data, Part, Session, SessionConfig};
use cnn_playground::weights::safetensors;
use pollster::block_on;

fn gpu() -> Gpu {
    block_on(Gpu::new(GpuOptions::default())).expect("a GPU adapter (set-up installs a software one)")
}

fn registered(name: &str) -> Graph {
    Graph::new(&models::build(name).expect("registered")).expect("valid")
}

fn training_plan(graph: &Graph) -> Plan {
    let weights = vec![1.0; graph.outputs.len()];
    plan(
        graph,
        PlanOptions {
            optimizer: Some(Optimizer::adam(0.001)),
            ..PlanOptions::new(2, true, Target::CrossEntropy { weights, label_smoothing: 0.0 }, Choice::Plain)
        },
    )
}

/// Backward dispatches by layer, and what the arenas and gradients take.
fn account(graph: &Graph) -> String {
    let plan = training_plan(graph);
    let mut text = String::new();
    let mut layers: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
    for dispatch in plan.dispatches.iter().filter(|dispatch| dispatch.pass == Pass::Backward) {
        let layer = dispatch.layer.expect("a layer's own");
        layers.entry(layer).or_default().push(dispatch.kernel.entry_point);
    }
    for (layer, kernels) in layers {
        let _ = writeln!(text, "{}: {}", graph.layers[layer].spec.name, kernels.join(", "));
    }
    for buffer in &plan.buffers {
        if buffer.purpose == Purpose::Gradient || matches!(buffer.purpose, Purpose::External(_)) {
            let _ = writeln!(text, "{} values: {}", buffer.elements, buffer.label);
        }
    }
    text
}

#[test]
fn frozen_layers_cost_no_backward_pass() {
    let mut text = String::new();
    for (name, k) in [("lenet", 5), ("lenet", 2), ("resnet8", 3), ("googlenet_32", 1)] {
        let mut graph = registered(name);
        graph.freeze_all_but(k).expect("something learns");
        let _ = writeln!(text, "{name}, all but the last {k} frozen\n{}", account(&graph));
    }
    insta::assert_snapshot!("frozen", text);
}

#[test]
fn optimizer_memory_is_that_of_trained_weights() {
    let mut graph = registered("vgg16_cifar100");
    graph.freeze_all_but(1).expect("something learns");
    let plan = training_plan(&graph);
    for external in [External::Parameters, External::Gradients, External::Momentum, External::Velocity] {
        let buffer = plan.buffers.iter().find(|buffer| buffer.purpose == Purpose::External(external));
        let elements = buffer.map_or(0, |buffer| buffer.elements);
        assert!((409_700..409_800).contains(&elements), "{external:?}: {elements}");
    }
}

/// The digits from `first` on, as classes of their own.
fn digits(first: u32, classes: u32) -> Dataset {
    let all = bundled_digits().expect("shipped");
    let bytes = all.sample_bytes();
    let mut some = Dataset { pixels: Vec::new(), labels: Vec::new(), classes: Vec::new(), ..all.clone() };
    some.classes = (first..first + classes).map(|digit| digit.to_string()).collect();
    for (at, &label) in all.labels.iter().enumerate() {
        if (first..first + classes).contains(&label) {
            some.pixels.extend(&all.pixels[bytes * at..][..bytes]);
            some.labels.push(label - first);
        }
    }
    some
}

/// Two convolutions with batch norm and dropout between, and two dense layers.
fn small(classes: usize) -> Graph {
    let spec = format!(
        r#"{{ "version": 1, "name": "small", "kind": "sequential",
        "input": {{ "layer": "input", "shape": [32, 32, 1] }}, "outputs": ["head"], "layers": [
        {{ "name": "conv", "class": "Conv2D", "connected_to": ["input"],
           "config": {{ "filters": 8, "kernel_size": [5, 5], "strides": [4, 4], "kernel_l2": 0.001 }} }},
        {{ "name": "norm", "class": "BatchNormalization", "connected_to": ["conv"], "config": {{ "momentum": 0.9 }} }},
        {{ "name": "relu", "class": "ReLU", "connected_to": ["norm"] }},
        {{ "name": "flat", "class": "Flatten", "connected_to": ["relu"] }},
        {{ "name": "dense", "class": "Dense", "connected_to": ["flat"],
           "config": {{ "units": 32, "activation": "relu" }} }},
        {{ "name": "head", "class": "Dense", "connected_to": ["dense"], "config": {{ "units": {classes} }} }} ] }}"#
    );
    Graph::new(&ModelSpec::from_json(&spec).expect("a model")).expect("valid")
}

fn session(gpu: &Gpu, graph: Graph, data: Dataset) -> Session {
    let config =
        SessionConfig { batch: 32, optimizer: Optimizer::adam(0.003), seed: 5, ..SessionConfig::default() };
    Session::new(gpu, graph, &Data::Dataset(Arc::new(data)), config).expect("fits")
}

fn train(session: &mut Session, steps: usize) -> f32 {
    for _ in 0..steps {
        block_on(session.train_step()).expect("finite");
    }
    block_on(session.evaluate(Part::Validation)).expect("runs").accuracy
}

fn bits(session: &Session) -> Vec<Vec<u32>> {
    let tensors = 0..session.graph().parameters.len();
    let read =
        |t| block_on(session.arena().read(t)).expect("readable").into_iter().map(f32::to_bits).collect();
    tensors.map(read).collect()
}

/// A file with the weights of the small network after it has learnt 0 to 5.
fn base(gpu: &Gpu) -> Vec<u8> {
    let mut session = session(gpu, small(6), digits(0, 6));
    let accuracy = train(&mut session, 120);
    assert!(accuracy > 0.93, "{accuracy}");
    let tensors: Vec<Vec<f32>> =
        bits(&session).into_iter().map(|tensor| tensor.into_iter().map(f32::from_bits).collect()).collect();
    safetensors::write(session.graph(), &tensors, &[]).expect("a file")
}

#[test]
fn the_three_strategies_of_transfer_learning() {
    let gpu = gpu();
    let base = base(&gpu);
    let mut accuracies = Vec::new();
    for k in [4, 2, 1] {
        let mut graph = small(4);
        graph.freeze_all_but(k).expect("something learns");
        let fit = safetensors::fit(&graph, &base, true).expect("the same network");
        assert_eq!(fit.fresh.len(), 2, "{:?}", fit.fresh);
        let mut session = session(&gpu, graph, digits(6, 4));
        session.load(fit.tensors.clone()).expect("fits");
        let before = bits(&session);
        for (loaded, read) in fit.tensors.iter().zip(&before) {
            let loaded = loaded.as_ref().map(|tensor| tensor.iter().map(|value| value.to_bits()).collect());
            assert!(loaded.is_none_or(|loaded: Vec<u32>| loaded == *read));
        }
        let accuracy = train(&mut session, 240);
        let metrics = block_on(session.train_step()).expect("finite");
        assert_eq!(metrics.penalty > 0.0, k == 4, "only trained weights are penalised, as in Keras");
        for ((parameter, before), after) in
            session.graph().parameters.iter().zip(&before).zip(&bits(&session))
        {
            let layer = &session.graph().layers[parameter.layer].spec;
            assert_eq!(before == after, !layer.trainable, "{} {}", layer.name, parameter.spec.name);
        }
        let learning: Vec<_> =
            block_on(session.norms()).expect("readable").into_iter().map(|norms| norms.layer).collect();
        assert_eq!(learning, ["conv", "norm", "dense", "head"][4 - k..]);
        accuracies.push(accuracy);
        session.reset(5).expect("fits");
        assert!(bits(&session)[..6] == before[..6], "a reset returns to what was loaded");
    }
    // Guessing is right a quarter of the time; the head alone has to do with what helped to tell other digits apart.
    let at_least = [0.96, 0.96, 0.8];
    assert!(accuracies.iter().zip(at_least).all(|(&got, least)| got > least), "{accuracies:?}");
}

/// A frozen batch norm works with its moving statistics, whose values then show in what comes after it.
#[test]
fn a_frozen_batch_norm_does_not_look_at_the_batch() {
    let gpu = gpu();
    let base = base(&gpu);
    let losses = |frozen: bool| {
        let mut graph = small(6);
        if frozen {
            graph.freeze(&["norm"]).expect("something learns");
        }
        let fit = safetensors::fit(&graph, &base, false).expect("the same network");
        let mut session = session(&gpu, graph, digits(0, 6));
        session.load(fit.tensors).expect("fits");
        let loss = block_on(session.train_step()).expect("finite").loss;
        (loss, session)
    };
    let ((of_batch, _), (moving, session)) = (losses(false), losses(true));
    assert!((of_batch - moving).abs() > 1e-4, "{of_batch} {moving}");
    // Keras's rule: the frozen layer's loss is the one of inference, penalty included only in training's report.
    let norm = session.graph().layer("norm").expect("there");
    let weights = session.graph().layers[norm].parameters.clone();
    let fit = safetensors::fit(session.graph(), &base, false).expect("the same network");
    for t in weights {
        let now = block_on(session.arena().read(t)).expect("readable");
        assert_eq!(Some(&now), fit.tensors[t].as_ref(), "{}", session.graph().parameters[t].spec.name);
    }
}

#[test]
fn what_cannot_be_trained_or_loaded_is_told() {
    let gpu = gpu();
    let mut graph = small(10);
    graph.freeze(&["conv"]).expect("something learns");
    let tensors = vec![None; graph.parameters.len()];
    let mut session = session(&gpu, graph, bundled_digits().expect("shipped"));
    let error = session.load(tensors).expect_err("frozen without weights").to_string();
    assert!(error.contains("layer \"conv\" is frozen, and there is no kernel for it"), "{error}");
    assert!(session.load(Vec::new()).is_err());

    let mut spec = models::build("lenet").expect("registered");
    spec.layers.iter_mut().for_each(|layer| layer.trainable = false);
    let data = Data::Dataset(Arc::new(bundled_digits().expect("shipped")));
    let error = Session::new(&gpu, Graph::new(&spec).expect("valid"), &data, SessionConfig::default());
    let error = error.expect_err("nothing learns").to_string();
    assert!(error.contains("no layer of \"lenet\" has weights that are trained"), "{error}");
}
