//! Networks as data: the model format, its validation, and what can be said of a network before anything runs.

mod order;
mod single;
mod spec;
pub mod summary;
mod wiring;

pub use spec::{InputSpec, Kind, LayerSpec, ModelSpec, VERSION};
pub(crate) use wiring::loss_weights;
pub use wiring::{Graph, GraphLayer, Node, Parameter, Source, ValueId};
