//! From graph to plan: the dispatches of a step, their buffers, and who may share memory with whom.

mod buffers;
mod builder;
mod choice;
mod context;
mod dispatch;
mod facts;
mod fusion;
mod gradients;
mod limits;
mod memory;
mod options;
mod places;
mod silence;
mod sketch;
mod tuning;
mod update;
mod work;

pub use buffers::{Buffer, External, Purpose};
pub use builder::{Plan, plan};
pub use choice::{AdapterKind, Candidate, Choice, PLAIN};
pub use context::{Backward, Forward, InputGradient, Tensor};
pub use dispatch::{
    ALIGN, Access, Binding, BufferId, Dispatch, Kernel, Layout, MAX_BINDING, MAX_WORKGROUPS, Pass, Shader,
    Slice,
};
pub(crate) use dispatch::{dims, wgsl};
pub use fusion::{Fused, FusedNorm};
pub(crate) use limits::{binding_bytes, check_external};
pub(crate) use memory::UNIFORM_ALIGN;
pub use options::{Batch, PlanOptions, Target};
pub(crate) use places::{arena_of, parameter_elements, place_parameters, state_elements};
pub(crate) use sketch::Sketch;
pub(crate) use tuning::variant;
pub use tuning::{Pick, Table, Tunable};
