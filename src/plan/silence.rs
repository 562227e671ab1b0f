//! What a network would be without one of its wires.

use super::{Buffer, Pass, Plan, Purpose, Slice};
use crate::graph::Graph;
use crate::plan::BufferId;

impl Plan {
    /// Lets a layer read zeros in place of what its `input`th input says, in the forward pass: of a concatenation that part
    /// is zero then, of a sum that term. Nothing happens where there is no such wire.
    pub fn silence(&mut self, graph: &Graph, layer: usize, input: usize) {
        let node = graph.nodes.iter().find(|node| node.layer == layer && node.trailing.is_none());
        let value = node.and_then(|node| node.inputs.get(input));
        let Some(heard) = value.and_then(|value| self.values[value.0]) else { return };
        // Memory that nobody writes stays as it was allocated.
        let zeros = Slice { buffer: BufferId(self.buffers.len()), offset: 0, elements: heard.elements };
        self.slots.push(heard.elements);
        self.buffers.push(Buffer {
            label: "zeros".to_owned(),
            elements: heard.elements,
            purpose: Purpose::Scratch,
            pinned: true,
            slot: Some(self.slots.len() - 1),
            offset: 0,
        });
        let own = self.dispatches.iter_mut().filter(|d| d.layer == Some(layer) && d.pass == Pass::Forward);
        for (_, slice) in own.flat_map(|dispatch| &mut dispatch.buffers).filter(|(_, slice)| *slice == heard)
        {
            *slice = zeros;
        }
    }
}
