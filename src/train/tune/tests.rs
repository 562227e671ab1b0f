//! The rule, on a track where every kernel takes as long as it is told to.

use super::*;

/// Shape, variant, seconds of a run.
type Time = (usize, &'static str, f64);

/// A GPU made of numbers.
#[derive(Default)]
struct Fake {
    now: f64,
    times: Vec<Time>,
    /// Seconds to compile each.
    compile: f64,
    /// Whether there is no clock but the caller's, and seconds that it takes to hear of an end.
    latency: Option<f64>,
    /// What the clock shows in place of the first readings.
    odd: Vec<f64>,
    log: Vec<(usize, &'static str)>,
    told: Vec<usize>,
}

impl Track for Fake {
    type Runner = f64;

    fn now(&mut self, done: usize) -> f64 {
        self.told.push(done);
        self.now
    }

    fn prepare(&mut self, shape: usize, variant: &'static str) -> Option<f64> {
        self.log.push((shape, variant));
        self.now += self.compile;
        self.times.iter().find(|time| (time.0, time.1) == (shape, variant)).map(|time| time.2)
    }

    async fn run(&mut self, seconds: &f64, times: usize) -> Option<f64> {
        let all = seconds.abs() * times as f64;
        self.now += all + self.latency.unwrap_or(0.0);
        match (self.latency, self.odd.pop()) {
            (Some(_), _) => None,
            (None, Some(odd)) => Some(odd),
            (None, None) => Some(seconds * times as f64),
        }
    }
}

/// Shapes with the candidates `fours`, `rows` and `plain`, which are expected to take 1, 2 and 3 times so many seconds.
fn shapes(seconds: &[f64]) -> Vec<Tunable> {
    let candidates = |s: f64| vec![("fours", s), ("rows", 2.0 * s), ("plain", 3.0 * s)];
    let shape = |(at, &s): (usize, &f64)| Tunable {
        key: format!("shape {at}"),
        layers: vec![at],
        candidates: candidates(s),
        work: 1,
    };
    seconds.iter().enumerate().map(shape).collect()
}

fn run(shapes: &[Tunable], table: Table, fake: &mut Fake) -> Tuning {
    let tuning = pollster::block_on(tune(shapes, table, BUDGET, fake));
    assert!(tuning.measured <= tuning.shapes && tuning.other <= tuning.measured, "{tuning:?}");
    tuning
}

fn one(fours: f64, rows: f64, plain: f64) -> (Tuning, Fake) {
    let times = vec![(0, "fours", fours), (0, "rows", rows), (0, "plain", plain)];
    let mut fake = Fake { times, ..Fake::default() };
    (run(&shapes(&[1e-3]), Table::default(), &mut fake), fake)
}

#[test]
fn the_fastest_is_taken_if_it_is_clearly_faster_than_the_expected_one() {
    for (times, want) in [
        ([1e-3, 2e-3, 3e-3], "fours"),
        ([2e-3, 1e-3, 3e-3], "rows"),
        ([2e-3, 1e-3, 0.5e-3], "plain"),
        // As fast, or hardly faster.
        ([1e-3, 1e-3, 1e-3], "fours"),
        ([1e-3, 0.96e-3, 0.97e-3], "fours"),
        ([1e-3, 0.94e-3, 1e-3], "rows"),
        // So fast that a reading is of many runs.
        ([2e-6, 1e-6, 3e-6], "rows"),
    ] {
        let (tuning, _) = one(times[0], times[1], times[2]);
        assert_eq!(tuning.table.get("shape 0"), Some(want), "{times:?}");
        let other = usize::from(want != "fours");
        assert_eq!([tuning.shapes, tuning.measured, tuning.other], [1, 1, other], "{times:?}");
        assert!(tuning.seconds < BUDGET, "{tuning:?}");
    }
}

#[test]
fn what_does_not_work_or_shows_no_time_is_never_taken() {
    let bad = [f64::NAN, 0.0, -1e-3];
    for bad in bad {
        assert_eq!(one(1e-3, bad, 2e-3).0.table.get("shape 0"), Some("fours"), "{bad}");
        // Of the expected one nothing is known, so nothing is faster.
        let (tuning, _) = one(bad, 1e-3, 2e-3);
        assert_eq!((tuning.table.get("shape 0"), tuning.measured), (Some("fours"), 0), "{bad}");
    }
    let mut fake = Fake { times: vec![(0, "fours", 1e-3), (0, "plain", 0.5e-3)], ..Fake::default() };
    assert_eq!(run(&shapes(&[1e-3]), Table::default(), &mut fake).table.get("shape 0"), Some("plain"));
}

#[test]
fn a_clock_that_always_shows_nothing_is_not_waited_for() {
    let times = vec![(0, "fours", 0.05), (0, "rows", 0.05), (0, "plain", 0.05)];
    let mut fake = Fake { times, odd: vec![0.0; 10_000], ..Fake::default() };
    let tuning = run(&shapes(&[0.05]), Table::default(), &mut fake);
    assert_eq!((tuning.table.get("shape 0"), tuning.measured), (Some("fours"), 0));
    assert!(tuning.seconds < BUDGET, "{tuning:?}");
}

#[test]
fn without_a_clock_of_the_gpu_the_callers_counts() {
    let times = vec![(0, "fours", 40e-6), (0, "rows", 20e-6), (0, "plain", 90e-6)];
    let mut fake = Fake { times, latency: Some(3e-4), ..Fake::default() };
    let tuning = run(&shapes(&[40e-6]), Table::default(), &mut fake);
    assert_eq!((tuning.table.get("shape 0"), tuning.other), (Some("rows"), 1));
}

#[test]
fn one_reading_that_is_off_does_not_decide() {
    let times = vec![(0, "fours", 1e-2), (0, "rows", 2e-2), (0, "plain", 2e-2)];
    // Taken from the end: warm-up, then three readings of the first.
    let mut fake = Fake { times, odd: vec![1e-2, 9.0, 1e-2, 9.0], ..Fake::default() };
    assert_eq!(run(&shapes(&[1e-2]), Table::default(), &mut fake).other, 0);
}

#[test]
fn the_budget_holds_whatever_things_cost() {
    for (each, compile) in [(1e-5, 0.0), (1e-3, 0.01), (0.01, 0.3), (0.3, 0.0), (0.7, 0.0), (1e-4, 0.9)] {
        let of = |at: usize| [(at, "fours", each), (at, "rows", each / 2.0), (at, "plain", each)];
        let times = (0..60).flat_map(of).collect();
        let mut fake = Fake { times, compile, ..Fake::default() };
        let tuning = run(&shapes(&[each; 60]), Table::default(), &mut fake);
        assert!(tuning.seconds <= BUDGET, "{each} {compile}: {tuning:?}");
        // Even where it was thought to be a thousand times as fast.
        let hoped = run(&shapes(&[each / 1e3; 60]), Table::default(), &mut fake);
        assert!(hoped.seconds <= BUDGET + 0.1, "{each} {compile}: {hoped:?}");
        // What was not reached is not tried again.
        assert_eq!((tuning.shapes, tuning.table.rows().count()), (60, 60));
        let again = run(&shapes(&[each; 60]), tuning.table.clone(), &mut fake);
        assert_eq!((again.shapes, again.measured, again.table), (0, 0, tuning.table));
    }
}

#[test]
fn what_would_take_longer_than_there_is_time_is_not_begun() {
    let times = vec![(0, "fours", 1.5), (0, "rows", 1.0), (1, "fours", 1e-3), (1, "rows", 1e-3)];
    let mut fake = Fake { times, ..Fake::default() };
    let tuning = run(&shapes(&[1.5, 1e-3]), Table::default(), &mut fake);
    assert!(fake.log.iter().all(|&(shape, _)| shape == 1), "{:?}", fake.log);
    assert_eq!((tuning.shapes, tuning.measured), (2, 1));
    assert_eq!(tuning.table.get("shape 0"), Some("fours"));
}

#[test]
fn shapes_come_in_their_order_and_those_known_not_at_all() {
    let mut table = Table::default();
    table.set("shape 1", "plain");
    let of = |at: usize| [(at, "fours", 2e-3), (at, "rows", 1e-3), (at, "plain", 1e-2)];
    let mut fake = Fake { times: (0..3).flat_map(of).collect(), ..Fake::default() };
    let tuning = run(&shapes(&[3e-3, 2e-3, 1e-3]), table, &mut fake);
    let names = ["fours", "rows", "plain", "fours"];
    let want: Vec<_> = [0, 2].into_iter().flat_map(|at| names.map(|name| (at, name))).collect();
    assert_eq!(fake.log, want);
    assert_eq!([tuning.shapes, tuning.measured, tuning.other], [2, 2, 2]);
    assert_eq!(tuning.table.get("shape 1"), Some("plain"));
    // The clock is told how far it has come.
    assert!(fake.told.is_sorted() && fake.told.first() == Some(&0) && fake.told.last() == Some(&2));
}
