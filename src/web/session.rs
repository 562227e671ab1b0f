//! `Session`: a network in training.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::Float32Array;
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::view::{Canvas, View, Views};
use super::{from_js, info, to_js};
use crate::data::Dataset;
use crate::error::{Error, bail};
use crate::train::{self, Part, PendingStep, StepMetrics};

/// Submissions that may be outstanding when `trainStep` resolves: one runs while the page prepares the next.
const AHEAD: usize = 1;

/// A network, its weights and its data on the device.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Session {
    inner: Rc<RefCell<train::Session>>,
    dataset: Arc<Dataset>,
    pending: Rc<RefCell<std::collections::VecDeque<PendingStep>>>,
    views: Rc<Views>,
}

#[derive(Serialize)]
struct State {
    step: u32,
    epoch: usize,
    steps_per_epoch: usize,
    train_samples: usize,
    validation_samples: usize,
    learning_rate: f64,
}

impl Session {
    pub(super) fn new(session: train::Session, dataset: Arc<Dataset>) -> Self {
        Self { inner: Rc::new(RefCell::new(session)), dataset, pending: Rc::default(), views: Rc::default() }
    }

    async fn collect(&self, leave: usize) -> Result<JsValue, JsValue> {
        let mut arrived: Vec<StepMetrics> = Vec::new();
        while self.pending.borrow().len() > leave {
            let Some(step) = self.pending.borrow_mut().pop_front() else { break };
            let metrics = step.read().await?;
            if let Some(step) = metrics.halted {
                self.pending.borrow_mut().clear();
                let diagnosis = self.inner.borrow().submit_diagnosis(step)?;
                return Err(Error::new(diagnosis.read().await?).into());
            }
            arrived.push(metrics);
        }
        to_js(&arrived)
    }
}

#[wasm_bindgen]
impl Session {
    /// Layers, shapes, parameters, wiring.
    #[wasm_bindgen(unchecked_return_type = "NetworkInfo")]
    pub fn network(&self) -> Result<JsValue, JsValue> {
        to_js(&info::network(self.inner.borrow().graph()))
    }

    /// The table that Keras prints.
    pub fn summary(&self) -> String {
        self.inner.borrow().graph().summary_text()
    }

    /// Every dispatch of a training step and of an inference.
    #[wasm_bindgen(unchecked_return_type = "PlanInfo")]
    pub fn plan(&self) -> Result<JsValue, JsValue> {
        to_js(&info::plans(&self.inner.borrow()))
    }

    /// Steps, epochs, samples, learning rate.
    #[wasm_bindgen(unchecked_return_type = "SessionState")]
    pub fn state(&self) -> Result<JsValue, JsValue> {
        let session = self.inner.borrow();
        let Some(schedule) = session.schedule() else { return Err(no_dataset()) };
        to_js(&State {
            step: session.steps(),
            epoch: schedule.epoch(session.steps()),
            steps_per_epoch: schedule.steps_per_epoch(),
            train_samples: schedule.split().train.len(),
            validation_samples: schedule.split().validation.len(),
            learning_rate: session.learning_rate(),
        })
    }

    /// Submits one step; resolves with the metrics that have arrived once at most one step is outstanding.
    #[wasm_bindgen(js_name = trainStep, unchecked_return_type = "StepMetrics[]")]
    pub async fn train_step(&self) -> Result<JsValue, JsValue> {
        let step = self.inner.borrow_mut().submit_step()?;
        self.pending.borrow_mut().push_back(step);
        self.collect(AHEAD).await
    }

    /// Waits for all steps that were submitted.
    #[wasm_bindgen(unchecked_return_type = "StepMetrics[]")]
    pub async fn drain(&self) -> Result<JsValue, JsValue> {
        self.collect(0).await
    }

    /// Loss and accuracy over `train` or `validation`.
    #[wasm_bindgen(unchecked_return_type = "Evaluation")]
    pub async fn evaluate(
        &self,
        #[wasm_bindgen(unchecked_param_type = "'train' | 'validation'")] split: String,
    ) -> Result<JsValue, JsValue> {
        let part = match split.as_str() {
            "train" => Part::Train,
            "validation" => Part::Validation,
            other => {
                return Err(
                    Error::new(format!("there is no part \"{other}\"; use train or validation")).into()
                );
            }
        };
        let evaluation = self.inner.borrow().submit_evaluation(part)?;
        to_js(&evaluation.read().await?)
    }

