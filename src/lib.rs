//! Classic convolutional networks on WebGPU: hand-written WGSL kernels and the driver that chains them.
//!
//! Data flows one way: a [`models`] entry or a file gives a [`graph::ModelSpec`]; [`graph::Graph`] validates it;
//! [`plan::plan`] turns it into a list of dispatches; [`gpu::Program`] prepares them; [`train::Session`] runs them.

mod error;
mod json;
mod shape;
mod tensors;

#[cfg(feature = "conform")]
pub mod conform;
pub mod data;
pub mod gpu;
pub mod graph;
pub mod initializer;
pub mod models;
pub mod ops;
pub mod optim;
pub mod plan;
pub mod rng;
pub mod train;
pub mod view;
pub mod weights;

#[cfg(target_arch = "wasm32")]
mod web;

pub use error::{Error, Result};
pub use shape::{NamedPadding, Padding, Shape, Window};
