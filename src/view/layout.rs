//! What to paint, and where its tiles lie.

use serde::{Deserialize, Serialize};

use crate::error::{Result, bail};
use crate::graph::Graph;

/// Pixels between tiles.
const GAP: usize = 2;

/// Tiles that a canvas can usefully show.
const MAX_TILES: usize = 4096;

/// What a view shows and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewOptions {
    /// Layer name; the input's own name shows the picture itself.
    pub layer: String,
    /// Output or kernels.
    pub kind: ViewKind,
    /// Colours.
    #[serde(default)]
    pub color_map: ColorMap,
    /// Range of the colours.
    #[serde(default)]
    pub scale: Scale,
    /// Only this channel (of kernels: this filter).
    #[serde(default)]
    pub channel: Option<usize>,
    /// At most this many tiles.
    #[serde(default)]
    pub tiles: Option<usize>,
}

/// Which numbers of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ViewKind {
    /// Its output.
    Activation,
    /// Its kernels.
    Kernel,
}

/// Colours for numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ColorMap {
    /// Dark blue to yellow, even to the eye.
    #[default]
    Viridis,
    /// Black to white.
    Grey,
    /// Blue below zero, red above.
    Diverging,
}

/// What the ends of the colours mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scale {
    /// Smallest and largest value of each tile.
    #[default]
    Map,
    /// Smallest and largest value of the layer.
    Layer,
    /// Smallest and largest value of all views that say so.
    Global,
}

/// How the values of a tensor fall into tiles. Offsets and strides count values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tiling {
    pub(super) tiles: usize,
    pub(super) h: usize,
    pub(super) w: usize,
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) stride_y: usize,
    pub(super) stride_x: usize,
    pub(super) inner: usize,
    pub(super) stride_outer: usize,
    pub(super) stride_inner: usize,
    pub(super) rgb: bool,
    /// One long row that may be broken anywhere to fit the canvas.
    pub(super) wrap: bool,
}

/// Where the tiles lie, in canvas pixels.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ViewLayout {
    /// Tiles in a row.
    pub columns: usize,
    /// Rows of tiles.
    pub rows: usize,
    /// Width of a tile.
    pub tile_width: f32,
    /// Height of a tile.
    pub tile_height: f32,
    /// Values across one tile.
    pub values_x: usize,
    /// Values down one tile.
    pub values_y: usize,
    /// Pixels between tiles.
    pub gap: usize,
    /// Number of tiles.
    pub tiles: usize,
}

/// The tiles that `options` ask for.
pub fn tiling(graph: &Graph, options: &ViewOptions) -> Result<Tiling> {
    let is_input = options.layer == graph.input_name;
    let shape = if is_input { &graph.input } else { &graph.layers[graph.layer(&options.layer)?].shape };
    let mut tiling = match options.kind {
        ViewKind::Activation => match *shape.extents() {
            [h, w, 3] if is_input && options.channel.is_none() => Tiling { rgb: true, ..image(h, w, 3, 1) },
            [h, w, c] => image(h, w, c, c),
            _ => vector(shape.elements()),
        },
        ViewKind::Kernel => kernel(graph, options)?,
    };
    if let Some(channel) = options.channel {
        let outer = tiling.tiles / tiling.inner;
        if channel >= outer {
            bail!("layer \"{}\" has channels 0 to {}, not {channel}", options.layer, outer - 1);
        }
        let skipped = channel * tiling.stride_outer;
        tiling = Tiling {
            tiles: tiling.inner,
            first: tiling.first + skipped,
            count: tiling.count - skipped,
            ..tiling
        };
    }
    tiling.tiles = tiling.tiles.min(options.tiles.unwrap_or(MAX_TILES).clamp(1, MAX_TILES));
    Ok(tiling)
}

/// Channels of an image, one tile each.
fn image(h: usize, w: usize, c: usize, tiles: usize) -> Tiling {
    Tiling {
        tiles,
        h,
        w,
        first: 0,
        count: h * w * c,
        stride_y: w * c,
        stride_x: c,
        inner: 1,
        stride_outer: 1,
        stride_inner: 0,
        rgb: false,
        wrap: false,
    }
}

/// A vector as one tile.
fn vector(n: usize) -> Tiling {
    Tiling { wrap: true, ..image(1, n, 1, 1) }
}

