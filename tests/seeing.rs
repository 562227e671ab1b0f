//! What can be asked of a network in training about its answers: gradients of an answer, Grad-CAM, answers with wires cut, what a
//! batch normalisation measures, how long dispatches take. None of it may change what is learnt.
#![cfg(not(target_arch = "wasm32"))]

use std::sync::{Arc, OnceLock};

use cnn_playground::data::shapes;
use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::graph::{Graph, ModelSpec};
use cnn_playground::rng::Counter;
use cnn_playground::train::{Data, Lens, Part, Session, SessionConfig, submit_timing};
use pollster::block_on;

const BATCH: usize = 8;
const PIXELS: usize = 32 * 32;

fn gpu() -> Gpu {
    static GPU: OnceLock<Gpu> = OnceLock::new();
    GPU.get_or_init(|| block_on(Gpu::new(GpuOptions::default())).expect("an adapter")).clone()
}

/// Two branches of which one is a skip of the other's source, then Grad-CAM's favourite end: maps, their means, one dense layer.
fn network() -> Graph {
    let conv = |name: &str, from: &str, filters: usize, size: usize| {
        serde_json::json!({
            "name": name, "class": "Conv2D", "connected_to": [from],
            "config": {"filters": filters, "kernel_size": [size, size], "padding": "same", "activation": "relu"},
        })
    };
    let other = |name: &str, class: &str, from: &[&str], config: serde_json::Value| serde_json::json!({"name": name, "class": class, "connected_to": from, "config": config});
    let none = || serde_json::json!({});
    let spec: ModelSpec = serde_json::from_value(serde_json::json!({
        "version": 1, "name": "small", "kind": "functional", "input": {"layer": "x", "shape": [32, 32, 3]},
        "outputs": ["answer"],
        "layers": [
            other("norm", "BatchNormalization", &["x"], none()),
            conv("stem", "norm", 4, 3),
            other("pool", "MaxPooling2D", &["stem"], serde_json::json!({"pool_size": [2, 2], "strides": [2, 2]})),
            conv("left", "pool", 3, 1),
            conv("right", "pool", 5, 3),
            other("joined", "Concatenate", &["left", "right"], none()),
            conv("back", "joined", 4, 3),
            other("sum", "Add", &["back", "pool"], none()),
            conv("last", "sum", 6, 3),
            other("means", "GlobalAveragePooling2D", &["last"], none()),
            other("answer", "Dense", &["means"], serde_json::json!({"units": 10, "activation": "softmax"})),
        ],
    }))
    .expect("the model format");
    Graph::new(&spec).expect("valid")
}

fn session() -> Session {
    let data = Data::Dataset(Arc::new(shapes(200, 3).expect("shapes")));
    let config = SessionConfig { batch: BATCH, ..SessionConfig::default() };
    Session::new(&gpu(), network(), &data, config).expect("fits")
}

fn trained() -> Session {
    let mut session = session();
    for _ in 0..5 {
        block_on(session.train_step()).expect("finite");
    }
    session
}

fn random(stream: u64, count: usize) -> Vec<f32> {
    let counter = Counter::scrambled(stream, 7);
    (0..count).map(|at| counter.uniform(at as u64) as f32).collect()
}

/// The values that a lens looks from.
fn back(lens: &Lens, picture: &[f32], factors: &[f32]) -> Vec<f32> {
    lens.seed(factors).expect("as many as there are values");
    answers(lens, picture)
}

fn answers(lens: &Lens, pictures: &[f32]) -> Vec<f32> {
    let words = block_on(lens.submit(pictures).expect("pictures").read()).expect("runs");
    words.into_iter().map(f32::from_bits).collect()
}

fn gradient(session: &Session, lens: &Lens, layer: &str) -> Vec<f32> {
    let place = session.locate_gradient(lens, layer).expect("looks back");
    block_on(gpu().read(&place.memory, place.offset, place.elements)).expect("readable")
}

