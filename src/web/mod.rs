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
mod lens;
#[cfg(feature = "conform")]
mod own;
mod session;
mod timer;
#[cfg(feature = "conform")]
mod transfer;
mod tune;
mod view;

use js_sys::{Array, Object, Promise};
use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};
use wasm_bindgen::prelude::*;

use crate::error::{Error, Result, bail};
use crate::json;

/// A fifth of the standard library's allocator in code, which everybody downloads.
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

#[wasm_bindgen(typescript_custom_section)]
const CHECKS: &str = include_str!("checks.d.ts");

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
    let value = plain(what, value, DEPTH)?;
    Ok(json::read(&value).map_err(|error| Error::new(format!("{what}: {error}")))?)
}

/// Objects within objects that data may have; what has more has itself inside.
const DEPTH: usize = 16;

/// Plain JavaScript data as JSON. `JSON.stringify` would make null of NaN, and nothing of what it cannot write.
fn plain(path: &str, value: &JsValue, depth: usize) -> Result<Value> {
    if value.is_null() {
        Ok(Value::Null)
    } else if let Some(truth) = value.as_bool() {
        Ok(truth.into())
    } else if let Some(text) = value.as_string() {
        Ok(text.into())
    } else if let Some(number) = value.as_f64() {
        if !number.is_finite() {
            bail!("{path} is {number}; use a finite number");
        }
        // Up to here every whole number has a double of its own.
        let is_whole = number.fract() == 0.0 && number.abs() < 9e15;
        Ok(if is_whole { (number as i64).into() } else { number.into() })
    } else if !value.is_object() {
        let kind = value.js_typeof().as_string().unwrap_or_default();
        bail!("{path} is a value of type {kind}; use plain data");
    } else if depth == 0 {
        bail!("{path} lies too deep; use data that does not hold itself");
    } else if Array::is_array(value) {
        let items = Array::from(value).into_iter().enumerate();
        items.map(|(index, item)| plain(&format!("{path}[{index}]"), &item, depth - 1)).collect()
    } else {
        let mut fields = Map::new();
        for entry in Object::entries(value.unchecked_ref()) {
            let entry = Array::from(&entry);
            let (name, field) = (entry.get(0).as_string().unwrap_or_default(), entry.get(1));
            // A field may be left out by setting it to undefined.
            if !field.is_undefined() {
                let field = plain(&format!("{path}.{name}"), &field, depth - 1)?;
                fields.insert(name, field);
            }
        }
        Ok(fields.into())
    }
}

/// A whole number from JavaScript, whose conversion would wrap what does not fit; `what` is how an error calls it.
fn whole(what: &str, number: f64) -> Result<u32> {
    let integer = number as u32;
    if f64::from(integer) != number {
        bail!("{what} is {number}; use a whole number from 0 to {}", u32::MAX);
    }
    Ok(integer)
}

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = reportError)]
    fn report_error(error: &js_sys::Error);
}

/// Says what a panic was about. A panic traps, so that promises of the engine stay open: only an error event tells.
fn report_panics() {
    std::panic::set_hook(Box::new(|panic| report_error(&js_sys::Error::new(&panic.to_string()))));
}

impl From<Error> for JsValue {
    fn from(error: Error) -> Self {
        js_sys::Error::new(&error.to_string()).into()
    }
}
