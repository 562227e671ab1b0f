//! Zeros around the image.

use super::Dims;

/// One layer; `pads` is `[[top, bottom], [left, right]]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ZeroPadding {
    pub(crate) input: Dims,
    pub(crate) pads: [[usize; 2]; 2],
}

impl ZeroPadding {
    pub(crate) fn output(&self) -> Dims {
        let [[top, bottom], [left, right]] = self.pads;
        Dims { h: top + self.input.h + bottom, w: left + self.input.w + right, ..self.input }
    }

    pub(crate) fn forward(&self, x: &[f64]) -> Vec<f64> {
        let mut y = vec![0.0; self.output().len()];
        self.for_each_value(|x_at, y_at| y[y_at] = x[x_at]);
        y
    }

    pub(crate) fn backward(&self, dy: &[f64]) -> Vec<f64> {
        let mut dx = vec![0.0; self.input.len()];
        self.for_each_value(|x_at, y_at| dx[x_at] = dy[y_at]);
        dx
    }

    /// Calls `visit` with the place of each value before and after.
    fn for_each_value(&self, mut visit: impl FnMut(usize, usize)) {
        let (input, output) = (self.input, self.output());
        for n in 0..input.n {
            for [y, x] in input.pixels() {
                for c in 0..input.c {
                    let moved = [y + self.pads[0][0], x + self.pads[1][0]];
                    visit(input.at(n, [y, x], c), output.at(n, moved, c));
                }
            }
        }
    }
}
