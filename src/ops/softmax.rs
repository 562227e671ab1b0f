//! Softmax over the last axis (<https://keras.io/api/layers/activations/#softmax-function>).

use crate::plan::{Backward, Binding, Dispatch, Forward, Kernel, Shader, dims, wgsl};
use crate::shape::Shape;

/// `shaders/softmax.wgsl`
pub static SHADER: Shader = Shader {
    file: "softmax.wgsl",
    source: wgsl!("softmax.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x"),
        Binding::write("y"),
        Binding::read("y_saved"),
        Binding::read("dy"),
        Binding::write("dx"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [64, 1, 1] };
static BACKWARD: Kernel = Kernel { shader: &SHADER, entry_point: "backward", workgroup_size: [64, 1, 1] };
static FORWARD_LOG: Kernel =
    Kernel { shader: &SHADER, entry_point: "forward_log", workgroup_size: [64, 1, 1] };
static BACKWARD_LOG: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_log", workgroup_size: [64, 1, 1] };

dims! {
    struct Dims { rows: u32, classes: u32 }
}

fn dims(batch: usize, shape: &Shape) -> Dims {
    let classes = shape.channels();
    Dims { rows: (batch * shape.elements() / classes) as u32, classes: classes as u32 }
}

/// Emits y = softmax(x).
pub(super) fn forward(cx: &mut Forward<'_>) {
    emit_forward(&FORWARD, cx);
}

/// Emits dx from dy and y.
pub(super) fn backward(cx: &mut Backward<'_>) {
    emit_backward(&BACKWARD, cx);
}

/// Emits y = log softmax(x).
pub(super) fn forward_log(cx: &mut Forward<'_>) {
    emit_forward(&FORWARD_LOG, cx);
}

/// Emits dx of the logarithm from dy and y.
pub(super) fn backward_log(cx: &mut Backward<'_>) {
    emit_backward(&BACKWARD_LOG, cx);
}

fn emit_forward(kernel: &'static Kernel, cx: &mut Forward<'_>) {
    let (x, y) = (cx.input(0), cx.output());
    let dims = dims(cx.batch(), &x.shape);
    cx.push(
        Dispatch::new(kernel).dims(&dims).bind("x", x.slice).bind("y", y.slice).threads(dims.rows as usize),
    );
}

fn emit_backward(kernel: &'static Kernel, cx: &mut Backward<'_>) {
    let Some(dx) = cx.input_gradient(0) else { return };
    let y = cx.output();
    let dims = dims(cx.batch(), &y.shape);
    let dy = cx.output_gradient();
    cx.push(
        Dispatch::new(kernel)
            .dims(&dims)
            .bind("y_saved", y.slice)
            .bind("dy", dy)
            .bind("dx", dx.slice)
            .constant("ACCUMULATE", dx.accumulate)
            .threads(dims.rows as usize),
    );
}
