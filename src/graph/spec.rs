//! The model format: a network as JSON, the same for the registry, the page's builder and the runner.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::{Error, Result, bail};
use crate::json;
use crate::ops::{CLASSES, Layer};

/// Version of the format that this crate writes and reads.
pub const VERSION: u32 = 1;

/// A network: layers wired by name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ModelSpec {
    /// Format version, [`VERSION`].
    #[cfg_attr(not(target_arch = "wasm32"), schemars(extend("const" = VERSION)))]
    pub version: u32,
    /// Name of the network.
    pub name: String,
    /// Where the architecture comes from.
    #[serde(default)]
    pub source: String,
    /// Quirks that are kept on purpose.
    #[serde(default)]
    pub notes: Vec<String>,
    /// How Keras would have built it; decides the order and form of the summary.
    pub kind: Kind,
    /// The one input.
    pub input: InputSpec,
    /// Layers; each names its inputs.
    pub layers: Vec<LayerSpec>,
    /// Names of the layers whose values leave the network, in order.
    pub outputs: Vec<String>,
    /// Factor of each output's loss in training; all 1 when absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub loss_weights: Vec<f32>,
}

/// Keras's two ways to build a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A plain stack; its summary shows no connections and no input layer.
    Sequential,
    /// Any directed acyclic graph.
    Functional,
}

/// The input of a network.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// Its layer name.
    pub layer: String,
    /// Shape of one sample.
    pub shape: Vec<usize>,
}

/// A named layer and the layers it reads.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Value", into = "RawLayer")]
pub struct LayerSpec {
    /// Unique name.
    pub name: String,
    /// Class and configuration.
    pub layer: Layer,
    /// Names of its inputs, in order.
    pub connected_to: Vec<String>,
    /// Whether the optimiser may change its weights.
    pub trainable: bool,
}

/// The JSON form of a layer. It is read by way of JSON, and `config` only once the class is known, so that errors can name
/// the layer.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLayer {
    name: String,
    class: String,
    #[serde(default)]
    config: Value,
    connected_to: Vec<String>,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    trainable: bool,
}

fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's signature
fn is_true(value: &bool) -> bool {
    *value
}

impl TryFrom<Value> for LayerSpec {
    type Error = Error;

    fn try_from(value: Value) -> Result<Self> {
        let raw: RawLayer = json::read(&value).map_err(|error| {
            let name = value.get("name").and_then(Value::as_str).unwrap_or_default();
            Error::new(format!("layer \"{name}\": {error}"))
        })?;
        if !CLASSES.contains(&raw.class.as_str()) {
            bail!("layer \"{}\": unknown class {}; known are {}", raw.name, raw.class, CLASSES.join(", "));
        }
        let config = if raw.config.is_null() { Map::new().into() } else { raw.config };
        let layer =
            Layer::read(&raw.class, &config).map_err(|error| error.of_layer(&raw.class, &raw.name))?;
        Ok(Self { name: raw.name, layer, connected_to: raw.connected_to, trainable: raw.trainable })
    }
}

impl From<LayerSpec> for RawLayer {
    fn from(spec: LayerSpec) -> Self {
        Self {
            name: spec.name,
            class: spec.layer.class().to_owned(),
            config: spec.layer.config(),
            connected_to: spec.connected_to,
            trainable: spec.trainable,
        }
    }
}

impl ModelSpec {
    /// Reads the JSON form.
    pub fn from_json(text: &str) -> Result<Self> {
        let spec = json::parse(text.as_bytes()).and_then(|value| json::read::<Self>(&value));
        let spec = spec.map_err(|error| Error::new(format!("model: {error}")))?;
        if spec.version != VERSION {
            bail!(
                "model \"{}\" has format version {}; this version reads {VERSION}",
                spec.name,
                spec.version
            );
        }
        Ok(spec)
    }

    /// Writes the JSON form.
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).unwrap_or_default()
    }
}
