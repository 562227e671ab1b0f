//! Networks that were made in the page: what one would be, before it is trained, and sessions on it. Readers of every layer's
//! configuration are much code, so the engine that every visitor loads goes without; the full one has them.

use js_sys::Promise;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::engine::{Config, Dataset, Engine, session_on};
use super::info::{self, Network};
use super::{from_js, promise, to_js, whole};
use crate::error::Result;
use crate::graph::{Graph, ModelSpec};
use crate::models;
use crate::optim::Optimizer;
use crate::plan::{AdapterKind, Batch, Choice, PlanOptions, Target, plan};
use crate::train::check_batch;

/// `NetworkDescription` of the types file.
#[derive(Serialize)]
struct Description<'a> {
    network: Network<'a>,
    summary: String,
    bytes: Bytes,
}

/// What a session would hold on the GPU, the dataset aside.
#[derive(Serialize)]
struct Bytes {
    parameters: usize,
    gradients: usize,
    optimizer: usize,
    activations: usize,
}

#[wasm_bindgen]
impl Engine {
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
        let graph = graph(&spec)?;
        let optimizer: Optimizer = from_js("optimizer", &optimizer)?;
        let bytes = bytes(&graph, optimizer, whole("batch", batch)? as usize)?;
        to_js(&Description { network: info::network(&graph), summary: graph.summary_text(), bytes })
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

fn bytes(graph: &Graph, optimizer: Optimizer, batch: usize) -> Result<Bytes> {
    check_batch(graph, batch)?;
    let options = PlanOptions {
        batch,
        training: true,
        target: Target::CrossEntropy { weights: vec![1.0; graph.outputs.len()], label_smoothing: 0.0 },
        source: Batch::Host,
        keep_activations: false,
        reuse: true,
        input_gradient: false,
        optimizer: Some(optimizer),
        clipping: None,
        choice: Choice::Expected(AdapterKind::Gpu),
    };
    let slots: usize = plan(graph, options).slots.iter().sum();
    let trained: usize = graph
        .parameters
        .iter()
        .filter(|parameter| parameter.trainable)
        .map(|parameter| parameter.spec.elements())
        .sum();
    let all: usize = graph.parameters.iter().map(|parameter| parameter.spec.elements()).sum();
    Ok(Bytes {
        parameters: 4 * all,
        gradients: 4 * trained,
        optimizer: 4 * trained * optimizer.slots(),
        activations: 4 * slots,
    })
}
