//! Who may share memory with whom.
//!
//! A slot is one GPU buffer. The plan's buffers take ranges of it, and two may take the same range if the one is done
//! with before the other begins. One more rule is WebGPU's: what a dispatch writes lies in no slot that it also reads,
//! however far apart the ranges are.

use super::dispatch::{ALIGN, Dispatch};
use super::{Buffer, Plan, Purpose};

/// Offsets of uniform bindings are multiples of this (`minUniformBufferOffsetAlignment`).
pub(crate) const UNIFORM_ALIGN: usize = 256;

impl Plan {
    /// Bytes of GPU memory that a [`Program`](crate::gpu::Program) of this plan allocates: slots, and the numbers of its
    /// dispatches. Memory from outside is not among them.
    pub fn bytes(&self) -> u64 {
        // In wasm a usize ends at 4 GiB, and a plan that is only described need not fit.
        let slots: u64 = self.slots.iter().map(|&elements| 4 * elements as u64).sum();
        let dims: usize = self.dispatches.iter().map(|d| d.dims.len().next_multiple_of(UNIFORM_ALIGN)).sum();
        slots + dims as u64
    }
}

/// A buffer's demand: how large, and from which dispatch to which it holds something that is still needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Lifetime {
    elements: usize,
    first: usize,
    last: usize,
}

/// A buffer's place: a slot, and the value number in it at which the buffer begins.
type Place = (usize, usize);

/// Gives every buffer that is used its place, and returns the sizes of the slots. Lifetimes come from the dispatches
/// themselves: from first touch to last.
pub(super) fn assign_slots(buffers: &mut [Buffer], dispatches: &[Dispatch], reuse: bool) -> Vec<usize> {
    let mut spans: Vec<Option<(usize, usize)>> =
        buffers.iter().map(|buffer| buffer.pinned.then_some((0, usize::MAX))).collect();
    let mut apart = vec![Vec::new(); buffers.len()];
    for (at, dispatch) in dispatches.iter().enumerate() {
        for (binding, slice) in dispatch.bound() {
            let b = slice.buffer.0;
            let last = &mut spans[b].get_or_insert((at, at)).1;
            *last = at.max(*last);
            let others = dispatch.bound().filter(|(other, _)| other.access != binding.access);
            apart[b].extend(others.map(|(_, other)| other.buffer.0));
        }
    }
    let mut local = Vec::new();
    let mut lifetimes = Vec::new();
    for (b, span) in spans.into_iter().enumerate() {
        let outside = matches!(buffers[b].purpose, Purpose::External(_));
        let (first, last) = if reuse { span.unwrap_or_default() } else { (0, usize::MAX) };
        lifetimes.push(Lifetime { elements: buffers[b].elements.next_multiple_of(ALIGN), first, last });
        if span.is_some() && !outside {
            local.push(b);
        }
    }
    let (places, slots) = assign(local, &lifetimes, &apart);
    for (b, (slot, offset)) in places {
        buffers[b].slot = Some(slot);
        buffers[b].offset = offset;
    }
    slots
}

