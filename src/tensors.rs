//! Reads safetensors files (<https://huggingface.co/docs/safetensors>): eight bytes that tell the length of a header, the
//! header in JSON, the tensors' bytes.
//!
//! The format's own crate reads them too, but brings ways to read JSON into the wasm that nothing else there needs.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::error::{Error, Result, bail};
use crate::json;

/// The header's entry that is no tensor: what the file says of itself.
const METADATA: &str = "__metadata__";

/// A file.
#[derive(Debug)]
pub(crate) struct Tensors<'a> {
    header: Map<String, Value>,
    data: &'a [u8],
}

/// A tensor as it lies in the file.
#[derive(Debug)]
pub(crate) struct Tensor<'a> {
    pub(crate) dtype: String,
    pub(crate) shape: Vec<usize>,
    pub(crate) data: &'a [u8],
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
    pub(crate) fn read(file: &'a [u8]) -> Result<Self> {
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

    /// What the file says of itself under this key; nothing where it does not.
    pub(crate) fn metadata(&self, key: &str) -> &str {
        self.header.get(METADATA).and_then(|all| all.get(key)).and_then(Value::as_str).unwrap_or_default()
    }

    /// Names of the tensors, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.header.keys().map(String::as_str).filter(|&name| name != METADATA)
    }

    /// Whether there is a tensor of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        name != METADATA && self.header.contains_key(name)
    }

    /// The tensor of this name.
    pub(crate) fn tensor(&self, name: &str) -> Result<Tensor<'a>> {
        let Some(info) = self.header.get(name) else { bail!("the file has no tensor `{name}`") };
        let Info { dtype, shape, data_offsets } =
            json::read(info).map_err(|error| Error::new(format!("`{name}`: {error}")))?;
        // The playground's own engine reads bytes alone, for its size.
        let all = cfg!(feature = "conform");
        let size = match &dtype[..] {
            "U8" => 1,
            "F32" | "I32" | "U32" if all => 4,
            "I64" if all => 8,
            _ if !all => bail!("`{name}` is {dtype}, but bytes (U8) were expected"),
            _ => bail!("`{name}` is {dtype}; F32, U8 and whole numbers are what can be read"),
        };
        let bytes = shape.iter().try_fold(size, |product: usize, &extent| product.checked_mul(extent));
        let data = match data_offsets[..] {
            [from, to] => self.data.get(from..to),
            _ => None,
        };
        match data {
            Some(data) if bytes == Some(data.len()) => Ok(Tensor { dtype, shape, data }),
            _ => bail!("`{name}` of shape {shape:?} has no bytes at {data_offsets:?}"),
        }
    }

    /// The tensor of this name, which holds bytes.
    pub(crate) fn bytes(&self, name: &str) -> Result<Tensor<'a>> {
        let tensor = self.tensor(name)?;
        if tensor.dtype != "U8" {
            bail!("`{name}` is {}, but bytes (U8) were expected", tensor.dtype);
        }
        Ok(tensor)
    }
}

impl Tensor<'_> {
    /// The values of an F32 tensor. Word by word: the bytes of a file need not be aligned.
    pub(crate) fn floats(&self) -> Vec<f32> {
        let words = self.data.chunks_exact(4);
        words.map(|word| f32::from_le_bytes([word[0], word[1], word[2], word[3]])).collect()
    }
}
