//! Networks that cannot work are errors that say why; no network makes graph or plan panic.
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/choices.rs"]
mod choices;

use cnn_playground::graph::{Graph, ModelSpec};
use cnn_playground::plan::{Choice, PlanOptions, Target, plan};
use cnn_playground::{Error, models};
use proptest::prelude::*;
use serde_json::{Value, json};

fn model(input: &[usize], layers: &Value, outputs: &[&str]) -> Result<Graph, Error> {
    let spec = json!({
        "version": 1, "name": "test", "kind": "functional",
        "input": { "layer": "input", "shape": input },
        "layers": layers, "outputs": outputs,
    });
    Graph::new(&ModelSpec::from_json(&spec.to_string())?)
}

/// A network of one layer with one more field.
fn model_with(more: &Value) -> Result<Graph, Error> {
    let mut spec = json!({
        "version": 1, "name": "test", "kind": "functional", "input": { "layer": "input", "shape": [8, 8, 1] },
        "layers": [conv("c", "input", 4, 3)], "outputs": ["c"],
    });
    for (field, value) in more.as_object().expect("fields") {
        spec[field] = value.clone();
    }
    Graph::new(&ModelSpec::from_json(&spec.to_string())?)
}

fn error(input: &[usize], layers: &Value, outputs: &[&str]) -> String {
    model(input, layers, outputs).expect_err("cannot work").to_string()
}

fn conv(name: &str, from: &str, filters: usize, size: usize) -> Value {
    json!({ "name": name, "class": "Conv2D", "connected_to": [from],
            "config": { "filters": filters, "kernel_size": [size, size] } })
}

#[test]
fn errors_name_the_layer_the_numbers_and_the_way_out() {
    let cases = [
        (
            error(&[3, 3, 1], &json!([conv("c", "input", 4, 5)]), &["c"]),
            "Conv2D \"c\": window 5×5 exceeds input 3×3; add",
        ),
        (error(&[8, 8, 1], &json!([conv("c", "input", 0, 3)]), &["c"]), "filters is 0; use 1 to"),
        (error(&[8, 8, 0], &json!([conv("c", "input", 4, 3)]), &["c"]), "has an axis of size 0"),
        (
            model_with(&json!({ "loss_weights": [1.0, 0.3] })).expect_err("cannot work").to_string(),
            "model \"test\": 2 loss weights were given for 1 outputs; give one finite number each",
        ),
        (
            error(&[8, 8, 1], &json!([conv("c", "nobody", 4, 3)]), &["c"]),
            "connected to \"nobody\", which does not exist",
        ),
        (
            error(&[8, 8, 1], &json!([conv("a", "b", 4, 3), conv("b", "a", 4, 3)]), &["b"]),
            "has a cycle through \"a\", \"b\"",
        ),
        (
            error(&[8, 8, 1], &json!([conv("a", "input", 4, 3), conv("a", "input", 4, 3)]), &["a"]),
            "\"a\" is used twice",
        ),
        (
            error(&[8, 8, 1], &json!([conv("a", "input", 4, 3), conv("b", "input", 4, 3)]), &["a"]),
            "\"b\": leads to no output",
        ),
        (error(&[8, 8, 1], &json!([conv("a", "input", 4, 3)]), &["z"]), "output \"z\" does not exist"),
        (error(&[8, 8, 1], &json!([]), &["z"]), "has no layers"),
        (
            error(&[9], &json!([conv("c", "input", 4, 3)]), &["c"]),
            "needs an input of shape (height, width, channels), got (9)",
        ),
        (
            error(
                &[8, 8, 1],
                &json!([{ "name": "x", "class": "Conv3D", "connected_to": ["input"] }]),
                &["x"],
            ),
            "layer \"x\": unknown class Conv3D; known are",
        ),
    ];
    for (error, expected) in cases {
        assert!(error.contains(expected), "{error}\n  should contain {expected}");
    }
}

