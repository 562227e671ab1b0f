//! A validated network: every layer has a shape, every weight a place, every value a number.

use super::checks::{
    check_acyclic, check_all_used, check_stack, check_weight, loss_weights, name_index, output_layers, wire,
};
use super::order::keras_order;
use super::{Kind, LayerSpec, ModelSpec};
use crate::error::{Error, Result, bail};
use crate::ops::activation::ActivationLayer;
use crate::ops::{Op, ParameterSpec};
use crate::shape::Shape;

/// What a layer reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// The network's input.
    Input,
    /// The output of a layer, by index in [`Graph::layers`].
    Layer(usize),
}

/// A tensor that flows through the network, by index into [`Graph::values`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ValueId(pub usize);

/// A layer in its place.
#[derive(Clone, Debug)]
pub struct GraphLayer {
    /// Name, class, configuration.
    pub spec: LayerSpec,
    /// Its inputs.
    pub inputs: Vec<Source>,
    /// Output shape of one sample.
    pub shape: Shape,
    /// Its weights: a run of [`Graph::parameters`].
    pub parameters: std::ops::Range<usize>,
    /// Its output.
    pub value: ValueId,
    /// Multiply-accumulates for one sample.
    pub macs: u64,
    /// Side of the square of input pixels that one output value sees.
    pub receptive_field: usize,
}

/// A weight tensor of the network. Its index is Keras's tensor number.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Layer it belongs to.
    pub layer: usize,
    /// Name, shape, initialiser, regulariser.
    pub spec: ParameterSpec,
    /// Whether the optimiser changes it.
    pub trainable: bool,
}

/// One op to run: a layer, or the activation that follows inside a layer.
#[derive(Clone, Debug)]
pub struct Node {
    /// Layer it belongs to.
    pub layer: usize,
    /// Set where this is the layer's trailing activation rather than the layer itself.
    pub trailing: Option<ActivationLayer>,
    /// What it reads.
    pub inputs: Vec<ValueId>,
    /// What it computes.
    pub output: ValueId,
}

/// A network whose every layer is known to work.
#[derive(Clone, Debug)]
pub struct Graph {
    /// Name of the network.
    pub name: String,
    /// Where the architecture comes from.
    pub source: String,
    /// Quirks that are kept on purpose.
    pub notes: Vec<String>,
    /// Keras's way of building it.
    pub kind: Kind,
    /// Name of the input layer.
    pub input_name: String,
    /// Shape of one input sample.
    pub input: Shape,
    /// Layers in Keras's order, which is topological.
    pub layers: Vec<GraphLayer>,
    /// Output layers in order.
    pub outputs: Vec<usize>,
    /// Factor of each output's loss in training.
    pub loss_weights: Vec<f32>,
    /// Weights in Keras's order.
    pub parameters: Vec<Parameter>,
    /// Ops in the order in which they run.
    pub nodes: Vec<Node>,
    /// Shape of every value; value 0 is the network's input.
    pub values: Vec<Shape>,
    /// How many values somebody writes rather than a layer, from value 0 on: 1, except in [`Graph::single`].
    pub inputs: usize,
}

impl Graph {
    /// Checks a model and works out order, shapes and weights.
    pub fn new(spec: &ModelSpec) -> Result<Self> {
        let input = Shape::new(spec.input.shape.clone())
            .map_err(|error| error.of_layer("input", &spec.input.layer))?;
        let index = name_index(spec)?;
        let wiring = wire(spec, &index)?;
        check_acyclic(spec, &wiring)?;
        let outputs = output_layers(spec, &index)?;
        let order = keras_order(&wiring, &outputs);
        check_all_used(spec, &order)?;
        if spec.kind == Kind::Sequential {
            check_stack(spec, &wiring)?;
        }

        let mut place = vec![0; order.len()];
        for (at, &layer) in order.iter().enumerate() {
            place[layer] = at;
        }
        let mut graph = Self {
            name: spec.name.clone(),
            source: spec.source.clone(),
            notes: spec.notes.clone(),
            kind: spec.kind,
            input_name: spec.input.layer.clone(),
            input: input.clone(),
            layers: Vec::with_capacity(order.len()),
            outputs: outputs.iter().map(|&layer| place[layer]).collect(),
            loss_weights: loss_weights(&spec.loss_weights, outputs.len())
                .map_err(|error| Error::new(format!("model \"{}\": {error}", spec.name)))?,
            parameters: Vec::new(),
            nodes: Vec::new(),
            values: vec![input],
            inputs: 1,
        };
        let mut fields = vec![Field::POINT];
        for &layer in &order {
            let placed = |source: &Source| match *source {
                Source::Input => Source::Input,
                Source::Layer(input) => Source::Layer(place[input]),
            };
            let inputs: Vec<Source> = wiring[layer].iter().map(placed).collect();
            let values = inputs.iter().map(|&source| graph.value_of(source)).collect();
            graph.push(&spec.layers[layer], inputs, values, &mut fields)?;
        }
        Ok(graph)
    }

