//! Whole training runs on the native adapter.
#![cfg(not(target_arch = "wasm32"))]

use std::sync::Arc;

use cnn_playground::data::digits::bundled_digits;
use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::graph::{Graph, ModelSpec};
use cnn_playground::models;
use cnn_playground::optim::schedule::{Decay, Plateau};
use cnn_playground::optim::{Clipping, LearningRateSchedule, Optimizer};
use cnn_playground::train::{Data, Part, Session, SessionConfig};
use pollster::block_on;

#[path = "training/snapshots.rs"]
mod snapshots;
#[path = "training/tuning.rs"]
mod tuning;

fn gpu() -> Gpu {
    block_on(Gpu::new(GpuOptions::default())).expect("a GPU adapter (set-up installs a software one)")
}

fn lenet(gpu: &Gpu, config: SessionConfig) -> Session {
    let graph = Graph::new(&models::build("lenet").expect("registered")).expect("valid");
    let digits = Arc::new(bundled_digits().expect("shipped"));
    Session::new(gpu, graph, &Data::Dataset(digits), config).expect("fits")
}

/// Ten epochs at most; the best validation accuracy on the way.
fn best_accuracy(gpu: &Gpu, seed: u32) -> f32 {
    let mut session = lenet(
        gpu,
        SessionConfig { seed, batch: 32, optimizer: Optimizer::adam(0.002), ..SessionConfig::default() },
    );
    let steps = session.schedule().expect("has data").steps_per_epoch();
    let mut best = 0.0_f32;
    for _ in 0..10 {
        for _ in 0..steps {
            block_on(session.train_step()).expect("finite");
        }
        let evaluation = block_on(session.evaluate(Part::Validation)).expect("runs");
        assert_eq!(evaluation.samples, 359);
        best = best.max(evaluation.accuracy);
        if best >= 0.97 {
            break;
        }
    }
    best
}

#[test]
fn lenet_reads_digits() {
    let gpu = gpu();
    for seed in 1..=3 {
        let accuracy = best_accuracy(&gpu, seed);
        assert!(accuracy >= 0.97, "seed {seed}: {accuracy}");
    }
}

#[test]
fn the_same_seed_gives_the_same_bits() {
    let gpu = gpu();
    let run = || {
        let mut session = lenet(&gpu, SessionConfig { seed: 7, ..SessionConfig::default() });
        let bits = |_| block_on(session.train_step()).expect("finite").loss.to_bits();
        (0..30).map(bits).collect::<Vec<_>>()
    };
    assert_eq!(run(), run());
}

/// Convolution, batch norm, dropout, dense: all that draws numbers or keeps statistics while training.
const NOISY: &str = r#"{ "version": 1, "name": "noisy", "kind": "sequential",
    "input": { "layer": "input", "shape": [32, 32, 1] }, "outputs": ["dense"], "layers": [
    { "name": "conv", "class": "Conv2D", "connected_to": ["input"],
      "config": { "filters": 6, "kernel_size": [3, 3], "strides": [2, 2], "kernel_l2": 0.01 } },
    { "name": "norm", "class": "BatchNormalization", "connected_to": ["conv"], "config": {} },
    { "name": "relu", "class": "ReLU", "connected_to": ["norm"], "config": {} },
    { "name": "drop", "class": "Dropout", "connected_to": ["relu"], "config": { "rate": 0.3 } },
    { "name": "flat", "class": "Flatten", "connected_to": ["drop"], "config": {} },
    { "name": "dense", "class": "Dense", "connected_to": ["flat"], "config": { "units": 10, "kernel_l1": 0.001 } } ] }"#;

fn noisy(gpu: &Gpu, config: SessionConfig) -> Session {
    let spec = ModelSpec::from_json(NOISY).expect("a model");
    let digits = Arc::new(bundled_digits().expect("shipped"));
    Session::new(gpu, Graph::new(&spec).expect("valid"), &Data::Dataset(digits), config).expect("fits")
}

/// Bits of the losses of so many steps, and of all weights after them.
fn bits_of_run(session: &mut Session, steps: usize) -> Vec<u32> {
    let mut bits: Vec<u32> =
        (0..steps).map(|_| block_on(session.train_step()).expect("finite").loss.to_bits()).collect();
    for t in 0..session.graph().parameters.len() {
        bits.extend(block_on(session.arena().read(t)).expect("readable").into_iter().map(f32::to_bits));
    }
    bits
}

#[test]
fn dropout_and_batch_norm_leave_the_same_bits_too() {
    let gpu = gpu();
    let config = |seed| SessionConfig { seed, batch: 32, ..SessionConfig::default() };
    let mut session = noisy(&gpu, config(7));
    let first = bits_of_run(&mut session, 30);
    assert!(first == bits_of_run(&mut noisy(&gpu, config(7)), 30), "another session");
    session.reset(7).expect("fits");
    assert!(first == bits_of_run(&mut session, 30), "the same session, started again");
    assert!(first != bits_of_run(&mut noisy(&gpu, config(8)), 30), "another seed");
}

