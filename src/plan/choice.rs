//! Which of several kernels that compute the same a plan takes.
//!
//! Every op that has more than its plain kernel lists [`Candidate`]s for the shape at hand, with what a multiplication
//! is expected to cost in each. What is fast differs between adapters far more than between shapes: a software adapter
//! pays for every load, a discrete GPU for every trip to memory that its workgroup could have shared.

/// What kind of machine is behind the adapter, as far as the choice of kernels goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AdapterKind {
    /// A processor that emulates a GPU: loads are dear, barriers dearer.
    Software,
    /// A GPU.
    Gpu,
}

impl AdapterKind {
    /// The kind that an adapter's own description speaks of.
    pub fn of(info: &wgpu::AdapterInfo) -> Self {
        // Browsers tell only whether it is a fallback; no GPU has subgroups as small as a processor's.
        let small = (1..=4).contains(&info.subgroup_max_size);
        if info.device_type == wgpu::DeviceType::Cpu || small { Self::Software } else { Self::Gpu }
    }
}

/// How a plan picks among candidates. The same choice, shape and engine version always give the same kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice {
    /// The plain kernels, which all others are checked against.
    Plain,
    /// The variant of this name wherever an op offers it, the plain kernel elsewhere.
    Fixed(&'static str),
    /// What is expected to be fastest on this kind of adapter.
    Expected(AdapterKind),
}

/// Name of the kernel that every op has and that works for every shape.
pub const PLAIN: &str = "plain";

/// One way to compute something, and what it is expected to cost.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Name of the variant.
    pub name: &'static str,
    /// Expected nanoseconds per multiply-accumulate of one core of a software adapter; only ratios matter.
    pub software: f32,
    /// The same for a GPU, in units of its own.
    pub gpu: f32,
}

impl Candidate {
    /// A candidate with its expected costs on the two kinds of adapter.
    pub const fn new(name: &'static str, software: f32, gpu: f32) -> Self {
        Self { name, software, gpu }
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
    /// Name of the candidate to take; [`PLAIN`] where none fits.
    pub fn pick(self, candidates: &[Candidate]) -> &'static str {
        match self {
            Self::Plain => PLAIN,
            Self::Fixed(name) => candidates.iter().find(|c| c.name == name).map_or(PLAIN, |c| c.name),
            Self::Expected(kind) => {
                let cost = |c: &Candidate| match kind {
                    AdapterKind::Software => c.software,
                    AdapterKind::Gpu => c.gpu,
                };
                candidates.iter().min_by(|a, b| cost(a).total_cmp(&cost(b))).map_or(PLAIN, |c| c.name)
            }
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
        assert_eq!(Choice::Plain.pick(CANDIDATES), PLAIN);
        assert_eq!(Choice::Fixed("shared").pick(CANDIDATES), "shared");
        assert_eq!(Choice::Fixed("winograd").pick(CANDIDATES), PLAIN);
        assert_eq!(Choice::Expected(AdapterKind::Software).pick(CANDIDATES), "rows");
        assert_eq!(Choice::Expected(AdapterKind::Gpu).pick(CANDIDATES), "shared");
        assert_eq!(Choice::Expected(AdapterKind::Gpu).pick(&[]), PLAIN);
    }
}
