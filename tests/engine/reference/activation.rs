//! Functions of one number: relu, leaky relu, elu, gelu, sigmoid, tanh.

use std::f64::consts::{FRAC_2_SQRT_PI, PI, SQRT_2};

/// Which function; `Linear` changes nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Activation {
    Linear,
    Relu,
    LeakyRelu { slope: f64 },
    Elu { alpha: f64 },
    GeluExact,
    GeluTanh,
    Sigmoid,
    Tanh,
}

impl Activation {
    /// `f(x)`
    pub(crate) fn value(self, x: f64) -> f64 {
        match self {
            Self::Linear => x,
            Self::Relu => x.max(0.0),
            Self::LeakyRelu { slope } => {
                if x > 0.0 {
                    x
                } else {
                    slope * x
                }
            }
            Self::Elu { alpha } => {
                if x > 0.0 {
                    x
                } else {
                    alpha * x.exp_m1()
                }
            }
            Self::GeluExact => x * normal_below(x),
            Self::GeluTanh => 0.5 * x * (1.0 + gelu_inner(x).tanh()),
            Self::Sigmoid => sigmoid(x),
            Self::Tanh => x.tanh(),
        }
    }

    /// `f'(x)`. At a kink it is the slope to the left: relu's is 0 at 0.
    pub(crate) fn derivative(self, x: f64) -> f64 {
        match self {
            Self::Linear => 1.0,
            Self::Relu => {
                if x > 0.0 {
                    1.0
                } else {
                    0.0
                }
            }
            Self::LeakyRelu { slope } => {
                if x > 0.0 {
                    1.0
                } else {
                    slope
                }
            }
            Self::Elu { alpha } => {
                if x > 0.0 {
                    1.0
                } else {
                    alpha * x.exp()
                }
            }
            Self::GeluExact => normal_below(x) + x * normal_density(x),
            Self::GeluTanh => {
                let t = gelu_inner(x).tanh();
                0.5 * (1.0 + t) + 0.5 * x * (1.0 - t * t) * gelu_inner_derivative(x)
            }
            Self::Sigmoid => sigmoid(x) * (1.0 - sigmoid(x)),
            Self::Tanh => 1.0 - x.tanh().powi(2),
        }
    }

    /// `y = f(x)`
    pub(crate) fn forward(self, x: &[f64]) -> Vec<f64> {
        x.iter().map(|&x| self.value(x)).collect()
    }

    /// `dx = f'(x) dy`
    pub(crate) fn backward(self, x: &[f64], dy: &[f64]) -> Vec<f64> {
        x.iter().zip(dy).map(|(&x, dy)| self.derivative(x) * dy).collect()
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// Probability that a standard normal number lies below `x`.
fn normal_below(x: f64) -> f64 {
    0.5 * (1.0 + libm::erf(x / SQRT_2))
}

fn normal_density(x: f64) -> f64 {
    (-0.5 * x * x).exp() / (2.0 * PI).sqrt()
}

/// The argument of tanh in Hendrycks and Gimpel's approximation: `sqrt(2/π) (x + 0.044715 x³)`.
fn gelu_inner(x: f64) -> f64 {
    FRAC_2_SQRT_PI / SQRT_2 * (x + 0.044_715 * x * x * x)
}

fn gelu_inner_derivative(x: f64) -> f64 {
    FRAC_2_SQRT_PI / SQRT_2 * (1.0 + 3.0 * 0.044_715 * x * x)
}