/// Gradients as the optimiser sees them, and the penalty, in f64 and in Keras's words.
fn penalised(session: &Session, weights: &[Vec<f32>]) -> (Vec<Vec<f64>>, f64) {
    let mut penalty = 0.0;
    let mut gradients = Vec::new();
    for (t, parameter) in session.graph().parameters.iter().enumerate() {
        let [l1, l2] = [parameter.spec.l1, parameter.spec.l2].map(f64::from);
        penalty += l2 * weights[t].iter().map(|&w| f64::from(w).powi(2)).sum::<f64>();
        penalty += l1 * weights[t].iter().map(|&w| f64::from(w.abs())).sum::<f64>();
        if parameter.spec.state {
            gradients.push(Vec::new());
            continue;
        }
        let plain = block_on(session.arena().read_gradient(t)).expect("trained");
        let slope = |w: f64| 2.0 * l2 * w + if w == 0.0 { 0.0 } else { l1 * w.signum() };
        let total = |(&g, &w): (&f32, &f32)| f64::from(g) + slope(w.into());
        gradients.push(plain.iter().zip(&weights[t]).map(total).collect());
    }
    (gradients, penalty)
}

fn norm(values: &[f64]) -> f64 {
    values.iter().map(|value| value * value).sum::<f64>().sqrt()
}

fn all_weights(session: &Session) -> Vec<Vec<f32>> {
    let tensors = 0..session.graph().parameters.len();
    tensors.map(|t| block_on(session.arena().read(t)).expect("readable")).collect()
}

/// One step of plain descent: each weight moves by rate · scale · gradient.
fn assert_clipped(clipping: Option<Clipping>) {
    const RATE: f64 = 0.5;
    let optimizer = Optimizer::sgd(RATE);
    let config = SessionConfig { optimizer, clipping, batch: 32, ..SessionConfig::default() };
    let mut session = noisy(&gpu(), config);
    for _ in 0..3 {
        let before = all_weights(&session);
        let metrics = block_on(session.train_step()).expect("finite");
        let (gradients, penalty) = penalised(&session, &before);
        assert!((f64::from(metrics.penalty) - penalty).abs() <= 1e-6 * penalty, "{}", metrics.penalty);
        assert_eq!(metrics.loss, metrics.head_losses[0] + metrics.penalty);
        let all = norm(&gradients.iter().map(|g| norm(g)).collect::<Vec<_>>());
        let mut short = 0;
        for (t, new) in all_weights(&session).iter().enumerate().filter(|(t, _)| !gradients[*t].is_empty()) {
            let scale = match clipping {
                None => 1.0,
                Some(Clipping::Norm(clip)) => clip / norm(&gradients[t]).max(clip),
                Some(Clipping::GlobalNorm(clip)) => clip / all.max(clip),
            };
            short += usize::from(scale == 1.0);
            for ((&w, g), &new) in before[t].iter().zip(&gradients[t]).zip(new) {
                let want = f64::from(w) - RATE * scale * g;
                assert!((f64::from(new) - want).abs() <= 1e-6 * (want.abs() + g.abs()), "{t}: {new}, {want}");
            }
        }
        match clipping {
            // Some gradients are longer and some shorter, or the test says little.
            Some(Clipping::Norm(_)) => assert!((1..6).contains(&short), "{short} are short"),
            Some(Clipping::GlobalNorm(_)) => assert_eq!(short, 0),
            None => assert_eq!(short, 6),
        }
    }
}

#[test]
fn gradients_are_clipped_as_in_keras() {
    assert_clipped(None);
    assert_clipped(Some(Clipping::Norm(0.3)));
    assert_clipped(Some(Clipping::GlobalNorm(0.3)));
    let graph = Graph::new(&models::build("lenet").expect("registered")).expect("valid");
    let config = SessionConfig { clipping: Some(Clipping::Norm(0.0)), ..SessionConfig::default() };
    let error = Session::new(&gpu(), graph, &Data::Host, config).expect_err("cannot work").to_string();
    assert!(error.contains("clipnorm is 0"), "{error}");
}

