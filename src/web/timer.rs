//! `Timer`: what dispatches cost on this GPU.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::engine::Engine;
use super::lens::words;
use super::session::Session;
use super::{info, to_js, whole};
use crate::gpu::{Gpu, Program, peak};
use crate::train::{self, PendingAnswer, submit_timing};

/// A program whose dispatches can be timed. To be freed.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Timer {
    gpu: Gpu,
    of: Of,
}

/// Whose program.
#[derive(Debug)]
enum Of {
    Step(Rc<RefCell<train::Session>>),
    Own(Box<Program>),
}

#[wasm_bindgen]
impl Session {
    /// Times dispatches of the training step, by their numbers in `plan().train`.
    pub fn timer(&self) -> Timer {
        Timer { gpu: self.inner().borrow().gpu().clone(), of: Of::Step(self.inner().clone()) }
    }

    /// Times one layer alone, forwards and backwards, by the kernels of a variant: `plain` or one of `VARIANTS`; without one
    /// by those that training takes.
    pub fn rival(&self, layer: &str, variant: Option<String>) -> Result<Timer, JsValue> {
        let session = self.inner().borrow();
        let program = session.rival(layer, variant.as_deref())?;
        Ok(Timer { gpu: session.gpu().clone(), of: Of::Own(Box::new(program)) })
    }
}

#[wasm_bindgen]
impl Engine {
    /// Times what the GPU can do at best, in so many invocations: 32,768 operations each, or with `copy` 32 bytes read and
    /// written each.
    pub fn peak(&self, copy: bool, invocations: f64) -> Result<Timer, JsValue> {
        let count = whole("invocations", invocations)? as usize;
        let (plan, _) = if copy { peak::copy(count) } else { peak::arithmetic(count) };
        Ok(Timer { gpu: self.gpu.clone(), of: Of::Own(Box::new(train::alone(&self.gpu, plan)?)) })
    }
}

#[wasm_bindgen]
impl Timer {
    /// The dispatches.
    #[wasm_bindgen(unchecked_return_type = "DispatchInfo[]")]
    pub fn dispatches(&self) -> Result<JsValue, JsValue> {
        match &self.of {
            Of::Step(session) => {
                let session = session.borrow();
                to_js(&info::dispatches(Some(session.graph()), session.train_program().plan()))
            }
            Of::Own(program) => to_js(&info::dispatches(None, program.plan())),
        }
    }

    /// Runs dispatches `first` up to `last` (left out) so many times. Resolves, once they have run, with two readings of the
    /// GPU's own clock in nanoseconds, lower word first; with zeros where it has none.
    #[wasm_bindgen(unchecked_return_type = "Promise<Uint32Array>")]
    pub fn time(&self, first: f64, last: f64, times: f64) -> Promise {
        words(self.submit(first, last, times))
    }

    fn submit(&self, first: f64, last: f64, times: f64) -> crate::Result<PendingAnswer> {
        let range = whole("first", first)? as usize..whole("last", last)? as usize;
        let times = whole("times", times)? as usize;
        let session;
        let program = match &self.of {
            Of::Step(of) => {
                session = of.borrow();
                session.train_program()
            }
            Of::Own(program) => program,
        };
        submit_timing(&self.gpu, program, range, times)
    }
}
