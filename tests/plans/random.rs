//! Random networks that work: any layer may read any earlier ones.

use cnn_playground::graph::{Graph, ModelSpec};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

/// Channels beyond which nothing is joined: every join of joins doubles them.
const WIDE: usize = 24;

/// Which layer to add, and which earlier ones it reads.
pub(crate) type Choices = Vec<(u8, Index, Index)>;

/// Up to a dozen layers.
pub(crate) fn network() -> impl Strategy<Value = Choices> {
    prop::collection::vec((0..10_u8, any::<Index>(), any::<Index>()), 1..12)
}

/// A value of 6×6 pixels.
struct Map {
    name: String,
    channels: usize,
    read: bool,
}

/// A network whose layers all keep 6×6 pixels, so that each may read any other; whatever nobody has read is joined in
/// the end and classified.
pub(crate) fn graph(choices: &Choices) -> Graph {
    let mut maps = vec![Map { name: "input".into(), channels: 2, read: false }];
    let mut layers = Vec::new();
    for (at, (kind, a, b)) in choices.iter().enumerate() {
        let (a, b) = (a.index(maps.len()), b.index(maps.len()));
        let (class, config, inputs, channels) = layer(*kind, &maps, a, b);
        let name = format!("l{at}");
        let from: Vec<&str> = inputs.iter().map(|&i| maps[i].name.as_str()).collect();
        layers.push(json!({ "name": name, "class": class, "config": config, "connected_to": from }));
        for i in inputs {
            maps[i].read = true;
        }
        maps.push(Map { name, channels, read: false });
    }
    let loose: Vec<&str> = maps.iter().filter(|map| !map.read).map(|map| map.name.as_str()).collect();
    let mut last = loose[0];
    if loose.len() > 1 {
        layers.push(json!({ "name": "join", "class": "Concatenate", "connected_to": loose }));
        last = "join";
    }
    layers.push(json!({ "name": "pool", "class": "GlobalAveragePooling2D", "connected_to": [last] }));
    layers.push(json!({ "name": "head", "class": "Dense", "connected_to": ["pool"],
                        "config": { "units": 3, "activation": "softmax" } }));
    let spec = json!({
        "version": 1, "name": "random", "kind": "functional",
        "input": { "layer": "input", "shape": [6, 6, 2] }, "layers": layers, "outputs": ["head"],
    });
    let spec = ModelSpec::from_json(&spec.to_string()).expect("a model");
    Graph::new(&spec).unwrap_or_else(|error| panic!("{error}\n{}", spec.to_json()))
}

/// Class, configuration, inputs and channels of a layer of this kind.
fn layer(kind: u8, maps: &[Map], a: usize, b: usize) -> (&'static str, Value, Vec<usize>, usize) {
    let channels = maps[a].channels;
    let conv = |filters: usize, side: usize, activation: &str| {
        let config = json!({ "filters": filters, "kernel_size": [side, side], "padding": "same", "activation": activation });
        ("Conv2D", config, vec![a], filters)
    };
    let plain = |class: &'static str, config: Value| (class, config, vec![a], channels);
    match kind {
        0 => conv(3, 3, "relu"),
        1 => conv(5, 1, "linear"),
        2 => plain("BatchNormalization", json!({})),
        3 => plain("ReLU", json!({})),
        4 => plain("MaxPooling2D", json!({ "pool_size": [2, 2], "strides": [1, 1], "padding": "same" })),
        5 => plain("AveragePooling2D", json!({ "pool_size": [3, 3], "strides": [1, 1], "padding": "same" })),
        6 => plain("DepthwiseConv2D", json!({ "kernel_size": [3, 3], "padding": "same" })),
        7 => plain("Dropout", json!({ "rate": 0.3 })),
        // Only equals can be added; a layer may well be added to itself.
        8 if maps[b].channels == channels => ("Add", json!({}), vec![a, b], channels),
        8 | 9 if channels + maps[b].channels <= WIDE => {
            ("Concatenate", json!({}), vec![a, b], channels + maps[b].channels)
        }
        _ => conv(4, 1, "tanh"),
    }
}
