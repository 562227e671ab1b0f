//! An op case: tensors, attributes and tolerances in one safetensors file.

use std::collections::BTreeMap;

use safetensors::{Dtype, SafeTensors};
use serde_json::{Map, Value};

use super::compare::Tolerance;
use crate::error::{Error, Result, bail};
use crate::json;

/// One tensor of a file, batch axis included.
#[derive(Clone, Debug)]
pub(super) struct Tensor {
    pub(super) shape: Vec<usize>,
    pub(super) values: Vec<f32>,
}

impl Tensor {
    /// Samples, and the shape of one.
    pub(super) fn batch(&self, name: &str) -> Result<(usize, &[usize])> {
        match self.shape.split_first() {
            Some((&batch, sample)) if batch > 0 && !sample.is_empty() => Ok((batch, sample)),
            _ => bail!(
                "tensor \"{name}\" has shape {:?}; a batch axis and at least one more are needed",
                self.shape
            ),
        }
    }
}

/// One operation: what goes in, what must come out, and how exactly.
#[derive(Clone, Debug)]
pub(super) struct OpCase {
    pub(super) op: String,
    pub(super) attrs: Map<String, Value>,
    pub(super) tolerance: BTreeMap<String, Tolerance>,
    pub(super) tensors: BTreeMap<String, Tensor>,
    pub(super) labels: BTreeMap<String, Vec<i32>>,
}

impl OpCase {
    pub(super) fn read(bytes: &[u8]) -> Result<Self> {
        let unreadable = |error: &dyn std::fmt::Display| {
            Error::new(format!("neither a reference file in JSON nor a safetensors file: {error}"))
        };
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| unreadable(&error))?;
        let file = SafeTensors::deserialize(bytes).map_err(|error| unreadable(&error))?;
        let metadata = header.metadata().clone().unwrap_or_default();
        let text = |key: &str| match metadata.get(key) {
            Some(text) => Ok(text.as_str()),
            None => {
                Err(Error::new(format!("this safetensors file has no metadata \"{key}\"; it is no op case")))
            }
        };
        let json = |key: &str| json::parse(text(key)?.as_bytes());
        let within = |key: &str, error: Error| Error::new(format!("metadata \"{key}\": {error}"));
        let mut case = Self {
            op: text("op")?.to_owned(),
            attrs: json::read(&json("attrs")?).map_err(|error| within("attrs", error))?,
            tolerance: json::read_part(&json("tolerance")?).map_err(|error| within("tolerance", error))?,
            tensors: BTreeMap::new(),
            labels: BTreeMap::new(),
        };
        for (name, view) in file.iter() {
            let words = view.data().chunks_exact(4).map(|word| [word[0], word[1], word[2], word[3]]);
            match view.dtype() {
                Dtype::F32 => {
                    let values = words.map(f32::from_le_bytes).collect();
                    case.tensors.insert(name.to_owned(), Tensor { shape: view.shape().to_vec(), values });
                }
                Dtype::I32 => {
                    case.labels.insert(name.to_owned(), words.map(i32::from_le_bytes).collect());
                }
                other => bail!("tensor \"{name}\" is {other:?}; F32 or I32 was expected"),
            }
        }
        Ok(case)
    }

    pub(super) fn tensor(&self, name: &str) -> Result<&Tensor> {
        self.tensors.get(name).ok_or_else(|| Error::new(format!("the file has no tensor \"{name}\"")))
    }

    /// The values of a tensor that may be missing.
    pub(super) fn values(&self, name: &str) -> Option<&[f32]> {
        self.tensors.get(name).map(|tensor| tensor.values.as_slice())
    }

    /// How exactly this tensor must come out.
    pub(super) fn tolerance_of(&self, name: &str) -> Result<Tolerance> {
        match self.tolerance.get(name) {
            Some(&tolerance) => Ok(tolerance),
            None => bail!("the file gives no tolerance for \"{name}\""),
        }
    }

    /// An attribute of this type.
    pub(super) fn attr<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T> {
        let value = self.attrs.get(name).unwrap_or(&Value::Null);
        json::read(value).map_err(|error| Error::new(format!("attribute \"{name}\": {error}")))
    }
}
