//! What holds for every row of the registry. That its summaries equal Keras's is tested in `graph::summary`.

use super::*;
use crate::graph::{Graph, LayerSpec};
use crate::ops::Layer;

fn graph(spec: &ModelSpec) -> Graph {
    Graph::new(spec).unwrap_or_else(|error| panic!("{}: {error}", spec.name))
}

/// The classes that each head tells apart.
fn heads(graph: &Graph) -> Vec<usize> {
    graph.outputs.iter().map(|&layer| graph.layers[layer].shape.channels()).collect()
}

#[test]
fn every_architecture_is_valid_and_carries_its_name() {
    let mut names = std::collections::HashSet::new();
    for architecture in REGISTRY {
        assert!(names.insert(architecture.name), "{} is registered twice", architecture.name);
        let spec = architecture.spec();
        assert_eq!(spec.name, architecture.name);
        assert!(!spec.source.is_empty(), "{} has no source", spec.name);
        let graph = graph(&spec);
        assert_eq!(graph.layers.len(), spec.layers.len());
        if architecture.classes > 0 {
            assert!(heads(&graph).iter().all(|&head| head == architecture.classes), "{}", spec.name);
        }
    }
}

#[test]
fn every_classifier_takes_other_channels_and_classes() {
    for architecture in REGISTRY.iter().filter(|architecture| architecture.classes > 0) {
        for channels in [1, 3] {
            let graph = graph(&build_for(architecture.name, channels, 7).expect("registered"));
            assert_eq!(graph.input.channels(), channels, "{}", architecture.name);
            assert!(heads(&graph).iter().all(|&head| head == 7), "{}", architecture.name);
        }
    }
}

#[test]
fn an_unknown_name_is_told_the_known_ones() {
    let error = build("lenet5").expect_err("unknown").to_string();
    assert!(error.contains("no model \"lenet5\"") && error.contains("lenet, lenet_tanh"), "{error}");
    assert!(build_for("", 3, 10).is_err());
}

/// Names and configurations in the order in which they are written down, without the additions and their projections
/// (the 1×1 convolutions and the norms behind them) and without automatic names.
fn main_path(name: &str) -> Vec<Layer> {
    let spec = build(name).expect("registered");
    let mut layers = Vec::new();
    let mut projected = false;
    for layer in spec.layers.into_iter().map(|layer| layer.layer) {
        match &layer {
            Layer::Add(_) => projected = false,
            Layer::Conv2D(conv) if conv.kernel_size == [1, 1] => projected = true,
            _ if projected => {}
            _ => layers.push(layer),
        }
    }
    layers
}

#[test]
fn plain_twins_are_resnets_without_the_additions() {
    for (residual, plain, depth) in
        [("resnet8", "plain8", 8), ("resnet20", "plain20", 20), ("resnet56", "plain56", 56)]
    {
        assert_eq!(main_path(residual), main_path(plain));
        let twin = build(plain).expect("registered");
        assert!(!twin.layers.iter().any(|layer| matches!(layer.layer, Layer::Add(_))));
        assert_eq!(twin.layers.len(), main_path(plain).len());
        let weighty = |layer: &&LayerSpec| matches!(layer.layer, Layer::Conv2D(_) | Layer::Dense(_));
        assert_eq!(twin.layers.iter().filter(weighty).count(), depth);
    }
}

/// Sizes that learn in a minute or two on an ordinary GPU. A training step costs about three times the forward pass's
/// multiply-accumulates a picture: ten epochs of 5,000 pictures at 45 million are 7·10¹², which 0.1 tera a second (a
/// tenth of what a laptop's GPU can do) finishes in 70 seconds. The 56-layer nets are the paper's, for who has time.
#[test]
fn networks_for_the_page_stay_small() {
    for (name, parameters, million_macs) in [
        ("alexnet_32", 2_400_000, 30),
        ("vgg_32", 900_000, 45),
        ("vgg_bn_32", 900_000, 45),
        ("googlenet_32", 500_000, 45),
        ("resnet20", 300_000, 45),
        ("plain20", 300_000, 45),
        ("resnet56", 900_000, 130),
        ("plain56", 900_000, 130),
    ] {
        let totals = graph(&build(name).expect("registered")).summary().totals;
        assert!(totals.params <= parameters && totals.macs <= million_macs * 1_000_000, "{name}: {totals:?}");
    }
}

#[test]
fn auxiliary_heads_count_less() {
    for name in ["googlenet", "googlenet_32"] {
        assert_eq!(graph(&build(name).expect("registered")).loss_weights, [0.3, 0.3, 1.0], "{name}");
    }
}

/// The docs tell every network and every quirk that is kept on purpose.
#[test]
fn the_docs_tell_every_quirk() {
    let docs = include_str!("../../docs/architectures.md");
    for architecture in REGISTRY {
        let spec = architecture.spec();
        assert!(docs.contains(&format!("| `{}` | {} |", spec.name, spec.source)), "{}", spec.name);
        for note in &spec.notes {
            assert!(docs.contains(&format!("- {note}\n")), "{}: {note}", spec.name);
        }
    }
}
