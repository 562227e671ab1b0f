//! Adapter, device, and what is made once and used often: shader modules and pipelines.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Memory, shader_text};
use crate::error::{Error, Result, bail};
use crate::plan::{Access, AdapterKind, Choice, Dispatch, Shader};

/// Storage buffers a stage that the kernels need; WebGPU guarantees this many.
const STORAGE_BUFFERS: u32 = 8;

/// How to choose an adapter.
#[derive(Clone, Copy, Debug, Default)]
pub struct GpuOptions {
    /// Prefer the adapter that saves power.
    pub low_power: bool,
}

/// Why there is no device, for who has to tell the user what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// The system or browser offers no adapter.
    NoAdapter,
    /// The adapter's limits are below what the kernels need.
    Limits,
    /// The adapter gave no device.
    NoDevice,
}

/// A device and its caches. Cheap to clone: all clones are the same device.
#[derive(Clone, Debug)]
pub struct Gpu {
    inner: Arc<Inner>,
    choice: Choice,
}

#[derive(Debug)]
struct Inner {
    instance: wgpu::Instance,
    adapter: wgpu::Adapter,
    device: wgpu::Device,
    queue: wgpu::Queue,
    bytes: Arc<AtomicU64>,
    trouble: Arc<Mutex<Option<String>>>,
    lost: Mutex<Option<futures_channel::oneshot::Receiver<String>>>,
    modules: Cache<&'static str, wgpu::ShaderModule>,
    pipelines: Cache<PipelineKey, Pipeline>,
}

/// What was made already. There are few of each kind, so a search from the front is quick, and small in wasm.
type Cache<K, V> = Mutex<Vec<(K, V)>>;

/// What distinguishes one pipeline from another. Constants by their bits: they are never compared as numbers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct PipelineKey {
    file: &'static str,
    entry_point: &'static str,
    constants: Vec<(&'static str, u64)>,
    bindings: Vec<u32>,
}

#[derive(Clone, Debug)]
pub(super) struct Pipeline {
    pub(super) pipeline: wgpu::ComputePipeline,
    pub(super) layout: wgpu::BindGroupLayout,
}

impl Gpu {
    /// Opens a device on the system's (or the browser's) adapter, with all that the adapter offers.
    pub async fn new(options: GpuOptions) -> Result<Self> {
        Self::open(options).await.map_err(|(_, error)| error)
    }

