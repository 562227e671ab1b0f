//! How parameters move: optimisers, with Keras's defaults and order of operations.

pub mod optimizer;

pub use optimizer::Optimizer;
