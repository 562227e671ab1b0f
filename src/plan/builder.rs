//! Walks the graph forwards, then backwards, and lets every op emit its dispatches.

use super::choice::Candidate;
use super::context::{Backward, Forward, Tensor};
use super::dispatch::{BufferId, Dispatch, Slice};
use super::facts::{needed_nodes, needs_gradient, value_names};
use super::fusion::{Fused, Role, roles};
use super::memory::assign_slots;
use super::tuning::Pick;
use super::work;
use super::{Batch, Buffer, External, PlanOptions, Purpose, Target, arena_of, place_parameters};
use crate::data::gather::Gather;
use crate::graph::{Graph, Node, ValueId};
use crate::ops::cross_entropy::{self, Head};
use crate::shape::Shape;

/// The dispatches of one step and their memory.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How it was planned.
    pub options: PlanOptions,
    /// In order.
    pub dispatches: Vec<Dispatch>,
    /// All buffers.
    pub buffers: Vec<Buffer>,
    /// Size in values of each piece of memory that buffers share.
    pub slots: Vec<usize>,
    /// Where each value of the graph lies, where it is computed at all.
    pub values: Vec<Option<Slice>>,
    /// Where its gradient lies.
    pub gradients: Vec<Option<Slice>>,
    /// Where each weight lies.
    pub parameters: Vec<Slice>,
    /// Where its gradient lies, if it is trained.
    pub parameter_gradients: Vec<Option<Slice>>,
    /// Labels of the batch.
    pub labels: Option<Slice>,
    /// Per head: loss of each sample.
    pub losses: Vec<Slice>,
    /// Where there was something to choose, in the order of the dispatches.
    pub picks: Vec<Pick>,
}

/// Plans `graph`.
pub fn plan(graph: &Graph, options: PlanOptions) -> Plan {
    let mut builder = Builder::new(graph, options);
    let logits: Vec<ValueId> =
        graph.outputs.iter().map(|&layer| graph.logits(graph.layers[layer].value)).collect();
    let roots = match builder.options.target {
        Target::CrossEntropy { .. } => logits.clone(),
        Target::Seeded(value) => vec![value],
        _ => graph.outputs.iter().map(|&layer| graph.layers[layer].value).collect(),
    };
    let needed = needed_nodes(graph, &roots);
    builder.emit_batch(graph);
    let roles = if builder.fuses() { roles(graph, &needed, &roots) } else { Vec::new() };
    for (at, node) in graph.nodes.iter().enumerate().filter(|&(at, _)| needed[at]) {
        match roles.get(at) {
            None | Some(Role::Alone) => builder.emit_forward(graph, node, None),
            Some(Role::Within) => {}
            Some(Role::End(chain)) => {
                let fused = builder.fused(chain);
                builder.emit_forward(graph, &chain.node, Some(fused));
            }
        }
    }
    builder.emit_loss(&logits);
    if builder.backward() {
        builder.seed_gradients(&roots);
        for (node, _) in graph.nodes.iter().zip(&needed).rev().filter(|(_, needed)| **needed) {
            builder.emit_backward(graph, node);
        }
    }
    builder.emit_update(graph);
    work::count(graph, builder.options.batch, &mut builder.dispatches);
    builder.finish()
}

