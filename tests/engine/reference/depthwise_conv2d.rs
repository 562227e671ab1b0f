//! A convolution of every channel by itself:
//!
//! `y[n, oy, ox, c·M + m] = bias[c·M + m] + Σ x[n, iy, ix, c] · kernel[ky, kx, c, m]`
//!
//! over all cells `(ky, kx)` of the window.

use super::window::Window;
use super::{Dims, Gradients};

/// One depthwise convolution; its kernel is `[kh, kw, channels, multiplier]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DepthwiseConv2d {
    pub(crate) input: Dims,
    /// M: how many outputs each channel has.
    pub(crate) multiplier: usize,
    pub(crate) window: Window,
}

impl DepthwiseConv2d {
    pub(crate) fn output(&self) -> Dims {
        let [h, w] = self.window.output(self.input.image());
        Dims { n: self.input.n, h, w, c: self.input.c * self.multiplier }
    }

    pub(crate) fn forward(&self, x: &[f64], kernel: &[f64], bias: Option<&[f64]>) -> Vec<f64> {
        let output = self.output();
        let mut y = vec![0.0; output.len()];
        for (y_at, y) in y.iter_mut().enumerate() {
            *y = bias.map_or(0.0, |bias| bias[y_at % output.c]);
        }
        self.for_each_product(|x_at, kernel_at, y_at| y[y_at] += x[x_at] * kernel[kernel_at]);
        y
    }

    /// `dbias` is filled whether or not there is a bias.
    pub(crate) fn backward(&self, x: &[f64], kernel: &[f64], dy: &[f64]) -> Gradients {
        let channels = self.output().c;
        let mut gradients = Gradients {
            dx: vec![0.0; x.len()],
            dkernel: vec![0.0; kernel.len()],
            dbias: vec![0.0; channels],
        };
        self.for_each_product(|x_at, kernel_at, y_at| {
            gradients.dx[x_at] += dy[y_at] * kernel[kernel_at];
            gradients.dkernel[kernel_at] += dy[y_at] * x[x_at];
        });
        for (y_at, dy) in dy.iter().enumerate() {
            gradients.dbias[y_at % channels] += dy;
        }
        gradients
    }

    /// Calls `visit` for every product `x · kernel` of the sum above with its three indices.
    fn for_each_product(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let (input, output) = (self.input, self.output());
        for n in 0..input.n {
            for out in output.pixels() {
                for ([ky, kx], pixel) in self.window.cells(out, input.image()) {
                    for co in 0..output.c {
                        let c = co / self.multiplier;
                        let kernel_at = (ky * self.window.size[1] + kx) * output.c + co;
                        visit(input.at(n, pixel, c), kernel_at, output.at(n, out, co));
                    }
                }
            }
        }
    }
}
