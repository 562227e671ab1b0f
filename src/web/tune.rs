//! Kernels chosen by measuring them on this GPU. Every engine takes what was measured; only the full one measures, which is
//! needed once.

use std::sync::Arc;

use wasm_bindgen::prelude::*;

use super::engine::Engine;
use crate::plan::{AdapterKind, Choice, Table};

#[wasm_bindgen]
impl Engine {
    /// From now on sessions take the kernels of this table, a line `key=variant` for each; without one those that are
    /// expected to be fastest. Lines that mean nothing are passed over.
    pub fn choose(&mut self, table: Option<String>) {
        let (Choice::Expected(kind) | Choice::Tuned(kind, _)) = self.gpu.choice() else { return };
        let choice = table.map_or(Choice::Expected(kind), |table| tuned(kind, &table));
        self.gpu = self.gpu.clone().with_choice(choice);
    }
}

fn tuned(kind: AdapterKind, text: &str) -> Choice {
    let mut table = Table::default();
    for (key, name) in text.lines().filter_map(|line| line.split_once('=')) {
        table.set(key, name);
    }
    Choice::Tuned(kind, Arc::new(table))
}

#[cfg(feature = "conform")]
mod measure {
    use js_sys::{Function, Promise};
    use wasm_bindgen::prelude::*;

    use super::super::engine::{Engine, set};
    use super::super::{from_js, promise, whole};
    use crate::gpu::Gpu;
    use crate::graph::{Graph, ModelSpec};
    use crate::plan::{PlanOptions, Target, plan};
    use crate::train::{Tuner, check_batch};

    #[wasm_bindgen]
    impl Engine {
        /// Measures, for at most two seconds, which kernels are fastest for the shapes of a network's training step that
        /// [`Engine::choose`] was not told about. `clock(done, all)` hears how many shapes are done and gives the time in seconds.
        #[wasm_bindgen(unchecked_return_type = "Promise<Tuning>")]
        pub fn tune(
            &self,
            #[wasm_bindgen(unchecked_param_type = "ModelSpec")] spec: JsValue,
            batch: f64,
            #[wasm_bindgen(unchecked_param_type = "TuningClock")] clock: Function,
        ) -> Promise {
            let gpu = self.gpu.clone();
            promise(async move {
                let spec: ModelSpec = from_js("model", &spec)?;
                let tuner = tuner(&gpu, &Graph::new(&spec)?, whole("batch", batch)? as usize)?;
                let all = tuner.shapes().len();
                let clock = |done: usize| {
                    let now = clock.call2(&JsValue::NULL, &done.into(), &all.into());
                    // Without a clock there is no time to measure in.
                    now.ok().and_then(|now| now.as_f64()).unwrap_or(f64::INFINITY)
                };
                let tuning = tuner.tune(clock).await;
                let lines = tuning.table.rows().map(|(key, name)| format!("{key}={name}\n"));
                let told = js_sys::Object::new().into();
                set(&told, "table", lines.collect::<String>())?;
                set(&told, "shapes", tuning.shapes)?;
                set(&told, "measured", tuning.measured)?;
                set(&told, "other", tuning.other)?;
                set(&told, "seconds", tuning.seconds)?;
                Ok(told)
            })
        }
    }

    fn tuner(gpu: &Gpu, graph: &Graph, batch: usize) -> crate::Result<Tuner> {
        check_batch(graph, batch)?;
        let options = PlanOptions::new(batch, true, Target::OutputGradient, gpu.choice());
        Tuner::new(gpu, graph, &plan(graph, options))
    }
}
