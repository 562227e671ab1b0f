//! Networks that were made in the page: what one would be and cost, before it is trained, and sessions on it. Readers of every layer's
//! configuration are much code, so the engine that every visitor loads goes without; the full one has them.

use std::sync::Arc;

use js_sys::Promise;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::engine::{Config, Dataset, Engine, session_on};
use super::{from_js, promise, to_js, whole};
use crate::data::pictures::pictures;
use crate::error::Result;
use crate::graph::summary::Summary;
use crate::graph::{Graph, ModelSpec};
use crate::models;
use crate::optim::Optimizer;
use crate::plan::{AdapterKind, Choice};
use crate::train::{Bytes, Ledger, Limits, SessionConfig};

/// `NetworkDescription` of the types file.
#[derive(Serialize)]
struct Description {
    network: Summary,
    summary: String,
    bytes: Bytes,
}

/// `CostInfo` of the types file.
#[derive(Serialize)]
struct CostInfo {
    #[serde(flatten)]
    ledger: Ledger,
    training_obstacles: Vec<String>,
    inference_obstacles: Vec<String>,
}

#[wasm_bindgen]
impl Engine {
    /// Pictures of one's own, from the bytes of a safetensors file with `images`, `[n, height, width, channels]`, and
    /// `labels`, `[n]`; `name` is how summaries and errors call it.
    pub fn pictures(&self, name: &str, bytes: &[u8]) -> Result<Dataset, JsValue> {
        Ok(Dataset { inner: Arc::new(pictures(name, bytes)?) })
    }

    /// A network of the registry in the model format, for pictures with so many channels and for so many classes.
    #[wasm_bindgen(js_name = modelSpec, unchecked_return_type = "ModelSpec")]
    pub fn model_spec(name: &str, channels: f64, classes: f64) -> Result<JsValue, JsValue> {
        let (channels, classes) = (whole("channels", channels)?, whole("classes", classes)?);
        to_js(&models::build_for(name, channels as usize, classes as usize)?)
    }

    /// What a network of the model format would be in training: nothing is compiled, and no GPU is needed.
    #[wasm_bindgen(unchecked_return_type = "NetworkDescription")]
    pub fn describe(
        #[wasm_bindgen(unchecked_param_type = "ModelSpec")] spec: JsValue,
        #[wasm_bindgen(unchecked_param_type = "OptimizerConfig")] optimizer: JsValue,
        batch: f64,
    ) -> Result<JsValue, JsValue> {
        let (graph, ledger) = ledger(&spec, &optimizer, batch, Choice::Expected(AdapterKind::Gpu))?;
        let bytes = ledger.training.bytes;
        to_js(&Description { network: graph.network(), summary: graph.summary_text(), bytes })
    }

    /// What training a network of the model format costs on this adapter, layer by layer, and which of its limits would
    /// break. Nothing is compiled or allocated.
    #[wasm_bindgen(unchecked_return_type = "CostInfo")]
    pub fn cost(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ModelSpec")] spec: JsValue,
        #[wasm_bindgen(unchecked_param_type = "OptimizerConfig")] optimizer: JsValue,
        batch: f64,
    ) -> Result<JsValue, JsValue> {
        let (_, ledger) = ledger(&spec, &optimizer, batch, self.gpu.choice())?;
        let limits = self.gpu.device().limits();
        let [training, inference] = ledger.obstacles(Limits {
            max_buffer_size: limits.max_buffer_size,
            max_storage_buffer_binding_size: limits.max_storage_buffer_binding_size,
        });
        let [training_obstacles, inference_obstacles] = [training, inference]
            .map(|obstacles| obstacles.iter().map(ToString::to_string).collect::<Vec<_>>());
        to_js(&CostInfo { ledger, training_obstacles, inference_obstacles })
    }

    /// Plans, compiles and initialises a network of the model format for training. The configuration's `model` is only a name.
    #[wasm_bindgen(js_name = ownSession, unchecked_return_type = "Promise<Session>")]
    pub fn own_session(
        &self,
        dataset: &Dataset,
        #[wasm_bindgen(unchecked_param_type = "ModelSpec")] spec: JsValue,
        #[wasm_bindgen(unchecked_param_type = "SessionConfig")] config: JsValue,
    ) -> Promise {
        let (gpu, dataset) = (self.gpu.clone(), dataset.inner.clone());
        promise(async move {
            let config: Config = from_js("session", &config)?;
            Ok(session_on(&gpu, graph(&spec)?, dataset, config)?.into())
        })
    }
}

fn graph(spec: &JsValue) -> Result<Graph, JsValue> {
    let spec: ModelSpec = from_js("model", spec)?;
    Ok(Graph::new(&spec)?)
}

fn ledger(
    spec: &JsValue,
    optimizer: &JsValue,
    batch: f64,
    choice: Choice,
) -> Result<(Graph, Ledger), JsValue> {
    let graph = graph(spec)?;
    let optimizer: Optimizer = from_js("optimizer", optimizer)?;
    let batch = whole("batch", batch)? as usize;
    let config = SessionConfig { optimizer, batch, ..SessionConfig::default() };
    let ledger = Ledger::new(&graph, &config, choice)?;
    Ok((graph, ledger))
}
