//! How long dispatches take on the GPU.

use std::ops::Range;

use super::{Gpu, Memory, Program};
use crate::error::{Result, bail};

/// A measurement that is under way.
#[derive(Debug)]
pub struct PendingTime {
    gpu: Gpu,
    staging: Memory,
    has_clock: bool,
}

impl Program {
    /// Submits `times` runs of some of its dispatches, one after the other, between two readings of the GPU's clock. What
    /// they write outside of the program is put back afterwards: neither weights nor statistics change.
    pub fn submit_timing(&self, gpu: &Gpu, range: Range<usize>, times: usize) -> Result<PendingTime> {
        let count = self.plan().dispatches.len();
        if range.start > range.end || range.end > count {
            bail!("dispatches {range:?} were asked for; there are {count}");
        }
        let kept = self.keep(gpu, range.clone())?;
        let clock = Clock::new(gpu)?;
        let mut encoder = gpu.encoder();
        kept.encode(&mut encoder, false);
        {
            let timestamp_writes = clock.queries.as_ref().map(|queries| wgpu::ComputePassTimestampWrites {
                query_set: queries,
                beginning_of_pass_write_index: Some(0),
                end_of_pass_write_index: Some(1),
            });
            let descriptor = wgpu::ComputePassDescriptor { label: None, timestamp_writes };
            let mut pass = encoder.begin_compute_pass(&descriptor);
            for _ in 0..times {
                self.launch_in(&mut pass, range.clone());
            }
        }
        kept.encode(&mut encoder, true);
        let staging = gpu.staging("times", 16);
        if let Some(queries) = &clock.queries {
            encoder.resolve_query_set(queries, 0..2, clock.times.buffer(), 0);
        }
        encoder.copy_buffer_to_buffer(clock.times.buffer(), 0, staging.buffer(), 0, 16);
        gpu.submit(encoder);
        Ok(PendingTime { gpu: gpu.clone(), staging, has_clock: clock.queries.is_some() })
    }
}

/// Two readings of the GPU's clock, where it has one.
struct Clock {
    queries: Option<wgpu::QuerySet>,
    times: Memory,
}

impl Clock {
    fn new(gpu: &Gpu) -> Result<Self> {
        let has_clock = gpu.device().features().contains(wgpu::Features::TIMESTAMP_QUERY);
        let queries = has_clock.then(|| {
            gpu.device().create_query_set(&wgpu::QuerySetDescriptor {
                label: None,
                ty: wgpu::QueryType::Timestamp,
                count: 2,
            })
        });
        Ok(Self { queries, times: gpu.memory("times", 4, wgpu::BufferUsages::QUERY_RESOLVE)? })
    }
}

impl PendingTime {
    /// Waits until all runs are done: seconds between the two readings, or `None` where the GPU has no clock and whoever
    /// asked has to look at theirs.
    pub async fn read(self) -> Result<Option<f64>> {
        let times: Vec<u64> = self.gpu.map(&self.staging).await?;
        self.gpu.check()?;
        let ticks = times[1].saturating_sub(times[0]) as f64;
        Ok(self.has_clock.then(|| ticks * f64::from(self.gpu.queue().get_timestamp_period()) / 1e9))
    }
}
