//! Which of several kernels that compute the same a plan takes.
//!
//! Every op that has more than its plain kernel lists [`Candidate`]s for the shape at hand, with what a multiplication
//! is expected to cost in each. What is fast differs between adapters far more than between shapes: a software adapter
//! pays for every load, a discrete GPU for every trip to memory that its workgroup could have shared.

use std::sync::Arc;

use super::tuning::Table;

/// What kind of machine is behind the adapter, as far as the choice of kernels goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AdapterKind {
    /// A processor that emulates a GPU: loads are dear, barriers dearer.
    Software,
    /// A GPU of which no more is known: browsers tell no more, and those without memory of their own gain least from
    /// sharing what was loaded.
    Gpu,
    /// A GPU with memory of its own.
    Discrete,
}

impl AdapterKind {
    /// The kind that an adapter's own description speaks of.
    pub fn of(info: &wgpu::AdapterInfo) -> Self {
        // Browsers tell only whether it is a fallback; no GPU has subgroups as small as a processor's.
        let small = (1..=4).contains(&info.subgroup_max_size);
        match info.device_type {
            wgpu::DeviceType::Cpu => Self::Software,
            _ if small => Self::Software,
            wgpu::DeviceType::DiscreteGpu => Self::Discrete,
            _ => Self::Gpu,
        }
    }

    /// What a candidate is expected to cost on such an adapter.
    pub(super) fn cost(self, candidate: &Candidate) -> f32 {
        match self {
            Self::Software => candidate.software,
            Self::Gpu => candidate.gpu,
            Self::Discrete => candidate.discrete,
        }
    }

    /// A candidate that is expected to cost more than so many times the cheapest is not worth a try. Of software adapters
    /// the costs were measured; of GPUs they are guesses, and there plain kernels keep more invocations busy.
    pub(super) fn doubt(self) -> f64 {
        match self {
            Self::Software => 3.0,
            Self::Gpu | Self::Discrete => 6.0,
        }
    }

    /// About how many seconds such a cost stands for; of a GPU those of a weak one.
    pub(super) fn unit(self) -> f64 {
        match self {
            Self::Software => 1e-9,
            Self::Gpu | Self::Discrete => 1e-11,
        }
    }
}

/// How a plan picks among candidates. The same choice, shape and engine version always give the same kernels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The plain kernels, which all others are checked against.
    Plain,
    /// The variant of this name wherever an op offers it, the plain kernel elsewhere.
    Fixed(&'static str),
    /// What is expected to be fastest on this kind of adapter.
    Expected(AdapterKind),
    /// What was measured to be fastest on this very adapter, and what is expected to be where nothing was measured. Results
    /// differ from those of other choices by rounding.
    Tuned(AdapterKind, Arc<Table>),
}

/// Name of the kernel that every op has and that works for every shape.
pub const PLAIN: &str = "plain";

/// Name of the kernels with tiles in workgroup memory.
const SHARED: &str = "shared";

/// One way to compute something, and what it is expected to cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Name of the variant.
    pub name: &'static str,
    /// Expected nanoseconds per multiply-accumulate of one core of a software adapter; only ratios matter.
    pub software: f32,
    /// The same for a GPU, in units of its own.
    pub gpu: f32,
    /// The same for a discrete GPU.
    pub discrete: f32,
}

impl Candidate {
    /// A candidate with its expected costs on software adapters and on GPUs.
    pub const fn new(name: &'static str, software: f32, gpu: f32) -> Self {
        Self { name, software, gpu, discrete: gpu }
    }

    /// Adds a kernel whose workgroups share what they load to all the others. `waste`: what is computed for each result that
    /// is kept. A discrete GPU takes it wherever that is little; other GPUs only where it was measured to be faster, so it
    /// is last but close behind the expected one; software adapters, for which a barrier is dearer than loads, never.
    pub fn offer_shared(candidates: &mut Vec<Self>, startup: f32, waste: f32) {
        let cheapest = candidates.iter().fold(f32::INFINITY, |least, other| least.min(other.gpu));
        let gpu = 1.5 * cheapest * waste.max(1.0);
        candidates.push(Self { discrete: startup + waste, ..Self::new(SHARED, 100.0, gpu) });
    }

