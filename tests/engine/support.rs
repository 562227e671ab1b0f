//! What the tests of single ops share: a device, random numbers, a layer run alone, and the comparison.

use std::fmt::{Debug, Write};

use cnn_playground::conform::{Single, SingleRun, run_single};
use cnn_playground::gpu::{Gpu, GpuOptions};
use cnn_playground::ops::{Layer, VARIANTS};
use cnn_playground::plan::{Choice, PLAIN};
use cnn_playground::rng::Counter;

/// A test that runs natively and in the browser. Without an adapter it fails.
macro_rules! gpu_test {
    ($name:ident, $body:expr) => {
        #[cfg(target_arch = "wasm32")]
        #[wasm_bindgen_test::wasm_bindgen_test]
        async fn $name() {
            $body.await;
        }

        #[cfg(not(target_arch = "wasm32"))]
        #[test]
        fn $name() {
            pollster::block_on($body);
        }
    };
}
pub(crate) use gpu_test;

/// The device of all tests: what one has compiled, the others find.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) async fn gpu() -> Gpu {
    static GPU: std::sync::OnceLock<Gpu> = std::sync::OnceLock::new();
    GPU.get_or_init(|| pollster::block_on(Gpu::new(GpuOptions::default())).expect("an adapter")).clone()
}

/// The device of all tests: what one has compiled, the others find.
#[cfg(target_arch = "wasm32")]
pub(crate) async fn gpu() -> Gpu {
    thread_local! { static GPU: std::cell::OnceCell<Gpu> = const { std::cell::OnceCell::new() }; }
    if let Some(gpu) = GPU.with(|cell| cell.get().cloned()) {
        return gpu;
    }
    let gpu = Gpu::new(GpuOptions::default()).await.expect("an adapter");
    GPU.with(|cell| cell.get_or_init(|| gpu).clone())
}

/// Random choices, one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Draw {
    counter: Counter,
    next: u64,
}

impl Draw {
    /// Choices of this case of this seed.
    pub(crate) fn new(seed: u64, case: u64) -> Self {
        Self { counter: Counter::scrambled(seed, case), next: 0 }
    }

    /// A number from `first` to `last`.
    pub(crate) fn range(&mut self, first: usize, last: usize) -> usize {
        self.next += 1;
        first + self.counter.below(self.next, (last - first + 1) as u32) as usize
    }

    /// One of these.
    pub(crate) fn pick<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.range(0, choices.len() - 1)]
    }

    /// One of the sets of kernels.
    pub(crate) fn variant(&mut self) -> &'static str {
        let at = self.range(0, VARIANTS.len());
        variants().nth(at).unwrap_or(PLAIN)
    }

    /// True with this probability.
    pub(crate) fn chance(&mut self, probability: f64) -> bool {
        self.next += 1;
        self.counter.uniform(self.next) < probability
    }
}

/// `count` numbers in `[-1, 1)`; another `stream` gives others.
pub(crate) fn random(stream: u64, count: usize) -> Vec<f32> {
    let counter = Counter::scrambled(17, stream);
    (0..count as u64).map(|i| counter.signed(i) as f32).collect()
}

/// The same numbers for the oracle.
pub(crate) fn exact(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

/// One run of a layer.
#[derive(Clone, Debug)]
pub(crate) struct Run {
    pub(crate) layer: Layer,
    pub(crate) batch: usize,
    /// Shape of a sample, and values.
    pub(crate) inputs: Vec<(Vec<usize>, Vec<f32>)>,
    pub(crate) parameters: Vec<(&'static str, Vec<f32>)>,
    pub(crate) dy: Vec<f32>,
    pub(crate) training: bool,
    pub(crate) trainable: bool,
    pub(crate) seed: u32,
    pub(crate) step: u32,
    /// Kernels of this name where an op has them, its plain ones elsewhere.
    pub(crate) variant: &'static str,
}

impl Run {
    /// A training run of a layer with one input and without weights.
    pub(crate) fn new(layer: impl Into<Layer>, batch: usize, shape: &[usize], x: &[f32], dy: &[f32]) -> Self {
        Self {
            layer: layer.into(),
            batch,
            inputs: vec![(shape.to_vec(), x.to_vec())],
            parameters: Vec::new(),
            dy: dy.to_vec(),
            training: true,
            trainable: true,
            seed: 0,
            step: 1,
            variant: PLAIN,
        }
    }

    /// On the GPU.
    pub(crate) async fn run(&self) -> SingleRun {
        let inputs: Vec<(&[usize], &[f32])> =
            self.inputs.iter().map(|(shape, x)| (&shape[..], &x[..])).collect();
        let parameters: Vec<(&str, &[f32])> =
            self.parameters.iter().map(|(name, w)| (*name, &w[..])).collect();
        let single = Single {
            batch: self.batch,
            inputs: &inputs,
            parameters: &parameters,
            dy: Some(&self.dy),
            training: self.training,
            trainable: self.trainable,
            seed: self.seed,
            step: self.step,
        };
        let gpu = gpu().await.with_choice(Choice::Fixed(self.variant));
        match run_single(&gpu, &self.layer, &single).await {
            Ok(run) => run,
            Err(error) => panic!(
                "{:?} on {:?}: {error}",
                self.layer,
                self.inputs.iter().map(|x| &x.0).collect::<Vec<_>>()
            ),
        }
    }
}

/// Every set of kernels.
pub(crate) fn variants() -> impl Iterator<Item = &'static str> + Clone {
    [PLAIN].into_iter().chain(VARIANTS.iter().copied())
}

/// How far a result may be off: `|got − want| ≤ absolute + relative · |want|`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Tolerance {
    pub(crate) relative: f64,
    pub(crate) absolute: f64,
}

