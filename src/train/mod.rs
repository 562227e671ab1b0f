//! Training: a network, its weights and its data on the GPU, and what can be asked of them.

mod arena;
mod ask;
mod augmented;
mod batch_statistics;
mod config;
mod diagnosis;
mod evaluation;
mod feed;
pub mod histogram;
#[cfg(feature = "conform")]
mod ledger;
pub mod lens;
mod metrics;
mod norms;
mod observer;
mod rivals;
mod session;
mod snapshot;
pub mod statistics;
mod step;
mod subject;
mod timing;
pub mod tune;

pub use arena::Arena;
pub use ask::PendingAnswer;
pub use config::{Data, Part, SessionConfig, check_batch};
pub use diagnosis::PendingDiagnosis;
pub use evaluation::PendingPredictions;
pub use feed::{Feed, Schedule};
#[cfg(feature = "conform")]
pub use ledger::{Bytes, Cost, Dispatches, LayerCost, Ledger, Limits};
pub use lens::Lens;
pub use metrics::{Evaluation, PendingEvaluation, PendingStep, StepMetrics, Sums};
pub use norms::LayerNorms;
pub use observer::{Observer, PendingOutputs};
pub use rivals::alone;
pub use session::Session;
pub use snapshot::PendingSnapshot;
pub use statistics::Statistics;
pub use subject::{Place, Subject};
pub use timing::submit_timing;
pub use tune::{Tuner, Tuning};
