//! `Session`: a network in training.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use js_sys::{Float32Array, Promise};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::engine::get;
use super::view::{Canvas, View, Views};
use super::{from_js, info, promise, to_js, whole};
use crate::data::Dataset;
use crate::error::{Error, bail};
use crate::train::{self, Part, PendingAnswer, PendingStep, Place, Statistics, StepMetrics, Subject, Sums};

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

    pub(super) fn inner(&self) -> &Rc<RefCell<train::Session>> {
        &self.inner
    }

    /// A view of values or, through a lens, of gradients.
    pub(super) fn view(
        &self,
        lens: Option<Rc<train::Lens>>,
        canvas: &Canvas,
        options: &JsValue,
    ) -> Result<View, JsValue> {
        View::new(self.inner.clone(), lens, &self.views, canvas, from_js("view", options)?)
    }

    /// A promise of the values at a place.
    pub(super) fn read(&self, place: crate::Result<Place>) -> Promise {
        let gpu = self.inner.borrow().gpu().clone();
        promise(async move {
            let Place { memory, offset, elements } = place?;
            let values: Vec<f32> = gpu.read(&memory, offset, elements).await?;
            Ok(Float32Array::from(&values[..]).into())
        })
    }

    /// A promise of an answer, told in JavaScript's words.
    fn answer(
        &self,
        asked: crate::Result<PendingAnswer>,
        tell: fn(&train::Session, &[u32]) -> Result<JsValue, JsValue>,
    ) -> Promise {
        let session = self.inner.clone();
        promise(async move {
            let words = asked?.read().await?;
            tell(&session.borrow(), &words)
        })
    }

    async fn collect(&self, leave: usize) -> Result<JsValue, JsValue> {
        let mut arrived: Vec<StepMetrics> = Vec::new();
        while self.pending.borrow().len() > leave {
            let Some(step) = self.pending.borrow_mut().pop_front() else { break };
            let metrics = step.read().await?;
            if let Some(step) = metrics.halted {
                self.pending.borrow_mut().clear();
                let diagnosis = self.inner.borrow_mut().submit_diagnosis(step)?;
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
        to_js(&self.inner.borrow().graph().network())
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

    /// Loss and accuracy over `train` or `validation`. Rejects with the reason of `signal` soon after that has aborted,
    /// once the batch under way is done.
    #[wasm_bindgen(unchecked_return_type = "Promise<Evaluation>")]
    pub fn evaluate(
        &self,
        #[wasm_bindgen(unchecked_param_type = "'train' | 'validation'")] split: String,
        #[wasm_bindgen(unchecked_param_type = "AbortSignal | undefined")] signal: JsValue,
    ) -> Promise {
        let session = self.inner.clone();
        promise(async move {
            let part = part(&split)?;
            let mut sums = Sums::default();
            loop {
                if get(&signal, "aborted").is_truthy() {
                    return Err(get(&signal, "reason"));
                }
                let Some(batch) = session.borrow().submit_evaluation(part, sums.samples())? else { break };
                batch.add_to(&mut sums).await?;
            }
            to_js(&sums.evaluation()?)
        })
    }

    /// What the main head says of every sample of `train` or `validation`: the samples' numbers in the dataset, and
    /// probabilities, `[samples, classes]`. Wires may be cut for it: pairs of a layer's number and one of its input's, which
    /// is to be zeros.
    #[wasm_bindgen(unchecked_return_type = "Promise<[Uint32Array, Float32Array]>")]
    pub fn predictions(
        &self,
        #[wasm_bindgen(unchecked_param_type = "'train' | 'validation'")] split: String,
        cuts: Option<Vec<u32>>,
    ) -> Promise {
        let session = self.inner.clone();
        promise(async move {
            let (mut samples, mut values) = (Vec::new(), Vec::new());
            let cuts = pairs(&cuts.unwrap_or_default());
            let program = if cuts.is_empty() { None } else { Some(session.borrow().without(&cuts)?) };
            loop {
                let batch =
                    session.borrow().submit_predictions(part(&split)?, samples.len(), program.as_ref())?;
                let Some(batch) = batch else { break };
                let (of, mut logits) = batch.read().await?;
                let classes = logits.len() / of.len().max(1);
                logits.chunks_exact_mut(classes.max(1)).for_each(softmax);
                samples.extend(of);
                values.extend(logits);
            }
            let samples = js_sys::Uint32Array::from(&samples[..]);
            Ok(js_sys::Array::of2(&samples, &Float32Array::from(&values[..])).into())
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
    pub fn reset(&self, seed: f64) -> Result<(), JsValue> {
        let seed = whole("seed", seed)?;
        self.pending.borrow_mut().clear();
        Ok(self.inner.borrow_mut().reset(seed)?)
    }

    /// All that the run's next steps depend on, after all steps that were submitted, for `restore`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Uint32Array>")]
    pub fn snapshot(&self) -> Promise {
        let asked = self.inner.borrow().submit_snapshot();
        promise(async move { Ok(js_sys::Uint32Array::from(&asked.read().await?[..]).into()) })
    }

    /// Goes on where a snapshot of the same network, settings and data was taken. The schedule must be set before.
    pub fn restore(&self, snapshot: &[u32]) -> Result<(), JsValue> {
        self.pending.borrow_mut().clear();
        Ok(self.inner.borrow_mut().restore(snapshot)?)
    }

    /// Looks at a picture of the dataset.
    #[wasm_bindgen(js_name = probeSample)]
    pub fn probe_sample(&self, index: f64) -> Result<(), JsValue> {
        let index = whole("index", index)? as usize;
        Ok(self.inner.borrow().observer().set_input(&self.dataset.values(index)?)?)
    }

    /// Whether a sample of the dataset trains the network or only measures it.
    #[wasm_bindgen(js_name = partOf, unchecked_return_type = "'train' | 'validation'")]
    pub fn part_of(&self, index: f64) -> Result<String, JsValue> {
        let index = whole("index", index)?;
        let session = self.inner.borrow();
        let Some(schedule) = session.schedule() else { return Err(no_dataset()) };
        let measures = schedule.split().validation.contains(&index);
        Ok(if measures { "validation" } else { "train" }.to_owned())
    }

    /// What augmentation makes of a picture of the dataset: as the first `count` places of the next step's batch would
    /// show it, `[count, h, w, c]`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn augmented(&self, index: f64, count: f64) -> Result<Promise, JsValue> {
        let (index, count) = (whole("index", index)?, whole("count", count)?);
        let asked = self.inner.borrow().submit_augmented(index, count as usize);
        Ok(promise(async move {
            let values: Vec<f32> = asked?.read().await?.into_iter().map(f32::from_bits).collect();
            Ok(Float32Array::from(&values[..]).into())
        }))
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
        self.view(None, &canvas, &options)
    }

    /// What a layer computed for the picture.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn activation(&self, layer: &str) -> Promise {
        self.read(self.inner.borrow().locate(Subject::Activation(layer)))
    }

    /// Range, mean, standard deviation and histogram of a layer's output for the picture, or of one of its weights, or
    /// of the weight's gradient in the last step.
    #[wasm_bindgen(unchecked_return_type = "Promise<Statistics>")]
    pub fn statistics(
        &self,
        layer: &str,
        #[wasm_bindgen(unchecked_param_type = "'activation' | 'weight' | 'gradient'")] what: &str,
        weight: Option<String>,
    ) -> Promise {
        let weight = weight.unwrap_or_default();
        let subject = match what {
            "activation" => Ok(Subject::Activation(layer)),
            "weight" => Ok(Subject::Weight(layer, &weight)),
            "gradient" => Ok(Subject::Gradient(layer, &weight)),
            other => Err(Error::new(format!("there is no \"{other}\"; use activation, weight or gradient"))),
        };
        let asked = subject.and_then(|subject| self.inner.borrow().submit_statistics(subject));
        self.answer(asked, |_, words| to_js(&Statistics::of(words)))
    }

    /// Norms of the last step's gradients, and of its updates where they are watched, layer by layer.
    #[wasm_bindgen(unchecked_return_type = "Promise<LayerNorms[]>")]
    pub fn norms(&self) -> Promise {
        let asked = self.inner.borrow().submit_norms();
        self.answer(asked, |session, words| to_js(&session.layer_norms(words)))
    }

    /// Whether to keep the weights of before each step, for the update ratios of `norms`.
    #[wasm_bindgen(js_name = watchUpdates)]
    pub fn watch_updates(&self, on: bool) -> Result<(), JsValue> {
        Ok(self.inner.borrow_mut().watch_updates(on)?)
    }

    /// A weight tensor of a layer.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn weights(&self, layer: &str, name: &str) -> Promise {
        self.read(self.inner.borrow().locate(Subject::Weight(layer, name)))
    }
}

fn part(split: &str) -> crate::Result<Part> {
    match split {
        "train" => Ok(Part::Train),
        "validation" => Ok(Part::Validation),
        other => bail!("there is no part \"{other}\"; use train or validation"),
    }
}

fn no_dataset() -> JsValue {
    Error::new("this session has no dataset").into()
}

/// Layers' numbers and their inputs', one after the other.
pub(super) fn pairs(numbers: &[u32]) -> Vec<[usize; 2]> {
    numbers.chunks_exact(2).map(|pair| [pair[0] as usize, pair[1] as usize]).collect()
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