    /// Adds a layer that reads `values`; `inputs` says where they come from.
    pub(super) fn push(
        &mut self,
        spec: &LayerSpec,
        inputs: Vec<Source>,
        values: Vec<ValueId>,
        fields: &mut Vec<[Field; 2]>,
    ) -> Result<()> {
        let layer = self.layers.len();
        let op = spec.layer.op();
        let named = |error: Error| error.of_layer(spec.layer.class(), &spec.name);
        let arity = op.arity();
        if !arity.contains(&inputs.len()) {
            let least = if arity.start() == arity.end() { "" } else { "at least " };
            let text = format!("takes {least}{} input(s), is connected to {}", arity.start(), inputs.len());
            return Err(named(Error::new(text)));
        }
        let shapes: Vec<&Shape> = values.iter().map(|value| &self.values[value.0]).collect();
        let shape = op.output_shape(&shapes).map_err(named)?;
        shape.validate().map_err(named)?;

        let first = self.parameters.len();
        let macs = op.macs(&shapes);
        let specs = op.parameters(&shapes);
        let field = grow(op, &shapes, &values, fields);
        for spec_of in specs {
            check_weight(&spec_of).map_err(named)?;
            let trainable = spec.trainable && !spec_of.state;
            self.parameters.push(Parameter { layer, spec: spec_of, trainable });
        }
        let mut value = self.new_value(shape.clone());
        fields.push(field);
        self.nodes.push(Node { layer, trailing: None, inputs: values, output: value });
        if let Some(activation) = op.trailing_activation() {
            let before = value;
            value = self.new_value(shape.clone());
            fields.push(field);
            let trailing = Some(ActivationLayer { activation });
            self.nodes.push(Node { layer, trailing, inputs: vec![before], output: value });
        }
        self.layers.push(GraphLayer {
            spec: spec.clone(),
            inputs,
            shape,
            parameters: first..self.parameters.len(),
            value,
            macs,
            receptive_field: field[0].size.max(field[1].size),
        });
        Ok(())
    }

    fn new_value(&mut self, shape: Shape) -> ValueId {
        self.values.push(shape);
        ValueId(self.values.len() - 1)
    }

    fn value_of(&self, source: Source) -> ValueId {
        match source {
            Source::Input => ValueId(0),
            Source::Layer(layer) => self.layers[layer].value,
        }
    }

    /// The op a node runs.
    pub fn op<'a>(&'a self, node: &'a Node) -> &'a dyn Op {
        match &node.trailing {
            Some(activation) => activation,
            None => self.layers[node.layer].spec.layer.op(),
        }
    }

    /// Whether a regulariser adds to the loss; as in Keras only those of weights that are trained do.
    pub fn is_penalised(&self) -> bool {
        let penalised = |p: &Parameter| p.trainable && (p.spec.l2 != 0.0 || p.spec.l1 != 0.0);
        self.parameters.iter().any(penalised)
    }

    /// Adds a penalty of l2 · Σw² on every kernel.
    pub fn penalise_kernels(&mut self, l2: f32) -> Result<()> {
        if !(0.0..f32::MAX).contains(&l2) {
            bail!("l2 is {l2}; it must be 0 or more, 0.0001 is usual");
        }
        for parameter in
            self.parameters.iter_mut().filter(|parameter| parameter.spec.name.ends_with("kernel"))
        {
            parameter.spec.l2 += l2;
        }
        Ok(())
    }

    /// What the softmax at the end of an output was computed from; the output itself where it does not end in one.
    pub fn logits(&self, output: ValueId) -> ValueId {
        match self.nodes.iter().find(|node| node.output == output) {
            Some(node) if self.op(node).is_softmax() => node.inputs[0],
            _ => output,
        }
    }

    /// Whether the main head, the last output, yields probabilities rather than logits.
    pub fn ends_in_softmax(&self) -> bool {
        self.outputs
            .last()
            .is_some_and(|&layer| self.logits(self.layers[layer].value) != self.layers[layer].value)
    }

    /// Index of the layer of this name.
    pub fn layer(&self, name: &str) -> Result<usize> {
        match self.layers.iter().position(|layer| layer.spec.name == name) {
            Some(layer) => Ok(layer),
            None => bail!("model \"{}\" has no layer \"{name}\"", self.name),
        }
    }

    /// What a layer puts out or, by the input's own name, the picture.
    pub fn value(&self, name: &str) -> Result<ValueId> {
        if name == self.input_name { Ok(ValueId(0)) } else { Ok(self.layers[self.layer(name)?].value) }
    }

    /// Name of what a layer reads.
    pub fn source_name(&self, source: Source) -> &str {
        match source {
            Source::Input => &self.input_name,
            Source::Layer(layer) => &self.layers[layer].spec.name,
        }
    }
}

/// Receptive field along one axis: input pixels seen, and input pixels between neighbouring outputs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    size: usize,
    jump: usize,
}

impl Field {
    /// An input pixel sees itself, along both axes.
    pub(super) const POINT: [Self; 2] = [Self { size: 1, jump: 1 }; 2];
}

fn grow(op: &dyn Op, shapes: &[&Shape], values: &[ValueId], fields: &[[Field; 2]]) -> [Field; 2] {
    let mut grown = Field::POINT;
    for (shape, value) in shapes.iter().zip(values) {
        let reach = op.reach(shape);
        for axis in 0..2 {
            let (window, stride) = reach[axis];
            let from = fields[value.0][axis];
            grown[axis].size =
                grown[axis].size.max(from.size.saturating_add((window - 1).saturating_mul(from.jump)));
            grown[axis].jump = grown[axis].jump.max(from.jump.saturating_mul(stride));
        }
    }
    grown
}
