//! `winograd.wgsl`: windows of 3×3 at stride 1 by Winograd's F(4×4, 3×3), with a quarter of the multiplications.
//!
//! Values of tiles at 36 points are multiplied as 36 matrices by `dense_tiled.wgsl`. They take 2¼ times the memory of what
//! they are values of, so the tiles of a batch are taken in parts.

use super::Dims as Sizes;
use super::rows::is_plain_window;
use crate::ops::dense::tiled;
use crate::ops::finish::Finish;
use crate::plan::{
    Backward, Binding, Candidate, Dispatch, Forward, InputGradient, Kernel, MAX_BINDING, Shader, Slice, dims,
    wgsl,
};

/// `shaders/winograd.wgsl`
pub static SHADER: Shader = Shader {
    file: "winograd.wgsl",
    source: wgsl!("winograd.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x4"),
        Binding::read("kernel4"),
        Binding::write("values4"),
        Binding::read("products4"),
        Binding::write("y4"),
        Binding::read("bias4"),
        Binding::read("norm4"),
        Binding::read("moving4"),
        Binding::read("residual4"),
        Binding::write("dkernel4"),
    ],
    dims: Dims::LAYOUT,
};
static TRANSFORM_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "transform_input", workgroup_size: [64, 1, 1] };
static TRANSFORM_GRADIENT: Kernel =
    Kernel { shader: &SHADER, entry_point: "transform_gradient", workgroup_size: [64, 1, 1] };
static TRANSFORM_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "transform_kernel", workgroup_size: [64, 1, 1] };
static TRANSFORM_OUTPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "transform_output", workgroup_size: [64, 1, 1] };
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [64, 1, 1] };

/// Points at which the polynomials of a tile are known, and so the number of matrices.
const POINTS: usize = 36;
/// Side of a tile of outputs.
const TILE: u32 = 4;
/// The point (1, 1), where a gradient's value is the sum over its tile.
const SUMS: u32 = 7;
/// What follows sums that are not outputs.
const NOTHING: Finish = Finish { fused: None, activation: 0 };
/// Values that a part of the tiles may take at all points, before and after the product: 4 MiB.
const WORKSPACE: u32 = 1 << 20;
/// Tiles of a part at least, for the product's own tiles to be full.
const LEAST: u32 = 64;

dims! {
    struct Dims {
        tiles: u32, first: u32,
        h: u32, w: u32,
        channels4: u32,
        tiles_h: u32, tiles_w: u32,
        pad_top: u32, pad_left: u32,
        cin4: u32, cout4: u32,
    }
}

impl Dims {
    fn threads(&self) -> usize {
        self.tiles as usize * self.channels4 as usize
    }
}

/// A convolution's sizes, and its tiles.
#[derive(Clone, Copy)]
pub(super) struct Winograd {
    sizes: Sizes,
    /// Height and width of what the tiles cover.
    pixels: [u32; 2],
    /// Of an image, down and across.
    tiles: [u32; 2],
    /// Of a part of the batch.
    part: u32,
}

impl Winograd {
    /// For tiles that cover `pixels`: the output's, or for the gradient of the input the input's.
    fn new(sizes: &Sizes, pixels: [u32; 2]) -> Self {
        let tiles = pixels.map(|n| n.div_ceil(TILE));
        let part = (WORKSPACE / (POINTS as u32 * (sizes.cin + sizes.cout))).max(LEAST);
        Self { sizes: *sizes, pixels, tiles, part: part.min(sizes.batch * tiles[0] * tiles[1]) }
    }

    /// Tiles of the output.
    pub(super) fn of_output(s: &Sizes) -> Self {
        Self::new(s, [s.oh, s.ow])
    }

    /// Tiles of the input.
    pub(super) fn of_input(s: &Sizes) -> Self {
        Self::new(s, [s.h, s.w])
    }

    /// Whether it works for these sizes: plain 3×3 windows, channels in fours, values that a binding may hold.
    fn fits(&self) -> bool {
        let s = &self.sizes;
        is_plain_window(s)
            && [s.kh, s.kw, s.stride_h, s.stride_w, s.dilation_h] == [3, 3, 1, 1, 1]
            && s.cin.is_multiple_of(4)
            && s.cout.is_multiple_of(4)
            && s.pad_top.max(s.pad_left) <= 2
            && self.kernel_values().max(self.values(s.cin.max(s.cout))) <= MAX_BINDING
    }

    /// What it is expected to cost, if it works, beside the other kernels. `share`: of the forward pass's cost.
    pub(super) fn candidate(&self, share: f32, startup: f32) -> Option<Candidate> {
        let (s, [h, w], [down, across]) = (&self.sizes, self.pixels, self.tiles);
        let waste = (down * across * TILE * TILE) as f32 / (h * w) as f32;
        let transforms = 12.0 / s.cout as f32 + 12.0 / s.cin as f32;
        let cost = 3.0 * startup + share * waste * (0.9 + transforms);
        // On a GPU every launch is as long as many multiplications: one picture, or many parts, are better off without.
        let launches = 3 * (s.batch * down * across).div_ceil(self.part);
        let gpu = cost + 10.0 * startup * launches as f32;
        self.fits().then_some(Candidate::new("winograd", cost, gpu))
    }

    /// Values of the kernel at all points.
    fn kernel_values(&self) -> usize {
        POINTS * self.sizes.cin as usize * self.sizes.cout as usize
    }

    /// Values of a part of so many channels at all points.
    fn values(&self, channels: u32) -> usize {
        POINTS * self.part as usize * channels as usize
    }

