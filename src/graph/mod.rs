//! Networks as data: the model format, its validation, and what can be said of a network before anything runs.

mod checks;
mod freeze;
mod order;
#[cfg(not(target_arch = "wasm32"))]
mod schema;
mod single;
mod spec;
pub mod summary;
mod wiring;

pub(crate) use checks::loss_weights;
#[cfg(not(target_arch = "wasm32"))]
pub use schema::model_schema;
pub use spec::{InputSpec, Kind, LayerSpec, ModelSpec, VERSION};
pub use wiring::{Graph, GraphLayer, Node, Parameter, Source, ValueId};