fn one_hot(class: usize, count: usize) -> Vec<f32> {
    (0..count).map(|at| f32::from(u8::from(at == class))).collect()
}

#[test]
fn the_gradient_of_an_answer_is_its_slope() {
    let session = trained();
    let picture = random(1, 3 * PIXELS);
    // From the logits, and from a map inside the network.
    for (layer, factors) in [(None, one_hot(3, 10)), (Some("right"), random(2, 16 * 16 * 5))] {
        let lens = session.lens_from(layer).expect("a layer");
        let sum = |values: Vec<f32>| -> f64 {
            values.iter().zip(&factors).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
        };
        back(&lens, &picture, &factors);
        let gradient = gradient(&session, &lens, "x");
        for stream in 10..13 {
            let direction: Vec<f32> = random(stream, 3 * PIXELS).iter().map(|x| x - 0.5).collect();
            let promised: f64 =
                gradient.iter().zip(&direction).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
            let at = |step: f32| {
                let moved: Vec<f32> = picture.iter().zip(&direction).map(|(x, d)| x + step * d).collect();
                sum(back(&lens, &moved, &factors))
            };
            let measured = (at(2e-3) - at(-2e-3)) / 4e-3;
            let size: f64 = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
            // A direction has a length of 16; a few kinks of ReLU and pooling lie within the step.
            let allowed = 0.02 * promised.abs() + 0.02 * size;
            assert!(
                (promised - measured).abs() <= allowed,
                "{layer:?}: {promised}, not {measured} ± {allowed}"
            );
        }
    }
}

/// All of the answer goes through the layer `sum`: what is known of its gradient, with respect to that layer and back from it, is all.
#[test]
fn the_gradient_of_a_layer_in_between_leads_to_that_of_the_picture() {
    let session = trained();
    let picture = random(5, 3 * PIXELS);
    let lens = session.lens_from(None).expect("logits");
    back(&lens, &picture, &one_hot(3, 10));
    let (whole, between) = (gradient(&session, &lens, "x"), gradient(&session, &lens, "sum"));
    assert_eq!(gradient(&session, &lens, "answer"), one_hot(3, 10), "of the logits, not of the softmax");
    let rest = session.lens_from(Some("sum")).expect("a layer");
    back(&rest, &picture, &between);
    let largest = whole.iter().fold(0.0_f32, |all, value| all.max(value.abs()));
    assert!(largest > 0.0);
    for (got, want) in gradient(&session, &rest, "x").iter().zip(&whole) {
        assert!((got - want).abs() <= 1e-5 * largest, "{got}, not {want}");
    }
    assert!(session.locate_gradient(&rest, "last").is_err(), "nobody looks back through it");
}

/// Where maps go through their means into one dense layer, Grad-CAM is CAM: the dense layer's weights times the maps.
#[test]
fn grad_cam_of_the_last_maps_is_cam() {
    let session = trained();
    let graph = session.graph();
    let picture = random(4, 3 * PIXELS);
    let lens = session.lens_from(None).expect("logits");
    let head = &graph.layers[graph.layer("answer").expect("there")];
    let kernel = block_on(session.arena().read(head.parameters.start)).expect("readable");
    session.observer().set_input(&picture).expect("fits");
    block_on(session.observer().submit(|_| ()).read()).expect("runs");
    let place = session.locate(cnn_playground::train::Subject::Activation("last")).expect("kept");
    let maps: Vec<f32> = block_on(gpu().read(&place.memory, place.offset, place.elements)).expect("readable");
    for class in [0, 7] {
        back(&lens, &picture, &one_hot(class, 10));
        let heat = block_on(session.submit_grad_cam(&lens, "last").expect("maps").read()).expect("runs");
        let want = maps.chunks_exact(6).map(|pixel| {
            let sum: f64 =
                (0..6).map(|c| f64::from(pixel[c]) * f64::from(kernel[10 * c + class]) / 256.0).sum();
            sum.max(0.0)
        });
        let want: Vec<f64> = want.collect();
        let largest = want.iter().copied().fold(1e-9, f64::max);
        assert_eq!(heat.len(), want.len());
        for (got, want) in heat.iter().zip(&want) {
            let got = f64::from(f32::from_bits(*got));
            assert!((got - want).abs() <= 1e-4 * largest, "{got}, not {want}");
        }
    }
    let error = session.submit_grad_cam(&lens, "means").expect_err("no maps").to_string();
    assert!(error.starts_with("layer \"means\" has no maps"), "{error}");
}