    /// Parts of the batch.
    fn parts(self) -> impl Iterator<Item = Dims> {
        let [tiles_h, tiles_w] = self.tiles;
        let tiles = self.sizes.batch * tiles_h * tiles_w;
        (0..tiles).step_by(self.part as usize).map(move |first| Dims {
            tiles: self.part.min(tiles - first),
            first,
            tiles_h,
            tiles_w,
            ..self.channels()
        })
    }

    /// What is convolved or came of it: `[batch, h, w, channels]`.
    fn input(&self, part: Dims) -> Dims {
        let s = &self.sizes;
        Dims { h: s.h, w: s.w, channels4: s.cin / 4, pad_top: s.pad_top, pad_left: s.pad_left, ..part }
    }

    fn output(&self, part: Dims) -> Dims {
        let s = &self.sizes;
        // Padding of the convolution that leads back.
        let [pad_top, pad_left] = [2 - s.pad_top, 2 - s.pad_left];
        Dims { h: s.oh, w: s.ow, channels4: s.cout / 4, pad_top, pad_left, ..part }
    }

    /// Sizes of the kernel alone.
    fn channels(&self) -> Dims {
        Dims { cin4: self.sizes.cin / 4, cout4: self.sizes.cout / 4, ..Dims::default() }
    }

    fn transform_kernel(&self, kernel: Slice, values: Slice, turned: u32) -> Dispatch {
        Dispatch::new(&TRANSFORM_KERNEL)
            .dims(&self.channels())
            .bind("kernel4", kernel)
            .bind("values4", values)
            .constant("TURNED", turned)
            .threads(kernel.elements / 9 / 4)
    }

    /// Sizes of the products.
    fn product(&self, part: &Dims) -> tiled::Dims {
        tiled::Dims { layers: POINTS as u32, ..tiled::Dims::new(part.tiles, self.sizes.cin, self.sizes.cout) }
    }
}

/// The forward pass.
pub(super) fn forward(cx: &mut Forward<'_>, s: &Sizes, kernel: Slice, bias: Option<Slice>, end: Finish) {
    let winograd = Winograd::of_output(s);
    let (x, y) = (cx.input(0).slice, cx.output().slice);
    let weights = cx.scratch("kernel values", winograd.kernel_values());
    let values = cx.scratch("input values", winograd.values(s.cin));
    let products = cx.scratch("output values", winograd.values(s.cout));
    cx.push(winograd.transform_kernel(kernel, weights, 0));
    for part in winograd.parts() {
        cx.push(transform(&TRANSFORM_INPUT, &winograd.input(part), x, values));
        let product = tiled::forward("winograd", &winograd.product(&part), values, weights, None, products);
        cx.push(NOTHING.of_pairs(product, weights));
        let output = transform_output(&winograd.output(part), products, y)
            .bind_optional("x4", None, x)
            .bind_optional("bias4", bias, kernel)
            .constant("USE_BIAS", u32::from(bias.is_some()));
        cx.push(end.of_fours(output, kernel));
    }
}

/// The gradient of the input.
pub(super) fn backward_input(cx: &mut Backward<'_>, s: &Sizes, dz: Slice, kernel: Slice, dx: InputGradient) {
    let winograd = Winograd::of_input(s);
    let x = dx.saved(cx.input(0).slice);
    let weights = cx.scratch("turned kernel values", winograd.kernel_values());
    let values = cx.scratch("gradient values", winograd.values(s.cout));
    let products = cx.scratch("input gradient values", winograd.values(s.cin));
    cx.push(winograd.transform_kernel(kernel, weights, 1));
    for part in winograd.parts() {
        cx.push(transform(&TRANSFORM_INPUT, &winograd.output(part), dz, values));
        let product = tiled::backward_input(&winograd.product(&part), None, values, weights, products);
        cx.push(product);
        let output = transform_output(&winograd.input(part), products, dx.slice)
            .bind_optional("bias4", None, kernel)
            .bind_optional("x4", x, dz);
        cx.push(NOTHING.of_fours(dx.finish(output), kernel));
    }
}

/// The gradients of kernel and bias; `dbias` comes with whether it is wanted.
pub(super) fn backward_kernel(
    cx: &mut Backward<'_>,
    s: &Sizes,
    dz: Slice,
    dkernel: Slice,
    dbias: (Slice, bool),
) {
    let winograd = Winograd::of_output(s);
    let x = cx.input(0).slice;
    let values = cx.scratch("input point values", winograd.values(s.cin));
    let slopes = cx.scratch("output gradient values", winograd.values(s.cout));
    let products = cx.scratch("kernel gradient values", winograd.kernel_values());
    for part in winograd.parts() {
        cx.push(transform(&TRANSFORM_INPUT, &winograd.input(part), x, values));
        cx.push(transform(&TRANSFORM_GRADIENT, &winograd.output(part), dz, slopes));
        let product = tiled::backward_kernel(&winograd.product(&part), values, slopes, products, dbias);
        let accumulate = u32::from(part.first > 0);
        cx.push(product.constant("BIAS_OF", SUMS).constant("ACCUMULATE", accumulate));
    }
    cx.push(
        Dispatch::new(&BACKWARD_KERNEL)
            .dims(&winograd.channels())
            .bind("products4", products)
            .bind("dkernel4", dkernel)
            .threads(dkernel.elements / 9 / 4),
    );
}

fn transform(kernel: &'static Kernel, dims: &Dims, x: Slice, values: Slice) -> Dispatch {
    Dispatch::new(kernel).dims(dims).bind("x4", x).bind("values4", values).threads(dims.threads())
}

fn transform_output(dims: &Dims, products: Slice, y: Slice) -> Dispatch {
    Dispatch::new(&TRANSFORM_OUTPUT)
        .dims(dims)
        .bind("products4", products)
        .bind("y4", y)
        .threads(dims.threads())
}
