//! Where the window of a convolution or a pool lies on the image.

/// Size, steps and surroundings of a window: rows first, then columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Window {
    pub(crate) size: [usize; 2],
    pub(crate) strides: [usize; 2],
    /// Distance of neighbouring cells; 1 leaves no gaps.
    pub(crate) dilation: [usize; 2],
    /// Cells added around the image: `[[top, bottom], [left, right]]`.
    pub(crate) pads: [[usize; 2]; 2],
}

impl Window {
    /// No padding: the window stays inside the image.
    pub(crate) fn valid(size: [usize; 2], strides: [usize; 2], dilation: [usize; 2]) -> Self {
        Self { size, strides, dilation, pads: [[0, 0]; 2] }
    }

    /// As much padding as makes the output `ceil(input / stride)`; what is left over by halving goes behind.
    pub(crate) fn same(
        size: [usize; 2],
        strides: [usize; 2],
        dilation: [usize; 2],
        image: [usize; 2],
    ) -> Self {
        let window = Self::valid(size, strides, dilation);
        let pads = [0, 1].map(|axis| {
            let reach = (image[axis].div_ceil(strides[axis]) - 1) * strides[axis] + window.span(axis);
            let total = reach.saturating_sub(image[axis]);
            [total / 2, total - total / 2]
        });
        Self { pads, ..window }
    }

    /// How many pixels the window reaches over, gaps included.
    fn span(&self, axis: usize) -> usize {
        (self.size[axis] - 1) * self.dilation[axis] + 1
    }

    /// Height and width of the output.
    pub(crate) fn output(&self, image: [usize; 2]) -> [usize; 2] {
        [0, 1].map(|axis| {
            let padded = image[axis] + self.pads[axis][0] + self.pads[axis][1];
            (padded - self.span(axis)) / self.strides[axis] + 1
        })
    }

    /// The cells of the window that belongs to one output pixel, in row-major order, each with the image pixel under
    /// it. Cells that lie on padding are left out.
    pub(crate) fn cells(
        self,
        out: [usize; 2],
        image: [usize; 2],
    ) -> impl Iterator<Item = ([usize; 2], [usize; 2])> {
        let under = move |axis: usize, cell: usize| {
            let padded = out[axis] * self.strides[axis] + cell * self.dilation[axis];
            padded.checked_sub(self.pads[axis][0]).filter(|&pixel| pixel < image[axis])
        };
        (0..self.size[0] * self.size[1]).filter_map(move |i| {
            let cell = [i / self.size[1], i % self.size[1]];
            Some((cell, [under(0, cell[0])?, under(1, cell[1])?]))
        })
    }
}
