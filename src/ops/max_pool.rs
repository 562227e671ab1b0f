//! `MaxPooling2D`: the largest value of each window (<https://keras.io/api/layers/pooling_layers/max_pooling2d/>).

use serde::{Deserialize, Serialize};

use super::Op;
use super::pool::{Dims, output_shape, window};
use crate::error::Result;
use crate::plan::{Backward, Binding, Candidate, Dispatch, Forward, Kernel, Shader, wgsl};
use crate::shape::{Padding, Shape, Window};

/// `shaders/max_pool.wgsl`
pub static SHADER: Shader = Shader {
    file: "max_pool.wgsl",
    source: wgsl!("max_pool.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::write("y"),
        Binding::write("argmax"),
        Binding::read("argmax_saved"),
        Binding::read("dy"),
        Binding::write("dx"),
        Binding::read("x2"),
        Binding::write("y2"),
        Binding::write("argmax2"),
        Binding::read("argmax_saved2"),
        Binding::read("dy2"),
        Binding::write("dx2"),
        Binding::read("y_saved"),
        Binding::read("y_saved2"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };
static FORWARD_PAIRS: Kernel =
    Kernel { shader: &SHADER, entry_point: "forward_pairs", workgroup_size: [64, 1, 1] };
static BACKWARD_PAIRS: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_pairs", workgroup_size: [64, 1, 1] };

/// The largest value of each window, each channel for itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(not(target_arch = "wasm32"), derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct MaxPooling2D {
    /// Window height and width.
    pub pool_size: [usize; 2],
    /// Step between windows.
    pub strides: [usize; 2],
    /// What happens at the border.
    #[serde(default = "super::valid")]
    pub padding: Padding,
}

impl MaxPooling2D {
    /// Windows that touch without overlapping, no padding.
    pub fn new(pool_size: [usize; 2]) -> Self {
        Self { pool_size, strides: pool_size, padding: Padding::VALID }
    }

    fn window(&self, input: &Shape) -> Result<Window> {
        window(input, self.pool_size, self.strides, self.padding)
    }

    fn dims(&self, batch: usize, input: &Shape) -> Dims {
        Dims::new(batch, input, &self.window(input).expect("checked by output_shape"))
    }
}

impl Op for MaxPooling2D {
    fn output_shape(&self, inputs: &[&Shape]) -> Result<Shape> {
        output_shape(inputs[0], &self.window(inputs[0])?)
    }

    fn reach(&self, _input: &Shape) -> [(usize, usize); 2] {
        [0, 1].map(|axis| (self.pool_size[axis], self.strides[axis]))
    }

    fn forward(&self, cx: &mut Forward<'_>) {
        let (x, y) = (cx.input(0), cx.output());
        let argmax =
            if cx.has_backward() { cx.scratch("argmax", y.slice.elements) } else { cx.scratch("unused", 1) };
        let dims = self.dims(cx.batch(), &x.shape);
        let dispatch = match cx.pick("max pool forward", &dims, forward_candidates(&dims)) {
            "pairs" => Dispatch::new(&FORWARD_PAIRS)
                .bind("x2", x.slice)
                .bind("y2", y.slice)
                .bind("argmax2", argmax)
                .constant("SIDE", if dims.kh == dims.kw && (2..=3).contains(&dims.kh) { dims.kh } else { 0 })
                .threads(y.slice.elements / 2),
            _ => Dispatch::new(&FORWARD)
                .bind("x", x.slice)
                .bind("y", y.slice)
                .bind("argmax", argmax)
                .threads(y.slice.elements),
        };
        cx.push(dispatch.dims(&dims).constant("REMEMBER", u32::from(cx.has_backward())));
    }

    fn backward(&self, cx: &mut Backward<'_>) {
        let Some(dx) = cx.input_gradient_below(0) else { return };
        let dy = cx.output_gradient();
        let y = dx.saved(cx.output().slice);
        let dims = self.dims(cx.batch(), &cx.input(0).shape);
        let argmax = cx.scratch("argmax", dy.elements);
        let dispatch = match cx.pick("max pool input", &dims, backward_candidates(&dims)) {
            "pairs" => Dispatch::new(&BACKWARD_PAIRS)
                .bind_optional("y_saved2", y, dy)
                .bind("argmax_saved2", argmax)
                .bind("dy2", dy)
                .bind("dx2", dx.slice)
                .threads(dy.elements / 2),
            _ => Dispatch::new(&BACKWARD)
                .bind_optional("y_saved", y, dy)
                .bind("argmax_saved", argmax)
                .bind("dy", dy)
                .bind("dx", dx.slice)
                .threads(dx.slice.elements),
        };
        cx.push(dx.finish(dispatch.dims(&dims)));
    }
}

/// Costs here are loads for each value of y.
fn forward_candidates(dims: &Dims) -> Vec<Candidate> {
    let mut candidates = vec![Candidate::plain()];
    if dims.channels.is_multiple_of(2) {
        candidates.push(Candidate::new("pairs", 2.0, 2.0));
    }
    candidates
}

fn backward_candidates(dims: &Dims) -> Vec<Candidate> {
    let mut candidates = vec![Candidate::plain()];
    let apart = dims.stride_h >= dims.kh && dims.stride_w >= dims.kw;
    if apart && dims.pad_top == 0 && dims.pad_left == 0 && dims.channels.is_multiple_of(2) {
        candidates.push(Candidate::new("pairs", 2.0, 2.0));
    }
    candidates
}
