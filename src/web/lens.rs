//! `Lens`: why a network answers as it does.

use std::rc::Rc;

use js_sys::{Promise, Uint32Array};
use wasm_bindgen::prelude::*;

use super::session::{Session, pairs};
use super::view::{Canvas, View};
use super::{promise, whole};
use crate::Result;
use crate::train::{self, PendingAnswer};

/// A look through a session's network with a program of its own, which changes nothing of what is learnt. To be freed.
///
/// Answers are the bits of `f32` values.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Lens {
    session: Session,
    lens: Rc<train::Lens>,
}

/// One kind of promise for all answers: a kind of future each would be much code.
pub(super) fn words(asked: Result<PendingAnswer>) -> Promise {
    promise(async move { Ok(Uint32Array::from(&asked?.read().await?[..]).into()) })
}

#[wasm_bindgen]
impl Session {
    /// A lens that answers for `batch` pictures at a time, with wires cut as in `predictions`.
    pub fn lens(&self, batch: f64, cuts: &[u32]) -> Result<Lens, JsValue> {
        let batch = whole("batch", batch)?.max(1) as usize;
        let lens = self.inner().borrow().lens(batch, &pairs(cuts))?;
        Ok(Lens { session: self.clone(), lens: Rc::new(lens) })
    }

    /// A lens for one picture that looks back from a layer's output or, without one, from the main head's logits.
    #[wasm_bindgen(js_name = lensFrom)]
    pub fn lens_from(&self, layer: Option<String>) -> Result<Lens, JsValue> {
        let lens = self.inner().borrow().lens_from(layer.as_deref())?;
        Ok(Lens { session: self.clone(), lens: Rc::new(lens) })
    }

    /// Bits of mean and variance, `[2, channels]`, that a trained batch normalisation measures of the last step's batch with
    /// the weights as they are now.
    #[wasm_bindgen(js_name = batchStatistics, unchecked_return_type = "Promise<Uint32Array>")]
    pub fn batch_statistics(&self, layer: &str) -> Promise {
        words(self.inner().borrow().submit_batch_statistics(layer))
    }
}

#[wasm_bindgen]
impl Lens {
    /// Runs pictures of height × width × channels values each through the network: bits of what the heads answer, one head
    /// after the other, the main one last.
    #[wasm_bindgen(unchecked_return_type = "Promise<Uint32Array>")]
    pub fn answers(&self, pictures: &[f32]) -> Promise {
        words(self.lens.submit(pictures))
    }

    /// Runs a picture, then back: `factors` says what of the values the lens looks from is summed up. Resolves with the bits
    /// of those values.
    #[wasm_bindgen(unchecked_return_type = "Promise<Uint32Array>")]
    pub fn back(&self, picture: &[f32], factors: &[f32]) -> Promise {
        words(self.lens.seed(factors).and_then(|()| self.lens.submit(picture)))
    }

    /// The gradient of that sum with respect to a layer's output or, by the input's own name, to the picture.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn gradient(&self, layer: &str) -> Promise {
        self.session.read(self.session.inner().borrow().locate_gradient(&self.lens, layer))
    }

    /// Shows that gradient on a canvas, as `Session.createView` shows values: every `observe` paints what the last `back` left.
    #[wasm_bindgen(js_name = createView)]
    pub fn create_view(
        &self,
        canvas: Canvas,
        #[wasm_bindgen(unchecked_param_type = "ViewOptions")] options: JsValue,
    ) -> Result<View, JsValue> {
        self.session.view(Some(self.lens.clone()), &canvas, &options)
    }

    /// Where a layer's maps speak for that sum (Grad-CAM): bits of one value a pixel of the maps, 0 or more.
    #[wasm_bindgen(js_name = gradCam, unchecked_return_type = "Promise<Uint32Array>")]
    pub fn grad_cam(&self, layer: &str) -> Promise {
        words(self.session.inner().borrow().submit_grad_cam(&self.lens, layer))
    }
}
