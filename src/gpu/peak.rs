//! What an adapter can do at best: two plans to time, by which every other kernel is judged.

use crate::plan::{
    Binding, BufferId, Choice, Dispatch, Kernel, Layout, Plan, PlanOptions, Purpose, Shader, Slice, Target,
    wgsl,
};

/// `shaders/peak.wgsl`
pub static SHADER: Shader = Shader {
    file: "peak.wgsl",
    source: wgsl!("peak.wgsl"),
    bindings: &[Binding::read("source"), Binding::write("copied")],
    dims: Layout::NONE,
};
static ARITHMETIC: Kernel = Kernel { shader: &SHADER, entry_point: "arithmetic", workgroup_size: [64, 1, 1] };
static COPY: Kernel = Kernel { shader: &SHADER, entry_point: "copy", workgroup_size: [64, 1, 1] };

/// Floating-point operations of one invocation of `arithmetic`.
const OPERATIONS: usize = 2 * 32 * 512;

/// Fused multiply-adds in registers, and the operations that a run of it is: each counts as two.
pub fn arithmetic(invocations: usize) -> (Plan, u64) {
    let plan = plan([4 * invocations, 4 * invocations], |[_, copied]| {
        Dispatch::new(&ARITHMETIC).bind("copied", copied).threads(invocations)
    });
    (plan, (OPERATIONS * invocations) as u64)
}

/// A copy of so many vec4s, and the bytes that a run of it reads and writes.
pub fn copy(fours: usize) -> (Plan, u64) {
    let plan = plan([4 * fours, 4 * fours], |[source, copied]| {
        Dispatch::new(&COPY).bind("source", source).bind("copied", copied).threads(fours)
    });
    (plan, 32 * fours as u64)
}

fn plan(sizes: [usize; 2], dispatch: impl FnOnce([Slice; 2]) -> Dispatch) -> Plan {
    let buffer = |at: usize, label: &str| crate::plan::Buffer {
        label: label.to_owned(),
        elements: sizes[at],
        purpose: Purpose::Scratch,
        pinned: true,
        slot: Some(at),
        offset: 0,
    };
    let slice = |at: usize| Slice { buffer: BufferId(at), offset: 0, elements: sizes[at] };
    Plan {
        options: PlanOptions::new(1, false, Target::Outputs, Choice::Plain),
        dispatches: vec![dispatch([slice(0), slice(1)])],
        buffers: vec![buffer(0, "source"), buffer(1, "copied")],
        slots: sizes.to_vec(),
        values: Vec::new(),
        gradients: Vec::new(),
        parameters: Vec::new(),
        parameter_gradients: Vec::new(),
        labels: None,
        losses: Vec::new(),
        picks: Vec::new(),
    }
}
