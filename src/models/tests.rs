//! What holds for every row of the registry. That its summaries equal Keras's is tested in `graph::summary`.

use super::*;
use crate::graph::Graph;

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
