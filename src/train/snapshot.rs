//! Everything that a run's next steps depend on, as words: what comes after is the same, bit for bit, as if the run had
//! never been left.
//!
//! | words | |
//! | --- | --- |
//! | 0, 1 | [`MAGIC`], [`VERSION`] |
//! | 2, 3, 4 | marks of network, settings and data: a snapshot of others is refused |
//! | 5, 6 | seed, steps done: the order of samples and dropout's numbers follow from them |
//! | 7 … 10 | the rate that was chosen and the one that a plateau has made of it, two words each |
//! | 11 … 14 | what `ReduceLROnPlateau` remembers |
//! | 15 … | parameters, moving statistics, the optimiser's memories |

use super::feed::Schedule;
use super::session::Session;
use crate::error::{Result, bail};
use crate::gpu::{Gpu, Memory};
use crate::ops::cross_entropy::METRICS_WORDS;
use crate::optim::Optimizer;
use crate::optim::optimizer::check_rate;
use crate::optim::schedule::Monitor;
use crate::plan::External;
use crate::rng::splitmix64;

/// "CNNS" in ASCII.
const MAGIC: u32 = 0x534E_4E43;
/// Grows when an older snapshot can no longer be read.
const VERSION: u32 = 1;
const HEADER: usize = 15;
/// What a run changes on the GPU, in this order.
const MEMORIES: [External; 4] =
    [External::Parameters, External::State, External::Momentum, External::Velocity];

/// A snapshot on its way from the GPU.
#[derive(Debug)]
pub struct PendingSnapshot {
    gpu: Gpu,
    header: [u32; HEADER],
    staging: Memory,
}

impl PendingSnapshot {
    /// Waits for it.
    pub async fn read(self) -> Result<Vec<u32>> {
        let mut words = self.header.to_vec();
        words.extend(self.gpu.map::<u32>(&self.staging).await?);
        Ok(words)
    }
}

impl Session {
    /// Copies the state after all steps that were submitted.
    pub fn submit_snapshot(&self) -> PendingSnapshot {
        let staging = self.gpu.staging("snapshot", self.memories().map(Memory::bytes).sum());
        let mut encoder = self.gpu.encoder();
        let mut at = 0;
        for memory in self.memories() {
            encoder.copy_buffer_to_buffer(memory.buffer(), 0, staging.buffer(), at, memory.bytes());
            at += memory.bytes();
        }
        self.gpu.submit(encoder);
        PendingSnapshot { gpu: self.gpu.clone(), header: self.header(), staging }
    }

    /// Goes on from a snapshot of the same network, settings and data. Learning rate and seed become the snapshot's; the
    /// schedule must have been set before.
    pub fn restore(&mut self, snapshot: &[u32]) -> Result<()> {
        let want = self.header();
        if snapshot.len() < HEADER || snapshot[0] != MAGIC {
            bail!("this is no snapshot of a run");
        }
        if snapshot[1] != VERSION {
            bail!(
                "the snapshot has version {}, this engine reads {VERSION}; train the run again",
                snapshot[1]
            );
        }
        for (mark, what) in [(2, "network"), (3, "training settings"), (4, "data")] {
            if snapshot[mark] != want[mark] {
                bail!("the snapshot belongs to other {what}; open it with those that it was saved with");
            }
        }
        let body = 4 * (snapshot.len() - HEADER) as u64;
        let expected: u64 = self.memories().map(Memory::bytes).sum();
        if body != expected {
            bail!("the snapshot has {body} bytes of state, the network needs {expected}; it is not whole");
        }
        let real = |at: usize| f64::from_bits(u64::from(snapshot[at + 1]) << 32 | u64::from(snapshot[at]));
        let (chosen, target) = (real(7), real(9));
        check_rate(chosen)?;
        check_rate(target)?;
        let seed = snapshot[5];
        if let Some((feed, schedule)) = &mut self.feed {
            *schedule = Schedule::new(feed.dataset(), self.config.validation_split, self.config.batch, seed)?;
        }
        let mut at = HEADER;
        for memory in self.memories() {
            let words = memory.bytes() as usize / 4;
            self.gpu.write(memory, 0, &snapshot[at..at + words]);
            at += words;
        }
        self.begin_at(seed, snapshot[6]);
        (self.chosen_rate, self.target_rate) = (chosen, target);
        self.monitor = Monitor { best: real(11), wait: snapshot[13], cooldown: snapshot[14] };
        Ok(())
    }

    fn memories(&self) -> impl Iterator<Item = &Memory> {
        MEMORIES.iter().filter_map(|&external| self.externals.get(external))
    }

    fn header(&self) -> [u32; HEADER] {
        let Self { chosen_rate, target_rate, monitor, .. } = self;
        let mut header = [0; HEADER];
        header[..7].copy_from_slice(&[
            MAGIC,
            VERSION,
            mark(&format!("{:?}", self.graph.network())),
            mark(&settings(self)),
            mark(&data(self)),
            self.config.seed,
            self.done,
        ]);
        let reals = [*chosen_rate, *target_rate, monitor.best].map(f64::to_bits);
        for (pair, bits) in header[7..13].chunks_exact_mut(2).zip(reals) {
            pair.copy_from_slice(&[bits as u32, (bits >> 32) as u32]);
        }
        header[13..].copy_from_slice(&[monitor.wait, monitor.cooldown]);
        header
    }

    /// Forgets what was measured so far, and counts on from `done` steps.
    pub(super) fn begin_at(&mut self, seed: u32, done: u32) {
        self.config.seed = seed;
        self.remember();
        self.gpu.write(&self.metrics, 0, &vec![0u32; METRICS_WORDS * self.weights.len()]);
        self.done = done;
        self.recent.clear();
        self.stopped = None;
    }
}

/// All settings that the state's form or meaning depends on; the learning rate is part of the state.
fn settings(session: &Session) -> String {
    let mut optimizer = session.config.optimizer;
    match &mut optimizer {
        Optimizer::Sgd { learning_rate, .. }
        | Optimizer::Adam { learning_rate, .. }
        | Optimizer::AdamW { learning_rate, .. }
        | Optimizer::Rmsprop { learning_rate, .. } => *learning_rate = 0.0,
    }
    let config = &session.config;
    let numbers = (config.batch, config.validation_split, config.label_smoothing);
    format!("{optimizer:?} {:?} {numbers:?} {:?} {}", config.clipping, session.weights, config.augment)
}

fn data(session: &Session) -> String {
    let data = session.feed.as_ref().map(|(feed, _)| feed.dataset());
    data.map_or_else(String::new, |data| format!("{} {:?} {:?}", data.name, data.shape, data.labels))
}

fn mark(text: &str) -> u32 {
    text.bytes().fold(0, |hash, byte| splitmix64(hash ^ u64::from(byte))) as u32
}
