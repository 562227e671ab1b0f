//! Every pixel becomes a block of equal pixels.

use super::Dims;

/// One layer; `size` is the height and width of a block.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UpsampleNearest {
    pub(crate) input: Dims,
    pub(crate) size: [usize; 2],
}

impl UpsampleNearest {
    pub(crate) fn output(&self) -> Dims {
        Dims { h: self.input.h * self.size[0], w: self.input.w * self.size[1], ..self.input }
    }

    pub(crate) fn forward(&self, x: &[f64]) -> Vec<f64> {
        let mut y = vec![0.0; self.output().len()];
        self.for_each_value(|x_at, y_at| y[y_at] = x[x_at]);
        y
    }

    /// The sum over each block.
    pub(crate) fn backward(&self, dy: &[f64]) -> Vec<f64> {
        let mut dx = vec![0.0; self.input.len()];
        self.for_each_value(|x_at, y_at| dx[x_at] += dy[y_at]);
        dx
    }

    /// Calls `visit` for each output with the place of its source and its own.
    fn for_each_value(&self, mut visit: impl FnMut(usize, usize)) {
        let (input, output) = (self.input, self.output());
        for n in 0..output.n {
            for [y, x] in output.pixels() {
                for c in 0..output.c {
                    let source = [y / self.size[0], x / self.size[1]];
                    visit(input.at(n, source, c), output.at(n, [y, x], c));
                }
            }
        }
    }
}
