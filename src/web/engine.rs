//! `Engine` and `Dataset`: the device, and what is made of it.

use std::cell::RefCell;
use std::sync::Arc;

use js_sys::Promise;
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::*;

use super::session::Session;
use super::{Pairs, from_js, promise, report_panics, to_js, whole};
use crate::data;
use crate::gpu::{Gpu, GpuOptions, Obstacle, shader_text};
use crate::graph::Graph;
use crate::models;
use crate::ops;
use crate::optim::{Clipping, LearningRateSchedule, Optimizer};
use crate::plan::{AdapterKind, Choice};
use crate::train::{self, Data, SessionConfig};

/// A WebGPU device with the engine on it.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Engine {
    pub(super) gpu: Gpu,
    about: About,
    pub(super) digits: RefCell<Option<Arc<data::Dataset>>>,
}

/// `GPUAdapterInfo`, which wgpu does not hand on.
#[derive(Clone, Debug, Default)]
struct About {
    vendor: String,
    architecture: String,
    device: String,
    description: String,
}

/// Labelled pictures.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Dataset {
    pub(super) inner: Arc<data::Dataset>,
}

/// `SessionConfig` of the types file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Config {
    model: String,
    optimizer: Optimizer,
    batch: usize,
    seed: u32,
    #[serde(default)]
    schedule: LearningRateSchedule,
    #[serde(default)]
    clipnorm: Option<f64>,
    #[serde(default)]
    global_clipnorm: Option<f64>,
    #[serde(default)]
    l2: f32,
    #[serde(default)]
    label_smoothing: f32,
    #[serde(default)]
    augment: String,
    #[serde(default = "a_fifth")]
    validation_split: f32,
}

fn a_fifth() -> f32 {
    0.2
}

#[derive(Serialize)]
struct Adapter {
    vendor: String,
    architecture: String,
    device: String,
    description: String,
    limits: Pairs<u64>,
    features: Vec<String>,
}

#[derive(Serialize)]
struct Model {
    name: String,
    source: String,
    notes: Vec<String>,
    input: Vec<usize>,
    classes: usize,
    parameters: usize,
}

#[derive(Serialize)]
struct DatasetInfo<'a> {
    name: &'a str,
    shape: [usize; 3],
    classes: &'a [String],
    count: usize,
    scale: f32,
}

#[wasm_bindgen]
impl Engine {
    /// Opens a device. `shaders` is the text of `shaders.txt`, which lies beside an engine that carries no shaders itself.
    /// The error's `code` tells the case: `no-webgpu`, `no-adapter` or `limits`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Engine>")]
    pub fn create(shaders: Option<String>) -> Promise {
        promise(async { Ok(open(shaders).await?.into()) })
    }

    /// Takes the text of `shaders-shared.txt`, without which such an engine has no kernels `shared`.
    pub fn supply(&self, shaders: String) {
        #[cfg(not(feature = "shaders-inside"))]
        crate::gpu::supply_more_shaders(shaders);
        #[cfg(feature = "shaders-inside")]
        drop(shaders);
    }

    /// What the adapter says of itself.
    #[wasm_bindgen(unchecked_return_type = "AdapterInfo")]
    pub fn adapter(&self) -> Result<JsValue, JsValue> {
        let (about, limits) = (self.about.clone(), self.gpu.device().limits());
        let limits = Pairs(vec![
            ("maxBufferSize", limits.max_buffer_size),
            ("maxStorageBufferBindingSize", limits.max_storage_buffer_binding_size),
            ("maxStorageBuffersPerShaderStage", limits.max_storage_buffers_per_shader_stage.into()),
            ("maxComputeInvocationsPerWorkgroup", limits.max_compute_invocations_per_workgroup.into()),
            ("maxComputeWorkgroupStorageSize", limits.max_compute_workgroup_storage_size.into()),
            ("maxComputeWorkgroupsPerDimension", limits.max_compute_workgroups_per_dimension.into()),
        ]);
        let features =
            self.gpu.device().features().iter_names().map(|(name, _)| name.to_ascii_lowercase()).collect();
        to_js(&Adapter {
            vendor: about.vendor,
            architecture: about.architecture,
            device: about.device,
            description: about.description,
            limits,
            features,
        })
    }

