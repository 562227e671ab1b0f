//! `bench`: how fast every kernel is on this GPU, beside what the GPU can do at best.

mod report;
mod timing;
mod workload;

use cnn_playground::Result;
use cnn_playground::gpu::{Externals, Gpu, Program, peak};
use cnn_playground::ops::VARIANTS;
use cnn_playground::plan::{AdapterKind, Choice, PLAIN};

use super::{Failure, Outcome, gpu, say, tuning};
use report::{Peak, Report, Row};
use timing::{Timing, Work, time};
use workload::{Prepared, Workload};

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Ops, registered networks, .json files in the model format; every op and LeNet when absent
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Samples a run, in place of each workload's own number
    #[arg(long, value_name = "N")]
    batch: Option<usize>,
    /// Kernels to take, where an op has them: plain, or the name of a variant; several names take turns. Without it
    /// those that are expected to be fastest
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    kernels: Vec<String>,
    #[command(flatten)]
    tuning: tuning::TuneOptions,
    /// Times every dispatch by itself too
    #[arg(long)]
    each: bool,
    /// About so long for each number
    #[arg(long, value_name = "SECONDS", default_value_t = 0.5)]
    seconds: f64,
    /// Prints the names of the ops
    #[arg(long)]
    list: bool,
    /// One JSON object in place of the table
    #[arg(long)]
    json: bool,
}

impl Arguments {
    pub(super) fn run(&self) -> Outcome {
        if self.list {
            workload::op_names().for_each(say);
            return Ok(());
        }
        if !(self.seconds.is_finite() && self.seconds > 0.0) {
            return Err(Failure::Usage(format!("--seconds is {}; it must be above 0", self.seconds)));
        }
        let chosen = self.choices()?;
        // Names first: a wrong one needs no GPU to be told.
        workload::find(&self.names, self.batch, true)?;
        let gpu = gpu()?;
        let (_, mut memory) = self.tuning.open(gpu.clone());
        let software = AdapterKind::of(&gpu.adapter().get_info()) == AdapterKind::Software;
        let workloads = workload::find(&self.names, self.batch, software)?;
        let choices = if chosen.is_empty() { vec![("expected".to_owned(), gpu.choice())] } else { chosen };
        let bench =
            Bench { peak: measure_peak(&gpu, software, self.seconds)?, gpu, software, seconds: self.seconds };
        let mut report =
            Report { adapter: bench.gpu.adapter().get_info().name, peak: bench.peak, rows: Vec::new() };
        if !self.json {
            say(report.head());
        }
        for workload in &workloads {
            let mut choices = choices.clone();
            if let Some(memory) = &mut memory {
                memory.measure(workload.tuner(&memory.chosen(bench.gpu.clone()))?);
                choices.push(("tuned".to_owned(), memory.chosen(bench.gpu.clone()).choice()));
            }
            for row in bench.measure(workload, &choices, self.each)? {
                if self.json { report.rows.push(row) } else { say(row.line()) }
            }
        }
        if self.json { super::say_json(&report) } else { Ok(()) }
    }

    fn choices(&self) -> Outcome<Vec<(String, Choice)>> {
        let known = || VARIANTS.iter().chain([&PLAIN]);
        let choice = |name: &String| match known().find(|known| *known == name) {
            Some(&PLAIN) => Ok((name.clone(), Choice::Plain)),
            Some(variant) => Ok((name.clone(), Choice::Fixed(variant))),
            None => {
                let known: Vec<_> = known().copied().collect();
                Err(Failure::Usage(format!(
                    "there are no kernels \"{name}\"; known are {}",
                    known.join(", ")
                )))
            }
        };
        self.kernels.iter().map(choice).collect()
    }
}

/// A device whose best is known.
#[derive(Debug)]
struct Bench {
    gpu: Gpu,
    software: bool,
    peak: Peak,
    seconds: f64,
}

