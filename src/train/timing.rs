//! How long dispatches take on the GPU.

use std::ops::Range;

use super::ask::PendingAnswer;
use crate::error::{Result, bail};
use crate::gpu::{Gpu, Program};

/// Bytes of two readings of the GPU's clock.
const READINGS: u64 = 16;

/// Whether the GPU has a clock that we may read.
pub(super) fn has_clock(gpu: &Gpu) -> bool {
    gpu.device().features().contains(wgpu::Features::TIMESTAMP_QUERY)
}

/// Submits `times` runs of some dispatches of a program, one after the other, between two readings of the GPU's clock. What
/// they write outside of the program is put back afterwards: neither weights nor statistics change.
///
/// The answer is the two readings, lower word first, in ticks of [`wgpu::Queue::get_timestamp_period`] nanoseconds (1 in
/// browsers), and only zeros where the GPU has no clock.
pub fn submit_timing(
    gpu: &Gpu,
    program: &Program,
    range: Range<usize>,
    times: usize,
) -> Result<PendingAnswer> {
    let count = program.plan().dispatches.len();
    if range.start > range.end || range.end > count {
        bail!("dispatches {range:?} were asked for; there are {count}");
    }
    let kept = program.keep(gpu, range.clone())?;
    let queries = has_clock(gpu).then(|| {
        gpu.device().create_query_set(&wgpu::QuerySetDescriptor {
            label: None,
            ty: wgpu::QueryType::Timestamp,
            count: 2,
        })
    });
    let readings = gpu.memory("readings", READINGS as usize / 4, wgpu::BufferUsages::QUERY_RESOLVE)?;
    let staging = gpu.staging("readings", READINGS);
    let mut encoder = gpu.encoder();
    kept.encode(&mut encoder, false);
    let timestamp_writes = queries.as_ref().map(|query_set| wgpu::ComputePassTimestampWrites {
        query_set,
        beginning_of_pass_write_index: Some(0),
        end_of_pass_write_index: Some(1),
    });
    let descriptor = wgpu::ComputePassDescriptor { label: None, timestamp_writes };
    let mut pass = encoder.begin_compute_pass(&descriptor);
    for _ in 0..times {
        program.launch_in(&mut pass, range.clone());
    }
    drop(pass);
    kept.encode(&mut encoder, true);
    if let Some(queries) = &queries {
        encoder.resolve_query_set(queries, 0..2, readings.buffer(), 0);
    }
    encoder.copy_buffer_to_buffer(readings.buffer(), 0, staging.buffer(), 0, READINGS);
    gpu.submit(encoder);
    Ok(PendingAnswer::of(gpu, staging))
}