    /// The registry of architectures.
    #[wasm_bindgen(unchecked_return_type = "ModelInfo[]")]
    pub fn models(&self) -> Result<JsValue, JsValue> {
        let mut list = Vec::new();
        for architecture in models::REGISTRY {
            let spec = architecture.spec();
            let graph = Graph::new(&spec)?;
            list.push(Model {
                name: architecture.name.to_owned(),
                source: spec.source,
                notes: spec.notes,
                input: spec.input.shape,
                classes: graph.outputs.last().map_or(0, |&layer| graph.layers[layer].shape.elements()),
                parameters: graph.parameters.iter().map(|parameter| parameter.spec.elements()).sum(),
            });
        }
        to_js(&list)
    }

    /// Code of a file in `shaders/` as the GPU gets it: every line in its place, without what only readers need.
    #[wasm_bindgen(js_name = shaderSource)]
    pub fn shader_source(&self, file: &str) -> Result<String, JsValue> {
        match ops::shaders().into_iter().find(|shader| shader.file == file) {
            Some(shader) => Ok(shader_text(shader)?.to_owned()),
            None => Err(js_sys::Error::new(&format!("there is no shader \"{file}\"")).into()),
        }
    }

    /// Bytes of GPU memory held now.
    pub fn bytes(&self) -> f64 {
        self.gpu.bytes() as f64
    }

    /// The handwritten digits, from the bytes of `digits.safetensors`.
    pub fn digits(&self, bytes: &[u8]) -> Result<Dataset, JsValue> {
        let inner = Arc::new(data::digits(bytes)?);
        self.digits.replace(Some(inner.clone()));
        Ok(Dataset { inner })
    }

    /// Procedural shapes: `count` pictures from a seed.
    pub fn shapes(&self, count: f64, seed: f64) -> Result<Dataset, JsValue> {
        let (count, seed) = (whole("count", count)?, whole("seed", seed)?);
        Ok(Dataset { inner: Arc::new(data::shapes(count as usize, seed.into())?) })
    }

    /// Plans, compiles and initialises a network for training.
    #[wasm_bindgen(unchecked_return_type = "Promise<Session>")]
    pub fn session(
        &self,
        dataset: &Dataset,
        #[wasm_bindgen(unchecked_param_type = "SessionConfig")] config: JsValue,
    ) -> Promise {
        let (gpu, dataset) = (self.gpu.clone(), dataset.inner.clone());
        promise(async move { Ok(new_session(&gpu, dataset, &config)?.into()) })
    }

    /// Resolves with the reason when the device is lost.
    #[wasm_bindgen(unchecked_return_type = "Promise<string>")]
    pub fn lost(&self) -> Promise {
        let lost = self.gpu.lost();
        promise(async { Ok(lost.await.into()) })
    }
}

async fn open(shaders: Option<String>) -> Result<Engine, JsValue> {
    report_panics();
    #[cfg(not(feature = "shaders-inside"))]
    crate::gpu::supply_shaders(shaders.unwrap_or_default())?;
    #[cfg(feature = "shaders-inside")]
    drop(shaders);
    if !has_webgpu() {
        return Err(coded("no-webgpu", "this browser has no WebGPU (navigator.gpu is missing)"));
    }
    match Gpu::open(GpuOptions::default()).await {
        Ok(gpu) => {
            let about = about_adapter().await.unwrap_or_default();
            // Nothing else tells a page that Chromium's WebGPU runs on the processor.
            let software =
                about.architecture.contains("swiftshader") || about.description.contains("llvmpipe");
            let gpu = if software { gpu.with_choice(Choice::Expected(AdapterKind::Software)) } else { gpu };
            Ok(Engine { gpu, about, digits: RefCell::default() })
        }
        Err((Obstacle::Limits, error)) => Err(coded("limits", &error.to_string())),
        Err((Obstacle::NoAdapter | Obstacle::NoDevice, error)) => {
            Err(coded("no-adapter", &error.to_string()))
        }
    }
}

