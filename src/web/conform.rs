//! `Engine.conform`: reference files proved on the visitor's own GPU. The check page's engine has it; the playground's,
//! which everybody downloads, is built without.

use js_sys::Promise;
use wasm_bindgen::prelude::*;

use super::engine::{Engine, set};
use super::{promise, to_js};
use crate::conform::conform;

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
}
