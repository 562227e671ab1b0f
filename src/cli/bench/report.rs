//! What was measured, as JSON and as a table.

use serde::Serialize;

/// The adapter's own limits.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct Peak {
    /// Fused multiply-adds in registers, counted twice: 10⁹ operations a second.
    pub(super) gflops: f64,
    /// Bytes that a copying kernel reads and writes: 10⁹ a second.
    pub(super) gbytes: f64,
    /// Whether both, and all shares of them, are for a second of processor time; on software adapters.
    pub(super) of_processor_time: bool,
}

/// One part of a workload, or one dispatch of it, with one choice of kernels.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Row {
    pub(super) workload: String,
    /// `forward` and `backward` of an op, `inference` and training `step` of a network, or a dispatch.
    pub(super) part: String,
    /// How its kernels were chosen.
    pub(super) kernels: String,
    pub(super) batch: usize,
    /// Milliseconds, of the round in the middle.
    pub(super) ms: f64,
    /// Milliseconds of the shortest round.
    pub(super) best_ms: f64,
    /// Milliseconds of processor time of all threads of this program, where the system tells.
    pub(super) processor_ms: Option<f64>,
    /// 10⁹ multiplications and additions of convolutions and dense layers a second.
    pub(super) gflops: f64,
    /// The same as a share of the adapter's peak.
    pub(super) of_peak: f64,
    /// 10⁹ bytes a second, everything that is bound counted once.
    pub(super) gbytes: f64,
    /// The same as a share of what a copying kernel moves.
    pub(super) of_copy: f64,
    pub(super) dispatches: usize,
    /// Bytes of GPU memory: activations, weights, what belongs to them. 0 for a single dispatch.
    pub(super) bytes: u64,
}

/// All that was measured.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Report {
    pub(super) adapter: String,
    pub(super) peak: Peak,
    pub(super) rows: Vec<Row>,
}

impl Report {
    /// The adapter, and the head of the table.
    pub(super) fn head(&self) -> String {
        let Peak { gflops, gbytes, of_processor_time } = self.peak;
        let per = if of_processor_time { " of processor time, and so are the shares below" } else { "" };
        format!(
            "{}: {gflops:.1} GFLOP/s in registers, {gbytes:.1} GB/s copied, a second{per}\n\n{:22} {:42} {:9} {:>5} \
             {:>9} {:>9} {:>9} {:>9} {:>7} {:>8} {:>7} {:>10} {:>8}",
            self.adapter,
            "workload",
            "part",
            "kernels",
            "batch",
            "ms",
            "best",
            "processor",
            "GFLOP/s",
            "of peak",
            "GB/s",
            "of copy",
            "dispatches",
            "MiB"
        )
    }
}

impl Row {
    /// One line of the table.
    pub(super) fn line(&self) -> String {
        let share = |share: f64| format!("{:.0} %", 100.0 * share);
        let (gflops, of_peak) = match self.gflops {
            0.0 => (String::new(), String::new()),
            gflops => (format!("{gflops:.2}"), share(self.of_peak)),
        };
        let mebibytes = match self.bytes {
            0 => String::new(),
            bytes => format!("{:.1}", bytes as f64 / f64::from(1 << 20)),
        };
        format!(
            "{:22} {:42} {:9} {:5} {:9.3} {:9.3} {:>9} {gflops:>9} {of_peak:>7} {:8.2} {:>7} {:10} {mebibytes:>8}",
            self.workload,
            self.part,
            self.kernels,
            self.batch,
            self.ms,
            self.best_ms,
            self.processor_ms.map_or_else(String::new, |ms| format!("{ms:.3}")),
            self.gbytes,
            share(self.of_copy),
            self.dispatches,
        )
        .trim_end()
        .to_owned()
    }
}
