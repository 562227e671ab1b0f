//! The model format as a JSON Schema, made from the types that read it.

use std::borrow::Cow;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use super::{LayerSpec, ModelSpec};
use crate::ops::Layer;

/// The schema (<https://json-schema.org/draft/2020-12>) of the model format, for editors and for programs that write
/// networks. `docs/model.schema.json` is this text; `cnn-playground schema` prints it.
///
/// A network that it admits may still not work, because names or shapes do not meet: [`Graph::new`](super::Graph::new)
/// finds that.
pub fn model_schema() -> String {
    let schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<ModelSpec>();
    let mut text = serde_json::to_string_pretty(&schema).expect("names and numbers can be written");
    text.push('\n');
    text
}

impl JsonSchema for LayerSpec {
    fn schema_name() -> Cow<'static, str> {
        "LayerSpec".into()
    }

    /// One alternative a class: the class decides what `config` may be.
    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let classes: Vec<Value> = Layer::schemas(generator)
            .into_iter()
            .map(|(class, config, optional)| {
                let mut required = vec!["name", "class", "connected_to"];
                if !optional {
                    required.push("config");
                }
                json!({
                    "title": class,
                    "type": "object",
                    "properties": {
                        "name": { "type": "string", "description": "Unique name.", "minLength": 1 },
                        "class": { "const": class },
                        "config": config,
                        "connected_to": {
                            "type": "array",
                            "description": "Names of its inputs, in order.",
                            "items": { "type": "string" },
                        },
                        "trainable": {
                            "type": "boolean",
                            "description": "Whether the optimiser may change its weights.",
                            "default": true,
                        },
                    },
                    "required": required,
                    "additionalProperties": false,
                })
            })
            .collect();
        json_schema!({ "description": "A named layer and the layers it reads.", "oneOf": classes })
    }
}