#[test]
fn the_penalty_is_part_of_the_loss_when_measuring_too() {
    let gpu = gpu();
    let mut spec = ModelSpec::from_json(NOISY).expect("a model");
    let penalised = noisy(&gpu, SessionConfig::default());
    let weights = all_weights(&penalised);
    spec = ModelSpec::from_json(
        &spec
            .to_json()
            .replace("\"kernel_l2\": 0.01", "\"kernel_l2\": null")
            .replace("\"kernel_l1\": 0.001", "\"kernel_l1\": null"),
    )
    .expect("still one");
    let data = Data::Dataset(Arc::new(bundled_digits().expect("shipped")));
    let graph = Graph::new(&spec).expect("valid");
    let plain = Session::new(&gpu, graph, &data, SessionConfig::default()).expect("fits");
    let loss = |session: &Session| block_on(session.evaluate(Part::Validation)).expect("runs").loss;
    let penalty = 0.01 * weights[0].iter().map(|w| w * w).sum::<f32>()
        + 0.001 * weights[6].iter().map(|w| w.abs()).sum::<f32>();
    let difference = loss(&penalised) - loss(&plain);
    assert!((difference - penalty).abs() < 1e-5, "{difference}, not {penalty}");
    assert!(
        penalty > 1e-3
            && plain.train_program().plan().dispatches.len()
                < penalised.train_program().plan().dispatches.len()
    );
}

#[test]
fn predictions_are_what_validation_counts() {
    let gpu = gpu();
    let data = Data::Dataset(Arc::new(bundled_digits().expect("shipped")));
    // Norms of penalised weights are taken after the loss, and must not take the answers' memory.
    for penalty in [0.0, 1e-3] {
        let mut graph = Graph::new(&models::build("lenet").expect("registered")).expect("valid");
        graph.penalise_kernels(penalty).expect("a penalty");
        let session = Session::new(&gpu, graph, &data, SessionConfig::default()).expect("fits");
        check_predictions(session);
    }
}

fn check_predictions(mut session: Session) {
    for _ in 0..5 {
        block_on(session.train_step()).expect("finite");
    }
    let digits = bundled_digits().expect("shipped");
    let (mut samples, mut hits) = (Vec::new(), 0);
    while let Some(batch) =
        session.submit_predictions(Part::Validation, samples.len(), None).expect("has data")
    {
        let (of, logits) = block_on(batch.read()).expect("runs");
        assert_eq!(logits.len(), 10 * of.len());
        for (&sample, logits) in of.iter().zip(logits.chunks_exact(10)) {
            let best = (0..10).max_by(|&a, &b| logits[a].total_cmp(&logits[b])).expect("ten classes");
            hits += usize::from(best as u32 == digits.labels[sample as usize]);
        }
        samples.extend(of);
    }
    assert_eq!(samples, session.schedule().expect("has data").split().validation);
    let evaluation = block_on(session.evaluate(Part::Validation)).expect("runs");
    assert_eq!(hits as f32 / samples.len() as f32, evaluation.accuracy);
}

#[test]
fn a_penalty_on_all_kernels_is_added_to_their_own() {
    let mut graph = Graph::new(&models::build("lenet").expect("registered")).expect("valid");
    graph.penalise_kernels(0.25).expect("a penalty");
    graph.penalise_kernels(0.25).expect("a penalty");
    for parameter in &graph.parameters {
        assert_eq!(parameter.spec.l2, if parameter.spec.name == "kernel" { 0.5 } else { 0.0 });
    }
    for wrong in [-1.0, f32::NAN, f32::INFINITY] {
        let error = graph.penalise_kernels(wrong).expect_err("not a penalty").to_string();
        assert!(error.starts_with("l2 is "), "{error}");
    }
}

#[test]
fn the_learning_rate_follows_the_schedule() {
    let schedule = LearningRateSchedule {
        decay: Decay::ReduceLROnPlateau(Plateau { factor: 0.5, patience: 1, ..Plateau::default() }),
        warmup_steps: 2,
        initial_learning_rate: 0.002,
    };
    let mut session = lenet(
        &gpu(),
        SessionConfig { optimizer: Optimizer::sgd(0.01), schedule, ..SessionConfig::default() },
    );
    let weights = |session: &Session| block_on(session.arena().read(1)).expect("readable");
    let mut rates = Vec::new();
    for step in 0..4 {
        let before = weights(&session);
        let metrics = block_on(session.train_step()).expect("finite");
        rates.push(metrics.learning_rate);
        // That the rate is the update's too: a plain step moves by rate · gradient.
        let gradient = block_on(session.arena().read_gradient(1)).expect("trained");
        for ((w, g), new) in before.iter().zip(gradient).zip(weights(&session)) {
            assert_eq!(new, w - metrics.learning_rate as f32 * g);
        }
        if step >= 2 {
            session.monitor(1.0);
        }
    }
    assert_eq!(rates, [0.002, 0.006, 0.01, 0.01]);
    assert_eq!(session.learning_rate(), 0.005, "the second epoch was no better");
    session.reset(1).expect("fits");
    assert_eq!(session.learning_rate(), 0.002);
}

