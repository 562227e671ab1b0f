//! What a plan asks of a graph before anything has a place.

use crate::graph::{Graph, ValueId};

/// Nodes that something wanted depends on.
pub(super) fn needed_nodes(graph: &Graph, roots: &[ValueId]) -> Vec<bool> {
    let mut wanted = vec![false; graph.values.len()];
    for root in roots {
        wanted[root.0] = true;
    }
    let mut needed = vec![false; graph.nodes.len()];
    for (at, node) in graph.nodes.iter().enumerate().rev() {
        if wanted[node.output.0] {
            needed[at] = true;
            node.inputs.iter().for_each(|input| wanted[input.0] = true);
        }
    }
    needed
}

/// Values on the way from a trained weight, or with `input` from the input, to the loss.
pub(super) fn needs_gradient(graph: &Graph, input: bool) -> Vec<bool> {
    let mut needs = vec![false; graph.values.len()];
    needs[..graph.inputs].fill(input);
    for node in &graph.nodes {
        let own = graph.layers[node.layer].parameters.clone().any(|p| graph.parameters[p].trainable);
        needs[node.output.0] = own || node.inputs.iter().any(|i| needs[i.0]);
    }
    needs
}

/// Names of all values, for people: that of the layer.
pub(super) fn value_names(graph: &Graph) -> Vec<String> {
    let mut names = vec![graph.input_name.clone(); graph.values.len()];
    for node in &graph.nodes {
        let layer = &graph.layers[node.layer];
        let logits = node.trailing.is_none() && node.output != layer.value;
        names[node.output.0] =
            if logits { format!("{} logits", layer.spec.name) } else { layer.spec.name.clone() };
    }
    names
}