/// A branch without weights says nothing either.
#[test]
fn a_cut_branch_is_one_whose_weights_are_zero() {
    let session = trained();
    let graph = session.graph();
    let (joined, left) = (graph.layer("joined").expect("there"), graph.layer("left").expect("there"));
    let pictures = random(5, 2 * 3 * PIXELS);
    let all = |program: Option<&_>| {
        let mut logits = Vec::new();
        let mut samples = 0;
        while let Some(batch) = session.submit_predictions(Part::Validation, samples, program).expect("data")
        {
            let (of, values) = block_on(batch.read()).expect("runs");
            samples += of.len();
            logits.extend(values);
        }
        logits
    };
    let whole = answers(&session.lens(2, &[]).expect("fits"), &pictures);
    let cut = answers(&session.lens(2, &[[joined, 0]]).expect("fits"), &pictures);
    let cut_logits = all(Some(&session.without(&[[joined, 0]]).expect("fits")));
    let skipless =
        answers(&session.lens(2, &[[graph.layer("sum").expect("there"), 1]]).expect("fits"), &pictures);
    assert!(whole != cut && whole != skipless);
    for parameter in graph.layers[left].parameters.clone() {
        let count = graph.parameters[parameter].spec.elements();
        session.arena().write(parameter, &vec![0.0; count]).expect("fits");
    }
    let silent = answers(&session.lens(2, &[]).expect("fits"), &pictures);
    assert_eq!(silent, cut);
    assert_eq!(all(None), cut_logits);
}

/// A convolution, its batch norm and the sum after it, which inference does in one go; all of it linear.
fn fusible() -> Graph {
    let layer = |name: &str, class: &str, from: &[&str], config: serde_json::Value| serde_json::json!({"name": name, "class": class, "connected_to": from, "config": config});
    let none = || serde_json::json!({});
    let maps = || serde_json::json!({"filters": 4, "kernel_size": [3, 3], "padding": "same"});
    let spec: ModelSpec = serde_json::from_value(serde_json::json!({
        "version": 1, "name": "fusible", "kind": "functional", "input": {"layer": "x", "shape": [32, 32, 3]},
        "outputs": ["answer"],
        "layers": [
            layer("stem", "Conv2D", &["x"], maps()),
            layer("conv", "Conv2D", &["stem"], maps()),
            layer("norm", "BatchNormalization", &["conv"], none()),
            layer("sum", "Add", &["norm", "stem"], none()),
            layer("means", "GlobalAveragePooling2D", &["sum"], none()),
            layer("answer", "Dense", &["means"], serde_json::json!({"units": 10})),
        ],
    }))
    .expect("the model format");
    Graph::new(&spec).expect("valid")
}

