//! How a plan ends: penalties are summed up, gradients clipped, parameters moved.

use super::builder::Builder;
use super::dispatch::{ALIGN, MAX_BINDING, Slice};
use super::{External, Purpose, Target, parameter_elements};
use crate::graph::Graph;
use crate::ops::cross_entropy::METRICS_WORDS;
use crate::optim::norms::Norms;
use crate::optim::optimizer::Update;

impl Builder {
    pub(super) fn emit_update(&mut self, graph: &Graph) {
        let elements = parameter_elements(graph);
        let Target::CrossEntropy { .. } = self.options.target else { return };
        if elements == 0 {
            return;
        }
        let metrics = self.external_slice(External::Metrics, 0, METRICS_WORDS * graph.outputs.len());
        self.emit_norms(graph, elements, metrics);
        let Some(optimizer) = self.options.optimizer else { return };
        // Every tensor in one dispatch, unless they are more than a kernel may see at once.
        for first in (0..elements).step_by(MAX_BINDING) {
            let count = (elements - first).min(MAX_BINDING);
            let slots = [External::Momentum, External::Velocity];
            let mut slot =
                |i: usize| (i < optimizer.slots()).then(|| self.external_slice(slots[i], first, count));
            let slots = [slot(0), slot(1)];
            let update = Update {
                gradients: self.external_slice(External::Gradients, first, count),
                blocks: self.external_slice(External::Blocks, first / ALIGN, count / ALIGN),
                coefficients: self.external_slice(External::Coefficients, 0, 4 * graph.parameters.len()),
                metrics,
                parameters: self.external_slice(External::Parameters, first, count),
                slots,
                step: self.step(),
                heads: graph.outputs.len(),
            };
            self.push(optimizer.emit(&update));
        }
    }

    /// Nothing where nothing is penalised and nothing clipped.
    fn emit_norms(&mut self, graph: &Graph, elements: usize, metrics: Slice) {
        let clipping = self.options.optimizer.and(self.options.clipping);
        if clipping.is_none() && !graph.is_penalised() {
            return;
        }
        let tensors = graph.parameters.len();
        let [runs, sums] = Norms::sizes(elements, tensors);
        let parameters = self.external_slice(External::Parameters, 0, elements);
        let gradients = match clipping {
            Some(_) => self.external_slice(External::Gradients, 0, elements),
            // The sums of gradients are of no use then.
            None => parameters,
        };
        let norms = Norms {
            gradients,
            blocks: self.external_slice(External::Blocks, 0, elements / ALIGN),
            coefficients: self.external_slice(External::Coefficients, 0, 4 * tensors),
            places: self.external_slice(External::Places, 0, 2 * tensors),
            before: parameters,
            after: parameters,
            runs: self.local("norms of runs".into(), runs, Purpose::Scratch, false),
            norms: self.local("norms".into(), sums, Purpose::Scratch, false),
        };
        let finish = norms.finish(clipping, metrics, self.step());
        for dispatch in norms.emit(finish.pass) {
            self.push(dispatch);
        }
        self.push(finish);
    }
}
