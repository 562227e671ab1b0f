//! Writing a network down, in the manner of Keras: `let y = b.layer(x, Conv2D::new(6, [5, 5]));`.

use crate::graph::{InputSpec, Kind, LayerSpec, ModelSpec, VERSION};
use crate::initializer::Initializer;
use crate::ops::activation::ActivationLayer;
use crate::ops::conv2d::Conv2D;
use crate::ops::dense::Dense;
use crate::ops::max_pool::MaxPooling2D;
use crate::ops::{Activation, Layer};
use crate::shape::Padding;

/// What a layer gives, or the network's input: something that later layers may read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Value(Option<usize>);

/// A network being written down.
#[derive(Debug)]
pub(super) struct Build {
    spec: ModelSpec,
    /// Name of the next layer; empty leaves it to Keras's rule.
    next: String,
    /// How many layers of each class carry a name by Keras's rule.
    counts: Vec<(&'static str, usize)>,
}

impl Build {
    /// A plain stack, as `keras.Sequential` makes it. `notes` tell the quirks that are kept on purpose.
    pub(super) fn sequential(name: &str, source: &str, notes: &[&str], input: [usize; 3]) -> Self {
        Self::new(name, source, notes, input, Kind::Sequential)
    }

    /// Any network without cycles, as Keras's functional API makes it.
    pub(super) fn functional(name: &str, source: &str, notes: &[&str], input: [usize; 3]) -> Self {
        Self::new(name, source, notes, input, Kind::Functional)
    }

    fn new(name: &str, source: &str, notes: &[&str], input: [usize; 3], kind: Kind) -> Self {
        let spec = ModelSpec {
            version: VERSION,
            name: name.to_owned(),
            source: source.to_owned(),
            notes: notes.iter().map(|&note| note.to_owned()).collect(),
            kind,
            input: InputSpec { layer: "input_layer".to_owned(), shape: input.to_vec() },
            layers: Vec::new(),
            outputs: Vec::new(),
            loss_weights: Vec::new(),
        };
        Self { spec, next: String::new(), counts: Vec::new() }
    }

    /// The last layer written, or the input.
    pub(super) fn last(&self) -> Value {
        Value(self.spec.layers.len().checked_sub(1))
    }

    /// Names the next layer. An empty name leaves it to Keras's rule.
    pub(super) fn named(&mut self, name: impl Into<String>) -> &mut Self {
        self.next = name.into();
        self
    }

    /// A layer that reads `x`.
    pub(super) fn layer(&mut self, x: Value, layer: impl Into<Layer>) -> Value {
        self.push(&[x], layer.into())
    }

    /// A layer after the last one.
    pub(super) fn then(&mut self, layer: impl Into<Layer>) -> Value {
        self.push(&[self.last()], layer.into())
    }

    /// A layer that reads several others, in this order.
    pub(super) fn join(&mut self, inputs: &[Value], layer: impl Into<Layer>) -> Value {
        self.push(inputs, layer.into())
    }

    /// A convolution of `size`×`size` that keeps the border and ends in relu: what the networks before ResNet are made
    /// of.
    pub(super) fn conv_relu(&mut self, x: Value, filters: usize, size: usize, stride: usize) -> Value {
        let conv = Conv2D { strides: [stride; 2], padding: Padding::SAME, ..Conv2D::new(filters, [size; 2]) };
        self.layer(x, Conv2D { activation: Activation::Relu, ..conv })
    }

    /// The largest of each `size`×`size` window.
    pub(super) fn max_pool(&mut self, x: Value, size: usize, stride: usize, padding: Padding) -> Value {
        self.layer(x, MaxPooling2D { pool_size: [size; 2], strides: [stride; 2], padding })
    }

    /// A dense layer after the last one.
    pub(super) fn dense(&mut self, units: usize, activation: Activation) -> Value {
        self.then(Dense { activation, ..Dense::new(units) })
    }

    /// An activation as a layer of its own.
    pub(super) fn activation(&mut self, x: Value, activation: Activation) -> Value {
        self.layer(x, ActivationLayer { activation })
    }

    /// Gives the last layer's kernel an L2 penalty.
    pub(super) fn l2(&mut self, factor: f32) {
        match self.spec.layers.last_mut().map(|last| &mut last.layer) {
            Some(Layer::Conv2D(conv)) => conv.kernel_l2 = Some(factor),
            Some(Layer::Dense(dense)) => dense.kernel_l2 = Some(factor),
            _ => {}
        }
    }

