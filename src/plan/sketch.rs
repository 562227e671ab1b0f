//! A plan that no graph asked for: a few dispatches on memory from outside.

use super::choice::Choice;
use super::dispatch::{BufferId, Dispatch, Slice};
use super::{Buffer, External, Plan, PlanOptions, Purpose, Target};

/// The plan while it grows.
#[derive(Debug, Default)]
pub(crate) struct Sketch {
    buffers: Vec<Buffer>,
    slots: Vec<usize>,
}

impl Sketch {
    /// Memory that whoever runs the plan provides, from its value number `offset` on.
    pub(crate) fn external(&mut self, external: External, offset: usize, elements: usize) -> Slice {
        let purpose = Purpose::External(external);
        Slice { offset, ..self.buffer(purpose, offset + elements, None).with(elements) }
    }

    /// Memory of the plan's own, shared with nothing. It starts as zeros.
    pub(crate) fn scratch(&mut self, elements: usize) -> Slice {
        self.slots.push(elements);
        self.buffer(Purpose::Scratch, elements, Some(self.slots.len() - 1)).with(elements)
    }

    fn buffer(&mut self, purpose: Purpose, elements: usize, slot: Option<usize>) -> BufferId {
        self.buffers.push(Buffer { label: String::new(), elements, purpose, pinned: true, slot, offset: 0 });
        BufferId(self.buffers.len() - 1)
    }

    /// The plan of these dispatches.
    pub(crate) fn plan(self, dispatches: Vec<Dispatch>) -> Plan {
        Plan {
            options: PlanOptions {
                keep_activations: true,
                ..PlanOptions::new(1, false, Target::Outputs, Choice::Plain)
            },
            dispatches,
            buffers: self.buffers,
            slots: self.slots,
            values: Vec::new(),
            gradients: Vec::new(),
            parameters: Vec::new(),
            parameter_gradients: Vec::new(),
            labels: None,
            losses: Vec::new(),
            picks: Vec::new(),
        }
    }
}

impl BufferId {
    fn with(self, elements: usize) -> Slice {
        Slice { buffer: self, offset: 0, elements }
    }
}
