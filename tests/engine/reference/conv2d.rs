//! Convolution in the sense of neural networks, where the kernel is not flipped:
//!
//! `y[n, oy, ox, co] = f(bias[co] + Σ x[n, iy, ix, ci] · kernel[ky, kx, ci, co])`
//!
//! over all cells `(ky, kx)` of the window and all channels `ci` of the group that `co` belongs to.

use super::activation::Activation;
use super::window::Window;
use super::{Dims, Gradients};

/// One convolution; its kernel is `[kh, kw, input channels / groups, filters]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conv2d {
    pub(crate) input: Dims,
    pub(crate) filters: usize,
    /// Channels and filters are cut into this many equal runs that don't see each other.
    pub(crate) groups: usize,
    pub(crate) window: Window,
    pub(crate) activation: Activation,
}

impl Conv2d {
    pub(crate) fn output(&self) -> Dims {
        let [h, w] = self.window.output(self.input.image());
        Dims { n: self.input.n, h, w, c: self.filters }
    }

    pub(crate) fn kernel_len(&self) -> usize {
        let [kh, kw] = self.window.size;
        kh * kw * self.input.c / self.groups * self.filters
    }

    pub(crate) fn forward(&self, x: &[f64], kernel: &[f64], bias: Option<&[f64]>) -> Vec<f64> {
        self.activation.forward(&self.before_activation(x, kernel, bias))
    }

    /// `dbias` is filled whether or not there is a bias.
    pub(crate) fn backward(&self, x: &[f64], kernel: &[f64], bias: Option<&[f64]>, dy: &[f64]) -> Gradients {
        let dz = self.activation.backward(&self.before_activation(x, kernel, bias), dy);
        let mut gradients = Gradients {
            dx: vec![0.0; x.len()],
            dkernel: vec![0.0; kernel.len()],
            dbias: vec![0.0; self.filters],
        };
        self.for_each_product(|x_at, kernel_at, y_at| {
            gradients.dx[x_at] += dz[y_at] * kernel[kernel_at];
            gradients.dkernel[kernel_at] += dz[y_at] * x[x_at];
        });
        for (y_at, dz) in dz.iter().enumerate() {
            gradients.dbias[y_at % self.filters] += dz;
        }
        gradients
    }

    fn before_activation(&self, x: &[f64], kernel: &[f64], bias: Option<&[f64]>) -> Vec<f64> {
        let mut z = vec![0.0; self.output().len()];
        for (y_at, z) in z.iter_mut().enumerate() {
            *z = bias.map_or(0.0, |bias| bias[y_at % self.filters]);
        }
        self.for_each_product(|x_at, kernel_at, y_at| z[y_at] += x[x_at] * kernel[kernel_at]);
        z
    }

    /// Calls `visit` for every product `x · kernel` of the sum above with its three indices: forward and both
    /// gradients are the same walk.
    fn for_each_product(&self, mut visit: impl FnMut(usize, usize, usize)) {
        let (input, output) = (self.input, self.output());
        let (group_channels, group_filters) = (input.c / self.groups, self.filters / self.groups);
        for n in 0..input.n {
            for out in output.pixels() {
                for ([ky, kx], pixel) in self.window.cells(out, input.image()) {
                    for i in 0..group_channels {
                        for co in 0..self.filters {
                            let ci = co / group_filters * group_channels + i;
                            let kernel_at =
                                ((ky * self.window.size[1] + kx) * group_channels + i) * self.filters + co;
                            visit(input.at(n, pixel, ci), kernel_at, output.at(n, out, co));
                        }
                    }
                }
            }
        }
    }
}
