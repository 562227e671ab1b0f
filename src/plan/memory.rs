//! Who may share memory with whom: buffers whose lifetimes do not meet take turns in one slot.

/// A buffer's demand: how large, and from which dispatch to which it holds something that is still needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lifetime {
    pub(super) elements: usize,
    pub(super) first: usize,
    pub(super) last: usize,
}

/// Slots for `lifetimes`: for each its slot, and the size of every slot.
///
/// Greedy in order of first use: the smallest free slot that is large enough; else the largest free one, grown; else
/// a new one. Slots are whole GPU buffers rather than ranges of one: WebGPU forbids binding a buffer for writing and
/// for reading in the same dispatch even where the ranges are apart.
pub(super) fn assign(lifetimes: &[Lifetime]) -> (Vec<usize>, Vec<usize>) {
    let key = |(i, lifetime): (usize, &Lifetime)| (lifetime.first, usize::MAX - lifetime.elements, i);
    let mut order: Vec<_> = lifetimes.iter().enumerate().map(key).collect();
    order.sort_unstable();
    let mut slots: Vec<Slot> = Vec::new();
    let mut slot_of = vec![0; lifetimes.len()];
    for (_, _, i) in order {
        let want = lifetimes[i];
        let free = (0..slots.len()).filter(|&s| slots[s].free_after.is_none_or(|last| last < want.first));
        let fit = free.min_by_key(|&s| {
            let size = slots[s].elements;
            if size >= want.elements { (0, size) } else { (1, usize::MAX - size) }
        });
        let slot = fit.unwrap_or_else(|| {
            slots.push(Slot { elements: 0, free_after: None });
            slots.len() - 1
        });
        slots[slot].elements = slots[slot].elements.max(want.elements);
        slots[slot].free_after = Some(want.last);
        slot_of[i] = slot;
    }
    (slot_of, slots.into_iter().map(|slot| slot.elements).collect())
}

struct Slot {
    elements: usize,
    free_after: Option<usize>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_needs_two_slots() {
        let chain: Vec<_> = (0..6).map(|i| Lifetime { elements: 10 + i, first: i, last: i + 1 }).collect();
        let (slot_of, slots) = assign(&chain);
        assert_eq!(slots.len(), 2);
        assert!(slot_of.windows(2).all(|pair| pair[0] != pair[1]));
    }

    #[test]
    fn what_lives_throughout_shares_with_nobody() {
        let lifetimes = [
            Lifetime { elements: 4, first: 0, last: usize::MAX },
            Lifetime { elements: 4, first: 1, last: 2 },
            Lifetime { elements: 4, first: 3, last: 4 },
        ];
        let (slot_of, slots) = assign(&lifetimes);
        assert_eq!((slot_of, slots), (vec![0, 1, 1], vec![4, 4]));
    }
}
