//! Reads safetensors files (<https://huggingface.co/docs/safetensors>): eight bytes that tell the length of a header, the
//! header in JSON, the tensors' bytes.
//!
//! The format's own crate reads them too, but brings ways to read JSON into the wasm that nothing else there needs.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::{Error, Result, bail};
use crate::json;

/// A file.
#[derive(Debug)]
pub(super) struct Tensors<'a> {
    header: Map<String, Value>,
    data: &'a [u8],
}

/// A tensor of bytes.
#[derive(Debug)]
pub(super) struct Bytes<'a> {
    pub(super) shape: Vec<usize>,
    pub(super) data: &'a [u8],
}

/// What the header says of a tensor.
#[derive(Deserialize)]
struct Info {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: Vec<usize>,
}

impl<'a> Tensors<'a> {
    /// Reads the header.
    pub(super) fn read(file: &'a [u8]) -> Result<Self> {
        let Some((length, rest)) = file.split_first_chunk() else {
            bail!("not a safetensors file (it is shorter than 8 bytes)")
        };
        let length = u64::from_le_bytes(*length);
        let split = usize::try_from(length).ok().and_then(|length| rest.split_at_checked(length));
        let Some((header, data)) = split else {
            bail!("not a safetensors file (its header would have {length} bytes)")
        };
        match json::parse(header) {
            Ok(Value::Object(header)) => Ok(Self { header, data }),
            _ => bail!("not a safetensors file (its header is no JSON object)"),
        }
    }

    /// The tensor of this name, which holds bytes.
    pub(super) fn bytes(&self, name: &str) -> Result<Bytes<'a>> {
        let Some(info) = self.header.get(name) else { bail!("the file has no tensor `{name}`") };
        let info: Info = json::read(info).map_err(|error| Error::new(format!("`{name}`: {error}")))?;
        if info.dtype != "U8" {
            bail!("`{name}` is {}, but bytes (U8) were expected", info.dtype);
        }
        let elements = info.shape.iter().try_fold(1_usize, |product, &extent| product.checked_mul(extent));
        let data = match info.data_offsets[..] {
            [from, to] => self.data.get(from..to),
            _ => None,
        };
        match data {
            Some(data) if elements == Some(data.len()) => Ok(Bytes { shape: info.shape, data }),
            _ => bail!("`{name}` of shape {:?} has no bytes at {:?}", info.shape, info.data_offsets),
        }
    }
}