/// The logits are linear in both summands: what the two cuts leave is together the whole and what is left without either.
#[test]
fn a_summand_that_inference_would_fuse_is_cut_all_the_same() {
    let data = Data::Dataset(Arc::new(shapes(200, 3).expect("shapes")));
    let config = SessionConfig { batch: BATCH, ..SessionConfig::default() };
    let mut session = Session::new(&gpu(), fusible(), &data, config).expect("fits");
    for _ in 0..5 {
        block_on(session.train_step()).expect("finite");
    }
    let sum = session.graph().layer("sum").expect("there");
    let picture = random(8, 3 * PIXELS);
    let of_lens = |cuts: &[[usize; 2]]| answers(&session.lens(1, cuts).expect("fits"), &picture);
    let of_predictions = |cuts: &[[usize; 2]]| {
        let program = session.without(cuts).expect("fits");
        let batch = session.submit_predictions(Part::Validation, 0, Some(&program)).expect("data");
        block_on(batch.expect("samples").read()).expect("runs").1
    };
    for answer in [&of_lens as &dyn Fn(&[[usize; 2]]) -> Vec<f32>, &of_predictions] {
        let [whole, skip, maps, neither] =
            [&[][..], &[[sum, 0]], &[[sum, 1]], &[[sum, 0], [sum, 1]]].map(answer);
        assert!(whole != skip && whole != maps && skip != maps && neither != skip && neither != maps);
        let size = whole.iter().chain(&skip).chain(&maps).fold(0.0_f32, |most, x| most.max(x.abs()));
        for at in 0..whole.len() {
            let (parts, both) = (skip[at] + maps[at], whole[at] + neither[at]);
            assert!((parts - both).abs() <= 1e-4 * size, "{at}: {parts}, not {both}");
        }
    }
}

#[test]
fn a_batch_normalisation_measures_the_last_batch() {
    let mut session = session();
    let error = session.submit_batch_statistics("norm").expect_err("no batch yet").to_string();
    assert_eq!(error, "there is no batch yet; train a step");
    let samples: Vec<u32> = (20..20 + BATCH as u32).collect();
    block_on(session.submit_step_on(&samples).expect("samples").read()).expect("finite");
    let words = block_on(session.submit_batch_statistics("norm").expect("measures").read()).expect("runs");
    let pictures = shapes(200, 3).expect("shapes");
    for channel in 0..3 {
        let values: Vec<f64> = samples
            .iter()
            .flat_map(|&sample| pictures.values(sample as usize).expect("there"))
            .skip(channel)
            .step_by(3)
            .map(f64::from)
            .collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / values.len() as f64;
        let got = [words[channel], words[3 + channel]].map(|word| f64::from(f32::from_bits(word)));
        assert!(
            (got[0] - mean).abs() < 1e-5 && (got[1] - variance).abs() < 1e-5,
            "{got:?}: {mean}, {variance}"
        );
    }
    let error = session.submit_batch_statistics("stem").expect_err("a convolution").to_string();
    assert!(error.starts_with("layer \"stem\" measures no batch"), "{error}");
}

#[test]
fn questions_leave_no_traces_in_training() {
    let run = |ask: bool| {
        let mut session = session();
        let mut losses = Vec::new();
        for _ in 0..4 {
            losses.push(block_on(session.train_step()).expect("finite").loss.to_bits());
            if ask {
                ask_everything(&session);
            }
        }
        let evaluation = block_on(session.evaluate(Part::Validation)).expect("runs");
        (losses, evaluation.loss.to_bits())
    };
    assert_eq!(run(false), run(true));
}

fn ask_everything(session: &Session) {
    let gpu = gpu();
    let lens = session.lens_from(None).expect("logits");
    back(&lens, &random(6, 3 * PIXELS), &one_hot(1, 10));
    block_on(session.submit_grad_cam(&lens, "last").expect("maps").read()).expect("runs");
    block_on(session.submit_batch_statistics("norm").expect("measures").read()).expect("runs");
    let step = session.train_program();
    let count = step.plan().dispatches.len();
    let timing = submit_timing(&gpu, step, 0..count, 2).expect("fits");
    let clock = block_on(timing.read()).expect("runs");
    assert!(clock[..2] == clock[2..] || clock[..2] != [0, 0], "{clock:?}");
    assert!(submit_timing(&gpu, step, 0..count + 1, 1).is_err());
    for variant in [None, Some("plain"), Some("fours")] {
        let rival = session.rival("last", variant).expect("a layer");
        let last = rival.plan().dispatches.len();
        block_on(submit_timing(&gpu, &rival, 0..last, 3).expect("fits").read()).expect("runs");
    }
    let error = session.rival("last", Some("fastest")).expect_err("unknown").to_string();
    assert!(error.starts_with("there is no variant \"fastest\""), "{error}");
}
