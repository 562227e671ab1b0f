//! `View`: a canvas that shows a layer.

use std::cell::{OnceCell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::prelude::*;

use super::{from_js, to_js, whole};
use crate::error::{Error, Result, bail};
use crate::train::{self, Subject};
use crate::view::{Painter, Picture, ViewKind, ViewLayout, ViewOptions, tiling};

#[wasm_bindgen]
extern "C" {
    /// An `OffscreenCanvas` in a worker, a canvas element on the main thread.
    #[wasm_bindgen(typescript_type = "OffscreenCanvas | HTMLCanvasElement")]
    pub type Canvas;
}

/// All views of a session.
#[derive(Debug, Default)]
pub(super) struct Views {
    shown: RefCell<Vec<Weak<RefCell<Shown>>>>,
    painter: OnceCell<Painter>,
}

/// A canvas and what it shows.
#[derive(Debug)]
struct Shown {
    session: Rc<RefCell<train::Session>>,
    /// Whose gradients are shown in place of values.
    lens: Option<Rc<train::Lens>>,
    surface: wgpu::Surface<'static>,
    surface_config: wgpu::SurfaceConfiguration,
    options: ViewOptions,
    layout: ViewLayout,
    picture: Picture,
}

/// A canvas that is painted by every `observe` until it is freed.
#[wasm_bindgen]
#[derive(Debug)]
pub struct View {
    views: Rc<Views>,
    shown: Rc<RefCell<Shown>>,
}

impl Views {
    /// Records the painting of every view; the frames are to be presented after submission.
    pub(super) fn encode(&self, encoder: &mut wgpu::CommandEncoder) -> Vec<wgpu::SurfaceTexture> {
        let Some(painter) = self.painter.get() else { return Vec::new() };
        self.shown.borrow_mut().retain(|view| view.strong_count() > 0);
        let shown: Vec<_> = self.shown.borrow().iter().filter_map(Weak::upgrade).collect();
        painter.forget(encoder);
        for view in &shown {
            painter.measure(encoder, &view.borrow().picture);
        }
        shown.iter().filter_map(|view| view.borrow().encode(painter, encoder)).collect()
    }
}

impl Shown {
    fn encode(&self, painter: &Painter, encoder: &mut wgpu::CommandEncoder) -> Option<wgpu::SurfaceTexture> {
        let (wgpu::CurrentSurfaceTexture::Success(frame) | wgpu::CurrentSurfaceTexture::Suboptimal(frame)) =
            self.surface.get_current_texture()
        else {
            return None;
        };
        let target = frame.texture.create_view(&wgpu::TextureViewDescriptor::default());
        painter.encode(encoder, &self.picture, &target);
        Some(frame)
    }
}

impl View {
    pub(super) fn new(
        session: Rc<RefCell<train::Session>>,
        lens: Option<Rc<train::Lens>>,
        views: &Rc<Views>,
        canvas: &Canvas,
        options: ViewOptions,
    ) -> Result<Self, JsValue> {
        let (surface, surface_config) = configure(&session.borrow(), canvas)?;
        let gpu = session.borrow().gpu().clone();
        let painter = views.painter.get_or_init(|| Painter::new(&gpu, surface_config.format));
        let size = (surface_config.width, surface_config.height);
        let (layout, picture) = prepare(&session.borrow(), lens.as_deref(), painter, &options, size)?;
        let shown =
            Rc::new(RefCell::new(Shown { session, lens, surface, surface_config, options, layout, picture }));
        views.shown.borrow_mut().push(Rc::downgrade(&shown));
        Ok(Self { views: views.clone(), shown })
    }

    fn rebuild(&self, options: ViewOptions) -> Result<()> {
        let mut shown = self.shown.borrow_mut();
        let Some(painter) = self.views.painter.get() else { bail!("the view has no painter") };
        let size = (shown.surface_config.width, shown.surface_config.height);
        let (layout, picture) =
            prepare(&shown.session.borrow(), shown.lens.as_deref(), painter, &options, size)?;
        (shown.layout, shown.picture, shown.options) = (layout, picture, options);
        Ok(())
    }
}

#[wasm_bindgen]
impl View {
    /// Shows something else from the next `observe` on.
    #[wasm_bindgen(unchecked_return_type = "ViewLayout")]
    pub fn set(
        &self,
        #[wasm_bindgen(unchecked_param_type = "ViewOptions")] options: JsValue,
    ) -> Result<JsValue, JsValue> {
        self.rebuild(from_js("view", &options)?)?;
        self.layout()
    }

    /// Where the tiles lie.
    #[wasm_bindgen(unchecked_return_type = "ViewLayout")]
    pub fn layout(&self) -> Result<JsValue, JsValue> {
        to_js(&self.shown.borrow().layout)
    }

    /// Gives the canvas another size in pixels.
    pub fn resize(&self, width: f64, height: f64) -> Result<(), JsValue> {
        let (width, height) = (whole("width", width)?, whole("height", height)?);
        let options = {
            let mut shown = self.shown.borrow_mut();
            (shown.surface_config.width, shown.surface_config.height) = (width.max(1), height.max(1));
            let device = shown.session.borrow().gpu().device().clone();
            shown.surface.configure(&device, &shown.surface_config);
            shown.options.clone()
        };
        Ok(self.rebuild(options)?)
    }
}

fn configure(
    session: &train::Session,
    canvas: &Canvas,
) -> Result<(wgpu::Surface<'static>, wgpu::SurfaceConfiguration), JsValue> {
    let gpu = session.gpu();
    let (target, width, height) = if let Some(canvas) = canvas.dyn_ref::<web_sys::OffscreenCanvas>() {
        (wgpu::SurfaceTarget::OffscreenCanvas(canvas.clone()), canvas.width(), canvas.height())
    } else if let Some(canvas) = canvas.dyn_ref::<web_sys::HtmlCanvasElement>() {
        (wgpu::SurfaceTarget::Canvas(canvas.clone()), canvas.width(), canvas.height())
    } else {
        return Err(Error::new("a view needs an OffscreenCanvas or a canvas element").into());
    };
    let failed = |error: &dyn std::fmt::Display| {
        Error::new(format!("the canvas cannot be painted by WebGPU: {error}"))
    };
    let surface = gpu.instance().create_surface(target).map_err(|error| failed(&error))?;
    let mut config = surface
        .get_default_config(gpu.adapter(), width.max(1), height.max(1))
        .ok_or_else(|| failed(&"no format fits"))?;
    // So that the page shows through between tiles. wgpu names only opaque among the surface's modes, but WebGPU always has both.
    config.alpha_mode = wgpu::CompositeAlphaMode::PreMultiplied;
    surface.configure(gpu.device(), &config);
    Ok((surface, config))
}

fn prepare(
    session: &train::Session,
    lens: Option<&train::Lens>,
    painter: &Painter,
    options: &ViewOptions,
    (width, height): (u32, u32),
) -> Result<(ViewLayout, Picture)> {
    let tiling = tiling(session.graph(), options)?;
    let layout = tiling.layout(width as usize, height as usize);
    let place = match (lens, options.kind) {
        (Some(lens), _) => session.locate_gradient(lens, &options.layer)?,
        (None, ViewKind::Activation) => session.locate(Subject::Activation(&options.layer))?,
        (None, ViewKind::Kernel) => session.locate(Subject::Weight(&options.layer, "kernel"))?,
    };
    let picture = painter.picture(&tiling, &layout, options, (&place.memory, place.offset))?;
    Ok((layout, picture))
}
