//! From graph to plan: the dispatches of a step, their buffers, and who may share memory with whom.

mod builder;
mod choice;
mod context;
mod dispatch;
mod memory;
mod sketch;
mod update;

pub use builder::{Batch, Buffer, External, Plan, PlanOptions, Purpose, Target, plan};
pub(crate) use builder::{parameter_elements, place_parameters, state_elements};
pub use choice::{AdapterKind, Candidate, Choice, PLAIN};
pub use context::{Backward, Forward, InputGradient, Tensor};
pub use dispatch::{
    ALIGN, Access, Binding, BufferId, Dispatch, Kernel, Layout, MAX_BINDING, MAX_WORKGROUPS, Pass, Shader,
    Slice,
};
pub(crate) use dispatch::{dims, wgsl};
pub(crate) use sketch::Sketch;
