//! What can be asked of the tensors of a session, against sums in `f64`.
#![cfg(not(target_arch = "wasm32"))]

use std::sync::Arc;

use cnn_playground::data::digits::bundled_digits;
use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::graph::Graph;
use cnn_playground::models;
use cnn_playground::optim::Optimizer;
use cnn_playground::rng::Counter;
use cnn_playground::train::{Data, Session, SessionConfig, Statistics, Subject};
use pollster::block_on;

fn gpu() -> Gpu {
    block_on(Gpu::new(GpuOptions::default())).expect("a GPU adapter (set-up installs a software one)")
}

fn lenet(config: SessionConfig) -> Session {
    let graph = Graph::new(&models::build("lenet").expect("registered")).expect("valid");
    let digits = Arc::new(bundled_digits().expect("shipped"));
    Session::new(&gpu(), graph, &Data::Dataset(digits), config).expect("fits")
}

fn statistics(session: &Session, subject: Subject<'_>) -> Statistics {
    block_on(session.statistics(subject)).expect("a tensor")
}

/// `count` numbers around `offset`.
fn random(count: usize, offset: f32) -> Vec<f32> {
    (0..count as u64).map(|i| offset + Counter::scrambled(5, 1).signed(i) as f32).collect()
}

/// Compares with what `f64` makes of the values.
fn assert_statistics(got: &Statistics, values: &[f32]) {
    let finite: Vec<f64> = values.iter().filter(|x| x.is_finite()).map(|&x| x.into()).collect();
    let n = finite.len() as f64;
    assert_eq!((got.count, got.non_finite), (values.len(), values.len() - finite.len()));
    assert_eq!(got.histogram.iter().map(|&count| count as usize).sum::<usize>(), finite.len());
    if finite.is_empty() {
        assert!(got.min.is_nan() && got.max.is_nan() && got.mean.is_nan() && got.std.is_nan(), "{got:?}");
        return;
    }
    let (low, high) = finite.iter().fold((f64::MAX, f64::MIN), |(low, high), &x| (low.min(x), high.max(x)));
    assert_eq!((f64::from(got.min), f64::from(got.max)), (low, high));
    let mean = finite.iter().sum::<f64>() / n;
    let std = (finite.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
    let largest = low.abs().max(high.abs());
    assert!((f64::from(got.mean) - mean).abs() <= 1e-6 * largest, "mean {}, not {mean}", got.mean);
    // A mean that is off by a part in 10⁷ of the largest value moves the deviation by as much at most.
    let allowed = 1e-5 * std + 1e-7 * largest;
    assert!((f64::from(got.std) - std).abs() <= allowed, "standard deviation {}, not {std}", got.std);
    let width = (high - low) / got.histogram.len() as f64;
    for (bin, &count) in got.histogram.iter().enumerate() {
        // Values on an edge may fall to either side.
        let (from, to) = (low + bin as f64 * width, low + (bin + 1) as f64 * width);
        let slack = 1e-4 * width + 1e-7 * largest;
        let within = |slack: f64| {
            let last = bin + 1 == got.histogram.len();
            finite.iter().filter(|&&x| x >= from - slack && (x < to + slack || last)).count()
        };
        assert!((within(-slack)..=within(slack)).contains(&(count as usize)), "bin {bin} has {count}");
    }
}

#[test]
fn statistics_of_planted_values_are_those_of_f64() {
    let session = lenet(SessionConfig::default());
    for (t, parameter) in session.graph().parameters.iter().enumerate() {
        let count = parameter.spec.elements();
        let layer = &session.graph().layers[parameter.layer].spec.name;
        let mut planted = random(count, 0.3);
        for (at, value) in [(1, f32::NAN), (count / 2, f32::INFINITY), (count - 1, f32::NEG_INFINITY)] {
            planted[at] = value;
        }
        let cases = [
            random(count, 0.0),
            random(count, 1000.0),
            planted,
            vec![-2.5; count],
            vec![f32::NAN; count],
            (0..count).map(|i| f32::from_bits(0x7f80_0000 | (i as u32 & 0xff))).collect(),
        ];
        for values in cases {
            session.arena().write(t, &values).expect("a weight");
            assert_statistics(&statistics(&session, Subject::Weight(layer, parameter.spec.name)), &values);
        }
    }
}

#[test]
fn the_widest_range_has_a_histogram_too() {
    let session = lenet(SessionConfig::default());
    let parameter = &session.graph().parameters[1];
    let layer = &session.graph().layers[parameter.layer].spec.name;
    session.arena().write(1, &[f32::MAX, -f32::MAX, 0.0, 1.0, -1.0, 3e38]).expect("six values");
    let got = statistics(&session, Subject::Weight(layer, "bias"));
    assert_eq!((got.min, got.max, got.non_finite), (-f32::MAX, f32::MAX, 0));
    assert_eq!((got.histogram[0], got.histogram[63]), (1, 1));
    assert_eq!(got.histogram.iter().sum::<u32>(), 6);
}

#[test]
fn activations_and_gradients_can_be_looked_at() {
    let mut session = lenet(SessionConfig { batch: 16, ..SessionConfig::default() });
    block_on(session.train_step()).expect("finite");
    let sample = bundled_digits().expect("shipped").values(3).expect("a digit");
    session.observer().set_input(&sample).expect("fits");
    block_on(session.observer().submit(|_| ()).read()).expect("runs");
    let names: Vec<String> = session.graph().layers.iter().map(|layer| layer.spec.name.clone()).collect();
    assert_statistics(&statistics(&session, Subject::Activation(&session.graph().input_name)), &sample);
    for name in &names {
        let place = session.locate(Subject::Activation(name)).expect("computed");
        let values = block_on(session.gpu().read(&place.memory, place.offset, place.elements));
        let got = statistics(&session, Subject::Activation(name));
        assert_statistics(&got, &values.expect("readable"));
        assert_eq!(got, statistics(&session, Subject::Activation(name)), "the same bits again");
    }
    let dense = names.last().expect("has layers");
    let gradient = block_on(session.arena().read_gradient(8)).expect("trained");
    assert_statistics(&statistics(&session, Subject::Gradient(dense, "kernel")), &gradient);
    for (subject, part) in [
        (Subject::Activation("dense_9"), "dense_9"),
        (Subject::Weight(dense, "gamma"), "has no weight \"gamma\""),
    ] {
        let error = block_on(session.statistics(subject)).expect_err("not there").to_string();
        assert!(error.contains(part), "{error}");
    }
}

fn squares(values: impl IntoIterator<Item = f32>) -> f64 {
    values.into_iter().map(|x| f64::from(x).powi(2)).sum()
}

#[test]
fn norms_of_gradients_and_updates_are_those_of_f64() {
    let mut session =
        lenet(SessionConfig { optimizer: Optimizer::adam(0.002), batch: 16, ..SessionConfig::default() });
    let weights = |session: &Session| -> Vec<Vec<f32>> {
        (0..session.graph().parameters.len())
            .map(|t| block_on(session.arena().read(t)).expect("readable"))
            .collect()
    };
    let norms = |session: &Session| block_on(session.norms()).expect("runs");
    block_on(session.train_step()).expect("finite");
    assert!(norms(&session).iter().all(|layer| layer.update_ratio.is_none()), "nobody watched");
    session.watch_updates(true).expect("memory");
    assert!(norms(&session).iter().all(|layer| layer.update_ratio.is_none()), "nothing was seen");
    for _ in 0..2 {
        let before = weights(&session);
        block_on(session.train_step()).expect("finite");
        let (after, got) = (weights(&session), norms(&session));
        assert_eq!(got.len(), 5, "convolutions and dense layers");
        for layer in got {
            let graph = session.graph();
            let tensors = graph.layers[graph.layer(&layer.layer).expect("named")].parameters.clone();
            let over = |f: &dyn Fn(usize) -> f64| tensors.clone().map(f).sum::<f64>().sqrt();
            let gradient = over(&|t| squares(block_on(session.arena().read_gradient(t)).expect("trained")));
            let weight = over(&|t| squares(before[t].iter().copied()));
            let update = over(&|t| squares(after[t].iter().zip(&before[t]).map(|(new, old)| new - old)));
            let close = |got: f32, want: f64| {
                assert!((f64::from(got) - want).abs() <= 1e-5 * want, "{}: {got}, not {want}", layer.layer);
            };
            close(layer.gradient, gradient);
            close(layer.weight, weight);
            close(layer.update_ratio.expect("watched"), update / weight);
        }
    }
    session.reset(2).expect("fits");
    assert!(norms(&session).iter().all(|layer| layer.update_ratio.is_none()), "a new beginning");
}

#[test]
fn who_asks_for_nothing_pays_for_nothing() {
    let session = lenet(SessionConfig::default());
    let files: Vec<&str> =
        session.train_program().plan().dispatches.iter().map(|d| d.kernel.shader.file).collect();
    for file in ["norms.wgsl", "statistics.wgsl", "histogram.wgsl"] {
        assert!(!files.contains(&file), "{files:?}");
    }
}
