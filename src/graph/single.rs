//! A graph of one layer whose inputs are all written from outside: what tests of single ops run.

use super::wiring::{Field, Graph, Source, ValueId};
use super::{Kind, LayerSpec};
use crate::error::Result;
use crate::ops::Layer;
use crate::shape::Shape;

impl Graph {
    /// `layer` alone, named "layer", with one written input a shape: values `0..inputs.len()`.
    ///
    /// ```
    /// use cnn_playground::{Shape, graph::Graph, ops::Layer, ops::add::Add};
    /// let shape = Shape::image(4, 5, 6)?;
    /// let graph = Graph::single(&Layer::from(Add {}), true, &[shape.clone(), shape])?;
    /// assert_eq!(graph.inputs, 2);
    /// # Ok::<_, cnn_playground::Error>(())
    /// ```
    pub fn single(layer: &Layer, trainable: bool, inputs: &[Shape]) -> Result<Self> {
        for shape in inputs {
            shape.validate()?;
        }
        let Some(first) = inputs.first() else { crate::error::bail!("a layer needs at least one input") };
        let mut graph = Self {
            name: layer.class().to_owned(),
            source: String::new(),
            notes: Vec::new(),
            kind: Kind::Functional,
            input_name: "input".to_owned(),
            input: first.clone(),
            layers: Vec::new(),
            outputs: vec![0],
            loss_weights: vec![1.0],
            parameters: Vec::new(),
            nodes: Vec::new(),
            values: inputs.to_vec(),
            inputs: inputs.len(),
        };
        let spec = LayerSpec {
            name: "layer".to_owned(),
            layer: layer.clone(),
            connected_to: vec![graph.input_name.clone(); inputs.len()],
            trainable,
        };
        let values = (0..inputs.len()).map(ValueId).collect();
        let mut fields = vec![Field::POINT; inputs.len()];
        graph.push(&spec, vec![Source::Input; inputs.len()], values, &mut fields)?;
        Ok(graph)
    }
}
