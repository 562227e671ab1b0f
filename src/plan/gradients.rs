//! Where the gradients of values lie, and which of them may be one and the same.

use super::Purpose;
use super::builder::Builder;
use super::context::InputGradient;
use super::dispatch::{Dispatch, Pass, Slice};
use crate::graph::{Node, ValueId};
use crate::ops::{activation, add};

impl Builder {
    pub(super) fn input_gradient(&mut self, value: ValueId) -> Option<InputGradient> {
        self.needs_gradient[value.0].then(|| {
            self.part_gradient(self.shown[value.0].0);
            self.gradient_to_write(value)
        })
    }

    /// Lets the gradient of `value` be that of `output`, memory and all, where both may be the same; until somebody
    /// adds to one of them, and somebody else still wants the other.
    pub(super) fn pass_gradient(&mut self, output: ValueId, value: ValueId) -> bool {
        let [from, to] = [output, value].map(|value| self.shown[value.0].0);
        let Some(slice) = self.gradients[from] else { return false };
        // What is read from outside after the run, or written before it, is nobody else's.
        let fixed = to < self.inputs || self.buffers[slice.buffer.0].pinned;
        let same = self.shapes[from] == self.shapes[to];
        if !same || fixed || self.gradient_written[to] || !self.needs_gradient[value.0] || !self.options.reuse
        {
            return false;
        }
        self.gradients[to] = Some(slice);
        self.gradient_written[to] = true;
        true
    }

    /// Before somebody adds to the gradient of `value`: memory of its own, if others still want what it shares.
    fn part_gradient(&mut self, value: usize) {
        let Some(slice) = self.gradients[value] else { return };
        let wanted = |&other: &usize| self.gradients[other] == Some(slice) && !self.gradient_done[other];
        if (0..self.gradients.len()).filter(wanted).any(|other| other != value) {
            self.gradients[value] = None;
            let own = self.gradient_to_write(ValueId(value)).slice;
            self.push(add::copy(slice, own).pass(Pass::Backward));
        }
    }

    /// The activation whose slope the gradient of `value` in `slice` still wants, if whoever asks is the only one to write it and
    /// nobody looks at it from outside. From then on it is the gradient of what went into that activation.
    pub(super) fn slope_to_apply(&mut self, value: ValueId, slice: Slice) -> u32 {
        let [activation, readers] = &mut self.activations[self.shown[value.0].0];
        if *readers > 1 || self.buffers[slice.buffer.0].pinned || !self.options.reuse {
            return 0;
        }
        std::mem::take(activation)
    }

    /// The gradient of what went into the activation of a node.
    pub(super) fn sum_gradient(&mut self, node: &Node) -> Slice {
        let value = node.output;
        let dy = self.gradient(value);
        let activation = self.activations[value.0][0];
        if activation == 0 {
            return dy;
        }
        let dz = self.scratch(node, "sum gradient", dy.elements);
        let y = self.value(value).slice;
        let dispatch = activation::backward(activation, y, dy, dz);
        self.push(Dispatch { layer: Some(node.layer), ..dispatch.pass(Pass::Backward) });
        dz
    }

    pub(super) fn gradient_to_write(&mut self, value: ValueId) -> InputGradient {
        let shown = self.shown[value.0].0;
        let slice = match self.gradients[shown] {
            Some(slice) => slice,
            None => {
                let elements = self.options.batch * self.shapes[shown].elements();
                let label = format!("d {}", self.names[shown]);
                let pinned = self.is_seeded() || (shown < self.inputs && self.options.input_gradient);
                let slice = self.local(label, elements, Purpose::Gradient, pinned);
                self.gradients[shown] = Some(slice);
                slice
            }
        };
        let accumulate = u32::from(std::mem::replace(&mut self.gradient_written[shown], true));
        InputGradient { slice, accumulate, below: 0 }
    }
}
