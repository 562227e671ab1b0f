//! `dense_tiled.wgsl`: tiles of registers, for inputs in fours and units in pairs.

use crate::plan::{Binding, Candidate, Dispatch, Kernel, Shader, Slice, dims, wgsl};

/// `shaders/dense_tiled.wgsl`
pub static SHADER: Shader = Shader {
    file: "dense_tiled.wgsl",
    source: wgsl!("dense_tiled.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("x4"),
        Binding::read("kernel2"),
        Binding::read("kernel4"),
        Binding::read("bias2"),
        Binding::write("y2"),
        Binding::read("dz2"),
        Binding::read("dz4"),
        Binding::write("dx4"),
        Binding::write("dkernel2"),
        Binding::write("dbias2"),
        Binding::read("norm2"),
        Binding::read("moving2"),
        Binding::read("residual2"),
    ],
    dims: Dims::LAYOUT,
};
static FORWARD: Kernel = Kernel { shader: &SHADER, entry_point: "forward", workgroup_size: [16, 1, 1] };
static BACKWARD_INPUT: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_input", workgroup_size: [16, 1, 1] };
static BACKWARD_KERNEL: Kernel =
    Kernel { shader: &SHADER, entry_point: "backward_kernel", workgroup_size: [16, 1, 1] };

/// Name of the kernel with the largest tiles, which only a software adapter has a use for: it keeps what it has no registers
/// for in its cache.
pub(in crate::ops) const WIDE: &str = "wide";

dims! {
    /// Sizes of a layer, or of as many as are stacked.
    pub(in crate::ops) struct Dims { batch: u32, inputs: u32, units: u32, layers: u32 }
}

impl Dims {
    /// Sizes of one layer.
    pub(in crate::ops) fn new(batch: u32, inputs: u32, units: u32) -> Self {
        Self { batch, inputs, units, layers: 1 }
    }

    /// Whether these kernels work for the sizes.
    pub(in crate::ops) fn fits(&self) -> bool {
        self.inputs.is_multiple_of(4) && self.units.is_multiple_of(2)
    }

    /// Samples a tile: with one sample only, the others would be loaded for nothing; and where there is much to do, larger
    /// tiles earn back what they take longer to compile.
    fn samples(&self) -> u32 {
        let macs =
            [self.batch, self.inputs, self.units, self.layers].map(u64::from).into_iter().product::<u64>();
        match self.batch {
            1 => 1,
            32.. if macs >= 1 << 24 => 16,
            _ => 8,
        }
    }

    /// The kernel with tiles of 16 × 16, if these are not mostly empty. `cost`: of a multiplication in it. It takes a software
    /// adapter three times as long to compile as the others.
    pub(in crate::ops) fn wide(&self, startup: f32, cost: f32) -> Option<Candidate> {
        let fits = self.fits() && self.batch >= 32 && self.units >= 16;
        fits.then_some(Candidate::new(WIDE, 3.0 * startup + cost, 100.0))
    }

    /// A launch with an invocation for each tile of `height` of the `rows` and `width` of the `columns`.
    fn dispatch(
        &self,
        kernel: &'static Kernel,
        [rows, height]: [u32; 2],
        [columns, width]: [u32; 2],
    ) -> Dispatch {
        let tiles = [rows.div_ceil(height), columns.div_ceil(width), self.layers];
        Dispatch::new(kernel)
            .dims(self)
            .constant("FOURS", u32::from(self.units.is_multiple_of(4)))
            .threads(tiles.map(|n| n as usize).into_iter().product())
    }
}

/// The forward pass, with tiles of eight units, or of 16 where a variant is `wide`.
pub(in crate::ops) fn forward(
    variant: &str,
    s: &Dims,
    x: Slice,
    kernel: Slice,
    bias: Option<Slice>,
    y: Slice,
) -> Dispatch {
    let [samples, units] = if variant == WIDE { [16, 16] } else { [s.samples(), 8] };
    s.dispatch(&FORWARD, [s.batch, samples], [s.units, units])
        .bind("x4", x)
        .bind("kernel2", kernel)
        .bind("kernel4", kernel)
        .bind_optional("bias2", bias, kernel)
        .bind("y2", y)
        .constant("SAMPLES", samples)
        .constant("UNITS", units)
        .constant("USE_BIAS", u32::from(bias.is_some()))
}

/// The gradient of the input.
pub(in crate::ops) fn backward_input(
    s: &Dims,
    x: Option<Slice>,
    dz: Slice,
    kernel: Slice,
    dx: Slice,
) -> Dispatch {
    s.dispatch(&BACKWARD_INPUT, [s.batch, s.samples()], [s.inputs, 8])
        .bind_optional("x4", x, dz)
        .bind("dz2", dz)
        .bind("dz4", dz)
        .bind("kernel2", kernel)
        .bind("kernel4", kernel)
        .bind("dx4", dx)
        .constant("SAMPLES", s.samples())
}

/// The gradients of kernel and bias; `dbias` comes with whether it is wanted.
pub(in crate::ops) fn backward_kernel(
    s: &Dims,
    x: Slice,
    dz: Slice,
    dkernel: Slice,
    dbias: (Slice, bool),
) -> Dispatch {
    s.dispatch(&BACKWARD_KERNEL, [s.inputs, 16], [s.units, 8])
        .bind("x4", x)
        .bind("dz2", dz)
        .bind("dz4", dz)
        .bind("dkernel2", dkernel)
        .bind("dbias2", dbias.0)
        .constant("USE_BIAS", u32::from(dbias.1))
}
