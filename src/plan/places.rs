//! Where weights lie: one after the other in arenas that outlive a plan.

use super::External;
use super::dispatch::ALIGN;
use crate::graph::{Graph, Parameter};

/// The arena that a weight lies in. Gradients and the optimiser's memories have the places of the trained ones' arena,
/// so that frozen weights take none there.
pub(crate) fn arena_of(parameter: &Parameter) -> External {
    if parameter.trainable { External::Parameters } else { External::State }
}

/// Offset of every weight in its arena: trained ones in one; frozen ones and moving statistics in the other; in Keras's
/// order.
pub(crate) fn place_parameters(graph: &Graph) -> Vec<usize> {
    let mut next = [0; 2];
    let place = |parameter: &crate::graph::Parameter| {
        let arena = &mut next[usize::from(parameter.trainable)];
        let at = *arena;
        *arena += parameter.spec.elements().next_multiple_of(ALIGN);
        at
    };
    graph.parameters.iter().map(place).collect()
}

/// Values of the arena of trained weights, padding included.
pub(crate) fn parameter_elements(graph: &Graph) -> usize {
    arena_elements(graph, true)
}

/// Values of the arena of frozen weights and moving statistics, padding included.
pub(crate) fn state_elements(graph: &Graph) -> usize {
    arena_elements(graph, false)
}

fn arena_elements(graph: &Graph, trainable: bool) -> usize {
    let members = graph.parameters.iter().filter(|parameter| parameter.trainable == trainable);
    members.map(|parameter| parameter.spec.elements().next_multiple_of(ALIGN)).sum()
}
