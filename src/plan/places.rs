//! Where weights lie: one after the other in arenas that outlive a plan.

use super::dispatch::ALIGN;
use crate::graph::Graph;

/// Offset of every weight in its arena: trained ones in one, moving statistics in the other, in Keras's order.
pub(crate) fn place_parameters(graph: &Graph) -> Vec<usize> {
    let mut next = [0; 2];
    let place = |parameter: &crate::graph::Parameter| {
        let arena = &mut next[usize::from(parameter.spec.state)];
        let at = *arena;
        *arena += parameter.spec.elements().next_multiple_of(ALIGN);
        at
    };
    graph.parameters.iter().map(place).collect()
}

/// Values of the arena of trained weights, padding included.
pub(crate) fn parameter_elements(graph: &Graph) -> usize {
    arena_elements(graph, false)
}

/// Values of the arena of moving statistics, padding included.
pub(crate) fn state_elements(graph: &Graph) -> usize {
    arena_elements(graph, true)
}

fn arena_elements(graph: &Graph, state: bool) -> usize {
    let members = graph.parameters.iter().filter(|parameter| parameter.spec.state == state);
    members.map(|parameter| parameter.spec.elements().next_multiple_of(ALIGN)).sum()
}