    /// The same, telling what kind of obstacle there is.
    pub async fn open(options: GpuOptions) -> Result<Self, (Obstacle, Error)> {
        let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle_from_env());
        let preference = if options.low_power {
            wgpu::PowerPreference::LowPower
        } else {
            wgpu::PowerPreference::HighPerformance
        };
        let request = wgpu::RequestAdapterOptions { power_preference: preference, ..Default::default() };
        let adapter = instance.request_adapter(&request).await.map_err(|error| {
            let error = Error::new(format!(
                "no WebGPU adapter: {error}. Natively, install a Vulkan driver (Debian: mesa-vulkan-drivers runs on any \
                 processor); in a browser, update it and switch hardware acceleration on"
            ));
            (Obstacle::NoAdapter, error)
        })?;
        let limits = adapter.limits();
        if limits.max_storage_buffers_per_shader_stage < STORAGE_BUFFERS {
            let error = Error::new(format!(
                "this adapter binds {} storage buffers a shader stage; {STORAGE_BUFFERS} are needed. Use another adapter",
                limits.max_storage_buffers_per_shader_stage
            ));
            return Err((Obstacle::Limits, error));
        }
        let features = adapter.features() & (wgpu::Features::TIMESTAMP_QUERY | wgpu::Features::SUBGROUP);
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("cnn-playground"),
            required_features: features,
            required_limits: limits,
            ..Default::default()
        };
        let (device, queue) = adapter.request_device(&descriptor).await.map_err(|error| {
            (Obstacle::NoDevice, Error::new(format!("the adapter gave no device: {error}")))
        })?;
        let (tell, lost) = futures_channel::oneshot::channel();
        let tell = Mutex::new(Some(tell));
        device.set_device_lost_callback(move |reason, message| {
            if let Some(tell) = tell.lock().unwrap_or_else(PoisonError::into_inner).take() {
                let _ = tell.send(format!("{reason:?}: {message}"));
            }
        });
        let trouble = Arc::new(Mutex::new(None));
        let first = trouble.clone();
        device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| {
            first.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error.to_string());
        }));
        let choice = Choice::Expected(AdapterKind::of(&adapter.get_info()));
        Ok(Self {
            choice,
            inner: Arc::new(Inner {
                instance,
                adapter,
                device,
                queue,
                bytes: Arc::default(),
                trouble,
                lost: Mutex::new(Some(lost)),
                modules: Mutex::default(),
                pipelines: Mutex::default(),
            }),
        })
    }

    /// How plans for this device pick among kernels that compute the same.
    pub fn choice(&self) -> Choice {
        self.choice.clone()
    }

    /// The same device with another choice of kernels.
    #[must_use]
    pub fn with_choice(mut self, choice: Choice) -> Self {
        self.choice = choice;
        self
    }

    /// The instance, for surfaces.
    pub fn instance(&self) -> &wgpu::Instance {
        &self.inner.instance
    }

    /// The adapter.
    pub fn adapter(&self) -> &wgpu::Adapter {
        &self.inner.adapter
    }

    /// The device.
    pub fn device(&self) -> &wgpu::Device {
        &self.inner.device
    }

    /// Its queue.
    pub fn queue(&self) -> &wgpu::Queue {
        &self.inner.queue
    }

    /// Bytes of GPU memory that the engine holds now.
    pub fn bytes(&self) -> u64 {
        self.inner.bytes.load(Ordering::Relaxed)
    }

    /// What the device complained about since the last call: a bug of ours, memory that ran out, a lost device.
    pub fn check(&self) -> Result<()> {
        match self.inner.trouble.lock().unwrap_or_else(PoisonError::into_inner).take() {
            None => Ok(()),
            Some(message) if message.to_ascii_lowercase().contains("memory") => {
                bail!("the GPU ran out of memory ({message}); use a smaller batch or a smaller network")
            }
            Some(message) => bail!("the GPU reported: {message}"),
        }
    }

    /// Resolves with the reason when the device is lost; the first caller alone is told.
    pub fn lost(&self) -> impl Future<Output = String> + use<> {
        let receiver = self.inner.lost.lock().unwrap_or_else(PoisonError::into_inner).take();
        async move {
            match receiver {
                Some(receiver) => receiver.await.unwrap_or_default(),
                None => std::future::pending().await,
            }
        }
    }

    /// Zeroed memory of `words` 32-bit values for storage, copies, and whatever `usage` adds.
    pub fn memory(&self, label: &str, words: usize, usage: wgpu::BufferUsages) -> Result<Memory> {
        let bytes = 4 * words.max(4) as u64;
        // A kernel may see less at once than a buffer holds; `Program` checks that, binding by binding.
        let limit = self.inner.device.limits().max_buffer_size;
        if bytes > limit {
            bail!(
                "\"{label}\" needs {} MiB in one piece, this adapter allows {} MiB; use a smaller batch or smaller layers",
                bytes >> 20,
                limit >> 20
            );
        }
        let usage =
            usage | wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST;
        Ok(self.buffer(label, bytes, usage))
    }

    /// Memory that the host can read after a copy into it.
    pub fn staging(&self, label: &str, bytes: u64) -> Memory {
        self.buffer(label, bytes, wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST)
    }

    /// Memory of this use, whatever the limits.
    pub(crate) fn buffer(&self, label: &str, size: u64, usage: wgpu::BufferUsages) -> Memory {
        let descriptor =
            wgpu::BufferDescriptor { label: Some(label), size, usage, mapped_at_creation: false };
        Memory::new(self.inner.device.create_buffer(&descriptor), self.inner.bytes.clone())
    }

    /// Writes 32-bit values at a byte offset before the next submission runs.
    pub fn write<T: bytemuck::NoUninit>(&self, memory: &Memory, offset: u64, values: &[T]) {
        self.inner.queue.write_buffer(memory.buffer(), offset, bytemuck::cast_slice(values));
    }

    /// An encoder for commands.
    pub fn encoder(&self) -> wgpu::CommandEncoder {
        self.inner.device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default())
    }

    /// Hands commands to the queue.
    pub fn submit(&self, encoder: wgpu::CommandEncoder) {
        self.inner.queue.submit([encoder.finish()]);
    }

    /// Reads bytes back, after all that was submitted before.
    pub async fn read<T: bytemuck::AnyBitPattern>(
        &self,
        memory: &Memory,
        offset: u64,
        count: usize,
    ) -> Result<Vec<T>> {
        let bytes = (count * size_of::<T>()) as u64;
        let staging = self.staging("read", bytes);
        let mut encoder = self.encoder();
        encoder.copy_buffer_to_buffer(memory.buffer(), offset, staging.buffer(), 0, bytes);
        self.submit(encoder);
        self.map(&staging).await
    }

    /// Contents of a staging buffer, once the commands that fill it have run.
    pub async fn map<T: bytemuck::AnyBitPattern>(&self, staging: &Memory) -> Result<Vec<T>> {
        let (sender, receiver) = futures_channel::oneshot::channel();
        staging.buffer().map_async(wgpu::MapMode::Read, .., move |result| {
            let _ = sender.send(result);
        });
        self.wait()?;
        match receiver.await {
            Ok(Ok(())) => {}
            _ => {
                self.check()?;
                bail!("the GPU device was lost; reload the page or start again");
            }
        }
        let view = staging.buffer().get_mapped_range(..).map_err(|error| Error::new(error.to_string()))?;
        // Element by element: a mapped range need not be aligned for T.
        let values = view.chunks_exact(size_of::<T>()).map(bytemuck::pod_read_unaligned).collect();
        drop(view);
        staging.buffer().unmap();
        Ok(values)
    }

    /// Natively nobody but us drives the device; in a browser this does nothing.
    pub fn wait(&self) -> Result<()> {
        match self.inner.device.poll(wgpu::PollType::wait_indefinitely()) {
            Ok(_) => Ok(()),
            Err(error) => bail!("the GPU did not finish: {error}"),
        }
    }

    pub(super) fn pipeline(&self, dispatch: &Dispatch) -> Pipeline {
        let kernel = dispatch.kernel;
        let key = PipelineKey {
            file: kernel.shader.file,
            entry_point: kernel.entry_point,
            constants: dispatch.constants.iter().map(|&(name, value)| (name, value.to_bits())).collect(),
            bindings: dispatch.buffers.iter().map(|&(number, _)| number).collect(),
        };
        cached(&self.inner.pipelines, key, || self.compile(dispatch))
    }

    fn compile(&self, dispatch: &Dispatch) -> Pipeline {
        let (device, kernel) = (&self.inner.device, dispatch.kernel);
        let has_dims = !dispatch.dims.is_empty();
        let dims = has_dims.then(|| layout_entry(0, Access::Uniform));
        let bound = dispatch
            .buffers
            .iter()
            .map(|&(number, _)| layout_entry(number, kernel.shader.bindings[number as usize].access));
        let entries: Vec<_> = dims.into_iter().chain(bound).collect();
        let label = Some(kernel.shader.file);
        let layout =
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label, entries: &entries });
        let pipeline_layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label,
            bind_group_layouts: &[Some(&layout)],
            immediate_size: 0,
        });
        // A shader knows only the constants that its entry point uses; others are ours to leave out.
        let constants = &dispatch.constants;
        let pipeline = device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label,
            layout: Some(&pipeline_layout),
            module: &self.module(kernel.shader),
            entry_point: Some(kernel.entry_point),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants,
                zero_initialize_workgroup_memory: false,
            },
            cache: None,
        });
        Pipeline { pipeline, layout }
    }

    pub(crate) fn module(&self, shader: &'static Shader) -> wgpu::ShaderModule {
        cached(&self.inner.modules, shader.file, || {
            self.inner.device.create_shader_module(wgpu::ShaderModuleDescriptor {
                label: Some(shader.file),
                // `Program::new` has seen to it that there is one.
                source: wgpu::ShaderSource::Wgsl(shader_text(shader).unwrap_or_default().into()),
            })
        })
    }
}

fn cached<K: PartialEq, V: Clone>(cache: &Cache<K, V>, key: K, make: impl FnOnce() -> V) -> V {
    let mut cache = cache.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, value)) = cache.iter().find(|(known, _)| *known == key) {
        return value.clone();
    }
    let value = make();
    cache.push((key, value.clone()));
    value
}

fn layout_entry(binding: u32, access: Access) -> wgpu::BindGroupLayoutEntry {
    let ty = match access {
        Access::Uniform => wgpu::BufferBindingType::Uniform,
        Access::Read => wgpu::BufferBindingType::Storage { read_only: true },
        Access::ReadWrite => wgpu::BufferBindingType::Storage { read_only: false },
    };
    wgpu::BindGroupLayoutEntry {
        binding,
        visibility: wgpu::ShaderStages::COMPUTE,
        ty: wgpu::BindingType::Buffer { ty, has_dynamic_offset: false, min_binding_size: None },
        count: None,
    }
}
