//! A fully connected layer: `y[r, o] = f(bias[o] + Σᵢ x[r, i] · kernel[i, o])`.

use super::Gradients;
use super::activation::Activation;

/// One dense layer; its kernel is `[inputs, outputs]`. All axes of `x` but the last are rows.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dense {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) activation: Activation,
}

impl Dense {
    pub(crate) fn forward(&self, x: &[f64], kernel: &[f64], bias: Option<&[f64]>) -> Vec<f64> {
        self.activation.forward(&self.before_activation(x, kernel, bias))
    }

    /// `dx = dz kernelᵀ`, `dkernel = xᵀ dz`, and `dbias` is the sum of dz over the rows.
    pub(crate) fn backward(&self, x: &[f64], kernel: &[f64], bias: Option<&[f64]>, dy: &[f64]) -> Gradients {
        let dz = self.activation.backward(&self.before_activation(x, kernel, bias), dy);
        let mut gradients = Gradients {
            dx: vec![0.0; x.len()],
            dkernel: vec![0.0; kernel.len()],
            dbias: vec![0.0; self.outputs],
        };
        for r in 0..x.len() / self.inputs {
            for o in 0..self.outputs {
                let dz = dz[r * self.outputs + o];
                gradients.dbias[o] += dz;
                for i in 0..self.inputs {
                    gradients.dx[r * self.inputs + i] += dz * kernel[i * self.outputs + o];
                    gradients.dkernel[i * self.outputs + o] += dz * x[r * self.inputs + i];
                }
            }
        }
        gradients
    }

    fn before_activation(&self, x: &[f64], kernel: &[f64], bias: Option<&[f64]>) -> Vec<f64> {
        let mut z = Vec::new();
        for row in x.chunks_exact(self.inputs) {
            for o in 0..self.outputs {
                let sum: f64 = row.iter().enumerate().map(|(i, x)| x * kernel[i * self.outputs + o]).sum();
                z.push(sum + bias.map_or(0.0, |bias| bias[o]));
            }
        }
        z
    }
}
