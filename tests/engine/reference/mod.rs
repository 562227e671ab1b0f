//! The oracle: every operation once more, as plain loops over `f64`, forward and backward.
//!
//! Written to be read next to the formula in a textbook, not to be fast. Nothing here knows the engine. What makes
//! these loops trustworthy stands below: `gradcheck` compares each backward pass with finite differences of its
//! forward pass, `keras_cases` compares all of them with the numbers that Keras gives.
//!
//! Activations are NHWC, kernels HWIO, all row-major. `x` is the input, `y` the output, and `dx` the derivative of
//! the loss by `x`.
#![allow(clippy::needless_range_loop, reason = "formulas have indices")]
#![cfg_attr(target_arch = "wasm32", allow(dead_code, reason = "the self-tests run natively"))]

pub(crate) mod activation;
pub(crate) mod add;
pub(crate) mod avg_pool;
pub(crate) mod batch_norm;
pub(crate) mod concat;
pub(crate) mod conv2d;
pub(crate) mod dense;
pub(crate) mod depthwise_conv2d;
pub(crate) mod dropout;
pub(crate) mod flatten;
pub(crate) mod global_avg_pool;
pub(crate) mod global_max_pool;
pub(crate) mod layer_norm;
pub(crate) mod local_response_norm;
pub(crate) mod log_softmax;
pub(crate) mod max_pool;
pub(crate) mod optimizer;
pub(crate) mod penalty;
pub(crate) mod softmax;
pub(crate) mod softmax_cross_entropy;
pub(crate) mod upsample_nearest;
pub(crate) mod window;
pub(crate) mod zero_padding;

#[cfg(not(target_arch = "wasm32"))]
mod gradcheck;
#[cfg(not(target_arch = "wasm32"))]
mod keras_cases;

/// Sizes of a batch of feature maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dims {
    pub(crate) n: usize,
    pub(crate) h: usize,
    pub(crate) w: usize,
    pub(crate) c: usize,
}

impl Dims {
    pub(crate) fn new([n, h, w, c]: [usize; 4]) -> Self {
        Self { n, h, w, c }
    }

    /// Number of values.
    pub(crate) fn len(&self) -> usize {
        self.n * self.h * self.w * self.c
    }

    /// Height and width.
    pub(crate) fn image(&self) -> [usize; 2] {
        [self.h, self.w]
    }

    /// Where a value lies.
    pub(crate) fn at(&self, n: usize, [y, x]: [usize; 2], c: usize) -> usize {
        ((n * self.h + y) * self.w + x) * self.c + c
    }

    /// Rows and columns of every pixel, in row-major order.
    pub(crate) fn pixels(&self) -> impl Iterator<Item = [usize; 2]> + use<> {
        let w = self.w;
        (0..self.h * w).map(move |i| [i / w, i % w])
    }
}

/// Derivatives by the input and by what is trained. Empty where there is nothing to train.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gradients {
    pub(crate) dx: Vec<f64>,
    pub(crate) dkernel: Vec<f64>,
    pub(crate) dbias: Vec<f64>,
}
