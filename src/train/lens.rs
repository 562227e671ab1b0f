//! Why a network answers as it does: gradients of an answer with respect to what was seen, and answers to other pictures.

use super::ask::PendingAnswer;
use super::observer::{Observer, Question};
use super::session::Session;
use super::subject::Place;
use crate::error::{Result, bail};
use crate::gpu::Externals;
use crate::graph::ValueId;
use crate::plan::{Binding, Dispatch, External, Kernel, Pass, Shader, Sketch, dims, wgsl};

/// `shaders/grad_cam.wgsl`
pub static SHADER: Shader = Shader {
    file: "grad_cam.wgsl",
    source: wgsl!("grad_cam.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("activation"),
        Binding::read("gradient"),
        Binding::write("weights"),
        Binding::read("weights_saved"),
        Binding::write("heat"),
    ],
    dims: Dims::LAYOUT,
};
static WEIGH: Kernel = Kernel { shader: &SHADER, entry_point: "weigh", workgroup_size: [64, 1, 1] };
static SUM_UP: Kernel = Kernel { shader: &SHADER, entry_point: "sum_up", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { pixels: u32, channels: u32 }
}

/// A program of its own on a session's weights, of which it changes nothing: neither weights nor moving statistics nor what
/// the optimiser remembers.
#[derive(Debug)]
pub struct Lens {
    observer: Observer,
    root: Option<ValueId>,
}

impl Session {
    /// A lens for `batch` pictures at a time that answers what the network answers, with these wires cut (a layer, and which
    /// of its inputs is to be zeros).
    pub fn lens(&self, batch: usize, cuts: &[[usize; 2]]) -> Result<Lens> {
        let question = Question { batch, root: None, cuts };
        Ok(Lens { observer: Observer::of(&self.gpu, &self.graph, &self.externals, question)?, root: None })
    }

    /// A lens for one picture that looks back from a layer's output or, without one, from the main head's logits.
    pub fn lens_from(&self, layer: Option<&str>) -> Result<Lens> {
        let value = match layer {
            Some(layer) => Some(self.graph.value(layer)?),
            None => self.graph.outputs.last().map(|&head| self.graph.logits(self.graph.layers[head].value)),
        };
        let question = Question { root: value, ..Question::default() };
        Ok(Lens { observer: Observer::of(&self.gpu, &self.graph, &self.externals, question)?, root: value })
    }

    /// Where the gradient with respect to a layer's output or, by the input's own name, to the picture lies after a lens has
    /// looked back. Of a layer that ends in a softmax it is that of its logits.
    pub fn locate_gradient(&self, lens: &Lens, layer: &str) -> Result<Place> {
        let value = self.graph.logits(self.graph.value(layer)?);
        let (memory, offset, elements) = lens.observer.locate_gradient(value)?;
        Ok(Place { memory: memory.clone(), offset, elements })
    }

    /// Submits the question where a layer's maps speak for what the lens was seeded with last (Grad-CAM, Selvaraju et al.
    /// 2017): one value a pixel of the maps.
    pub fn submit_grad_cam(&self, lens: &Lens, layer: &str) -> Result<PendingAnswer> {
        let layer = &self.graph.layers[self.graph.layer(layer)?];
        let [height, width, channels] = layer.shape.extents() else {
            bail!(
                "layer \"{}\" has no maps; choose one whose output has height, width and channels",
                layer.spec.name
            )
        };
        let (activation, at) = lens.observer.locate(layer.value)?;
        let (gradient, gradient_at, elements) = lens.observer.locate_gradient(layer.value)?;
        let mut sketch = Sketch::default();
        let activations = sketch.external(External::Subject, at as usize / 4, elements);
        let gradients = sketch.external(External::Gradients, gradient_at as usize / 4, elements);
        let (weights, heat) = (sketch.scratch(*channels), sketch.scratch(height * width));
        let dims = Dims { pixels: (height * width) as u32, channels: *channels as u32 };
        let weigh = Dispatch::new(&WEIGH).bind("gradient", gradients).bind("weights", weights);
        let sum_up = Dispatch::new(&SUM_UP)
            .bind("activation", activations)
            .bind("weights_saved", weights)
            .bind("heat", heat);
        let dispatches = [weigh.threads(*channels), sum_up.threads(height * width)];
        let dispatches = dispatches.map(|dispatch| dispatch.dims(&dims).pass(Pass::Metrics));
        let mut externals = Externals::new();
        externals.insert(External::Subject, activation.clone());
        externals.insert(External::Gradients, gradient.clone());
        self.ask(sketch, dispatches.into(), &externals, &[heat])
    }
}

impl Lens {
    /// Runs pictures through the network: what the heads answer, one after the other or, of a lens that looks back, the
    /// values that it looks from.
    pub fn submit(&self, pictures: &[f32]) -> Result<PendingAnswer> {
        self.observer.set_input(pictures)?;
        Ok(self.observer.ask())
    }

    /// Sets what the next run's gradients are of: the factor of each value that the lens looks from in the sum.
    pub fn seed(&self, factors: &[f32]) -> Result<()> {
        let Some(root) = self.root else { bail!("this lens does not look back") };
        self.observer.seed(root, factors)
    }
}
