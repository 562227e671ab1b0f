//! What can be looked at: any tensor that a session keeps.

use super::session::Session;
use crate::error::{Result, bail};
use crate::gpu::Memory;
use crate::graph::ValueId;

/// A tensor of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'a> {
    /// What a layer computed for the observed picture; the input's own name is the picture itself.
    Activation(&'a str),
    /// A layer's weight of this Keras name.
    Weight(&'a str, &'a str),
    /// Its gradient in the last step, without the regularisers' share.
    Gradient(&'a str, &'a str),
}

/// Where a tensor lies.
#[derive(Clone, Debug)]
pub struct Place {
    /// The memory.
    pub memory: Memory,
    /// Byte at which it starts.
    pub offset: u64,
    /// Values that it has.
    pub elements: usize,
}

impl Session {
    /// Where a tensor lies.
    pub fn locate(&self, subject: Subject<'_>) -> Result<Place> {
        let ((memory, offset), elements) = match subject {
            Subject::Activation(layer) if layer == self.graph.input_name => {
                (self.observer.locate(ValueId(0))?, self.graph.input.elements())
            }
            Subject::Activation(layer) => {
                let layer = &self.graph.layers[self.graph.layer(layer)?];
                (self.observer.locate(layer.value)?, layer.shape.elements())
            }
            Subject::Weight(layer, name) => {
                let (memory, offset, elements) = self.arena.locate(self.find_weight(layer, name)?);
                ((memory, offset), elements)
            }
            Subject::Gradient(layer, name) => {
                let (memory, offset, elements) =
                    self.arena.locate_gradient(self.find_weight(layer, name)?)?;
                ((memory, offset), elements)
            }
        };
        Ok(Place { memory: memory.clone(), offset, elements })
    }

    fn find_weight(&self, layer: &str, name: &str) -> Result<usize> {
        let mut parameters = self.graph.layers[self.graph.layer(layer)?].parameters.clone();
        match parameters.find(|&index| self.graph.parameters[index].spec.name == name) {
            Some(index) => Ok(index),
            None => bail!("layer \"{layer}\" has no weight \"{name}\""),
        }
    }
}