    fn push(&mut self, inputs: &[Value], layer: Layer) -> Value {
        let mut name = std::mem::take(&mut self.next);
        if name.is_empty() {
            name = self.automatic_name(layer.class());
        }
        let connected_to = inputs.iter().map(|&input| self.name_of(input).to_owned()).collect();
        self.spec.layers.push(LayerSpec { name, layer, connected_to, trainable: true });
        self.last()
    }

    fn name_of(&self, value: Value) -> &str {
        value.0.map_or(&self.spec.input.layer, |layer| &self.spec.layers[layer].name)
    }

    /// Keras's rule: the class in snake case, counted from the second on.
    fn automatic_name(&mut self, class: &'static str) -> String {
        let mut name = snake_case(class);
        match self.counts.iter_mut().find(|(known, _)| *known == class) {
            None => self.counts.push((class, 1)),
            Some((_, count)) => {
                name.push('_');
                name.push_str(&count.to_string());
                *count += 1;
            }
        }
        name
    }

    /// Kernels before a relu start from He's distribution (He et al. 2015, "Delving deep into rectifiers"). Keras's
    /// default halves the variance at every relu, and a deep network without batch norm then begins almost silent.
    pub(super) fn he_kernels(&mut self) {
        for layer in &mut self.spec.layers {
            match &mut layer.layer {
                Layer::Conv2D(conv) => conv.kernel_initializer = Initializer::HeNormal,
                Layer::Dense(dense) if dense.activation == Activation::Relu => {
                    dense.kernel_initializer = Initializer::HeNormal;
                }
                _ => {}
            }
        }
    }

    /// The network; its output is the last layer.
    pub(super) fn finish(mut self) -> ModelSpec {
        let last = self.last();
        self.spec.outputs = vec![self.name_of(last).to_owned()];
        self.spec
    }

    /// The network with these outputs, each with the factor of its loss in training.
    pub(super) fn finish_with(mut self, outputs: &[(Value, f32)]) -> ModelSpec {
        for &(output, weight) in outputs {
            let name = self.name_of(output).to_owned();
            self.spec.outputs.push(name);
            self.spec.loss_weights.push(weight);
        }
        self.spec
    }
}

/// `MaxPooling2D` to `max_pooling2d`, as Keras does it: a capital begins a word if it follows a small letter, or if a
/// small letter follows it.
fn snake_case(class: &str) -> String {
    let letters = class.as_bytes();
    let small = |at: usize| letters.get(at).is_some_and(u8::is_ascii_lowercase);
    let mut name = String::new();
    for (at, &letter) in letters.iter().enumerate() {
        if at > 0 && letter.is_ascii_uppercase() && (small(at - 1) || small(at + 1)) {
            name.push('_');
        }
        name.push(char::from(letter.to_ascii_lowercase()));
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ops::flatten::Flatten;

    #[test]
    fn classes_are_named_as_keras_names_them() {
        for (class, name) in [
            ("Conv2D", "conv2d"),
            ("MaxPooling2D", "max_pooling2d"),
            ("GlobalAveragePooling2D", "global_average_pooling2d"),
            ("BatchNormalization", "batch_normalization"),
            ("ReLU", "re_lu"),
            ("LeakyReLU", "leaky_re_lu"),
            ("PReLU", "p_re_lu"),
        ] {
            assert_eq!(snake_case(class), name);
        }
    }

    #[test]
    fn a_name_of_its_own_is_not_counted() {
        let mut b = Build::functional("test", "", &[], [4, 4, 1]);
        b.then(MaxPooling2D::new([1, 1]));
        b.named("mine").then(MaxPooling2D::new([1, 1]));
        b.then(MaxPooling2D::new([1, 1]));
        b.then(Flatten {});
        let spec = b.finish();
        let names: Vec<_> = spec.layers.iter().map(|layer| layer.name.as_str()).collect();
        assert_eq!(names, ["max_pooling2d", "mine", "max_pooling2d_1", "flatten"]);
        assert_eq!(spec.layers[0].connected_to, ["input_layer"]);
        assert_eq!(spec.layers[2].connected_to, ["mine"]);
        assert_eq!(spec.outputs, ["flatten"]);
    }
}