#[test]
fn a_loss_that_is_no_number_stops_and_names_step_and_layer() {
    let gpu = gpu();
    let config = SessionConfig { optimizer: Optimizer::sgd(1e20), ..SessionConfig::default() };
    let mut session = lenet(&gpu, config);
    let error =
        (0..20).find_map(|_| block_on(session.train_step()).err()).expect("cannot stay finite").to_string();
    assert!(error.contains("stopped at step 2"), "{error}");
    assert!(error.contains("layer \"") && error.contains("learning rate"), "{error}");
}

#[test]
fn what_cannot_be_trained_is_said_before_anything_is_allocated() {
    let gpu = gpu();
    let before = gpu.bytes();
    let digits = Data::Dataset(Arc::new(bundled_digits().expect("shipped")));
    let attempt = |config: SessionConfig| {
        let graph = Graph::new(&models::build("lenet").expect("registered")).expect("valid");
        Session::new(&gpu, graph, &digits, config).expect_err("cannot work").to_string()
    };
    let default = SessionConfig::default;
    let error = attempt(SessionConfig { batch: 5000, ..default() });
    assert!(error.contains("a batch of 5000 is larger than the 1438 training samples"), "{error}");
    let error = attempt(SessionConfig { optimizer: Optimizer::adam(f64::NAN), ..default() });
    assert!(error.contains("learning rate is NaN"), "{error}");
    let error = attempt(SessionConfig { validation_split: 1.5, ..default() });
    assert!(error.contains("1.5"), "{error}");
    assert_eq!(gpu.bytes(), before);
}

/// A network whose first kernel is full of this.
fn spoilt(gpu: &Gpu, value: f32) -> Session {
    let session = noisy(gpu, SessionConfig { batch: 32, ..SessionConfig::default() });
    let count = session.graph().parameters[0].spec.elements();
    session.arena().write(0, &vec![value; count]).expect("fits");
    session
}

#[test]
fn what_is_no_number_is_never_right() {
    let session = spoilt(&gpu(), f32::NAN);
    let error = block_on(session.evaluate(Part::Validation)).expect_err("NaN").to_string();
    assert!(error.contains("the loss over 359 samples is NaN or infinite"), "{error}");
    let metrics = block_on(spoilt(&gpu(), f32::NAN).submit_step().expect("runs").read()).expect("readable");
    assert_eq!((metrics.accuracy, metrics.top5_accuracy, metrics.halted), (0.0, 0.0, Some(1)));
}

#[test]
fn the_culprit_is_named_past_batch_norm_and_relu() {
    let error = block_on(spoilt(&gpu(), f32::NAN).train_step()).expect_err("NaN").to_string();
    assert!(error.contains("at step 1: the kernel of layer \"conv\" went out of range"), "{error}");
    // Finite weights whose sums are not.
    let error = block_on(spoilt(&gpu(), 3e38).train_step()).expect_err("infinite").to_string();
    assert!(error.contains("the output of layer \"conv\" is the first that is out of range"), "{error}");
}

#[test]
fn a_penalty_out_of_range_stops_training() {
    let spec = NOISY.replace("\"kernel_l2\": 0.01", "\"kernel_l2\": 1e38");
    let graph = Graph::new(&ModelSpec::from_json(&spec).expect("a model")).expect("valid");
    let digits = Data::Dataset(Arc::new(bundled_digits().expect("shipped")));
    let mut session = Session::new(&gpu(), graph, &digits, SessionConfig::default()).expect("fits");
    // Batch norm keeps the size of these weights from the loss, but not from the penalty.
    session.arena().write(0, &[10.0; 54]).expect("fits");
    let error = block_on(session.train_step()).expect_err("infinite").to_string();
    let named = ["at step 1", "penalty on the weights"].map(|part| error.contains(part));
    assert_eq!(named, [true; 2], "{error}");
}

#[test]
fn a_reset_keeps_the_learning_rate_that_was_chosen() {
    let mut session =
        lenet(&gpu(), SessionConfig { optimizer: Optimizer::sgd(0.5), ..SessionConfig::default() });
    session.set_learning_rate(0.25).expect("a rate");
    session.reset(2).expect("fits");
    assert_eq!(block_on(session.train_step()).expect("finite").learning_rate, 0.25);
}

#[test]
fn after_a_stop_nothing_is_learnt_until_a_reset() {
    let mut session = spoilt(&gpu(), f32::NAN);
    session.set_learning_rate(0.5).expect("a rate");
    let error = block_on(session.train_step()).expect_err("NaN").to_string();
    // The rate of that step, whatever is chosen afterwards.
    assert!(error.contains("learning rate of 0.5 "), "{error}");
    session.set_learning_rate(0.01).expect("a rate");
    let error = block_on(session.train_step()).expect_err("stopped").to_string();
    assert!(error.contains("training stopped at step 1") && error.contains("Reset"), "{error}");
    assert_eq!(session.steps(), 1);
    session.reset(1).expect("fits");
    assert_eq!(block_on(session.train_step()).expect("finite").step, 1);
}
