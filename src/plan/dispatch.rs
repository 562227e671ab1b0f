//! A dispatch as data: which kernel runs, on which buffers, with which numbers.
//!
//! Nothing here touches the GPU. A plan of these records can be printed, compared with a snapshot, simulated, and
//! shown to a student; [`crate::gpu::Program`] is what turns it into pipelines and bind groups.

/// How a shader variable reaches a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// `var<uniform>`
    Uniform,
    /// `var<storage, read>`
    Read,
    /// `var<storage, read_write>`
    ReadWrite,
}

/// One resource variable of a shader file. Its `@binding` number is its place in [`Shader::bindings`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Binding {
    /// Name of the WGSL variable.
    pub name: &'static str,
    /// Its address space and access mode.
    pub access: Access,
}

impl Binding {
    /// `var<uniform> name`
    pub const fn uniform(name: &'static str) -> Self {
        Self { name, access: Access::Uniform }
    }

    /// `var<storage, read> name`
    pub const fn read(name: &'static str) -> Self {
        Self { name, access: Access::Read }
    }

    /// `var<storage, read_write> name`
    pub const fn write(name: &'static str) -> Self {
        Self { name, access: Access::ReadWrite }
    }
}

/// One file in `shaders/`.
#[derive(Debug)]
pub struct Shader {
    /// File name, `conv2d.wgsl`.
    pub file: &'static str,
    /// Its text without comments and needless spaces, where the program carries it: see [`crate::gpu::shader_text`].
    pub source: &'static str,
    /// All resource variables of the file; index = `@binding`, every `@group` is 0.
    pub bindings: &'static [Binding],
    /// Name and size in bytes of the uniform struct bound as `dims`, checked against the shader by reflection.
    pub dims: Layout,
}

/// Rust's view of a shader's `Dims` struct: its size and where each field starts.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    /// `size_of` the Rust struct.
    pub size: usize,
    /// `(field name, offset)` in declaration order.
    #[cfg(not(target_arch = "wasm32"))]
    pub fields: &'static [(&'static str, usize)],
}

impl Layout {
    /// Of a shader without `dims`.
    pub const NONE: Self = Self {
        size: 0,
        #[cfg(not(target_arch = "wasm32"))]
        fields: &[],
    };
}

/// One entry point of a shader file.
#[derive(Debug)]
pub struct Kernel {
    /// File it stands in.
    pub shader: &'static Shader,
    /// Name of the `@compute` function.
    pub entry_point: &'static str,
    /// Its `@workgroup_size`.
    pub workgroup_size: [u32; 3],
}

/// Which part of a step a dispatch belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Pass {
    /// Gathers the batch.
    Data,
    /// Computes outputs.
    Forward,
    /// Computes gradients.
    Backward,
    /// Changes parameters.
    Update,
    /// Sums up loss and hits.
    Metrics,
}

/// A buffer of the plan, by index into [`super::Plan::buffers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BufferId(pub usize);

/// A run of 32-bit values inside a buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slice {
    /// The buffer.
    pub buffer: BufferId,
    /// First value; a multiple of [`ALIGN`].
    pub offset: usize,
    /// Number of values.
    pub elements: usize,
}

impl Slice {
    /// `elements` values from number `first` on, a multiple of [`ALIGN`].
    pub(crate) fn part(self, first: usize, elements: usize) -> Self {
        Self { offset: self.offset + first, elements, ..self }
    }
}

/// Bindings start at multiples of 256 bytes (`minStorageBufferOffsetAlignment`), 64 values.
pub const ALIGN: usize = 64;

/// Values that every WebGPU adapter binds at once: 128 MiB (`maxStorageBufferBindingSize`).
pub const MAX_BINDING: usize = 1 << 25;

/// One kernel launch.
#[derive(Clone, Debug)]
pub struct Dispatch {
    /// What runs.
    pub kernel: &'static Kernel,
    /// Part of the step.
    pub pass: Pass,
    /// Index of the layer it works for, if it works for one.
    pub layer: Option<usize>,
    /// Bytes of the `dims` uniform; empty where the kernel has none.
    pub dims: Vec<u8>,
    /// `(binding number, what is bound)`, ascending.
    pub buffers: Vec<(u32, Slice)>,
    /// Bit b is set where binding b must name some memory but is not looked at.
    pub unused: u32,
    /// Values of WGSL `override` constants.
    pub constants: Vec<(&'static str, f64)>,
    /// Workgroups along x, y, z.
    pub workgroups: [u32; 3],
    /// Multiply-accumulates, where it does a layer's; 0 elsewhere.
    pub macs: u64,
}

impl Dispatch {
    /// A launch of `kernel`, still without buffers and workgroups.
    pub fn new(kernel: &'static Kernel) -> Self {
        Self {
            kernel,
            pass: Pass::Forward,
            layer: None,
            dims: Vec::new(),
            buffers: Vec::new(),
            unused: 0,
            constants: Vec::new(),
            workgroups: [1, 1, 1],
            macs: 0,
        }
    }

    /// Sets the `dims` uniform.
    #[must_use]
    pub fn dims<T: bytemuck::NoUninit>(mut self, dims: &T) -> Self {
        self.dims = bytemuck::bytes_of(dims).to_vec();
        self
    }

