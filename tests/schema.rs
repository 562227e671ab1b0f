//! The JSON Schema of the model format: it is the one in the docs, admits every network of the registry, and turns down
//! what the reader does.
#![cfg(not(target_arch = "wasm32"))]

use cnn_playground::graph::{ModelSpec, model_schema};
use cnn_playground::models;
use serde_json::{Value, json};

/// What is wrong with `value`: the keywords that the schema uses, and a panic at any other, so that none is passed over.
fn check(root: &Value, schema: &Value, value: &Value, at: &str) -> Result<(), String> {
    let Some(keywords) = schema.as_object() else { return Ok(()) };
    for (keyword, rule) in keywords {
        let found = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "default" | "format" => Ok(()),
            "$ref" => {
                let path = rule.as_str().expect("a path").trim_start_matches('#');
                check(root, root.pointer(path).expect("a definition"), value, at)
            }
            "const" => (value == rule).then_some(()).ok_or(format!("is not {rule}")),
            "enum" => (rule.as_array().expect("a list").contains(value))
                .then_some(())
                .ok_or("is none of them".into()),
            "type" => has_type(rule, value).then_some(()).ok_or(format!("is not of type {rule}")),
            "minimum" => {
                let least = rule.as_f64().expect("a number");
                value.as_f64().is_none_or(|number| number >= least).then_some(()).ok_or("is too small".into())
            }
            "minLength" => {
                let least = rule.as_u64().expect("a number") as usize;
                value
                    .as_str()
                    .is_none_or(|text| text.len() >= least)
                    .then_some(())
                    .ok_or("is too short".into())
            }
            "minItems" | "maxItems" => {
                let limit = rule.as_u64().expect("a number") as usize;
                let fits = |items: &Vec<Value>| {
                    if keyword == "minItems" { items.len() >= limit } else { items.len() <= limit }
                };
                value.as_array().is_none_or(fits).then_some(()).ok_or("has not so many items".into())
            }
            "items" => {
                let items = value.as_array().into_iter().flatten().enumerate();
                items.into_iter().try_for_each(|(i, item)| check(root, rule, item, &format!("{at}/{i}")))
            }
            "required" | "properties" | "additionalProperties" => {
                check_fields(root, schema, keyword, value, at)
            }
            "oneOf" | "anyOf" => {
                let all: Vec<_> = rule
                    .as_array()
                    .expect("a list")
                    .iter()
                    .map(|rule| check(root, rule, value, at))
                    .collect();
                let fit = all.iter().filter(|outcome| outcome.is_ok()).count();
                let fits = if keyword == "oneOf" { fit == 1 } else { fit > 0 };
                fits.then_some(()).ok_or(format!("fits {fit} alternatives: {all:?}"))
            }
            other => panic!("the schema has the keyword {other}, which this test does not know"),
        };
        found.map_err(|error| if error.starts_with('/') { error } else { format!("{at}/ {error}") })?;
    }
    Ok(())
}

/// The keywords that speak of an object's fields.
fn check_fields(root: &Value, schema: &Value, keyword: &str, value: &Value, at: &str) -> Result<(), String> {
    let rule = &schema[keyword];
    match keyword {
        "required" => {
            let missing = rule
                .as_array()
                .expect("a list")
                .iter()
                .find(|key| value.is_object() && value.get(key.as_str().expect("a name")).is_none());
            missing.map_or(Ok(()), |key| Err(format!("lacks {key}")))
        }
        "properties" => {
            let fields = value.as_object().into_iter().flatten();
            let known = fields.filter_map(|(key, field)| Some((key, rule.get(key)?, field)));
            known
                .into_iter()
                .try_for_each(|(key, rule, field)| check(root, rule, field, &format!("{at}/{key}")))
        }
        _ => {
            assert_eq!(*rule, json!(false));
            let known = |key: &String| schema.get("properties").is_some_and(|all| all.get(key).is_some());
            let odd = value.as_object().and_then(|fields| fields.keys().find(|key| !known(key)));
            odd.map_or(Ok(()), |key| Err(format!("has the field {key}")))
        }
    }
}

