//! How parameters move: optimisers, with Keras's defaults and order of operations.

pub mod optimizer;
mod penalty;
pub mod schedule;

pub use optimizer::Optimizer;
pub use penalty::penalty;
pub use schedule::LearningRateSchedule;