    /// From the next step on.
    #[wasm_bindgen(js_name = setLearningRate)]
    pub fn set_learning_rate(&self, rate: f64) -> Result<(), JsValue> {
        Ok(self.inner.borrow_mut().set_learning_rate(rate)?)
    }

    /// New first weights, step 0.
    pub fn reset(&self, seed: u32) -> Result<(), JsValue> {
        self.pending.borrow_mut().clear();
        Ok(self.inner.borrow_mut().reset(seed)?)
    }

    /// Looks at a picture of the dataset.
    #[wasm_bindgen(js_name = probeSample)]
    pub fn probe_sample(&self, index: usize) -> Result<(), JsValue> {
        Ok(self.inner.borrow().observer().set_input(&self.dataset.values(index)?)?)
    }

    /// Looks at a picture of height × width × channels values from 0 to 1.
    #[wasm_bindgen(js_name = probePixels)]
    pub fn probe_pixels(&self, pixels: &[f32]) -> Result<(), JsValue> {
        Ok(self.inner.borrow().observer().set_input(pixels)?)
    }

    /// Runs the picture through the network and paints every view; resolves with the main head's probabilities.
    pub async fn observe(&self) -> Result<Float32Array, JsValue> {
        let (pending, is_softmax) = {
            let session = self.inner.borrow();
            let mut frames = Vec::new();
            let pending = session.observer().submit(|encoder| frames = self.views.encode(encoder));
            frames.into_iter().for_each(|frame| session.gpu().queue().present(frame));
            (pending, session.graph().ends_in_softmax())
        };
        let mut heads = pending.read().await?;
        let mut main = heads.pop().unwrap_or_default();
        if !is_softmax {
            softmax(&mut main);
        }
        Ok(Float32Array::from(&main[..]))
    }

    /// Shows a layer on a canvas from the next `observe` on.
    #[wasm_bindgen(js_name = createView)]
    pub fn create_view(
        &self,
        canvas: Canvas,
        #[wasm_bindgen(unchecked_param_type = "ViewOptions")] options: JsValue,
    ) -> Result<View, JsValue> {
        View::new(self.inner.clone(), &self.views, &canvas, from_js("view", &options)?)
    }

    /// What a layer computed for the picture.
    pub async fn activation(&self, layer: String) -> Result<Float32Array, JsValue> {
        let read = {
            let session = self.inner.borrow();
            let graph = session.graph();
            let (value, elements) = if layer == graph.input_name {
                (crate::graph::ValueId(0), graph.input.elements())
            } else {
                let layer = &graph.layers[graph.layer(&layer)?];
                (layer.value, layer.shape.elements())
            };
            let (memory, offset) = session.observer().locate(value)?;
            let (gpu, memory) = (session.gpu().clone(), memory.clone());
            async move { gpu.read::<f32>(&memory, offset, elements).await }
        };
        Ok(Float32Array::from(&read.await?[..]))
    }

    /// A weight tensor of a layer.
    pub async fn weights(&self, layer: String, name: String) -> Result<Float32Array, JsValue> {
        let read = {
            let session = self.inner.borrow();
            let index = find_weight(&session, &layer, &name)?;
            let (memory, offset, elements) = session.arena().locate(index);
            let (gpu, memory) = (session.gpu().clone(), memory.clone());
            async move { gpu.read::<f32>(&memory, offset, elements).await }
        };
        Ok(Float32Array::from(&read.await?[..]))
    }
}

fn find_weight(session: &train::Session, layer: &str, name: &str) -> crate::Result<usize> {
    let graph = session.graph();
    let parameters = graph.layers[graph.layer(layer)?].parameters.clone();
    match parameters.into_iter().find(|&index| graph.parameters[index].spec.name == name) {
        Some(index) => Ok(index),
        None => bail!("layer \"{layer}\" has no weight \"{name}\""),
    }
}

fn no_dataset() -> JsValue {
    Error::new("this session has no dataset").into()
}

fn softmax(logits: &mut [f32]) {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    logits.iter_mut().for_each(|value| *value = (*value - largest).exp());
    let total: f32 = logits.iter().sum();
    logits.iter_mut().for_each(|value| *value /= total);
}
