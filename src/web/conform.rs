//! Proofs on the visitor's own GPU: reference files and gradient checks. The check page's engine has them; the playground's,
//! which everybody downloads, is built without.

use std::rc::Rc;

use js_sys::Promise;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::engine::{Engine, set};
use super::{from_js, promise, to_js, whole};
use crate::conform::{self, GradientOptions, conform};
use crate::graph::Graph;
use crate::models;

/// A network whose gradient can be checked layer by layer.
#[wasm_bindgen]
#[derive(Clone, Debug)]
pub struct GradientCheck {
    inner: Rc<conform::GradientCheck>,
}

/// `GradientConfig` of the types file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Config {
    model: String,
    #[serde(default)]
    seed: Option<u32>,
    #[serde(default)]
    batch: Option<usize>,
    #[serde(default)]
    directions: Option<usize>,
}

#[derive(Serialize)]
struct Layer<'a> {
    index: usize,
    layer: &'a str,
    class: &'static str,
}

#[wasm_bindgen]
impl Engine {
    /// Proves a reference file on this device: an op case, a training run or a model. Runs on digits need `digits` to
    /// have been called before.
    #[wasm_bindgen(unchecked_return_type = "Promise<ConformResult>")]
    pub fn conform(&self, bytes: Vec<u8>, name: String) -> Promise {
        let (gpu, digits) = (self.gpu.clone(), self.digits.borrow().clone());
        promise(async move {
            let start = js_sys::Date::now();
            let report = to_js(&conform(&gpu, digits.as_deref(), &bytes, &name).await)?;
            set(&report, "milliseconds", js_sys::Date::now() - start)?;
            Ok(report)
        })
    }

    /// Prepares a check of a network's gradient against differences of its loss.
    #[wasm_bindgen(js_name = gradientCheck, unchecked_return_type = "Promise<GradientCheck>")]
    pub fn gradient_check(
        &self,
        #[wasm_bindgen(unchecked_param_type = "GradientConfig")] config: JsValue,
    ) -> Promise {
        let gpu = self.gpu.clone();
        promise(async move {
            let config: Config = from_js("gradient check", &config)?;
            let usual = GradientOptions::default();
            let options = GradientOptions {
                batch: config.batch.unwrap_or(usual.batch),
                seed: config.seed.unwrap_or(usual.seed),
                directions: config.directions.unwrap_or(usual.directions),
            };
            let graph = Graph::new(&models::build(&config.model)?)?;
            let inner = Rc::new(conform::GradientCheck::new(&gpu, graph, options).await?);
            Ok(GradientCheck { inner }.into())
        })
    }

    /// Version of the engine.
    pub fn version(&self) -> String {
        env!("CARGO_PKG_VERSION").to_owned()
    }
}

#[wasm_bindgen]
impl GradientCheck {
    /// The layers that have weights to check, in the network's order.
    #[wasm_bindgen(unchecked_return_type = "GradientLayer[]")]
    pub fn layers(&self) -> Result<JsValue, JsValue> {
        let graph = self.inner.graph();
        let describe = |index: usize| {
            let spec = &graph.layers[index].spec;
            Layer { index, layer: &spec.name, class: spec.layer.class() }
        };
        to_js(&self.inner.layers().into_iter().map(describe).collect::<Vec<_>>())
    }

    /// Checks one layer.
    #[wasm_bindgen(unchecked_return_type = "Promise<GradientResult>")]
    pub fn check(&self, index: f64) -> Promise {
        let inner = self.inner.clone();
        promise(async move {
            let start = js_sys::Date::now();
            let index = whole("index", index)? as usize;
            let row = to_js(&inner.check(index).await?)?;
            set(&row, "milliseconds", js_sys::Date::now() - start)?;
            Ok(row)
        })
    }
}
