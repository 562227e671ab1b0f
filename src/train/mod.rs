//! Training: a network, its weights and its data on the GPU, and what can be asked of them.

mod arena;
mod config;
mod diagnosis;
mod evaluation;
mod feed;
mod metrics;
mod observer;
mod session;
mod step;

pub use arena::Arena;
pub use config::{Data, Part, SessionConfig};
pub use diagnosis::PendingDiagnosis;
pub use feed::{Feed, Schedule};
pub use metrics::{Evaluation, PendingEvaluation, PendingStep, StepMetrics};
pub use observer::{Observer, PendingOutputs};
pub use session::Session;
