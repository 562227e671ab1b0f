//! Shapes without their batch axis, and the arithmetic of sliding windows.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::error::{Error, Result, bail};
use crate::json;

/// Largest number of values a single sample of a tensor may hold: indices in the shaders are 32 bits wide.
const MAX_ELEMENTS: usize = 1 << 31;

/// Shape of one sample: `[height, width, channels]` or `[features]`, row-major, channels last.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Shape(Vec<usize>);

impl Shape {
    /// A shape of these extents. Rank 1 or 3, no axis of size 0.
    pub fn new(extents: impl Into<Vec<usize>>) -> Result<Self> {
        let shape = Self(extents.into());
        shape.validate()?;
        Ok(shape)
    }

    /// Checks rank, extents and size; a deserialised shape has not been through [`Shape::new`].
    pub fn validate(&self) -> Result<()> {
        if !matches!(self.0.len(), 1 | 3) {
            bail!("shape {self} has {} axes; use (height, width, channels) or (features)", self.0.len());
        }
        if self.0.contains(&0) {
            bail!("shape {self} has an axis of size 0; every axis needs at least 1");
        }
        match self.0.iter().try_fold(1usize, |product, &n| product.checked_mul(n)) {
            Some(elements) if elements < MAX_ELEMENTS => Ok(()),
            _ => bail!("shape {self} holds 2^31 values or more; make an axis smaller"),
        }
    }

    /// `[height, width, channels]`.
    pub fn image(h: usize, w: usize, c: usize) -> Result<Self> {
        Self::new([h, w, c])
    }

    /// `[features]`.
    pub fn vector(features: usize) -> Result<Self> {
        Self::new([features])
    }

    /// The extents in order.
    pub fn extents(&self) -> &[usize] {
        &self.0
    }

    /// Number of values of one sample.
    pub fn elements(&self) -> usize {
        self.0.iter().product()
    }

    /// Size of the last axis: channels of an image, features of a vector.
    pub fn channels(&self) -> usize {
        self.0.last().copied().unwrap_or(1)
    }

    /// `(height, width, channels)`; a vector counts as a 1×1 image.
    pub fn hwc(&self) -> (usize, usize, usize) {
        match self.0[..] {
            [h, w, c] => (h, w, c),
            _ => (1, 1, self.elements()),
        }
    }

    /// `(height, width, channels)` of an image, or an error that names what needed one.
    pub fn expect_image(&self) -> Result<(usize, usize, usize)> {
        match self.0[..] {
            [h, w, c] => Ok((h, w, c)),
            _ => bail!(
                "needs an input of shape (height, width, channels), got {self}; move it before the flatten"
            ),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let extents: Vec<_> = self.0.iter().map(ToString::to_string).collect();
        write!(f, "({})", extents.join(", "))
    }
}

impl fmt::Debug for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Rows and columns to add around an image before a window slides over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(untagged, try_from = "Value")]
#[cfg_attr(not(target_arch = "wasm32"), schemars(!try_from))]
pub enum Padding {
    /// `"valid"` or `"same"`.
    Named(NamedPadding),
    /// `[[top, bottom], [left, right]]`.
    Explicit([[usize; 2]; 2]),
}

/// Keras's two padding rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum NamedPadding {
    /// None: windows stay inside the image.
    Valid,
    /// As much as gives `ceil(n / stride)` outputs; an odd rest goes after.
    Same,
}

impl TryFrom<Value> for Padding {
    type Error = Error;

    fn try_from(value: Value) -> Result<Self> {
        if value.is_string() {
            json::read(&value).map(Self::Named)
        } else {
            json::read(&value).map(Self::Explicit)
        }
    }
}

impl Padding {
    /// No padding.
    pub const VALID: Self = Self::Named(NamedPadding::Valid);
    /// `ceil(n / stride)` outputs.
    pub const SAME: Self = Self::Named(NamedPadding::Same);
}

/// A window that slides over an image: everything a kernel has to know about geometry, both axes resolved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Window {
    /// Window height and width in cells.
    pub kernel: [usize; 2],
    /// Step between windows.
    pub strides: [usize; 2],
    /// Distance between neighbouring cells of one window.
    pub dilation: [usize; 2],
    /// Padding before the first row and the first column.
    pub before: [usize; 2],
    /// Number of windows along each axis.
    pub output: [usize; 2],
}

