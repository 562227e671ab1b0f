//! Time of GPU work: encode, submit, wait; many runs a submission, so that neither submitting nor waiting counts.

use std::time::Instant;

use cnn_playground::Result;
use cnn_playground::gpu::{Gpu, Program};

/// Dispatches of a program.
#[derive(Clone, Debug)]
pub(super) struct Work<'a> {
    pub(super) program: &'a Program,
    pub(super) range: std::ops::Range<usize>,
}

/// Seconds that one run of some work took, in each round.
#[derive(Clone, Debug, Default)]
pub(super) struct Timing {
    wall: Vec<f64>,
    processor: Vec<f64>,
}

impl Timing {
    /// The round in the middle.
    pub(super) fn median(&self) -> f64 {
        median(&self.wall)
    }

    /// The shortest round.
    pub(super) fn best(&self) -> f64 {
        self.wall.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// Processor time of all this program's threads, in the round in the middle; `None` where the system does not tell.
    pub(super) fn processor(&self) -> Option<f64> {
        Some(median(&self.processor)).filter(|&seconds| seconds > 0.0)
    }
}

fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(0.0)
}

/// Times several pieces of work for about `seconds` each, in turns: a machine that slows down, slows down for all.
pub(super) fn time(gpu: &Gpu, work: &[Work<'_>], seconds: f64) -> Result<Vec<Timing>> {
    const ROUND: f64 = 0.05;
    const MAX_REPEATS: f64 = 500.0;
    const ROUNDS: std::ops::RangeInclusive<usize> = 3..=200;
    let mut repeats = Vec::new();
    for work in work {
        run(gpu, work, 1)?;
        let (once, _) = run(gpu, work, 1)?;
        repeats.push((ROUND.min(seconds) / once).clamp(1.0, MAX_REPEATS) as usize);
    }
    let mut timings = vec![Timing::default(); work.len()];
    let begin = Instant::now();
    for round in 0..*ROUNDS.end() {
        if round >= *ROUNDS.start() && begin.elapsed().as_secs_f64() > seconds * work.len() as f64 {
            break;
        }
        for (at, work) in work.iter().enumerate() {
            let (wall, processor) = run(gpu, work, repeats[at])?;
            timings[at].wall.push(wall / repeats[at] as f64);
            timings[at].processor.push(processor / repeats[at] as f64);
        }
    }
    gpu.check()?;
    Ok(timings)
}

/// Seconds of wall and processor time that `repeats` runs take in one submission.
fn run(gpu: &Gpu, work: &Work<'_>, repeats: usize) -> Result<(f64, f64)> {
    let mut encoder = gpu.encoder();
    for _ in 0..repeats {
        work.program.encode_range(&mut encoder, work.range.clone());
    }
    let (begin, processor) = (Instant::now(), processor_time());
    gpu.submit(encoder);
    gpu.wait()?;
    Ok((begin.elapsed().as_secs_f64(), processor_time() - processor))
}

/// Seconds that all threads of this process have run so far, as Linux counts them; 0 elsewhere.
fn processor_time() -> f64 {
    let Ok(threads) = std::fs::read_dir("/proc/self/task") else { return 0.0 };
    let nanoseconds = |thread: std::io::Result<std::fs::DirEntry>| {
        let text = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        text.split(' ').next()?.parse::<u64>().ok()
    };
    threads.filter_map(nanoseconds).sum::<u64>() as f64 / 1e9
}
