//! Training: a network, its weights and its data on the GPU, and what can be asked of them.

mod arena;
mod diagnosis;
mod feed;
mod metrics;
mod observer;
mod session;

pub use arena::Arena;
pub use diagnosis::PendingDiagnosis;
pub use feed::{Feed, Schedule};
pub use metrics::{Evaluation, PendingEvaluation, PendingStep, StepMetrics};
pub use observer::{Observer, PendingOutputs};
pub use session::{Data, Part, Session, SessionConfig};
