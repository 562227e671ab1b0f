//! `Lens`: why a network answers as it does.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::session::{Session, floats, pairs, softmax};
use super::{promise, whole};
use crate::train;

/// A look through a session's network with a program of its own, which changes nothing of what is learnt. To be freed.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Lens {
    session: Rc<RefCell<train::Session>>,
    lens: Rc<train::Lens>,
}

#[wasm_bindgen]
impl Session {
    /// A lens that answers for `batch` pictures at a time, with wires cut as in `predictions`.
    pub fn lens(&self, batch: f64, cuts: Vec<u32>) -> Result<Lens, JsValue> {
        let lens = self.inner().borrow().lens(whole("batch", batch)?.max(1) as usize, &pairs(&cuts))?;
        Ok(Lens { session: self.inner().clone(), lens: Rc::new(lens) })
    }

    /// A lens for one picture that looks back from a layer's output or, without one, from the main head's logits.
    #[wasm_bindgen(js_name = lensFrom)]
    pub fn lens_from(&self, layer: Option<String>) -> Result<Lens, JsValue> {
        let lens = self.inner().borrow().lens_from(layer.as_deref())?;
        Ok(Lens { session: self.inner().clone(), lens: Rc::new(lens) })
    }

    /// Mean and variance, `[2, channels]`, that a trained batch normalisation measures of the last step's batch with the
    /// weights as they are now.
    #[wasm_bindgen(js_name = batchStatistics, unchecked_return_type = "Promise<Float32Array>")]
    pub fn batch_statistics(&self, layer: &str) -> Promise {
        let asked = self.inner().borrow().submit_batch_statistics(layer);
        self.answer(asked, |_, words| Ok(numbers(words)))
    }
}

fn numbers(words: &[u32]) -> JsValue {
    floats(&words.iter().map(|&word| f32::from_bits(word)).collect::<Vec<_>>())
}

#[wasm_bindgen]
impl Lens {
    /// The main head's probabilities for pictures of height × width × channels values each, `[batch, classes]`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn probabilities(&self, pictures: &[f32]) -> Promise {
        let asked = self.lens.submit(pictures);
        let (is_softmax, classes) = {
            let session = self.session.borrow();
            let graph = session.graph();
            let head = graph.outputs.last().map(|&layer| graph.layers[layer].shape.elements());
            (graph.ends_in_softmax(), head.unwrap_or(1))
        };
        promise(async move {
            let mut values = asked?.read().await?.pop().unwrap_or_default();
            if !is_softmax {
                values.chunks_exact_mut(classes).for_each(softmax);
            }
            Ok(floats(&values))
        })
    }

    /// Runs a picture, then back: `factors` says what of the values the lens looks from is summed up. Resolves with those
    /// values.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn back(&self, picture: &[f32], factors: &[f32]) -> Promise {
        let seeded = self.lens.seed(self.session.borrow().gpu(), factors);
        let asked = seeded.and_then(|()| self.lens.submit(picture));
        promise(async move { Ok(floats(&asked?.read().await?.pop().unwrap_or_default())) })
    }

    /// The gradient of that sum with respect to the picture.
    #[wasm_bindgen(js_name = inputGradient, unchecked_return_type = "Promise<Float32Array>")]
    pub fn input_gradient(&self) -> Promise {
        let (gpu, place) = (self.session.borrow().gpu().clone(), self.lens.input_gradient());
        promise(async move {
            let place = place?;
            let values: Vec<f32> = gpu.read(&place.memory, place.offset, place.elements).await?;
            Ok(floats(&values))
        })
    }

    /// Where a layer's maps speak for that sum (Grad-CAM): one value a pixel of the maps, 0 or more.
    #[wasm_bindgen(js_name = gradCam, unchecked_return_type = "Promise<Float32Array>")]
    pub fn grad_cam(&self, layer: &str) -> Promise {
        let asked = self.session.borrow().submit_grad_cam(&self.lens, layer);
        promise(async move { Ok(numbers(&asked?.read().await?)) })
    }
}
