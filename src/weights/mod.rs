//! Weights as files.

pub mod safetensors;
