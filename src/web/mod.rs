//! The JS API: translates, decides nothing. The only module that knows wasm-bindgen.
//!
//! No exported method is `async`: wasm-bindgen would keep `self` borrowed over the await, and compile the machinery of
//! promises anew for every method. Methods that wait give a [`promise`] of their own handles to the session.

// Exported functions own what JavaScript hands over.
#![allow(clippy::needless_pass_by_value)]
// Methods of an object in JavaScript, whether they need the object or not.
#![allow(clippy::unused_self)]

use std::pin::Pin;

#[cfg(feature = "bench")]
mod bench;
#[cfg(feature = "conform")]
mod conform;
mod engine;
mod info;
mod session;
mod view;

use js_sys::Promise;
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result};
use crate::json;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// A promise of what the future gives. Boxed, so that there is one kind of future that becomes a promise.
fn promise(future: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
    let boxed: Pin<Box<dyn Future<Output = _>>> = Box::pin(future);
    wasm_bindgen_futures::future_to_promise(boxed)
}

/// An object, its keys in this order.
struct Pairs<T>(Vec<(&'static str, T)>);

impl<T: Serialize> Serialize for Pairs<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(key, value)| (key, value)))
    }
}

/// A value as plain JavaScript data.
fn to_js<T: Serialize>(value: &T) -> Result<JsValue, JsValue> {
    let text = serde_json::to_string(value).map_err(|error| js_sys::Error::new(&error.to_string()))?;
    js_sys::JSON::parse(&text)
}

/// Plain JavaScript data as a value; `what` is how an error calls it.
fn from_js<T: DeserializeOwned>(what: &str, value: &JsValue) -> Result<T, JsValue> {
    let text = js_sys::JSON::stringify(value).map(String::from).unwrap_or_default();
    let value = json::parse(text.as_bytes()).and_then(|value| json::read(&value));
    Ok(value.map_err(|error| Error::new(format!("{what}: {error}")))?)
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        js_sys::Error::new(&error.to_string()).into()
    }
}