/// The plan while it grows.
#[derive(Debug)]
pub(super) struct Builder {
    pub(super) options: PlanOptions,
    dispatches: Vec<Dispatch>,
    pub(super) buffers: Vec<Buffer>,
    external: Vec<(External, BufferId)>,
    pub(super) shapes: Vec<Shape>,
    values: Vec<Option<Slice>>,
    /// For a view, the value whose memory it shows; gradients are kept under that value.
    pub(super) shown: Vec<ValueId>,
    pub(super) names: Vec<String>,
    pub(super) gradients: Vec<Option<Slice>>,
    pub(super) gradient_written: Vec<bool>,
    /// Nobody reads it any more.
    pub(super) gradient_done: Vec<bool>,
    pub(super) needs_gradient: Vec<bool>,
    /// The activation that the kernel of a value applied, by its number, and how many read the value or a view of it. 0 once its
    /// gradient is that of what went into the activation.
    pub(super) activations: Vec<[u32; 2]>,
    /// Values that somebody writes: the first ones.
    pub(super) inputs: usize,
    trainable: Vec<bool>,
    parameters: Vec<Slice>,
    parameter_gradients: Vec<Option<Slice>>,
    /// Layer and name of each weight.
    parameter_names: Vec<(usize, &'static str)>,
    scratch: Vec<(ValueId, &'static str, Slice)>,
    labels: Option<Slice>,
    losses: Vec<Slice>,
    picks: Vec<Pick>,
}

impl Builder {
    fn new(graph: &Graph, options: PlanOptions) -> Self {
        let values = graph.values.len();
        let mut builder = Self {
            dispatches: Vec::new(),
            buffers: Vec::new(),
            external: Vec::new(),
            shapes: graph.values.clone(),
            values: vec![None; values],
            shown: (0..values).map(ValueId).collect(),
            names: value_names(graph),
            gradients: vec![None; values],
            gradient_written: vec![false; values],
            gradient_done: vec![false; values],
            needs_gradient: needs_gradient(graph, options.input_gradient),
            activations: vec![[0; 2]; values],
            inputs: graph.inputs,
            trainable: graph.layers.iter().map(|layer| layer.spec.trainable).collect(),
            parameters: Vec::new(),
            parameter_gradients: Vec::new(),
            parameter_names: Vec::new(),
            scratch: Vec::new(),
            labels: None,
            losses: Vec::new(),
            picks: Vec::new(),
            options,
        };
        builder.place_parameters(graph);
        builder
    }

    pub(super) fn backward(&self) -> bool {
        match self.options.target {
            Target::Outputs => false,
            Target::CrossEntropy { .. } => self.options.training,
            Target::OutputGradient | Target::Seeded(_) => true,
        }
    }

    /// Whether only values are asked for their gradients.
    pub(super) fn is_seeded(&self) -> bool {
        matches!(self.options.target, Target::Seeded(_))
    }

    fn place_parameters(&mut self, graph: &Graph) {
        let places = place_parameters(graph);
        for (parameter, place) in graph.parameters.iter().zip(places) {
            let elements = parameter.spec.elements();
            let slice = self.external_slice(arena_of(parameter), place, elements);
            self.parameters.push(slice);
            let wanted = parameter.trainable && self.backward() && !self.is_seeded();
            let gradient = wanted.then(|| self.external_slice(External::Gradients, place, elements));
            self.parameter_gradients.push(gradient);
            self.parameter_names.push((parameter.layer, parameter.spec.name));
        }
    }

    pub(super) fn external_slice(&mut self, external: External, offset: usize, elements: usize) -> Slice {
        let known = self.external.iter().find(|(known, _)| *known == external).map(|&(_, id)| id);
        let id = known.unwrap_or_else(|| {
            let label = format!("{external:?}").to_ascii_lowercase();
            let id = self.local(label, 0, Purpose::External(external), true).buffer;
            self.external.push((external, id));
            id
        });
        let buffer = &mut self.buffers[id.0];
        buffer.elements = buffer.elements.max(offset + elements);
        Slice { buffer: id, offset, elements }
    }

    pub(super) fn local(&mut self, label: String, elements: usize, purpose: Purpose, pinned: bool) -> Slice {
        self.buffers.push(Buffer { label, elements, purpose, pinned, slot: None, offset: 0 });
        Slice { buffer: BufferId(self.buffers.len() - 1), offset: 0, elements }
    }

    fn emit_batch(&mut self, graph: &Graph) {
        let batch = self.options.batch;
        let host = self.options.source == Batch::Host;
        let pinned = host || self.options.keep_activations;
        for value in 0..graph.inputs {
            let elements = batch * self.shapes[value].elements();
            self.values[value] =
                Some(self.local(self.names[value].clone(), elements, Purpose::Activation, pinned));
        }
        if matches!(self.options.target, Target::CrossEntropy { .. }) {
            self.labels = Some(self.local("labels".into(), batch, Purpose::Activation, host));
        }
        if let Some((stored, augment)) = self.options.source.stored(self.options.training) {
            let spare = self.local("unused".into(), 1, Purpose::Scratch, false);
            let gather = Gather {
                stored,
                batch,
                augment,
                pixels: self.external_slice(External::Pixels, 0, stored.words()),
                stored_labels: self.external_slice(External::Labels, 0, stored.count),
                indices: self.external_slice(External::Indices, 0, batch),
                step: self.step(),
                x: self.value(ValueId(0)).slice,
                labels: self.labels,
                spare,
            };
            self.push(gather.emit());
        }
    }

    fn emit_forward(&mut self, graph: &Graph, node: &Node, fused: Option<Fused>) {
        let op = graph.op(node);
        if op.is_view(self.options.training) {
            let shown = self.shown[node.inputs[0].0];
            self.shown[node.output.0] = shown;
            self.values[node.output.0] = self.values[shown.0];
            return;
        }
        let elements = self.options.batch * self.shapes[node.output.0].elements();
        let label = self.names[node.output.0].clone();
        let pinned = self.options.keep_activations || self.is_output(graph, node.output);
        self.values[node.output.0] = Some(self.local(label, elements, Purpose::Activation, pinned));
        self.activations[node.output.0][0] = op.fused_activation();
        for input in &node.inputs {
            self.activations[self.shown[input.0].0][1] += 1;
        }
        op.forward(&mut Forward { builder: self, node, fused });
    }

    fn is_output(&self, graph: &Graph, value: ValueId) -> bool {
        let shown = self.shown[value.0];
        !matches!(self.options.target, Target::CrossEntropy { .. })
            && graph.outputs.iter().any(|&layer| self.shown[graph.layers[layer].value.0] == shown)
    }

    fn emit_loss(&mut self, logits: &[ValueId]) {
        let Target::CrossEntropy { weights, label_smoothing } = self.options.target.clone() else { return };
        let Some(labels) = self.labels else { return };
        let gradient = self.backward();
        for (head, (&value, weight)) in logits.iter().zip(weights).enumerate() {
            let tensor = self.value(value);
            let classes = tensor.shape.elements();
            let samples = self.local(format!("loss {head}"), 4 * self.options.batch, Purpose::Scratch, true);
            let wanted = gradient && self.needs_gradient[value.0];
            let gradient = wanted.then(|| self.gradient_to_write(value));
            // Whoever evaluates may ask for the answers themselves, after all that the plan does with its memory.
            self.buffers[tensor.slice.buffer.0].pinned |= !self.options.training;
            let metrics =
                self.external_slice(External::Metrics, 0, cross_entropy::METRICS_WORDS * logits.len());
            let step = self.step();
            let head = Head {
                index: head,
                batch: self.options.batch,
                classes,
                weight,
                label_smoothing,
                logits: tensor.slice,
                labels,
                step,
                samples,
                gradient,
                metrics,
            };
            self.losses.push(samples);
            for dispatch in cross_entropy::emit(&head) {
                self.push(dispatch);
            }
        }
    }

    fn seed_gradients(&mut self, roots: &[ValueId]) {
        if self.options.target != Target::OutputGradient && !self.is_seeded() {
            return;
        }
        for &root in roots {
            let shown = self.shown[root.0].0;
            let slice = self.gradient_to_write(root).slice;
            self.buffers[slice.buffer.0].pinned = true;
            self.gradient_written[shown] = true;
        }
    }

    fn emit_backward(&mut self, graph: &Graph, node: &Node) {
        let op = graph.op(node);
        let trained = |layer: usize| {
            graph.layers[layer].parameters.clone().any(|p| graph.parameters[p].trainable)
                && node.trailing.is_none()
        };
        let wanted = node.inputs.iter().any(|input| self.needs_gradient[input.0]) || trained(node.layer);
        if op.is_view(self.options.training) || !wanted {
            return;
        }
        op.backward(&mut Backward { builder: self, node });
        self.gradient_done[node.output.0] = true;
    }

    pub(super) fn value(&self, value: ValueId) -> Tensor {
        let slice = self.values[value.0].expect("ops run in topological order");
        Tensor { slice, shape: self.shapes[value.0].clone() }
    }

    pub(super) fn gradient(&self, value: ValueId) -> Slice {
        self.gradients[self.shown[value.0].0].expect("readers of a value run backwards before its writer")
    }

    pub(super) fn parameter(&self, layer: usize, name: &str) -> Option<Slice> {
        self.find_parameter(layer, name).map(|index| self.parameters[index])
    }

    pub(super) fn parameter_gradient(&self, layer: usize, name: &str) -> Option<Slice> {
        self.find_parameter(layer, name).and_then(|index| self.parameter_gradients[index])
    }

    fn find_parameter(&self, layer: usize, name: &str) -> Option<usize> {
        self.parameter_names.iter().position(|&known| known == (layer, name))
    }

    pub(super) fn scratch(&mut self, node: &Node, name: &'static str, elements: usize) -> Slice {
        let known = self.scratch.iter().find(|known| (known.0, known.1) == (node.output, name));
        if let Some(&(_, _, slice)) = known {
            return slice;
        }
        let label = format!("{} {name}", self.names[node.output.0]);
        let slice = self.local(label, elements, Purpose::Scratch, false);
        self.scratch.push((node.output, name, slice));
        slice
    }

    pub(super) fn step(&mut self) -> Slice {
        self.external_slice(External::Step, 0, crate::gpu::STEP_WORDS)
    }

    pub(super) fn pick(
        &mut self,
        layer: usize,
        what: &str,
        dims: &[u8],
        candidates: Vec<Candidate>,
    ) -> &'static str {
        let mut key = what.to_owned();
        for word in dims.as_chunks().0 {
            key += " ";
            key += &u32::from_le_bytes(*word).to_string();
        }
        let name = self.options.choice.pick(&key, &candidates);
        self.picks.push(Pick { key, layer, first: self.dispatches.len(), candidates });
        name
    }

    pub(super) fn trainable(&self, layer: usize) -> bool {
        self.trainable[layer]
    }

    pub(super) fn push(&mut self, dispatch: Dispatch) {
        self.dispatches.push(dispatch);
    }

    fn finish(mut self) -> Plan {
        let slots = assign_slots(&mut self.buffers, &self.dispatches, self.options.reuse);
        let gradients = (0..self.shapes.len()).map(|value| self.gradients[self.shown[value].0]).collect();
        Plan {
            options: self.options,
            dispatches: self.dispatches,
            buffers: self.buffers,
            slots,
            values: self.values,
            gradients,
            parameters: self.parameters,
            parameter_gradients: self.parameter_gradients,
            labels: self.labels,
            losses: self.losses,
            picks: self.picks,
        }
    }
}
