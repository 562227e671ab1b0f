//! The JS API: translates, decides nothing. The only module that knows wasm-bindgen.
//!
//! No method is `async` under `&mut self`: wasm-bindgen keeps the borrow over the await, and the next call from the page
//! would panic. Methods submit under a short borrow and wait on what they got.

// Exported functions own what JavaScript hands over.
#![allow(clippy::needless_pass_by_value)]

mod engine;
mod info;
mod session;
mod view;

use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// A value as plain JavaScript data.
fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(value).map_err(|error| js_sys::Error::new(&error.to_string()))?;
    js_sys::JSON::parse(&text)
}

/// Plain JavaScript data as a value; `what` is how an error calls it.
fn from_js<T: DeserializeOwned>(what: &str, value: &JsValue) -> Result<T, JsValue> {
    let text = js_sys::JSON::stringify(value).map(String::from).unwrap_or_default();
    serde_json::from_str(&text).map_err(|error| js_sys::Error::new(&format!("{what}: {error}")).into())
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        js_sys::Error::new(&error.to_string()).into()
    }
}
