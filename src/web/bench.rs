//! What measuring needs beyond what the page uses: networks given as data, batches written from JavaScript, and any number of
//! runs a submission. `www/bench/adapter.js` is written in these terms; the playground's engine goes without.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::{Float32Array, Promise};
use wasm_bindgen::prelude::*;

use super::engine::Engine;
use super::{from_js, promise};
use crate::conform::Rig;
use crate::error::{Result, bail};
use crate::gpu::{Gpu, Step};
use crate::graph::{Graph, ModelSpec};
use crate::optim::Optimizer;
use crate::plan::{PlanOptions, Target, plan};
use crate::train::{self, Arena, Data, SessionConfig, check_batch};

/// A network in training on a batch that JavaScript writes.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Trainer {
    session: Rc<RefCell<train::Session>>,
}

/// A network that runs forwards, or forwards and backwards, as often as it is told.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Runner {
    gpu: Gpu,
    graph: Graph,
    arena: Arena,
    rig: Rc<Rig>,
}

#[wasm_bindgen]
impl Engine {
    /// Plans and compiles a network of the model format (`ModelSpec`) for training steps on `batch` samples.
    #[wasm_bindgen(unchecked_return_type = "Promise<Trainer>")]
    pub fn trainer(
        &self,
        #[wasm_bindgen(unchecked_param_type = "object")] spec: JsValue,
        #[wasm_bindgen(unchecked_param_type = "OptimizerConfig")] optimizer: JsValue,
        batch: usize,
    ) -> Promise {
        let gpu = self.gpu.clone();
        promise(async move {
            let optimizer: Optimizer = from_js("optimizer", &optimizer)?;
            let config = SessionConfig { optimizer, batch, ..SessionConfig::default() };
            let session = train::Session::new(&gpu, graph(&spec)?, &Data::Host, config)?;
            Ok(Trainer { session: Rc::new(RefCell::new(session)) }.into())
        })
    }

    /// Plans and compiles a network of the model format for inference; with `gradients` for the training pass forwards and,
    /// from a gradient of the output that is written, backwards to weights and input.
    #[wasm_bindgen(unchecked_return_type = "Promise<Runner>")]
    pub fn runner(
        &self,
        #[wasm_bindgen(unchecked_param_type = "object")] spec: JsValue,
        batch: usize,
        gradients: bool,
    ) -> Promise {
        let gpu = self.gpu.clone();
        promise(async move { Ok(runner(gpu, graph(&spec)?, batch, gradients)?.into()) })
    }
}

fn graph(spec: &JsValue) -> Result<Graph, JsValue> {
    let spec: ModelSpec = from_js("model", spec)?;
    Ok(Graph::new(&spec)?)
}

fn runner(gpu: Gpu, graph: Graph, batch: usize, gradients: bool) -> Result<Runner> {
    let options = PlanOptions {
        input_gradient: gradients,
        ..PlanOptions::new(
            batch,
            gradients,
            if gradients { Target::OutputGradient } else { Target::Outputs },
            gpu.choice(),
        )
    };
    check_batch(&graph, batch)?;
    let arena = Arena::new(&gpu, &graph, gradients, 0)?;
    let rig = Rig::new(&gpu, plan(&graph, options), arena.externals().clone())?;
    rig.set_step(Step { step: 1, samples: batch as u32, learning_rate: 0.0, rate: 0.0, seed: 1 });
    Ok(Runner { gpu, graph, arena, rig: Rc::new(rig) })
}

fn set_weights(graph: &Graph, arena: &Arena, layer: &str, name: &str, values: &[f32]) -> Result<()> {
    let mut parameters = graph.layers[graph.layer(layer)?].parameters.clone();
    match parameters.find(|&index| graph.parameters[index].spec.name == name) {
        Some(index) => arena.write(index, values),
        None => bail!("layer \"{layer}\" has no weight \"{name}\""),
    }
}

#[wasm_bindgen]
impl Trainer {
    /// Replaces a weight tensor of a layer.
    #[wasm_bindgen(js_name = setWeights)]
    pub fn set_weights(&self, layer: &str, name: &str, values: &[f32]) -> Result<(), JsValue> {
        let session = self.session.borrow();
        Ok(set_weights(session.graph(), session.arena(), layer, name, values)?)
    }

    /// Writes the batch that every step takes: `[batch, height, width, channels]` values, and labels.
    #[wasm_bindgen(js_name = setBatch)]
    pub fn set_batch(&self, x: &[f32], labels: &[u32]) -> Result<(), JsValue> {
        Ok(self.session.borrow().write_batch(x, labels)?)
    }

    /// One training step, finished; resolves with its loss.
    #[wasm_bindgen(unchecked_return_type = "Promise<number>")]
    pub fn step(&self) -> Promise {
        let session = self.session.clone();
        promise(async move {
            let step = session.borrow_mut().submit_batch()?;
            Ok(step.read().await?.loss.into())
        })
    }

    /// Dispatches of a step.
    pub fn dispatches(&self) -> usize {
        self.session.borrow().train_program().plan().dispatches.len()
    }
}

#[wasm_bindgen]
impl Runner {
    /// Replaces a weight tensor of a layer.
    #[wasm_bindgen(js_name = setWeights)]
    pub fn set_weights(&self, layer: &str, name: &str, values: &[f32]) -> Result<(), JsValue> {
        Ok(set_weights(&self.graph, &self.arena, layer, name, values)?)
    }

    /// Writes the input: `[batch, …]` values.
    #[wasm_bindgen(js_name = setInput)]
    pub fn set_input(&self, values: &[f32]) -> Result<(), JsValue> {
        Ok(self.rig.write("input", self.rig.plan().values[0], values)?)
    }

    /// Writes the gradient of the output.
    #[wasm_bindgen(js_name = setOutputGradient)]
    pub fn set_output_gradient(&self, values: &[f32]) -> Result<(), JsValue> {
        let gradient = self.rig.plan().gradients[self.output_value()];
        Ok(self.rig.write("output gradient", gradient, values)?)
    }

    /// Submits so many runs.
    pub fn run(&self, times: usize) {
        self.rig.run_times(times);
    }

    /// Resolves when all that was submitted has run.
    #[wasm_bindgen(unchecked_return_type = "Promise<void>")]
    pub fn done(&self) -> Promise {
        let (tell, told) = futures_channel::oneshot::channel();
        self.gpu.queue().on_submitted_work_done(move || {
            let _ = tell.send(());
        });
        promise(async move {
            // An error only says that the device is gone, and with it the question.
            let _ = told.await;
            Ok(JsValue::UNDEFINED)
        })
    }

    /// The output, once all runs are done.
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn output(&self) -> Promise {
        let (rig, value) = (self.rig.clone(), self.output_value());
        read(rig, move |rig| ("output", rig.plan().values[value]))
    }

    /// The gradient of the input, once all runs are done.
    #[wasm_bindgen(js_name = inputGradient, unchecked_return_type = "Promise<Float32Array>")]
    pub fn input_gradient(&self) -> Promise {
        read(self.rig.clone(), |rig| ("input gradient", rig.plan().gradients[0]))
    }

    fn output_value(&self) -> usize {
        self.graph.layers[self.graph.outputs[0]].value.0
    }
}

fn read(
    rig: Rc<Rig>,
    place: impl FnOnce(&Rig) -> (&'static str, Option<crate::plan::Slice>) + 'static,
) -> Promise {
    promise(async move {
        let (what, slice) = place(&rig);
        let values = rig.read(what, slice).await?;
        Ok(Float32Array::from(&values[..]).into())
    })
}