fn has_type(rule: &Value, value: &Value) -> bool {
    let one = |name: &Value| match name.as_str().expect("a name") {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        other => panic!("type {other}"),
    };
    rule.as_array().map_or_else(|| one(rule), |names| names.iter().any(one))
}

fn admits(network: &Value) -> Result<(), String> {
    let schema: Value = serde_json::from_str(&model_schema()).expect("JSON");
    check(&schema, &schema, network, "")
}

#[test]
fn the_schema_in_the_docs_is_current() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/model.schema.json");
    let text = std::fs::read_to_string(path).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        text == model_schema(),
        "docs/model.schema.json is not what the types say; `cargo run -- schema > docs/model.schema.json` writes it anew"
    );
}

#[test]
fn every_registered_network_is_admitted() {
    for architecture in models::REGISTRY {
        let network = serde_json::from_str(&architecture.spec().to_json()).expect("JSON");
        admits(&network).unwrap_or_else(|error| panic!("{}: {error}", architecture.name));
    }
}

/// A network with every optional part left out, and one with every kind of part spelt out.
#[test]
fn what_may_be_left_out_may_be_left_out() {
    let least = json!({
        "version": 1, "name": "least", "kind": "sequential", "input": { "layer": "input", "shape": [8, 8, 1] },
        "layers": [
            { "name": "conv", "class": "Conv2D", "config": { "filters": 2, "kernel_size": [3, 3] }, "connected_to": ["input"] },
            { "name": "relu", "class": "ReLU", "connected_to": ["conv"] },
        ],
        "outputs": ["relu"],
    });
    let mut most = least.clone();
    most["loss_weights"] = json!([1.0]);
    most["layers"][0]["trainable"] = json!(false);
    most["layers"][0]["config"] = json!({
        "filters": 2, "kernel_size": [3, 3], "padding": [[1, 1], [1, 1]], "activation": "tanh", "kernel_l2": 0.01,
        "kernel_initializer": { "class": "RandomNormal", "mean": 0.0, "stddev": 0.1 },
    });
    for network in [least, most] {
        admits(&network).unwrap_or_else(|error| panic!("{error}"));
        ModelSpec::from_json(&network.to_string()).unwrap_or_else(|error| panic!("{error}"));
    }
}

#[test]
fn schema_and_reader_turn_down_the_same() {
    let lenet: Value =
        serde_json::from_str(&models::build("lenet").expect("registered").to_json()).expect("JSON");
    let with = |pointer: &str, value: Value| {
        let mut network = lenet.clone();
        let (parent, key) = pointer.rsplit_once('/').expect("a path");
        network.pointer_mut(parent).expect("there")[key] = value;
        network
    };
    let without = |parent: &str, key: &str| {
        let mut network = lenet.clone();
        network.pointer_mut(parent).and_then(Value::as_object_mut).expect("there").remove(key);
        network
    };
    for network in [
        with("/version", json!(2)),
        with("/colour", json!("red")),
        with("/kind", json!("recurrent")),
        with("/input/shape", json!([-1, 32, 1])),
        with("/layers/0/class", json!("Conv3D")),
        with("/layers/0/colour", json!("red")),
        with("/layers/0/config/filter", json!(6)),
        with("/layers/0/config/filters", json!("six")),
        with("/layers/0/config/kernel_size", json!([5])),
        with("/layers/0/config/padding", json!("full")),
        with("/layers/0/config/activation", json!("rulu")),
        with("/layers/0/config/kernel_initializer", json!({ "class": "Magic" })),
        with("/layers/0/config/kernel_initializer", json!({ "class": "Constant" })),
        with("/layers/0/config/kernel_initializer", json!({ "class": "HeNormal", "seed": 1 })),
        with("/layers/0/connected_to", json!("input_layer")),
        without("/layers/0", "config"),
        without("/layers/0", "connected_to"),
        without("/layers/0", "name"),
        without("", "outputs"),
    ] {
        let read = ModelSpec::from_json(&network.to_string());
        assert!(read.is_err(), "the reader takes {network}");
        assert!(admits(&network).is_err(), "the schema admits {network}, the reader says {read:?}");
    }
}