impl Bench {
    fn measure(&self, workload: &Workload, choices: &[(String, Choice)], each: bool) -> Result<Vec<Row>> {
        let prepared = choices
            .iter()
            .map(|(_, choice)| workload.prepare(&self.gpu, choice))
            .collect::<Result<Vec<_>>>()?;
        let mut rows = Vec::new();
        for part in 0..prepared[0].parts.len() {
            let work: Vec<_> = prepared.iter().map(|prepared| prepared.work(part)).collect();
            let timings = time(&self.gpu, &work, self.seconds)?;
            for (at, timing) in timings.iter().enumerate() {
                let what = &prepared[at].parts[part];
                let bytes = prepared[at].bytes[what.program];
                rows.push(self.row(workload, what.name.to_owned(), &choices[at].0, &work[at], timing, bytes));
            }
            if each {
                for (at, whole) in work.iter().enumerate() {
                    let single = |dispatch: usize| Work { range: dispatch..dispatch + 1, ..whole.clone() };
                    let single: Vec<_> = whole.range.clone().map(single).collect();
                    let timings = time(&self.gpu, &single, self.seconds / 4.0)?;
                    for (work, timing) in single.iter().zip(&timings) {
                        let label = workload.label(&work.program.plan().dispatches[work.range.start]);
                        rows.push(self.row(workload, label, &choices[at].0, work, timing, 0));
                    }
                }
            }
        }
        Ok(rows)
    }

    fn row(
        &self,
        workload: &Workload,
        part: String,
        kernels: &str,
        work: &Work<'_>,
        timing: &Timing,
        memory: u64,
    ) -> Row {
        let dispatches = &work.program.plan().dispatches[work.range.clone()];
        let flops = 2.0 * dispatches.iter().map(|dispatch| dispatch.macs).sum::<u64>() as f64;
        let bytes = dispatches.iter().map(workload::bytes).sum::<u64>() as f64;
        // A software adapter runs on the cores that others leave it: there processor time is what can be compared.
        let seconds = timing.processor().filter(|_| self.software).unwrap_or(timing.median());
        Row {
            workload: workload.name.clone(),
            part,
            kernels: kernels.to_owned(),
            batch: workload.batch,
            ms: 1e3 * timing.median(),
            best_ms: 1e3 * timing.best(),
            processor_ms: timing.processor().map(|seconds| 1e3 * seconds),
            gflops: flops / timing.median() / 1e9,
            of_peak: flops / seconds / 1e9 / self.peak.gflops,
            gbytes: bytes / timing.median() / 1e9,
            of_copy: bytes / seconds / 1e9 / self.peak.gbytes,
            dispatches: dispatches.len(),
            bytes: memory,
        }
    }
}

impl Prepared {
    fn work(&self, part: usize) -> Work<'_> {
        let part = &self.parts[part];
        Work { program: &self.programs[part.program], range: part.range.clone() }
    }
}

/// The best round is what the adapter can do.
fn measure_peak(gpu: &Gpu, software: bool, seconds: f64) -> Result<Peak> {
    // A GPU needs a million invocations to be busy, and more bytes than its caches hold.
    let (arithmetic, operations) = peak::arithmetic(if software { 1 << 12 } else { 1 << 20 });
    let (copy, copied) = peak::copy(if software { 1 << 20 } else { 1 << 21 });
    let programs = [arithmetic, copy]
        .map(|plan| Program::new(gpu, plan, &Externals::new()))
        .into_iter()
        .collect::<Result<Vec<_>>>()?;
    let work: Vec<_> = programs.iter().map(|program| Work { program, range: 0..1 }).collect();
    let timings = time(gpu, &work, seconds)?;
    let rate = |at: usize, count: u64| {
        let seconds = timings[at].processor().filter(|_| software).unwrap_or(timings[at].best());
        count as f64 / seconds / 1e9
    };
    Ok(Peak { gflops: rate(0, operations), gbytes: rate(1, copied), of_processor_time: software })
}
