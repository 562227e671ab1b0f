//! How parameters move: optimisers, with Keras's defaults and order of operations.

pub mod norms;
pub mod optimizer;
mod penalty;
pub mod schedule;

pub use norms::Clipping;
pub use optimizer::Optimizer;
pub use penalty::penalty;
pub use schedule::LearningRateSchedule;