#[test]
fn errors_name_the_setting_of_a_layer() {
    let cases = [
        (
            error(
                &[8, 8, 1],
                &json!([{ "name": "x", "class": "Dense", "connected_to": ["input"],
                          "config": { "units": 4, "kernel_l2": -0.1 } }]),
                &["x"],
            ),
            "Dense \"x\": kernel_l2 is -0.1; a penalty's factor is a number from 0 up",
        ),
        (
            error(
                &[8, 8, 1],
                &json!([{ "name": "x", "class": "Dense", "connected_to": ["input"], "config": { "units": 4,
                          "kernel_initializer": { "class": "HeNormal", "sttdev": 1 } } }]),
                &["x"],
            ),
            "unknown field `sttdev`",
        ),
        (
            error(
                &[8, 8, 1],
                &json!([{ "name": "x", "class": "Dense", "config": { "unit": 3 }, "connected_to": ["input"] }]),
                &["x"],
            ),
            "Dense \"x\": unknown field `unit`",
        ),
        (
            error(
                &[8, 8, 6],
                &json!([{ "name": "x", "class": "Conv2D", "connected_to": ["input"],
                          "config": { "filters": 4, "kernel_size": [3, 3], "groups": 4 } }]),
                &["x"],
            ),
            "6 input channels and 4 filters do not divide into 4 groups",
        ),
    ];
    for (error, expected) in cases {
        assert!(error.contains(expected), "{error}\n  should contain {expected}");
    }
}

/// The four ways in which a file is wrong most often, each with the name of the layer that it concerns.
#[test]
fn a_wrong_file_is_told_by_the_layer() {
    let add = json!({ "name": "sum", "class": "Add", "connected_to": ["a", "b"] });
    let concat = json!({ "name": "both", "class": "Concatenate", "connected_to": ["a", "b"] });
    let (a, b) = (conv("a", "input", 4, 3), conv("b", "input", 4, 5));
    let mut odd = conv("odd", "input", 4, 3);
    odd["colour"] = json!("red");
    let mut nameless = conv("x", "input", 4, 3);
    nameless.as_object_mut().expect("fields").remove("connected_to");
    let dense = json!({ "name": "thin", "class": "Conv2D", "connected_to": ["flat"],
                        "config": { "filters": 4, "kernel_size": [3, 3] } });
    let flat = json!({ "name": "flat", "class": "Flatten", "connected_to": ["a"] });
    for (error, expected) in [
        (error(&[8, 8, 1], &json!([odd]), &["odd"]), "layer \"odd\": unknown field `colour`"),
        (error(&[8, 8, 1], &json!([nameless]), &["x"]), "layer \"x\": missing field `connected_to`"),
        (error(&[8, 8, 1], &json!([conv("me", "me", 4, 3)]), &["me"]), "has a cycle through \"me\""),
        (
            error(&[8, 8, 1], &json!([conv("c", "gone", 4, 3)]), &["c"]),
            "Conv2D \"c\": is connected to \"gone\"",
        ),
        (error(&[8, 8, 1], &json!([a, b, add]), &["sum"]), "Add \"sum\": "),
        (error(&[8, 8, 1], &json!([a, b, concat]), &["both"]), "Concatenate \"both\": "),
        (error(&[8, 8, 1], &json!([a, flat, dense]), &["thin"]), "Conv2D \"thin\": needs an input of shape"),
    ] {
        assert!(error.contains(expected), "{error}\n  should contain {expected}");
    }
    let error = model_with(&json!({ "colour": "red" })).expect_err("cannot be read").to_string();
    assert!(error.contains("model: unknown field `colour`"), "{error}");
}

#[test]
fn the_model_format_survives_a_round_trip() {
    for architecture in models::REGISTRY {
        let spec = architecture.spec();
        assert_eq!(ModelSpec::from_json(&spec.to_json()).expect("reads"), spec, "{}", spec.name);
    }
    let spec = models::build("lenet").expect("registered");
    let later = spec.to_json().replace("\"version\": 1", "\"version\": 2");
    let error = ModelSpec::from_json(&later).expect_err("from the future").to_string();
    assert!(error.contains("format version 2"), "{error}");
}

/// Sizes that break things: nothing, small ones, powers of two, and numbers that overflow when multiplied.
fn size() -> impl Strategy<Value = usize> {
    prop_oneof![6 => 1..8usize, 2 => 8..70usize, 1 => Just(0), 1 => Just(1 << 20), 1 => Just(usize::MAX)]
}

fn padding() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("valid")),
        Just(json!("same")),
        (size(), size()).prop_map(|(a, b)| json!([[a, b], [b, a]])),
    ]
}

