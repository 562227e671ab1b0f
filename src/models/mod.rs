//! The registry of architectures, each built by one function.

mod build;
mod lenet;

use crate::error::{Result, bail};
use crate::graph::ModelSpec;

/// Every architecture: its name, and the function that builds it. Menus, tests and snapshots walk this list.
pub const REGISTRY: &[(&str, fn() -> ModelSpec)] =
    &[("lenet", lenet::lenet), ("lenet_tanh", lenet::lenet_tanh)];

/// The architecture of this name.
pub fn build(name: &str) -> Result<ModelSpec> {
    match REGISTRY.iter().find(|(known, _)| *known == name) {
        Some((_, build)) => Ok(build()),
        None => {
            let known: Vec<_> = REGISTRY.iter().map(|(name, _)| *name).collect();
            bail!("there is no model \"{name}\"; known are {}", known.join(", "))
        }
    }
}
