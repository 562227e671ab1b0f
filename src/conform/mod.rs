//! The engine held against reference numbers, on the GPU it runs on.

pub mod single;

pub use single::{Single, SingleRun, run_single};
