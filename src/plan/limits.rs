//! Whether an adapter can run a plan.

use super::dispatch::{Access, Slice};
use super::{External, Plan, Purpose};
use crate::error::{Result, bail};

/// Rounded up to whole vec4s; places in an arena start at multiples of 64 values, so none overlap.
pub(crate) fn binding_bytes(slice: Slice) -> u64 {
    16 * slice.elements.div_ceil(4) as u64
}

impl Plan {
    /// Whether every kernel may see as much of a buffer at once as it does, with `limit` bytes a binding
    /// (`maxStorageBufferBindingSize`).
    pub fn check_bindings(&self, limit: u64) -> Result<()> {
        for dispatch in &self.dispatches {
            let Some((binding, slice)) = dispatch.bound().find(|&(_, slice)| binding_bytes(slice) > limit)
            else {
                continue;
            };
            // What it computes bears the name of its layer.
            let result = dispatch.bound().find(|(binding, _)| binding.access == Access::ReadWrite);
            bail!(
                "the {} of \"{}\" takes {} MiB at once, this adapter binds {} MiB; use fewer units or filters there, or a \
                 smaller batch",
                binding.name.trim_end_matches(|c: char| c.is_ascii_digit()),
                result.map_or("", |(_, slice)| &self.buffers[slice.buffer.0].label),
                binding_bytes(slice).div_ceil(1 << 20),
                limit >> 20
            );
        }
        Ok(())
    }

    /// Whether every buffer may be as large as it is, with `limit` bytes each (`maxBufferSize`).
    pub fn check_buffers(&self, limit: u64) -> Result<()> {
        for buffer in &self.buffers {
            if let Purpose::External(external) = buffer.purpose {
                check_external(external, buffer.elements, limit)?;
            }
        }
        let slots = self.slots.iter().enumerate().map(|(slot, &elements)| {
            let users = self.buffers.iter().filter(|buffer| buffer.slot == Some(slot));
            let largest = users.max_by_key(|buffer| buffer.elements);
            (largest.map_or_else(String::new, |buffer| format!("\"{}\"", buffer.label)), elements)
        });
        match slots.max_by_key(|&(_, elements)| elements) {
            Some((label, elements)) if 4 * elements as u64 > limit => bail!(
                "{label} needs {} MiB in one piece, this adapter allows {} MiB; use a smaller batch or smaller layers",
                (4 * elements as u64).div_ceil(1 << 20),
                limit >> 20
            ),
            _ => Ok(()),
        }
    }
}

/// Whether a buffer that outlives the plan may be as large as it is.
pub(crate) fn check_external(external: External, elements: usize, limit: u64) -> Result<()> {
    let bytes = 4 * elements as u64;
    if bytes > limit {
        bail!(
            "{} needs {} MiB in one piece, this adapter allows {} MiB, whatever the batch; use fewer units or filters in the \
             layers with the most weights",
            what(external),
            bytes.div_ceil(1 << 20),
            limit >> 20
        );
    }
    Ok(())
}

fn what(external: External) -> &'static str {
    match external {
        External::Parameters => "the arena of all trained weights",
        External::Gradients => "the arena of all gradients",
        External::State => "the arena of frozen weights and moving statistics",
        _ => "a buffer of the optimiser's",
    }
}
