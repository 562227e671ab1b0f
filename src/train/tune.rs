//! Which kernels are fastest on this very adapter: the rule by which it is measured, and the measuring.

use std::ops::Range;
use std::sync::Arc;

use super::rivals::{Lone, alone};
use super::session::Session;
use super::timing::{has_clock, submit_timing};
use crate::error::{Result, bail};
use crate::gpu::{Gpu, Program};
use crate::graph::Graph;
use crate::plan::{AdapterKind, Choice, Plan, PlanOptions, Table, Tunable, plan};

/// Seconds that measuring may take in all.
pub const BUDGET: f64 = 2.0;
/// Share of the expected kernel's time that another must stay below to be taken.
const GAIN: f64 = 0.95;
/// Readings of which the median counts.
const READINGS: usize = 3;
/// A reading is of so many runs that it takes at least so many seconds: browsers round a GPU's clock to 0.1 ms.
const LEAST: f64 = 0.002;
/// But of no more runs than this.
const MOST: usize = 512;
/// Who is so many times slower than the fastest at the first reading is not read again.
const HOPELESS: f64 = 2.0;
/// Bytes of GPU memory above which a layer is not tried alone beside the network.
const ROOM: u64 = 1 << 29;

/// Runs kernels and reads clocks. Time belongs to the caller: in a browser there is no clock without JavaScript.
#[allow(async_fn_in_trait)]
pub trait Track {
    /// A kernel that is ready to run.
    type Runner;

    /// Seconds on any steady clock. It is asked again and again, so it may tell how many shapes are `done`.
    fn now(&mut self, done: usize) -> f64;

    /// Makes a variant ready for a shape, by its place in the list; `None` where that does not work.
    fn prepare(&mut self, shape: usize, variant: &'static str) -> Option<Self::Runner>;

    /// Runs it so many times. Seconds by the GPU's own clock; `None` where it has none.
    async fn run(&mut self, runner: &Self::Runner, times: usize) -> Option<f64>;
}

/// What came of measuring.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tuning {
    /// What is to be taken from now on. Of a shape for which no time was left, what is expected: it is not tried again.
    pub table: Table,
    /// Shapes that there were to measure.
    pub shapes: usize,
    /// Of these, shapes that were measured.
    pub measured: usize,
    /// Of these, shapes for which another kernel than the expected one is faster.
    pub other: usize,
    /// How long it took.
    pub seconds: f64,
}

/// Measures `shapes` that `table` does not know, in their order, for at most `budget` seconds.
///
/// Every candidate runs once before it is read, which compiles it, and counts with the median of a few readings. The
/// expected one stays unless another takes less than 95 % of its time.
pub async fn tune<T: Track>(shapes: &[Tunable], mut table: Table, budget: f64, track: &mut T) -> Tuning {
    let unknown: Vec<_> = (0..shapes.len()).filter(|&at| table.get(&shapes[at].key).is_none()).collect();
    let mut tuning = Tuning { shapes: unknown.len(), ..Tuning::default() };
    let begin = track.now(0);
    let mut race = Race { track, end: begin + budget - 10.0 * LEAST, done: 0, slowest: 0.0 };
    for at in unknown {
        let winner = race.shape(at, &shapes[at], &mut tuning).await;
        table.set(&shapes[at].key, winner);
        race.done += 1;
    }
    tuning.seconds = race.now() - begin;
    Tuning { table, ..tuning }
}

/// Measuring under way.
struct Race<'a, T> {
    track: &'a mut T,
    /// When nothing long may begin: finding out how many runs make a reading takes some time beyond it.
    end: f64,
    done: usize,
    /// The longest that a first run took, with all that had to be compiled for it.
    slowest: f64,
}

impl<T: Track> Race<'_, T> {
    fn now(&mut self) -> f64 {
        self.track.now(self.done)
    }

    /// The variant to take for a shape.
    async fn shape(&mut self, at: usize, shape: &Tunable, tuning: &mut Tuning) -> &'static str {
        let (expected, hoped) = shape.candidates[0];
        let Some(base) = self.time(at, expected, hoped, f64::INFINITY).await else { return expected };
        let (mut winner, mut best, mut raced) = (expected, base, 0);
        for &(name, cost) in &shape.candidates[1..] {
            let Some(time) = self.time(at, name, base * cost / hoped, best).await else { continue };
            raced = 1;
            if time < best {
                (winner, best) = (name, time);
            }
        }
        tuning.measured += raced;
        if winner == expected {
            return expected;
        }
        // The first to run may have had to wake the GPU up: it gets another chance.
        let again = self.time(at, expected, base, f64::INFINITY).await.unwrap_or(base);
        if best >= GAIN * base.min(again) {
            return expected;
        }
        tuning.other += 1;
        winner
    }

    /// Seconds of a run that is guessed to take so many; `None` where it does not work or no time is left for it.
    async fn time(&mut self, at: usize, name: &'static str, guess: f64, best: f64) -> Option<f64> {
        let start = self.now();
        // One run to warm up and one to read.
        if start + self.slowest.max(2.0 * guess) >= self.end {
            return None;
        }
        let runner = self.track.prepare(at, name)?;
        self.read(&runner, 1).await;
        self.slowest = self.slowest.max(self.now() - start);
        let mut times = 1;
        let (mut reading, mut passed) = self.read(&runner, times).await;
        // A clock that shows nothing is not waited for.
        while reading < LEAST && passed < 10.0 * LEAST && times < MOST {
            times *= 8;
            (reading, passed) = self.read(&runner, times).await;
        }
        let mut readings = vec![reading];
        let hopeless = HOPELESS * best * times as f64;
        while readings.len() < READINGS && reading < hopeless && self.now() + passed < self.end {
            readings.push(self.read(&runner, times).await.0);
        }
        let median = median(&readings) / times as f64;
        (median > 0.0).then_some(median)
    }

    /// Seconds of so many runs, and how long it took to know.
    async fn read(&mut self, runner: &T::Runner, times: usize) -> (f64, f64) {
        let start = self.now();
        let by_gpu = self.track.run(runner, times).await;
        let passed = self.now() - start;
        (by_gpu.unwrap_or(passed), passed)
    }
}

