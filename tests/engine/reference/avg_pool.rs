//! The mean under a window, for each channel by itself: the sum over the cells on the image divided by their number.
//! Padding does not take part.

use super::Dims;
use super::window::Window;

/// One pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AvgPool {
    pub(crate) input: Dims,
    pub(crate) window: Window,
}

impl AvgPool {
    pub(crate) fn output(&self) -> Dims {
        let [h, w] = self.window.output(self.input.image());
        Dims { h, w, ..self.input }
    }

    pub(crate) fn forward(&self, x: &[f64]) -> Vec<f64> {
        let mut y = vec![0.0; self.output().len()];
        self.for_each_cell(|x_at, y_at, share| y[y_at] += x[x_at] * share);
        y
    }

    pub(crate) fn backward(&self, dy: &[f64]) -> Vec<f64> {
        let mut dx = vec![0.0; self.input.len()];
        self.for_each_cell(|x_at, y_at, share| dx[x_at] += dy[y_at] * share);
        dx
    }

    /// Calls `visit` with the index of each input under each window, the index of the output, and the input's share
    /// in that mean.
    fn for_each_cell(&self, mut visit: impl FnMut(usize, usize, f64)) {
        let (input, output) = (self.input, self.output());
        for n in 0..output.n {
            for out in output.pixels() {
                let share = 1.0 / self.window.cells(out, input.image()).count() as f64;
                for (_, pixel) in self.window.cells(out, input.image()) {
                    for c in 0..output.c {
                        visit(input.at(n, pixel, c), output.at(n, out, c), share);
                    }
                }
            }
        }
    }
}
