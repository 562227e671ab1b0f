//! The largest value of each feature map: a max pool whose window is the whole image.

use super::Dims;
use super::max_pool::MaxPool;
use super::window::Window;

pub(crate) fn forward(input: Dims, x: &[f64]) -> Vec<f64> {
    pool(input).forward(x).0
}

pub(crate) fn backward(input: Dims, x: &[f64], dy: &[f64]) -> Vec<f64> {
    pool(input).backward(x, dy)
}

fn pool(input: Dims) -> MaxPool {
    MaxPool { input, window: Window::valid(input.image(), [1, 1], [1, 1]) }
}