/// The one in the middle; of two the larger.
fn median(readings: &[f64]) -> f64 {
    let rank = |a: f64| readings.iter().filter(|b| **b < a).count();
    let low = |a: &&f64| rank(**a) <= readings.len() / 2;
    readings.iter().filter(low).copied().fold(f64::NEG_INFINITY, f64::max)
}

/// The shapes of a network's training step, each as a layer alone.
#[derive(Debug)]
pub struct Tuner {
    gpu: Gpu,
    kind: AdapterKind,
    table: Table,
    shapes: Vec<Tunable>,
    lone: Vec<Lone>,
}

impl Tuner {
    /// What can be measured of a plan of `graph` on this device, and is not known yet.
    pub fn new(gpu: &Gpu, graph: &Graph, plan: &Plan) -> Result<Self> {
        let (kind, table) = match gpu.choice() {
            Choice::Tuned(kind, table) => (kind, Table::clone(&table)),
            Choice::Expected(kind) => (kind, Table::default()),
            _ => bail!("these kernels were asked for by name; there is nothing to choose"),
        };
        let mut shapes = plan.tunables(graph);
        shapes.retain(|shape| table.get(&shape.key).is_none());
        let lone = shapes.iter().map(|shape| Lone::new(graph, shape.layers[0], plan.options.batch));
        Ok(Self { gpu: gpu.clone(), kind, table, lone: lone.collect::<Result<_>>()?, shapes })
    }

    /// What there is to measure, the longest work first.
    pub fn shapes(&self) -> &[Tunable] {
        &self.shapes
    }

    /// Measures for at most [`BUDGET`] seconds. `clock` gives seconds, and is told how many shapes are done.
    pub async fn tune(self, clock: impl FnMut(usize) -> f64) -> Tuning {
        let mut lanes = Lanes { tuner: &self, clock };
        tune(&self.shapes, self.table.clone(), BUDGET, &mut lanes).await
    }
}

struct Lanes<'a, C> {
    tuner: &'a Tuner,
    clock: C,
}

impl<C: FnMut(usize) -> f64> Track for Lanes<'_, C> {
    type Runner = (Program, Range<usize>);

    fn now(&mut self, done: usize) -> f64 {
        (self.clock)(done)
    }

    fn prepare(&mut self, shape: usize, variant: &'static str) -> Option<Self::Runner> {
        let Tuner { gpu, kind, table, shapes, lone } = self.tuner;
        let mut table = table.clone();
        table.set(&shapes[shape].key, variant);
        let plan = lone[shape].plan(Choice::Tuned(*kind, Arc::new(table)));
        let range = plan.picked(&shapes[shape].key)?;
        if plan.bytes() > ROOM {
            return None;
        }
        Some((alone(gpu, plan).ok()?, range))
    }

    async fn run(&mut self, (program, range): &Self::Runner, times: usize) -> Option<f64> {
        let gpu = &self.tuner.gpu;
        let words = match submit_timing(gpu, program, range.clone(), times) {
            Ok(answer) => answer.read().await.unwrap_or_default(),
            Err(_) => Vec::new(),
        };
        // What failed took no time that could be compared.
        let &[low, high, end_low, end_high] = &words[..] else { return Some(f64::NAN) };
        let ticks = |low, high| u64::from(high) << 32 | u64::from(low);
        let passed = ticks(end_low, end_high).wrapping_sub(ticks(low, high)) as i64;
        has_clock(gpu).then(|| passed as f64 * 1e-9 * f64::from(gpu.queue().get_timestamp_period()))
    }
}

impl Session {
    /// What of the training step can be measured on this device, and is not known yet.
    pub fn tuner(&self) -> Result<Tuner> {
        Tuner::new(&self.gpu, &self.graph, self.train.plan())
    }

    /// Plans the training step anew with what was measured. Weights and all else stay.
    pub fn retune(&mut self, tuning: Tuning) -> Result<()> {
        let (Choice::Expected(kind) | Choice::Tuned(kind, _)) = self.gpu.choice() else { return Ok(()) };
        self.gpu = self.gpu.clone().with_choice(Choice::Tuned(kind, Arc::new(tuning.table)));
        if tuning.other == 0 {
            return Ok(());
        }
        let options = PlanOptions { choice: self.gpu.choice(), ..self.train.plan().options.clone() };
        self.train = Program::new(&self.gpu, plan(&self.graph, options), &self.externals)?;
        Ok(())
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
