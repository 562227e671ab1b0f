//! What can be asked of the tensors of a session, against sums in `f64`.

use cnn_playground::graph::Graph;
use cnn_playground::models;
use cnn_playground::optim::Optimizer;
use cnn_playground::train::{Data, Session, SessionConfig, Statistics, Subject};

use crate::support::{gpu, gpu_test, random};

const BATCH: usize = 4;

/// `LeNet` on random pictures.
async fn lenet() -> Session {
    let graph = Graph::new(&models::build("lenet").expect("registered")).expect("valid");
    let optimizer = Optimizer::adam(0.002);
    let config = SessionConfig { optimizer, batch: BATCH, ..SessionConfig::default() };
    Session::new(&gpu().await, graph, &Data::Host, config).expect("fits")
}

/// One step on pictures of their own.
async fn step(session: &mut Session, stream: u64) {
    let pictures = random(stream, BATCH * session.graph().input.elements());
    session.write_batch(&pictures, &[3, 1, 4, 1]).expect("a batch");
    session.submit_batch().expect("no dataset").read().await.expect("finite");
}

async fn statistics(session: &Session, subject: Subject<'_>) -> Statistics {
    session.statistics(subject).await.expect("a tensor")
}

async fn weights(session: &Session) -> Vec<Vec<f32>> {
    let mut all = Vec::new();
    for t in 0..session.graph().parameters.len() {
        all.push(session.arena().read(t).await.expect("readable"));
    }
    all
}

/// `count` numbers around `offset`.
fn around(offset: f32, count: usize) -> Vec<f32> {
    random(5, count).iter().map(|x| offset + x).collect()
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

gpu_test!(statistics_of_planted_values_are_those_of_f64, async {
    let session = lenet().await;
    for (t, parameter) in session.graph().parameters.iter().enumerate() {
        let count = parameter.spec.elements();
        let layer = &session.graph().layers[parameter.layer].spec.name;
        let mut planted = around(0.3, count);
        for (at, value) in [(1, f32::NAN), (count / 2, f32::INFINITY), (count - 1, f32::NEG_INFINITY)] {
            planted[at] = value;
        }
        let cases = [
            around(0.0, count),
            around(1000.0, count),
            planted,
            vec![-2.5; count],
            vec![f32::NAN; count],
            (0..count).map(|i| f32::from_bits(0x7f80_0000 | (i as u32 & 0xff))).collect(),
        ];
        for values in cases {
            session.arena().write(t, &values).expect("a weight");
            let got = statistics(&session, Subject::Weight(layer, parameter.spec.name)).await;
            assert_statistics(&got, &values);
        }
    }
});

gpu_test!(the_widest_range_has_a_histogram_too, async {
    let session = lenet().await;
    let layer = &session.graph().layers[session.graph().parameters[1].layer].spec.name;
    session.arena().write(1, &[f32::MAX, -f32::MAX, 0.0, 1.0, -1.0, 3e38]).expect("six values");
    let got = statistics(&session, Subject::Weight(layer, "bias")).await;
    assert_eq!((got.min, got.max, got.non_finite), (-f32::MAX, f32::MAX, 0));
    assert_eq!((got.histogram[0], got.histogram[63]), (1, 1));
    assert_eq!(got.histogram.iter().sum::<u32>(), 6);
});

gpu_test!(activations_and_gradients_can_be_looked_at, async {
    let mut session = lenet().await;
    step(&mut session, 1).await;
    let picture = random(2, session.graph().input.elements());
    session.observer().set_input(&picture).expect("fits");
    session.observer().submit(|_| ()).read().await.expect("runs");
    let input = Subject::Activation(&session.graph().input_name);
    assert_statistics(&statistics(&session, input).await, &picture);
    for layer in &session.graph().layers {
        let subject = Subject::Activation(&layer.spec.name);
        let place = session.locate(subject).expect("computed");
        let values: Vec<f32> =
            session.gpu().read(&place.memory, place.offset, place.elements).await.expect("readable");
        let got = statistics(&session, subject).await;
        assert_statistics(&got, &values);
        assert_eq!(got, statistics(&session, subject).await, "the same bits again");
    }
    let dense = &session.graph().layers.last().expect("has layers").spec.name;
    let gradient = session.arena().read_gradient(8).await.expect("trained");
    assert_statistics(&statistics(&session, Subject::Gradient(dense, "kernel")).await, &gradient);
    for (subject, part) in [
        (Subject::Activation("dense_9"), "dense_9"),
        (Subject::Weight(dense, "gamma"), "has no weight \"gamma\""),
    ] {
        let error = session.statistics(subject).await.expect_err("not there").to_string();
        assert!(error.contains(part), "{error}");
    }
});

/// Norm of all values together.
fn norm<'a>(tensors: impl IntoIterator<Item = &'a [f32]>) -> f64 {
    tensors.into_iter().flatten().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt()
}

gpu_test!(norms_of_gradients_and_updates_are_those_of_f64, async {
    let mut session = lenet().await;
    step(&mut session, 1).await;
    let norms = session.norms().await.expect("runs");
    assert!(norms.iter().all(|layer| layer.update_ratio.is_none()), "nobody watched");
    session.watch_updates(true).expect("memory");
    let norms = session.norms().await.expect("runs");
    assert!(norms.iter().all(|layer| layer.update_ratio.is_none()), "nothing was seen");
    for stream in 2..4 {
        let before = weights(&session).await;
        step(&mut session, stream).await;
        let (after, norms) = (weights(&session).await, session.norms().await.expect("runs"));
        assert_eq!(norms.len(), 5, "convolutions and dense layers");
        for got in norms {
            let graph = session.graph();
            let tensors = graph.layers[graph.layer(&got.layer).expect("named")].parameters.clone();
            let (mut gradients, mut updates) = (Vec::new(), Vec::new());
            for t in tensors.clone() {
                gradients.push(session.arena().read_gradient(t).await.expect("trained"));
                updates.push(after[t].iter().zip(&before[t]).map(|(new, old)| new - old).collect::<Vec<_>>());
            }
            let close = |got: f32, want: f64| (f64::from(got) - want).abs() <= 1e-5 * want;
            let weight = norm(before[tensors].iter().map(Vec::as_slice));
            let ratio = norm(updates.iter().map(Vec::as_slice)) / weight;
            assert!(close(got.gradient, norm(gradients.iter().map(Vec::as_slice))), "{got:?}");
            assert!(close(got.weight, weight), "{got:?}, not {weight}");
            assert!(close(got.update_ratio.expect("watched"), ratio), "{got:?}, not {ratio}");
        }
    }
    session.reset(2).expect("fits");
    let norms = session.norms().await.expect("runs");
    assert!(norms.iter().all(|layer| layer.update_ratio.is_none()), "a new beginning");
});

gpu_test!(who_asks_for_nothing_pays_for_nothing, async {
    let session = lenet().await;
    for dispatch in &session.train_program().plan().dispatches {
        let file = dispatch.kernel.shader.file;
        assert!(!["norms.wgsl", "statistics.wgsl", "histogram.wgsl"].contains(&file), "{file}");
    }
});