fn layer() -> impl Strategy<Value = Value> {
    let activation = prop::sample::select(vec!["linear", "relu", "tanh", "softmax", "elu", "sigmoid"]);
    prop_oneof![
        4 => (size(), [size(), size()], [size(), size()], padding(), size(), activation.clone()).prop_map(
            |(filters, kernel, strides, padding, groups, activation)| json!({ "class": "Conv2D", "config": {
                "filters": filters, "kernel_size": kernel, "strides": strides, "padding": padding,
                "groups": if groups > 8 { 1 } else { groups }, "activation": activation } })
        ),
        2 => ([size(), size()], [size(), size()], padding(), any::<bool>()).prop_map(|(pool, strides, padding, max)| json!({
            "class": if max { "MaxPooling2D" } else { "AveragePooling2D" },
            "config": { "pool_size": pool, "strides": strides, "padding": padding } })),
        2 => (size(), activation.clone()).prop_map(|(units, activation)| json!({
            "class": "Dense", "config": { "units": units, "activation": activation } })),
        1 => activation.prop_map(|activation| json!({ "class": "Activation", "config": { "activation": activation } })),
        1 => Just(json!({ "class": "Flatten", "config": {} })),
    ]
}

/// Layers wired to any earlier one, now and then to a later one or to none.
fn network() -> impl Strategy<Value = Value> {
    let input = prop_oneof![
        4 => prop::collection::vec(1..40usize, 3),
        1 => prop::collection::vec(size(), 0..5),
    ];
    (input, prop::collection::vec((layer(), any::<prop::sample::Index>(), 0..30u8), 1..7)).prop_map(|(input, layers)| {
        let named: Vec<Value> = layers
            .iter()
            .enumerate()
            .map(|(at, (layer, from, odd))| {
                let mut layer = layer.clone();
                let from = match odd {
                    0 => format!("l{}", from.index(layers.len() + 1)),
                    1 => "nobody".to_owned(),
                    _ if at == 0 => "input".to_owned(),
                    _ => format!("l{}", at - 1),
                };
                layer["name"] = json!(format!("l{at}"));
                layer["connected_to"] = json!([from]);
                layer
            })
            .collect();
        let output = format!("l{}", layers.len() - 1);
        json!({ "version": 1, "name": "random", "kind": "functional", "input": { "layer": "input", "shape": input },
                "layers": named, "outputs": [output] })
    })
}

fn options(training: bool, choice: Choice) -> PlanOptions {
    PlanOptions {
        input_gradient: training,
        ..PlanOptions::new(
            2,
            training,
            if training {
                Target::CrossEntropy { weights: vec![1.0], label_smoothing: 0.0 }
            } else {
                Target::Outputs
            },
            choice,
        )
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn random_networks_are_planned_or_refused(network in network()) {
        let Ok(spec) = ModelSpec::from_json(&network.to_string()) else { return Ok(()) };
        match Graph::new(&spec) {
            Err(error) => prop_assert!(error.to_string().len() > 20, "{error}"),
            Ok(graph) => {
                for (training, choice) in choices::choices().flat_map(|choice| [(false, choice.clone()), (true, choice)]) {
                    let plan = plan(&graph, options(training, choice.clone()));
                    let legal = |n: &u32| (1..=65_535).contains(n);
                    prop_assert!(plan.dispatches.iter().all(|d| d.workgroups.iter().all(legal)), "{choice:?}");
                }
            }
        }
    }

    /// A sound file with a few characters changed gets further than noise does.
    #[test]
    fn damaged_networks_are_read_or_refused(
        model in prop::sample::select(vec!["lenet", "residual_block", "vgg_bn_32"]),
        changes in prop::collection::vec((any::<prop::sample::Index>(), 32..127u8), 1..4),
    ) {
        let mut text = models::build(model).expect("registered").to_json().into_bytes();
        for (at, letter) in changes {
            let at = at.index(text.len());
            text[at] = letter;
        }
        if let Ok(spec) = ModelSpec::from_json(&String::from_utf8_lossy(&text)) {
            let _ = Graph::new(&spec);
        }
    }

    #[test]
    fn no_text_makes_the_reader_panic(text in ".{0,200}") {
        let _ = ModelSpec::from_json(&text);
    }
}
