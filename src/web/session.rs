//! `Session`: a network in training.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Float32Array, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::view::{Canvas, View, Views};
use super::{from_js, info, promise, to_js};
use crate::data::Dataset;
use crate::error::{Error, bail};
use crate::gpu::Memory;
use crate::train::{self, Part, PendingStep, StepMetrics};

/// Submissions that may be outstanding when `trainStep` resolves: one runs while the page prepares the next.
const AHEAD: usize = 1;

/// A network, its weights and its data on the device.
#[wasm_bindgen]
#[derive(Clone, Debug)]
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

    /// A promise of the values at a place.
    fn read(&self, place: crate::Result<Place>) -> Promise {
        let gpu = self.inner.borrow().gpu().clone();
        promise(async move {
            let (memory, offset, elements) = place?;
            let values: Vec<f32> = gpu.read(&memory, offset, elements).await?;
            Ok(Float32Array::from(&values[..]).into())
        })
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
    #[wasm_bindgen(js_name = trainStep, unchecked_return_type = "Promise<StepMetrics[]>")]
    pub fn train_step(&self) -> Promise {
        let session = self.clone();
        promise(async move {
            let step = session.inner.borrow_mut().submit_step()?;
            session.pending.borrow_mut().push_back(step);
            session.collect(AHEAD).await
        })
    }

    /// Waits for all steps that were submitted.
    #[wasm_bindgen(unchecked_return_type = "Promise<StepMetrics[]>")]
    pub fn drain(&self) -> Promise {
        let session = self.clone();
        promise(async move { session.collect(0).await })
    }

    /// Loss and accuracy over `train` or `validation`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Evaluation>")]
    pub fn evaluate(
        &self,
        #[wasm_bindgen(unchecked_param_type = "'train' | 'validation'")] split: String,
    ) -> Promise {
        let session = self.inner.clone();
        promise(async move {
            let evaluation = session.borrow().submit_evaluation(part(&split)?)?;
            to_js(&evaluation.read().await?)
        })
    }

    /// From the next step on.
    #[wasm_bindgen(js_name = setLearningRate)]
    pub fn set_learning_rate(&self, rate: f64) -> Result<(), JsValue> {
        Ok(self.inner.borrow_mut().set_learning_rate(rate)?)
    }

    /// How the learning rate goes on; steps count from the session's first.
    #[wasm_bindgen(js_name = setSchedule)]
    pub fn set_schedule(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Schedule")] schedule: JsValue,
    ) -> Result<(), JsValue> {
        Ok(self.inner.borrow_mut().set_schedule(from_js("schedule", &schedule)?)?)
    }

    /// Tells `ReduceLROnPlateau` the validation loss at the end of an epoch.
    pub fn monitor(&self, loss: f64) {
        self.inner.borrow_mut().monitor(loss);
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
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn observe(&self) -> Promise {
        let (session, views) = (self.inner.clone(), self.views.clone());
        promise(async move {
            let (pending, is_softmax) = {
                let session = session.borrow();
                let mut frames = Vec::new();
                let pending = session.observer().submit(|encoder| frames = views.encode(encoder));
                for frame in frames {
                    session.gpu().queue().present(frame);
                }
                (pending, session.graph().ends_in_softmax())
            };
            let mut main = pending.read().await?.pop().unwrap_or_default();
            if !is_softmax {
                softmax(&mut main);
            }
            Ok(Float32Array::from(&main[..]).into())
        })
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
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn activation(&self, layer: &str) -> Promise {
        self.read(find_activation(&self.inner.borrow(), layer))
    }

    /// A weight tensor of a layer.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn weights(&self, layer: &str, name: &str) -> Promise {
        self.read(find_weight(&self.inner.borrow(), layer, name))
    }
}

fn part(split: &str) -> crate::Result<Part> {
    match split {
        "train" => Ok(Part::Train),
        "validation" => Ok(Part::Validation),
        other => bail!("there is no part \"{other}\"; use train or validation"),
    }
}

/// Memory, byte offset, number of values.
type Place = (Memory, u64, usize);

fn find_activation(session: &train::Session, layer: &str) -> crate::Result<Place> {
    let graph = session.graph();
    let (value, elements) = if layer == graph.input_name {
        (crate::graph::ValueId(0), graph.input.elements())
    } else {
        let layer = &graph.layers[graph.layer(layer)?];
        (layer.value, layer.shape.elements())
    };
    let (memory, offset) = session.observer().locate(value)?;
    Ok((memory.clone(), offset, elements))
}

fn find_weight(session: &train::Session, layer: &str, name: &str) -> crate::Result<Place> {
    let graph = session.graph();
    let mut parameters = graph.layers[graph.layer(layer)?].parameters.clone();
    let Some(index) = parameters.find(|&index| graph.parameters[index].spec.name == name) else {
        bail!("layer \"{layer}\" has no weight \"{name}\"")
    };
    let (memory, offset, elements) = session.arena().locate(index);
    Ok((memory.clone(), offset, elements))
}

fn no_dataset() -> JsValue {
    Error::new("this session has no dataset").into()
}

fn softmax(logits: &mut [f32]) {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for value in logits.iter_mut() {
        *value = (*value - largest).exp();
    }
    let total: f32 = logits.iter().sum();
    for value in logits.iter_mut() {
        *value /= total;
    }
}
