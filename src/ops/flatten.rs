//! `Flatten`: the same memory, seen as a vector (<https://keras.io/api/layers/reshaping_layers/flatten/>).

use serde::{Deserialize, Serialize};

use super::Op;
use crate::error::Result;
use crate::plan::{Backward, Forward};
use crate::shape::Shape;

/// Height, width and channels as one axis. Costs nothing: the values already lie in that order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Flatten {}

impl Op for Flatten {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        Shape::vector(inputs[0].elements())
    }

    fn is_view(&self, _training: bool) -> bool {
        true
    }

    fn forward(&self, _cx: &mut Forward<'_>) {}

    fn backward(&self, _cx: &mut Backward<'_>) {}
}