/// A convolution's kernels: for every filter a tile an input channel. A dense kernel: one tile, inputs down.
fn kernel(graph: &Graph, options: &ViewOptions) -> Result<Tiling> {
    let layer = &graph.layers[graph.layer(&options.layer)?];
    let kernel = graph.parameters[layer.parameters.clone()].iter().find(|p| p.spec.name == "kernel");
    let Some(kernel) = kernel else {
        bail!("layer \"{}\" ({}) has no kernel to show", options.layer, layer.spec.layer.class())
    };
    match *kernel.spec.shape {
        [kh, kw, cin, cout] => Ok(Tiling {
            tiles: cin * cout,
            h: kh,
            w: kw,
            first: 0,
            count: kh * kw * cin * cout,
            stride_y: kw * cin * cout,
            stride_x: cin * cout,
            inner: cin,
            stride_outer: 1,
            stride_inner: cout,
            rgb: false,
            wrap: false,
        }),
        [inputs, units] => Ok(image(inputs, units, 1, 1)),
        _ => bail!("the kernel of layer \"{}\" has a shape that cannot be shown", options.layer),
    }
}

impl Tiling {
    /// The largest tiles that fit a canvas of this many pixels.
    pub fn layout(&self, width: usize, height: usize) -> ViewLayout {
        let (w, h) = if self.wrap { self.broken(width, height) } else { (self.w, self.h) };
        let (zoom, columns) = largest(self.tiles, |columns| {
            let rows = self.tiles.div_ceil(columns);
            room(width, columns, w).min(room(height, rows, h))
        });
        ViewLayout {
            columns,
            rows: self.tiles.div_ceil(columns),
            tile_width: (zoom * w as f32).max(1.0),
            tile_height: (zoom * h as f32).max(1.0),
            values_x: w,
            values_y: h,
            gap: GAP,
            tiles: self.tiles,
        }
    }

    /// Values across and down a vector that is broken into rows.
    fn broken(&self, width: usize, height: usize) -> (usize, usize) {
        let (_, across) =
            largest(self.w, |across| room(width, 1, across).min(room(height, 1, self.w.div_ceil(across))));
        (across, self.w.div_ceil(across))
    }
}

/// Pixels for each of `values` values in each of `tiles` tiles along an axis.
fn room(pixels: usize, tiles: usize, values: usize) -> f32 {
    pixels.saturating_sub(GAP * (tiles - 1)) as f32 / (tiles * values) as f32
}

/// The largest zoom over 1 to `most` columns, and the columns that give it. Where a value has more than a pixel, zooms
/// are whole: even squares.
fn largest(most: usize, zoom: impl Fn(usize) -> f32) -> (f32, usize) {
    let whole = |zoom: f32| if zoom >= 1.0 { zoom.floor() } else { zoom };
    let all = (1..=most).map(|columns| (whole(zoom(columns)), columns));
    all.reduce(|best, next| if next.0 > best.0 { next } else { best }).unwrap_or((1.0, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::models;

    fn options(layer: &str, kind: ViewKind) -> ViewOptions {
        let (color_map, scale) = (ColorMap::Viridis, Scale::Map);
        ViewOptions { layer: layer.to_owned(), kind, color_map, scale, channel: None, tiles: None }
    }

    #[test]
    fn tiles_follow_the_layer() {
        let graph = Graph::new(&models::build("lenet").expect("registered")).expect("valid");
        let maps = tiling(&graph, &options("conv2d", ViewKind::Activation)).expect("shown");
        assert_eq!((maps.tiles, maps.h, maps.w, maps.stride_x), (6, 28, 28, 6));
        let kernels = tiling(&graph, &options("conv2d_1", ViewKind::Kernel)).expect("shown");
        assert_eq!((kernels.tiles, kernels.h, kernels.stride_inner), (96, 5, 16));
        let one = ViewOptions { channel: Some(15), ..options("conv2d_1", ViewKind::Kernel) };
        let filter = tiling(&graph, &one).expect("shown");
        assert_eq!((filter.tiles, filter.first), (6, 15));
        assert!(tiling(&graph, &ViewOptions { channel: Some(16), ..one }).is_err());
        assert!(tiling(&graph, &options("flatten", ViewKind::Kernel)).is_err());
    }

    #[test]
    fn layouts_stay_inside_the_canvas() {
        let tiling = image(28, 28, 6, 6);
        let layout = tiling.layout(200, 120);
        assert_eq!((layout.columns, layout.rows, layout.tile_width), (3, 2, 56.0));
        let layout = vector(120).layout(60, 250);
        assert_eq!((layout.values_x, layout.values_y, layout.tile_width), (5, 24, 50.0));
    }
}
