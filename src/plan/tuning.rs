//! What a plan had to choose, so that it can be measured, and what was chosen after measuring.

use std::ops::Range;

use super::Plan;
use super::choice::{Candidate, Choice, PLAIN};
use crate::graph::Graph;
use crate::ops::VARIANTS;

/// A place where a plan had candidates for the same work.
#[derive(Clone, Debug)]
pub struct Pick {
    /// What is computed, the same text wherever it is the same: op and direction, then all sizes as the kernel gets them.
    pub key: String,
    /// Index of the layer.
    pub layer: usize,
    /// The first dispatch of the one that was taken.
    pub(super) first: usize,
    /// What could have been taken.
    pub candidates: Vec<Candidate>,
}

/// Which variant computes what, by [`Pick::key`]: measured on one adapter. What a table does not say is left to the expected
/// costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table(Vec<(String, &'static str)>);

/// Something to measure: a shape that occurs in a plan and can be computed in several ways.
#[derive(Clone, Debug)]
pub struct Tunable {
    /// As in [`Pick::key`].
    pub key: String,
    /// Indices of the layers that it stands for.
    pub layers: Vec<usize>,
    /// Variants that are worth a try with the expected seconds of a run, the expected one first.
    pub candidates: Vec<(&'static str, f64)>,
    /// Multiply-accumulates of a run; of pools and norms values.
    pub work: u64,
}

/// The variant of this name.
pub(crate) fn variant(name: &str) -> Option<&'static str> {
    VARIANTS.iter().chain([&PLAIN]).find(|known| **known == name).copied()
}

impl Table {
    /// The variant for a key.
    pub fn get(&self, key: &str) -> Option<&'static str> {
        self.0.iter().find(|(known, _)| known == key).map(|&(_, name)| name)
    }

    /// Enters a variant in place of what was there. A name that no variant has is passed over.
    pub fn set(&mut self, key: &str, name: &str) {
        if let Some(name) = variant(name) {
            self.0.retain(|(known, _)| known != key);
            self.0.push((key.to_owned(), name));
        }
    }

    /// All keys with their variants, in the order of entry.
    pub fn rows(&self) -> impl Iterator<Item = (&str, &'static str)> {
        self.0.iter().map(|(key, name)| (&key[..], *name))
    }
}

impl Plan {
    /// Dispatches that this plan takes for a key, where it comes up first.
    pub fn picked(&self, key: &str) -> Option<Range<usize>> {
        let at = self.picks.iter().position(|pick| pick.key == key)?;
        let first = self.picks[at].first;
        let of = |at: usize| (self.dispatches[at].layer, self.dispatches[at].pass);
        let next = self.picks.get(at + 1).map_or(self.dispatches.len(), |pick| pick.first);
        let end = (first..next).find(|&at| of(at) != of(first)).unwrap_or(next);
        Some(first..end)
    }

    /// What can be measured of this plan of `graph`, the longest work first. Nothing where the choice is not by cost.
    pub fn tunables(&self, graph: &Graph) -> Vec<Tunable> {
        let (Choice::Expected(kind) | Choice::Tuned(kind, _)) = self.options.choice else {
            return Vec::new();
        };
        let mut found: Vec<Tunable> = Vec::new();
        for pick in &self.picks {
            if let Some(known) = found.iter_mut().find(|known| known.key == pick.key) {
                known.layers.push(pick.layer);
                continue;
            }
            let layer = &graph.layers[pick.layer];
            let work = self.options.batch as u64 * layer.macs.max(layer.shape.elements() as u64);
            let mut candidates: Vec<(&'static str, f64)> = Vec::new();
            for candidate in &pick.candidates {
                let seconds = work as f64 * f64::from(kind.cost(candidate)) * kind.unit();
                insert(&mut candidates, (candidate.name, seconds), |(_, seconds)| *seconds);
            }
            let limit = kind.doubt() * candidates[0].1;
            candidates.retain(|&(_, seconds)| seconds <= limit);
            if candidates.len() > 1 {
                found.push(Tunable { key: pick.key.clone(), layers: vec![pick.layer], candidates, work });
            }
        }
        let mut sorted = Vec::new();
        for tunable in found {
            insert(&mut sorted, tunable, |of| -of.candidates[0].1 * of.layers.len() as f64);
        }
        sorted
    }
}

/// Inserts where it belongs. Lists here are short, and the library's sorting is several KB of what students download.
fn insert<T>(sorted: &mut Vec<T>, item: T, by: impl Fn(&T) -> f64) {
    let at = sorted.iter().position(|other| by(other) > by(&item)).unwrap_or(sorted.len());
    sorted.insert(at, item);
}
