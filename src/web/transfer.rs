//! Transfer learning on networks that were made in the page; only in the full engine, like those.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::engine::Engine;
use super::session::Session;
use super::{from_js, to_js, whole};
use crate::error::Result;
use crate::graph::{Graph, ModelSpec};
use crate::weights::safetensors;

/// `LoadedWeights` of the types file.
#[derive(Serialize)]
struct Loaded {
    model: String,
    loaded: usize,
    fresh: Vec<String>,
    unused: Vec<String>,
}

#[wasm_bindgen]
impl Engine {
    /// The same network with all but the last `k` layers that have weights frozen (`trainable: false`).
    #[wasm_bindgen(js_name = freezeAllBut, unchecked_return_type = "ModelSpec")]
    pub fn freeze_all_but(
        #[wasm_bindgen(unchecked_param_type = "ModelSpec")] spec: JsValue,
        k: f64,
    ) -> Result<JsValue, JsValue> {
        let mut spec: ModelSpec = from_js("model", &spec)?;
        let mut graph = Graph::new(&spec)?;
        graph.freeze_all_but(whole("k", k)? as usize)?;
        for layer in &mut spec.layers {
            layer.trainable = graph.layers[graph.layer(&layer.name)?].spec.trainable;
        }
        to_js(&spec)
    }
}

#[wasm_bindgen]
impl Session {
    /// Starts from the weights in a safetensors file, tensor by tensor where name and shape fit; with `replaceHead` the
    /// output layers stay as they were drawn. A reset returns to them. A file with nothing for the network is an error.
    #[wasm_bindgen(js_name = loadWeights, unchecked_return_type = "LoadedWeights")]
    pub fn load_weights(&self, file: &[u8], replace_head: bool) -> Result<JsValue, JsValue> {
        let fit = safetensors::fit(self.inner().borrow().graph(), file, replace_head)?;
        let loaded = fit.tensors.iter().flatten().count();
        self.inner().borrow_mut().load(fit.tensors)?;
        to_js(&Loaded { model: fit.model, loaded, fresh: fit.fresh, unused: fit.unused })
    }
}