impl Window {
    /// Resolves a window over an `input` of height × width.
    ///
    /// `same`: out = ceil(n / s), total padding max((out − 1)·s + (k − 1)·d + 1 − n, 0), half of it (rounded down)
    /// before. `valid`: out = (n − (k − 1)·d − 1) / s + 1. As in TensorFlow
    /// (<https://www.tensorflow.org/api_docs/python/tf/nn#notes_on_padding_2>).
    pub fn new(
        input: [usize; 2],
        kernel: [usize; 2],
        strides: [usize; 2],
        dilation: [usize; 2],
        padding: Padding,
    ) -> Result<Self> {
        let mut before = [0; 2];
        let mut output = [0; 2];
        for axis in 0..2 {
            let (n, k, s, d) = (input[axis], kernel[axis], strides[axis], dilation[axis]);
            for (what, value) in [("window", k), ("stride", s), ("dilation rate", d)] {
                if value == 0 || value > MAX_WINDOW {
                    bail!("{what} {value} is outside 1..={MAX_WINDOW}");
                }
            }
            let reach = (k - 1) * d + 1;
            (before[axis], output[axis]) = match padding {
                Padding::Named(NamedPadding::Same) => {
                    let out = n.div_ceil(s);
                    (((out - 1) * s + reach).saturating_sub(n) / 2, out)
                }
                Padding::Named(NamedPadding::Valid) => {
                    (0, outputs(n, reach, s).ok_or_else(|| too_large(input, kernel, dilation, input))?)
                }
                Padding::Explicit(pads) => {
                    let [first, last] = pads[axis];
                    if first > MAX_WINDOW || last > MAX_WINDOW {
                        bail!("padding {first}+{last} is above {MAX_WINDOW}");
                    }
                    let padded =
                        [0, 1].map(|a| input[a] + pads[a][0].min(MAX_WINDOW) + pads[a][1].min(MAX_WINDOW));
                    (
                        first,
                        outputs(n + first + last, reach, s)
                            .ok_or_else(|| too_large(input, kernel, dilation, padded))?,
                    )
                }
            };
        }
        Ok(Self { kernel, strides, dilation, before, output })
    }

    /// Cells of one window.
    pub fn area(&self) -> usize {
        self.kernel[0] * self.kernel[1]
    }
}

/// Windows, strides, dilations and paddings above this are typing errors rather than networks.
const MAX_WINDOW: usize = 4096;

fn outputs(n: usize, reach: usize, stride: usize) -> Option<usize> {
    n.checked_sub(reach).map(|rest| rest / stride + 1)
}

fn too_large(input: [usize; 2], kernel: [usize; 2], dilation: [usize; 2], padded: [usize; 2]) -> Error {
    let dilated = if dilation == [1, 1] {
        String::new()
    } else {
        format!(" with dilation {}×{}", dilation[0], dilation[1])
    };
    let what = if padded == input { "input" } else { "padded input" };
    Error::new(format!(
        "window {}×{}{dilated} exceeds {what} {}×{}; add padding, use padding \"same\" or drop a pooling layer",
        kernel[0], kernel[1], padded[0], padded[1]
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window(n: usize, k: usize, s: usize, d: usize, padding: Padding) -> Result<Window> {
        Window::new([n, n], [k, k], [s, s], [d, d], padding)
    }

    #[test]
    fn same_pads_more_at_the_end() {
        let w = window(224, 7, 2, 1, Padding::SAME).expect("fits");
        assert_eq!((w.output[0], w.before[0]), (112, 2));
        let w = window(32, 3, 2, 1, Padding::SAME).expect("fits");
        assert_eq!((w.output[0], w.before[0]), (16, 0));
    }

    #[test]
    fn valid_drops_what_does_not_fit() {
        assert_eq!(window(13, 2, 2, 1, Padding::VALID).expect("fits").output, [6, 6]);
        assert_eq!(window(7, 3, 1, 2, Padding::VALID).expect("fits").output, [3, 3]);
    }

    #[test]
    fn a_window_larger_than_its_input_names_both() {
        let error = window(3, 5, 1, 1, Padding::VALID).expect_err("too large").to_string();
        assert!(error.contains("window 5×5 exceeds input 3×3"), "{error}");
        let error =
            window(3, 7, 1, 1, Padding::Explicit([[1, 1], [1, 1]])).expect_err("too large").to_string();
        assert!(error.contains("padded input 5×5"), "{error}");
        assert!(window(3, 0, 1, 1, Padding::SAME).is_err());
        assert!(window(3, 1, 0, 1, Padding::SAME).is_err());
    }
}
