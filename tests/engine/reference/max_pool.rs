//! The largest value under a window, for each channel by itself. Padding does not take part.

use super::Dims;
use super::window::Window;

/// One pool. The first of equal values in row-major order counts as the largest.
#[derive(Clone, Copy, Debug)]
pub(crate) struct MaxPool {
    pub(crate) input: Dims,
    pub(crate) window: Window,
}

impl MaxPool {
    pub(crate) fn output(&self) -> Dims {
        let [h, w] = self.window.output(self.input.image());
        Dims { h, w, ..self.input }
    }

    /// The outputs, and for each the index in `x` that it came from.
    pub(crate) fn forward(&self, x: &[f64]) -> (Vec<f64>, Vec<usize>) {
        let output = self.output();
        let (mut y, mut winners) = (Vec::new(), Vec::new());
        for n in 0..output.n {
            for out in output.pixels() {
                for c in 0..output.c {
                    let (mut largest, mut winner) = (f64::NEG_INFINITY, usize::MAX);
                    for (_, pixel) in self.window.cells(out, self.input.image()) {
                        let at = self.input.at(n, pixel, c);
                        if x[at] > largest {
                            (largest, winner) = (x[at], at);
                        }
                    }
                    y.push(largest);
                    winners.push(winner);
                }
            }
        }
        (y, winners)
    }

    /// The winner takes the whole gradient; where windows overlap, one value can win several times.
    pub(crate) fn backward(&self, x: &[f64], dy: &[f64]) -> Vec<f64> {
        let mut dx = vec![0.0; x.len()];
        for (winner, dy) in self.forward(x).1.into_iter().zip(dy) {
            dx[winner] += dy;
        }
        dx
    }
}