fn new_session(gpu: &Gpu, dataset: Arc<data::Dataset>, config: &JsValue) -> Result<Session, JsValue> {
    let config: Config = from_js("session", config)?;
    let (channels, classes) = (dataset.shape[2], dataset.classes.len());
    let graph = Graph::new(&models::build_for(&config.model, channels, classes)?)?;
    session_on(gpu, graph, dataset, config)
}

pub(super) fn session_on(
    gpu: &Gpu,
    mut graph: Graph,
    dataset: Arc<data::Dataset>,
    config: Config,
) -> Result<Session, JsValue> {
    graph.penalise_kernels(config.l2)?;
    let settings = SessionConfig {
        optimizer: config.optimizer,
        schedule: config.schedule,
        clipping: Clipping::of(config.clipnorm, config.global_clipnorm)?,
        batch: config.batch,
        seed: config.seed,
        validation_split: config.validation_split,
        label_smoothing: config.label_smoothing,
        augment: config.augment.parse()?,
        ..SessionConfig::default()
    };
    let session = train::Session::new(gpu, graph, &Data::Dataset(dataset.clone()), settings)?;
    Ok(Session::new(session, dataset))
}

#[wasm_bindgen]
impl Dataset {
    /// Name, shape, classes, count.
    #[wasm_bindgen(unchecked_return_type = "DatasetInfo")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        to_js(&DatasetInfo {
            name: &self.inner.name,
            shape: self.inner.shape,
            classes: &self.inner.classes,
            count: self.inner.len(),
            scale: self.inner.scale,
        })
    }

    /// Class of each picture.
    pub fn labels(&self) -> Vec<u32> {
        self.inner.labels.clone()
    }

    /// One picture as RGBA bytes, with its label.
    #[wasm_bindgen(unchecked_return_type = "Sample")]
    pub fn sample(&self, index: f64) -> Result<JsValue, JsValue> {
        let index = whole("index", index)? as usize;
        let rgba = self.inner.rgba(index)?;
        let sample = js_sys::Object::new().into();
        set(&sample, "index", index)?;
        set(&sample, "label", self.inner.labels[index])?;
        set(&sample, "rgba", js_sys::Uint8ClampedArray::from(&rgba[..]))?;
        Ok(sample)
    }
}

pub(super) fn get(of: &JsValue, key: &str) -> JsValue {
    js_sys::Reflect::get(of, &key.into()).unwrap_or_default()
}

pub(super) fn set(of: &JsValue, key: &str, value: impl Into<JsValue>) -> Result<bool, JsValue> {
    js_sys::Reflect::set(of, &key.into(), &value.into())
}

/// `navigator.gpu`, undefined where there is no WebGPU.
fn navigator_gpu() -> JsValue {
    get(&get(&js_sys::global(), "navigator"), "gpu")
}

fn has_webgpu() -> bool {
    !navigator_gpu().is_undefined()
}

async fn about_adapter() -> Option<About> {
    let gpu = navigator_gpu();
    // As `Gpu::open` asks: of two adapters the same.
    let options = js_sys::Object::new().into();
    set(&options, "powerPreference", "high-performance").ok()?;
    let request: js_sys::Function = get(&gpu, "requestAdapter").dyn_into().ok()?;
    let promise: js_sys::Promise = request.call1(&gpu, &options).ok()?.dyn_into().ok()?;
    let info = get(&wasm_bindgen_futures::JsFuture::from(promise).await.ok()?, "info");
    let text = |key: &str| get(&info, key).as_string().unwrap_or_default();
    Some(About {
        vendor: text("vendor"),
        architecture: text("architecture"),
        device: text("device"),
        description: text("description"),
    })
}

fn coded(code: &str, message: &str) -> JsValue {
    let error = js_sys::Error::new(message).into();
    // A plain data property on a fresh object cannot fail to be set.
    let _ = set(&error, "code", code);
    error
}