    /// Binds `slice` to the WGSL variable `name`.
    ///
    /// # Panics
    /// If the shader has no such variable: a bug of ours, met by any test that plans the op.
    #[must_use]
    pub fn bind(mut self, name: &str, slice: Slice) -> Self {
        let binding = self.kernel.shader.bindings.iter().position(|b| b.name == name);
        let Some(binding) = binding else { panic!("{} has no variable {name}", self.kernel.shader.file) };
        let at = self.buffers.partition_point(|&(number, _)| number < binding as u32);
        self.buffers.insert(at, (binding as u32, slice));
        self
    }

    /// Binds `slice`, or where there is none some memory that the shader then does not look at.
    #[must_use]
    pub fn bind_optional(mut self, name: &str, slice: Option<Slice>, some: Slice) -> Self {
        if slice.is_none() {
            let binding = self.kernel.shader.bindings.iter().position(|b| b.name == name);
            self.unused |= binding.map_or(0, |binding| 1 << binding);
        }
        self.bind(name, slice.unwrap_or(some))
    }

    /// Sets a WGSL `override`.
    #[must_use]
    pub fn constant(mut self, name: &'static str, value: impl Into<f64>) -> Self {
        self.constants.push((name, value.into()));
        self
    }

    /// One invocation an item along x, folded into y where x would pass 65,535 workgroups.
    ///
    /// The shader finds its item as `id.x + id.y * workgroups.x * workgroup_size`.
    #[must_use]
    pub fn threads(self, items: usize) -> Self {
        let size = self.kernel.workgroup_size[0] as usize;
        self.groups(items.div_ceil(size))
    }

    /// So many workgroups along x, folded into y where they would pass 65,535.
    ///
    /// The shader finds the number of its workgroup as `group.x + group.y * workgroups.x`.
    #[must_use]
    pub fn groups(mut self, groups: usize) -> Self {
        let groups = groups.max(1);
        let rows = groups.div_ceil(MAX_WORKGROUPS);
        self.workgroups = [groups.div_ceil(rows) as u32, rows as u32, 1];
        self
    }

    /// One invocation an item along x, folded into z where x would pass 65,535 workgroups, and `tiles` workgroups along y.
    ///
    /// The shader finds its item as `(group.x + group.z * groups.x) * workgroup_size + local index`.
    #[must_use]
    pub fn tiles(mut self, items: usize, tiles: usize) -> Self {
        let groups = items.div_ceil(self.kernel.workgroup_size[0] as usize).max(1);
        let folds = groups.div_ceil(MAX_WORKGROUPS);
        self.workgroups = [groups.div_ceil(folds) as u32, tiles as u32, folds as u32];
        self
    }

    /// One invocation an item along each axis.
    #[must_use]
    pub fn grid(mut self, items: [usize; 3]) -> Self {
        for axis in 0..3 {
            self.workgroups[axis] =
                items[axis].div_ceil(self.kernel.workgroup_size[axis] as usize).max(1) as u32;
        }
        self
    }

    /// Exactly these workgroups.
    #[must_use]
    pub fn workgroups(mut self, workgroups: [usize; 3]) -> Self {
        self.workgroups = workgroups.map(|n| n as u32);
        self
    }

    /// The same launch in another part of the step.
    #[must_use]
    pub fn pass(mut self, pass: Pass) -> Self {
        self.pass = pass;
        self
    }

    /// Buffers with their WGSL names and access.
    pub fn bound(&self) -> impl Iterator<Item = (Binding, Slice)> + '_ {
        self.buffers.iter().map(|&(number, slice)| (self.kernel.shader.bindings[number as usize], slice))
    }

    /// The same without what the kernel does not look at.
    pub fn used(&self) -> impl Iterator<Item = (Binding, Slice)> + '_ {
        let used = self.buffers.iter().filter(|&&(number, _)| self.unused >> number & 1 == 0);
        used.map(|&(number, slice)| (self.kernel.shader.bindings[number as usize], slice))
    }
}

/// WebGPU's `maxComputeWorkgroupsPerDimension`, which no adapter is asked to exceed.
pub const MAX_WORKGROUPS: usize = 65_535;

/// Declares a uniform struct that a shader reads as `dims`, with its [`Layout`] for the reflection test.
macro_rules! dims {
    ($(#[$doc:meta])* $vis:vis struct $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        #[repr(C)]
        #[derive(Clone, Copy, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
        $vis struct $name { $($(#[$field_doc])* $vis $field: $ty),* }

        impl $name {
            /// Size and field offsets, to hold against the shader's.
            $vis const LAYOUT: $crate::plan::Layout = $crate::plan::Layout {
                size: size_of::<$name>(),
                // For tests that run natively; students need not load it.
                #[cfg(not(target_arch = "wasm32"))]
                fields: &[$((stringify!($field), std::mem::offset_of!($name, $field))),*],
            };
        }
    };
}
pub(crate) use dims;

/// The code of a file in `shaders/`, as the build script has copied it.
#[cfg(feature = "shaders-inside")]
macro_rules! wgsl {
    ($file:literal) => {
        include_str!(concat!(env!("OUT_DIR"), "/shaders/", $file))
    };
}
/// The code comes later, in a file of its own.
#[cfg(not(feature = "shaders-inside"))]
macro_rules! wgsl {
    ($file:literal) => {
        ""
    };
}
pub(crate) use wgsl;
