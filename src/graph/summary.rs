//! What can be told of a network as a table: Keras's `model.summary()`, and the same facts as JSON.

mod table;
#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

use serde::{Serialize, Serializer};
use serde_json::Value;

use super::{Graph, GraphLayer, InputSpec, Kind};

/// A network in the form of the reference summaries. Serialises with its fields in this order.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Name of the network.
    pub name: String,
    /// Where the architecture comes from.
    pub source: String,
    /// Quirks that are kept on purpose.
    pub notes: Vec<String>,
    /// Keras's way of building it.
    pub kind: Kind,
    /// The input.
    pub input: InputSpec,
    /// Names of the output layers, in order.
    pub outputs: Vec<String>,
    /// Sums over all layers.
    pub totals: Totals,
    /// Layers in Keras's order; a functional model lists its input first.
    pub layers: Vec<SummaryLayer>,
}

/// Sums over all layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Values of all weights.
    pub params: usize,
    /// Those that an optimiser changes.
    pub trainable: usize,
    /// Those that it does not.
    pub non_trainable: usize,
    /// Multiply-accumulates for one sample.
    pub macs: u64,
    /// Layers listed.
    pub layers: usize,
    /// Weight tensors.
    pub weight_tensors: usize,
}

/// One row of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SummaryLayer {
    /// Unique name.
    pub name: String,
    /// Keras class.
    pub class: &'static str,
    /// Shape of one output sample.
    pub output_shape: Vec<usize>,
    /// Values of its weights.
    pub params: usize,
    /// Multiply-accumulates for one sample, convolution and dense layers only.
    pub macs: u64,
    /// Names of its inputs, in order.
    pub connected_to: Vec<String>,
    /// Keras configuration.
    pub config: Config,
    /// Its weights in Keras's order.
    pub weights: Vec<SummaryWeight>,
    /// Side of the square of input pixels that one output value sees; [`Graph::network`] tells it, Keras does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub receptive_field: Option<usize>,
}

/// One weight tensor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SummaryWeight {
    /// Keras name.
    pub name: &'static str,
    /// Row-major extents.
    pub shape: Vec<usize>,
    /// Number of the tensor in the network, from 0.
    pub t: usize,
    /// Whether the optimiser changes it.
    pub trainable: bool,
    /// Inputs that flow into one output value; kernels only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fan_in: Option<usize>,
}

/// A layer's configuration: Keras's names and values, in the order of the reference summaries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Config(pub Vec<(String, Value)>);

impl Serialize for Config {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// The order in which the reference summaries name what a layer is made of.
const KEYS: [&str; 18] = [
    "filters",
    "units",
    "kernel_size",
    "strides",
    "padding",
    "pool_size",
    "dilation_rate",
    "groups",
    "depth_multiplier",
    "use_bias",
    "activation",
    "kernel_initializer",
    "kernel_l2",
    "bias_initializer",
    "bias_l2",
    "axis",
    "momentum",
    "epsilon",
];

impl Config {
    fn of(layer: &GraphLayer) -> Self {
        let Value::Object(fields) = layer.spec.layer.config() else { return Self::default() };
        let biased = fields.get("use_bias") != Some(&Value::Bool(false));
        let known = KEYS.iter().filter_map(|&key| fields.get_key_value(key));
        let others = fields.iter().filter(|(key, _)| !KEYS.contains(&key.as_str()));
        let pairs = known.chain(others).filter(|(key, _)| biased || !key.starts_with("bias_"));
        Self(pairs.map(|(key, value)| (key.clone(), value.clone())).collect())
    }
}

impl Graph {
    /// The network as a table of facts.
    pub fn summary(&self) -> Summary {
        self.summary_of(self.input_row().into_iter().chain(self.rows()).collect())
    }

    /// The same for the page: layers alone, without a row for the input, and what each of them sees of it.
    pub fn network(&self) -> Summary {
        let mut rows: Vec<_> = self.rows().collect();
        for (row, layer) in rows.iter_mut().zip(&self.layers) {
            row.receptive_field = Some(layer.receptive_field);
        }
        self.summary_of(rows)
    }

    fn summary_of(&self, layers: Vec<SummaryLayer>) -> Summary {
        let count = |trainable: bool| {
            let of_kind = self.parameters.iter().filter(|parameter| parameter.trainable == trainable);
            of_kind.map(|parameter| parameter.spec.elements()).sum::<usize>()
        };
        let totals = Totals {
            params: count(true) + count(false),
            trainable: count(true),
            non_trainable: count(false),
            macs: layers.iter().map(|layer| layer.macs).sum(),
            layers: layers.len(),
            weight_tensors: self.parameters.len(),
        };
        Summary {
            name: self.name.clone(),
            source: self.source.clone(),
            notes: self.notes.clone(),
            kind: self.kind,
            input: InputSpec { layer: self.input_name.clone(), shape: self.input.extents().to_vec() },
            outputs: self.outputs.iter().map(|&layer| self.layers[layer].spec.name.clone()).collect(),
            totals,
            layers,
        }
    }

    /// The summary as JSON, in the form of the reference summaries.
    pub fn summary_json(&self) -> String {
        serde_json::to_string_pretty(&self.summary()).expect("names and numbers can be written")
    }

    /// What Keras's `model.summary()` prints, at 100 columns.
    pub fn summary_text(&self) -> String {
        table::text(&self.summary())
    }

    /// A sequential model does not list its input.
    fn input_row(&self) -> Option<SummaryLayer> {
        (self.kind == Kind::Functional).then(|| SummaryLayer {
            name: self.input_name.clone(),
            class: "InputLayer",
            output_shape: self.input.extents().to_vec(),
            params: 0,
            macs: 0,
            connected_to: Vec::new(),
            config: Config::default(),
            weights: Vec::new(),
            receptive_field: None,
        })
    }

    fn rows(&self) -> impl Iterator<Item = SummaryLayer> {
        (0..self.layers.len()).map(|at| self.row(at))
    }

    fn row(&self, at: usize) -> SummaryLayer {
        let layer = &self.layers[at];
        let parameters = &self.parameters[layer.parameters.clone()];
        let weight = |(t, parameter): (usize, &super::Parameter)| SummaryWeight {
            name: parameter.spec.name,
            shape: parameter.spec.shape.clone(),
            t,
            trainable: parameter.trainable,
            fan_in: (parameter.spec.name == "kernel").then(|| parameter.spec.fan_in()),
        };
        SummaryLayer {
            name: layer.spec.name.clone(),
            class: layer.spec.layer.class(),
            output_shape: layer.shape.extents().to_vec(),
            params: parameters.iter().map(|parameter| parameter.spec.elements()).sum(),
            macs: layer.macs,
            connected_to: layer.inputs.iter().map(|&source| self.source_name(source).to_owned()).collect(),
            config: Config::of(layer),
            weights: layer.parameters.clone().zip(parameters).map(weight).collect(),
            receptive_field: None,
        }
    }
}
