//! Pictures of what a network computes, painted on the GPU from the buffers that the layers wrote.

mod layout;
mod painter;

pub use layout::{ColorMap, Scale, Tiling, ViewKind, ViewLayout, ViewOptions, tiling};
pub use painter::{Painter, Picture, SHADER};
