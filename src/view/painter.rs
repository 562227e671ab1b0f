//! The pipelines that paint, shared by all views of a device.

use super::layout::{ColorMap, Tiling, ViewLayout, ViewOptions};
use crate::error::Result;
use crate::gpu::{Gpu, Memory};
use crate::plan::{Binding, Shader, dims, wgsl};

/// `shaders/view.wgsl`
pub static SHADER: Shader = Shader {
    file: "view.wgsl",
    source: wgsl!("view.wgsl"),
    bindings: &[
        Binding::uniform("dims"),
        Binding::read("values"),
        Binding::write("ranges"),
        Binding::read("ranges_saved"),
        Binding::write("reach"),
        Binding::read("reach_saved"),
    ],
    dims: Dims::LAYOUT,
};

dims! {
    struct Dims {
        tiles: u32, columns: u32,
        h: u32, w: u32,
        tile_w: f32, tile_h: f32,
        gap: f32,
        stride_y: u32, stride_x: u32,
        inner: u32,
        stride_outer: u32, stride_inner: u32,
        first: u32,
        count: u32,
        color_map: u32,
        shared_range: u32,
        rgb: u32,
    }
}

/// Pipelines for one texture format.
#[derive(Debug)]
pub struct Painter {
    gpu: Gpu,
    range: wgpu::ComputePipeline,
    range_of_all: wgpu::ComputePipeline,
    paint: wgpu::RenderPipeline,
    /// Range of all views that share one.
    reach: Memory,
}

/// A view's own memory and bindings; made anew when it shows something else.
#[derive(Debug)]
pub struct Picture {
    tiles: u32,
    find_range: wgpu::BindGroup,
    combine: wgpu::BindGroup,
    paint: wgpu::BindGroup,
    _dims: Memory,
    _ranges: Memory,
}

impl Painter {
    /// Compiles the pipelines.
    pub fn new(gpu: &Gpu, format: wgpu::TextureFormat) -> Self {
        let device = gpu.device();
        let module = gpu.module(&SHADER);
        let compute = |entry_point| {
            device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(entry_point),
                layout: None,
                module: &module,
                entry_point: Some(entry_point),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                cache: None,
            })
        };
        let paint = device.create_render_pipeline(&wgpu::RenderPipelineDescriptor {
            label: Some("paint"),
            layout: None,
            vertex: wgpu::VertexState {
                module: &module,
                entry_point: Some("cover"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                buffers: &[],
            },
            primitive: wgpu::PrimitiveState::default(),
            depth_stencil: None,
            multisample: wgpu::MultisampleState::default(),
            fragment: Some(wgpu::FragmentState {
                module: &module,
                entry_point: Some("paint"),
                compilation_options: wgpu::PipelineCompilationOptions::default(),
                targets: &[Some(format.into())],
            }),
            multiview_mask: None,
            cache: None,
        });
        let reach = gpu.buffer("reach", 8, wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_DST);
        Self {
            gpu: gpu.clone(),
            range: compute("range"),
            range_of_all: compute("range_of_all"),
            paint,
            reach,
        }
    }

    /// Prepares a view of the tensor at `values` (memory, byte offset).
    pub fn picture(
        &self,
        tiling: &Tiling,
        layout: &ViewLayout,
        options: &ViewOptions,
        values: (&Memory, u64),
    ) -> Result<Picture> {
        let dims = self.gpu.memory("view", size_of::<Dims>().div_ceil(4), wgpu::BufferUsages::UNIFORM)?;
        self.gpu.write(&dims, 0, &[uniform(tiling, layout, options)]);
        let ranges = self.gpu.memory("ranges", 2 * (tiling.tiles + 1), wgpu::BufferUsages::empty())?;
        let bind = |layout: wgpu::BindGroupLayout, bindings: &[u32]| {
            let entries: Vec<_> = bindings
                .iter()
                .map(|&binding| wgpu::BindGroupEntry {
                    binding,
                    resource: match binding {
                        0 => dims.buffer().as_entire_binding(),
                        1 => wgpu::BindingResource::Buffer(wgpu::BufferBinding {
                            buffer: values.0.buffer(),
                            offset: values.1,
                            size: std::num::NonZeroU64::new(4 * (tiling.first + tiling.count) as u64),
                        }),
                        2 | 3 => ranges.buffer().as_entire_binding(),
                        _ => self.reach.buffer().as_entire_binding(),
                    },
                })
                .collect();
            let descriptor =
                wgpu::BindGroupDescriptor { label: Some("view"), layout: &layout, entries: &entries };
            self.gpu.device().create_bind_group(&descriptor)
        };
        Ok(Picture {
            tiles: tiling.tiles as u32,
            find_range: bind(self.range.get_bind_group_layout(0), &[0, 1, 2]),
            combine: bind(self.range_of_all.get_bind_group_layout(0), &[0, 2, 4]),
            paint: bind(self.paint.get_bind_group_layout(0), &[0, 1, 3, 5]),
            _dims: dims,
            _ranges: ranges,
        })
    }

    /// Forgets the range that views share: before those of a frame are measured.
    pub fn forget(&self, encoder: &mut wgpu::CommandEncoder) {
        encoder.clear_buffer(self.reach.buffer(), 0, None);
    }

    /// Records what finds the range of a view: of all of them before the first is painted.
    pub fn measure(&self, encoder: &mut wgpu::CommandEncoder, picture: &Picture) {
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        pass.set_pipeline(&self.range);
        pass.set_bind_group(0, &picture.find_range, &[]);
        pass.dispatch_workgroups(picture.tiles, 1, 1);
        pass.set_pipeline(&self.range_of_all);
        pass.set_bind_group(0, &picture.combine, &[]);
        pass.dispatch_workgroups(1, 1, 1);
    }

    /// Records the painting of a view into `target`.
    pub fn encode(&self, encoder: &mut wgpu::CommandEncoder, picture: &Picture, target: &wgpu::TextureView) {
        let mut pass = encoder.begin_render_pass(&wgpu::RenderPassDescriptor {
            label: Some("paint"),
            color_attachments: &[Some(wgpu::RenderPassColorAttachment {
                view: target,
                depth_slice: None,
                resolve_target: None,
                ops: wgpu::Operations {
                    load: wgpu::LoadOp::Clear(wgpu::Color::TRANSPARENT),
                    store: wgpu::StoreOp::Store,
                },
            })],
            ..Default::default()
        });
        pass.set_pipeline(&self.paint);
        pass.set_bind_group(0, &picture.paint, &[]);
        pass.draw(0..3, 0..1);
    }
}

fn uniform(tiling: &Tiling, layout: &ViewLayout, options: &ViewOptions) -> Dims {
    Dims {
        tiles: tiling.tiles as u32,
        columns: layout.columns as u32,
        h: layout.values_y as u32,
        w: layout.values_x as u32,
        tile_w: layout.tile_width,
        tile_h: layout.tile_height,
        gap: layout.gap as f32,
        stride_y: if tiling.wrap { layout.values_x } else { tiling.stride_y } as u32,
        stride_x: tiling.stride_x as u32,
        inner: tiling.inner as u32,
        stride_outer: tiling.stride_outer as u32,
        stride_inner: tiling.stride_inner as u32,
        first: tiling.first as u32,
        count: tiling.count as u32,
        color_map: match options.color_map {
            ColorMap::Viridis => 0,
            ColorMap::Grey => 1,
            ColorMap::Diverging => 2,
        },
        shared_range: options.scale as u32,
        rgb: u32::from(tiling.rgb),
    }
}
