//! How long gradients and updates are beside the weights, layer by layer.

use serde::Serialize;

use super::ask::PendingAnswer;
use super::session::Session;
use crate::error::Result;
use crate::graph::GraphLayer;
use crate::optim::norms::Norms;
use crate::plan::{ALIGN, External, Pass, Sketch, parameter_elements};

/// Norms over all weights of a layer together.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerNorms {
    /// Its name.
    pub layer: String,
    /// Norm of the last step's gradient, regularisers included, before it was clipped.
    pub gradient: f32,
    /// Norm of the weights that it was the gradient of.
    pub weight: f32,
    /// Norm of what the step changed, over that of the weights: about 0.001 is healthy. `None` where no step has changed
    /// them since [`Session::watch_updates`].
    pub update_ratio: Option<f32>,
}

impl Session {
    /// Keeps the weights of before each step from now on (or no longer), so that [`Session::submit_norms`] knows how
    /// far a step went. This takes memory for a second set of weights, and a copy a step.
    pub fn watch_updates(&mut self, on: bool) -> Result<()> {
        if on && self.before.is_none() {
            let parameters = &self.externals[External::Parameters];
            let words = parameters.bytes() as usize / 4;
            self.before = Some(self.gpu.memory("weights before", words, wgpu::BufferUsages::empty())?);
            self.remember();
        } else if !on {
            self.before = None;
        }
        Ok(())
    }

    /// Remembers the weights as they are now, where somebody watches.
    pub(super) fn remember(&self) {
        let mut encoder = self.gpu.encoder();
        self.encode_watch(&mut encoder);
        self.gpu.submit(encoder);
    }

    /// The copy that remembers the weights, where somebody watches.
    pub(super) fn encode_watch(&self, encoder: &mut wgpu::CommandEncoder) {
        if let Some(before) = &self.before {
            let parameters = &self.externals[External::Parameters];
            encoder.copy_buffer_to_buffer(parameters.buffer(), 0, before.buffer(), 0, parameters.bytes());
        }
    }

    /// The norms of the last step.
    pub async fn norms(&self) -> Result<Vec<LayerNorms>> {
        Ok(self.layer_norms(&self.submit_norms()?.read().await?))
    }

    /// Submits the question for [`Session::layer_norms`].
    pub fn submit_norms(&self) -> Result<PendingAnswer> {
        let (elements, tensors) = (parameter_elements(&self.graph), self.graph.parameters.len());
        let mut externals = self.externals.clone();
        let parameters = &self.externals[External::Parameters];
        externals.insert(External::Subject, self.before.as_ref().unwrap_or(parameters).clone());
        let mut sketch = Sketch::default();
        let [runs, sums] = Norms::sizes(elements, tensors);
        let norms = Norms {
            gradients: sketch.external(External::Gradients, 0, elements),
            blocks: sketch.external(External::Blocks, 0, elements / ALIGN),
            coefficients: sketch.external(External::Coefficients, 0, 4 * tensors),
            places: sketch.external(External::Places, 0, 2 * tensors),
            before: sketch.external(External::Subject, 0, elements),
            after: sketch.external(External::Parameters, 0, elements),
            runs: sketch.scratch(runs),
            norms: sketch.scratch(sums),
        };
        self.ask(sketch, norms.emit(Pass::Metrics), &externals, &[norms.norms])
    }

    /// From the answer to [`Session::submit_norms`]: one entry for each layer that has trained weights, in the network's
    /// order.
    pub fn layer_norms(&self, words: &[u32]) -> Vec<LayerNorms> {
        let mut all = Vec::new();
        let learns =
            |layer: &&GraphLayer| self.graph.parameters[layer.parameters.clone()].iter().any(|p| p.trainable);
        for layer in self.graph.layers.iter().filter(learns) {
            let mut sums = [0.0; 3];
            for tensor in layer.parameters.clone() {
                for (sum, &word) in sums.iter_mut().zip(&words[4 * tensor..]) {
                    *sum += f64::from(f32::from_bits(word));
                }
            }
            let [gradient, weight, update] = sums.map(|sum| sum.sqrt() as f32);
            all.push(LayerNorms {
                layer: layer.spec.name.clone(),
                gradient,
                weight,
                update_ratio: (update > 0.0).then(|| update / weight),
            });
        }
        all
    }
}
