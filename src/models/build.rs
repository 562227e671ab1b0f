//! Writing a network down: layers one after the other, named as Keras names them.

use std::collections::HashMap;

use crate::graph::{InputSpec, Kind, LayerSpec, ModelSpec, VERSION};
use crate::ops::Layer;

/// A network being written down. Every `add` returns the new layer's name, which later layers may read.
#[derive(Debug)]
pub(super) struct Build {
    spec: ModelSpec,
    named: HashMap<&'static str, usize>,
}

impl Build {
    /// A plain stack.
    pub(super) fn sequential(name: &str, source: &str, input: [usize; 3]) -> Self {
        Self::new(name, source, Kind::Sequential, input)
    }

    fn new(name: &str, source: &str, kind: Kind, input: [usize; 3]) -> Self {
        let spec = ModelSpec {
            version: VERSION,
            name: name.to_owned(),
            source: source.to_owned(),
            notes: Vec::new(),
            kind,
            input: InputSpec { layer: "input_layer".to_owned(), shape: input.to_vec() },
            layers: Vec::new(),
            outputs: Vec::new(),
        };
        Self { spec, named: HashMap::new() }
    }

    /// Says why something is as it is.
    pub(super) fn note(mut self, text: &str) -> Self {
        self.spec.notes.push(text.to_owned());
        self
    }

    /// A layer after the last one, named by Keras's rule: class in snake case, counted from the second on.
    pub(super) fn then(mut self, layer: impl Into<Layer>) -> Self {
        let layer = layer.into();
        let last = self.spec.layers.last().map_or(&self.spec.input.layer, |last| &last.name).clone();
        let name = self.fresh_name(layer.class());
        self.spec.layers.push(LayerSpec { name, layer, connected_to: vec![last], trainable: true });
        self
    }

    fn fresh_name(&mut self, class: &str) -> String {
        let stem = snake_case(class);
        let count = self.named.entry(stem).or_default();
        let name = if *count == 0 { stem.to_owned() } else { format!("{stem}_{count}") };
        *count += 1;
        name
    }

    /// The network; its output is the last layer.
    pub(super) fn finish(mut self) -> ModelSpec {
        self.spec.outputs = self.spec.layers.last().map(|last| last.name.clone()).into_iter().collect();
        self.spec
    }
}

/// Keras's automatic layer names.
fn snake_case(class: &str) -> &'static str {
    match class {
        "Activation" => "activation",
        "AveragePooling2D" => "average_pooling2d",
        "Conv2D" => "conv2d",
        "Dense" => "dense",
        "Flatten" => "flatten",
        "MaxPooling2D" => "max_pooling2d",
        _ => "layer",
    }
}
