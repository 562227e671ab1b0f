//! Walks through a plan and keeps account of whose values lie in which piece of memory.

use cnn_playground::plan::{Access, Dispatch, Plan, Slice};

/// Whether every dispatch finds what it reads, and what is wanted afterwards is still there.
pub(crate) fn check(plan: &Plan) -> Result<(), String> {
    let rivals = rivals(plan);
    // Whose values are in memory. What somebody outside writes before the plan runs is there already.
    let mut there = vec![false; plan.buffers.len()];
    for slice in plan.values.first().into_iter().chain([&plan.labels]).flatten() {
        there[slice.buffer.0] = !plan.dispatches.iter().any(|dispatch| writes(dispatch, slice.buffer.0));
    }
    for (at, dispatch) in plan.dispatches.iter().enumerate() {
        let fail = |what: &str, slice: Slice| {
            let kernel = dispatch.kernel;
            let label = &plan.buffers[slice.buffer.0].label;
            format!("dispatch {at}, {} {}: {what} \"{label}\"", kernel.shader.file, kernel.entry_point)
        };
        conflicts(plan, dispatch).map_or(Ok(()), |slice| Err(fail("binds twice the memory of", slice)))?;
        for (binding, slice) in dispatch.bound() {
            let buffer = &plan.buffers[slice.buffer.0];
            let room = buffer.slot.map_or(buffer.elements, |slot| plan.slots[slot] - buffer.offset);
            if slice.offset + slice.elements > room {
                return Err(fail("goes past the end of", slice));
            }
            if buffer.slot.is_some() && binding.access == Access::Read && !there[slice.buffer.0] {
                return Err(fail("reads what is not there:", slice));
            }
        }
        for (_, slice) in dispatch.bound().filter(|(binding, _)| binding.access == Access::ReadWrite) {
            rivals[slice.buffer.0].iter().for_each(|&rival| there[rival] = false);
            there[slice.buffer.0] = true;
        }
    }
    let lost = |(b, buffer): (usize, &cnn_playground::plan::Buffer)| {
        let lost = buffer.pinned && rivals[b].iter().any(|&rival| there[rival]);
        lost.then(|| format!("\"{}\" is wanted in the end and not there", buffer.label))
    };
    plan.buffers.iter().enumerate().find_map(lost).map_or(Ok(()), Err)
}

/// For each buffer those that lie in the same memory, or in a part of it.
fn rivals(plan: &Plan) -> Vec<Vec<usize>> {
    let place = |b: usize| {
        let buffer = &plan.buffers[b];
        buffer.slot.map(|slot| (slot, buffer.offset, buffer.offset + buffer.elements))
    };
    let meet = |a: usize, b: usize| match (place(a), place(b)) {
        (Some((a, from, to)), Some((b, start, end))) => a == b && from < end && start < to,
        _ => false,
    };
    let all = 0..plan.buffers.len();
    all.clone().map(|a| all.clone().filter(|&b| a != b && meet(a, b)).collect()).collect()
}

fn writes(dispatch: &Dispatch, buffer: usize) -> bool {
    dispatch.bound().any(|(binding, slice)| binding.access == Access::ReadWrite && slice.buffer.0 == buffer)
}

/// A slice whose memory WebGPU would not let this dispatch bind: a buffer is either read or written in a dispatch, and
/// no word of it is bound twice for writing.
fn conflicts(plan: &Plan, dispatch: &Dispatch) -> Option<Slice> {
    let same = |a: Slice, b: Slice| match (plan.buffers[a.buffer.0].slot, plan.buffers[b.buffer.0].slot) {
        (Some(a), Some(b)) => a == b,
        _ => a.buffer == b.buffer,
    };
    let start = |slice: Slice| plan.buffers[slice.buffer.0].offset + slice.offset;
    let overlap = |a: Slice, b: Slice| start(a) < start(b) + b.elements && start(b) < start(a) + a.elements;
    let bound: Vec<_> = dispatch.bound().collect();
    for (i, &(first, a)) in bound.iter().enumerate() {
        for &(second, b) in bound[i + 1..].iter().filter(|(_, b)| same(a, *b)) {
            let written = [first, second].map(|binding| binding.access == Access::ReadWrite);
            if written == [true, true] && overlap(a, b) || written[0] != written[1] {
                return Some(b);
            }
        }
    }
    None
}
