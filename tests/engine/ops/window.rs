//! Windows over images, for the ops that slide one.

use cnn_playground::{NamedPadding, Padding};

use crate::reference::Dims;
use crate::reference::window::Window;
use crate::support::Draw;

/// An image and a window on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct WindowCase {
    pub(crate) batch: usize,
    pub(crate) image: [usize; 2],
    pub(crate) channels: usize,
    pub(crate) size: [usize; 2],
    pub(crate) strides: [usize; 2],
    pub(crate) dilation: [usize; 2],
    pub(crate) padding: Padding,
}

impl WindowCase {
    /// A square window on an image.
    pub(crate) fn new(
        [batch, h, w, channels]: [usize; 4],
        size: usize,
        stride: usize,
        padding: Padding,
    ) -> Self {
        Self {
            batch,
            image: [h, w],
            channels,
            size: [size; 2],
            strides: [stride; 2],
            dilation: [1; 2],
            padding,
        }
    }

    /// A legal one of at most `work` window cells in all. A pool's window never lies on padding alone.
    pub(crate) fn random(draw: &mut Draw, work: usize, pool: bool) -> Self {
        loop {
            let two = |draw: &mut Draw, last: usize| [draw.range(1, last), draw.range(1, last)];
            let size = if draw.chance(0.6) { [draw.range(1, 5); 2] } else { two(draw, 11) };
            let pad = |draw: &mut Draw, axis: usize| {
                let most = if pool { size[axis] - 1 } else { size[axis] + 1 };
                [draw.range(0, most), draw.range(0, most)]
            };
            let case = Self {
                batch: draw.range(1, 9),
                image: two(draw, 33),
                channels: draw.pick(&[1, 2, 3, 4, 5, 7, 8, 9, 13, 16, 17, 24, 31, 33]),
                size,
                strides: two(draw, 4),
                dilation: if pool || draw.chance(0.5) { [1; 2] } else { two(draw, 3) },
                padding: match draw.range(0, 2) {
                    0 => Padding::VALID,
                    1 => Padding::SAME,
                    _ => Padding::Explicit([pad(draw, 0), pad(draw, 1)]),
                },
            };
            if case.is_legal() && case.cells() <= work {
                return case;
            }
        }
    }

    fn is_legal(&self) -> bool {
        (0..2).all(|axis| {
            let pads = match self.padding {
                Padding::Named(NamedPadding::Same) => return true,
                Padding::Named(NamedPadding::Valid) => [0, 0],
                Padding::Explicit(pads) => pads[axis],
            };
            (self.size[axis] - 1) * self.dilation[axis] < self.image[axis] + pads[0] + pads[1]
        })
    }

    fn cells(&self) -> usize {
        let [oh, ow] = self.window().output(self.image);
        self.batch * oh * ow * self.channels * self.size[0] * self.size[1]
    }

    /// The batch of images.
    pub(crate) fn input(&self) -> Dims {
        Dims::new([self.batch, self.image[0], self.image[1], self.channels])
    }

    /// Shape of one sample.
    pub(crate) fn shape(&self) -> [usize; 3] {
        [self.image[0], self.image[1], self.channels]
    }

    /// The oracle's window.
    pub(crate) fn window(&self) -> Window {
        let (size, strides, dilation) = (self.size, self.strides, self.dilation);
        match self.padding {
            Padding::Named(NamedPadding::Same) => Window::same(size, strides, dilation, self.image),
            Padding::Named(NamedPadding::Valid) => Window::valid(size, strides, dilation),
            Padding::Explicit(pads) => Window { size, strides, dilation, pads },
        }
    }

    /// Cells of one window.
    pub(crate) fn area(&self) -> usize {
        self.size[0] * self.size[1]
    }
}