    /// What a kernel with tiles of registers costs before its first run, for each of `macs` multiplications. Unrolled as
    /// they are, such kernels take a software adapter (and some drivers) tenths of a second to compile: a run of few
    /// multiplications never earns that back.
    pub fn startup(macs: f32) -> f32 {
        5e6 / macs
    }

    /// The plain kernel: about two loads for each multiplication.
    pub const fn plain() -> Self {
        Self::new(PLAIN, 20.0, 20.0)
    }
}

impl Choice {
    /// Name of the candidate to take for `key` ([`Pick::key`](super::Pick::key)); [`PLAIN`] where none fits.
    pub fn pick(&self, key: &str, candidates: &[Candidate]) -> &'static str {
        let named = |name: &str| candidates.iter().find(|c| c.name == name).map(|c| c.name);
        let expected = |kind: AdapterKind| {
            let cheapest = candidates.iter().min_by(|a, b| kind.cost(a).total_cmp(&kind.cost(b)));
            cheapest.map_or(PLAIN, |c| c.name)
        };
        match self {
            Self::Plain => PLAIN,
            Self::Fixed(name) => named(name).unwrap_or(PLAIN),
            Self::Expected(kind) => expected(*kind),
            // Of another engine's table, a variant may no longer fit.
            Self::Tuned(kind, table) => table.get(key).and_then(named).unwrap_or_else(|| expected(*kind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CANDIDATES: &[Candidate] =
        &[Candidate::plain(), Candidate::new("rows", 4.0, 6.0), Candidate::new("shared", 30.0, 1.0)];

    #[test]
    fn a_choice_is_made_by_name_or_by_expected_cost() {
        let pick = |choice: Choice| choice.pick("a", CANDIDATES);
        assert_eq!(pick(Choice::Plain), PLAIN);
        assert_eq!(pick(Choice::Fixed("shared")), "shared");
        assert_eq!(pick(Choice::Fixed("winograd")), PLAIN);
        assert_eq!(pick(Choice::Expected(AdapterKind::Software)), "rows");
        assert_eq!(pick(Choice::Expected(AdapterKind::Gpu)), "shared");
        assert_eq!(Choice::Expected(AdapterKind::Gpu).pick("a", &[]), PLAIN);
    }

    #[test]
    fn only_discrete_gpus_are_expected_to_gain_from_workgroup_memory() {
        let offered = |waste: f32| {
            let mut candidates = vec![Candidate::plain(), Candidate::new("tiled", 4.0, 4.0)];
            Candidate::offer_shared(&mut candidates, 0.1, waste);
            candidates
        };
        for (kind, waste, name) in [
            (AdapterKind::Discrete, 1.0, SHARED),
            (AdapterKind::Discrete, 30.0, "tiled"),
            (AdapterKind::Gpu, 1.0, "tiled"),
            (AdapterKind::Software, 1.0, "tiled"),
        ] {
            assert_eq!(Choice::Expected(kind).pick("a", &offered(waste)), name, "{kind:?}, {waste}");
        }
        // Measuring tries it on any GPU where little is computed in vain, on no software adapter.
        let tried = |kind: AdapterKind, waste| {
            let candidates = offered(waste);
            let costs = candidates.iter().map(|candidate| kind.cost(candidate));
            let cheapest = costs.fold(f32::INFINITY, f32::min);
            f64::from(kind.cost(&candidates[2]) / cheapest) <= kind.doubt()
        };
        assert!(tried(AdapterKind::Gpu, 1.5) && tried(AdapterKind::Discrete, 1.5));
        assert!(!tried(AdapterKind::Gpu, 8.0) && !tried(AdapterKind::Software, 1.0));
    }

    #[test]
    fn what_was_measured_counts_where_it_fits() {
        let mut table = Table::default();
        for (key, name) in [("a", "rows"), ("a", PLAIN), ("b", "tiled"), ("c", "no such kernel")] {
            table.set(key, name);
        }
        assert_eq!(table.rows().collect::<Vec<_>>(), [("a", PLAIN), ("b", "tiled")]);
        let choice = Choice::Tuned(AdapterKind::Gpu, Arc::new(table));
        for (key, name) in [("a", PLAIN), ("b", "shared"), ("c", "shared"), ("", "shared")] {
            assert_eq!(choice.pick(key, CANDIDATES), name, "{key}");
        }
    }
}