impl Tolerance {
    /// For values that are only moved about.
    pub(crate) const EXACT: Self = Self { relative: 0.0, absolute: 0.0 };

    /// For a few roundings: the reference's own relative part.
    pub(crate) const ROUNDED: Self = Self { relative: 1e-5, absolute: 0.0 };

    /// For sums of `terms` products whose size is `largest` at most. Each addition rounds the partial sum by up to
    /// 2⁻²⁴ of it; with terms of either sign a partial sum stays far below `terms · largest`, so that
    /// `terms · largest · 2⁻²⁴` is some ten times the deviation that is met, while a wrong term is off by `largest`.
    pub(crate) fn sum(terms: usize, largest: f64) -> Self {
        Self { relative: 1e-5, absolute: (terms + 4) as f64 * largest * 6e-8 }
    }

    /// With this much more, absolutely.
    pub(crate) fn plus(self, absolute: f64) -> Self {
        Self { absolute: self.absolute + absolute, ..self }
    }
}

/// What differs between the GPU and the oracle.
#[derive(Debug, Default)]
pub(crate) struct Differences {
    text: String,
}

impl Differences {
    /// Compares a tensor.
    pub(crate) fn compare(&mut self, name: &str, got: &[f32], want: &[f64], tolerance: Tolerance) {
        if got.len() != want.len() {
            let _ = writeln!(self.text, "  {name}: {} values, not {}", got.len(), want.len());
            return;
        }
        let allowed = |want: f64| tolerance.absolute + tolerance.relative * want.abs();
        // Not "error > allowed": a NaN must fail.
        let wrong = |(&got, &want): (&f32, &f64)| {
            let close = (f64::from(got) - want).abs() <= allowed(want);
            !close
        };
        let count = got.iter().zip(want).filter(|&pair| wrong(pair)).count();
        let total = want.len();
        if let Some(i) = got.iter().zip(want).position(wrong) {
            let (got, want) = (got[i], want[i]);
            let _ = writeln!(
                self.text,
                "  {name}[{i}]: {got}, not {want} (off by {:e}, allowed {:e}); {count} of {total} are wrong",
                f64::from(got) - want,
                allowed(want),
            );
        }
    }

    /// The outcome for this case.
    pub(crate) fn verdict(self, case: &impl Debug) -> Result<(), String> {
        if self.text.is_empty() { Ok(()) } else { Err(format!("{case:?}\n{}", self.text)) }
    }
}

/// A case of an op: its sizes and configuration.
pub(crate) trait Problem: Debug + Sized {
    /// One of the legal ones.
    fn random(draw: &mut Draw) -> Self;

    /// Runs it on the GPU and in the oracle.
    async fn differences(&self) -> Differences;

    /// The differences with the whole case, if there are any.
    async fn check(&self) -> Result<(), String> {
        self.differences().await.verdict(self)
    }
}

/// Fails with all cases that differ.
pub(crate) async fn check_all<P: Problem>(problems: impl IntoIterator<Item = P>) {
    let mut failures = Vec::new();
    for problem in problems {
        failures.extend(problem.check().await.err());
    }
    assert!(failures.is_empty(), "{} cases differ:\n{}", failures.len(), failures.join("\n"));
}

/// `count` multiples of 1/8 in `[-1, 1]`: sums of their products are exact in `f32`, so that a kink or a tie falls the
/// same way on the GPU and in the oracle.
pub(crate) fn coarse(stream: u64, count: usize) -> Vec<f32> {
    random(stream, count).iter().map(|x| (x * 8.0).round() / 8.0).collect()
}