/// Places for these `buffers`, and the size of every slot. `apart` says for each which others may not share its slot.
///
/// Large ones first, each where it makes the memory grow least (Pisarchyk and Lee, "Efficient Memory Management for
/// Deep Neural Net Inference", 2020): a buffer opens a slot only if no gap in time and place takes it, and the small
/// ones fill what the large ones leave. No slot is larger than the largest buffer.
fn assign(
    buffers: Vec<usize>,
    lifetimes: &[Lifetime],
    apart: &[Vec<usize>],
) -> (Vec<(usize, Place)>, Vec<usize>) {
    let mut rest = buffers;
    let mut slots: Vec<Slot> = Vec::new();
    let mut places = Vec::new();
    // Of equals the first. Choosing the next one again and again takes a fraction of a sort's code in wasm.
    let size =
        |at: &usize, rest: &[usize]| (lifetimes[rest[*at]].elements, usize::MAX - lifetimes[rest[*at]].first);
    while let Some(next) = (0..rest.len()).rev().max_by_key(|at| size(at, &rest)) {
        let b = rest.remove(next);
        let want = lifetimes[b];
        let largest = slots.first().map_or(want.elements, |slot| slot.elements);
        // What the memory grows by, and where.
        let mut best = (want.elements, slots.len(), 0);
        for (s, slot) in slots.iter().enumerate() {
            if slot.members.iter().any(|(member, ..)| apart[b].contains(member)) {
                continue;
            }
            let offset = slot.gap(want);
            let end = offset + want.elements;
            let growth = end.saturating_sub(slot.elements);
            if end <= largest && growth < best.0 {
                best = (growth, s, offset);
            }
        }
        let (growth, s, offset) = best;
        if s == slots.len() {
            slots.push(Slot::default());
        }
        slots[s].elements += growth;
        let members = &mut slots[s].members;
        let at = members.partition_point(|&(_, before, _)| before < offset);
        members.insert(at, (b, offset, want));
        places.push((b, (s, offset)));
    }
    (places, slots.into_iter().map(|slot| slot.elements).collect())
}

#[derive(Default)]
struct Slot {
    elements: usize,
    /// Who lies in it, from which value on, and when; by the value.
    members: Vec<(usize, usize, Lifetime)>,
}

impl Slot {
    /// The first offset at which `want` meets nobody.
    fn gap(&self, want: Lifetime) -> usize {
        let alive = |of: &Lifetime| of.first <= want.last && want.first <= of.last;
        let mut at = 0;
        for &(_, offset, of) in self.members.iter().filter(|(_, _, of)| alive(of)) {
            if offset >= at + want.elements {
                break;
            }
            at = at.max(offset + of.elements);
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assigned(lifetimes: &[(usize, usize, usize)], pairs: &[[usize; 2]]) -> (Vec<Place>, Vec<usize>) {
        let lifetimes: Vec<_> =
            lifetimes.iter().map(|&(elements, first, last)| Lifetime { elements, first, last }).collect();
        let mut apart = vec![Vec::new(); lifetimes.len()];
        for &[a, b] in pairs {
            apart[a].push(b);
            apart[b].push(a);
        }
        let (mut places, slots) = assign((0..lifetimes.len()).collect(), &lifetimes, &apart);
        places.sort_unstable();
        (places.into_iter().map(|(_, place)| place).collect(), slots)
    }

    #[test]
    fn a_chain_needs_two_slots() {
        let chain: Vec<_> = (0..6).map(|i| (10 + i, i, i + 1)).collect();
        let pairs: Vec<_> = (0..5).map(|i| [i, i + 1]).collect();
        let (places, slots) = assigned(&chain, &pairs);
        assert_eq!(slots, [15, 14]);
        assert!(places.windows(2).all(|pair| pair[0].0 != pair[1].0));
    }

    #[test]
    fn small_ones_lie_side_by_side_where_a_large_one_will_be() {
        let (places, slots) = assigned(&[(8, 4, 5), (4, 0, 3), (4, 1, 2), (4, 3, 3)], &[]);
        assert_eq!((places, slots), (vec![(0, 0), (0, 0), (0, 4), (0, 4)], vec![8]));
    }

    #[test]
    fn what_one_dispatch_reads_and_writes_lies_in_different_slots() {
        let (places, slots) = assigned(&[(8, 0, 1), (4, 2, 3), (4, 2, 3)], &[[1, 2]]);
        assert_eq!((places, slots), (vec![(0, 0), (0, 0), (1, 0)], vec![8, 4]));
    }

    #[test]
    fn what_lives_throughout_shares_with_nobody() {
        let (places, slots) = assigned(&[(4, 0, usize::MAX), (4, 1, 2), (4, 3, 4)], &[]);
        assert_eq!((places, slots), (vec![(0, 0), (1, 0), (1, 0)], vec![4, 4]));
    }
}
