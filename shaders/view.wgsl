// Paints numbers as pictures: the channels of a feature map, or the kernels of a layer, as tiles of one canvas. It reads the very
// buffer that the layers wrote; nothing goes through the host.

struct Dims {
  tiles: u32, columns: u32,           // how many tiles, how many in a row
  h: u32, w: u32,                     // values of one tile
  tile_w: f32, tile_h: f32,           // pixels of one tile
  gap: f32,                           // pixels between tiles
  stride_y: u32, stride_x: u32,       // from value to value inside a tile
  inner: u32,                         // tile t begins at (t / inner) · stride_outer + (t % inner) · stride_inner
  stride_outer: u32, stride_inner: u32,
  first: u32,                         // where tile 0 begins
  count: u32,                         // values that there are; a tile may have cells past the end
  color_map: u32,                     // 0 viridis, 1 grey, 2 diverging
  shared_range: u32,                  // 1: one range of values for all tiles; 2: one for all views that say so
  rgb: u32,                           // 1: the three inner channels are red, green, blue
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read_write> ranges: array<vec2f>;   // [tiles + 1]  smallest and largest; the last is over all
@group(0) @binding(3) var<storage, read> ranges_saved: array<vec2f>;   // the same, while painting
@group(0) @binding(4) var<storage, read_write> reach: array<atomic<u32>>;  // [2]  −smallest and largest over all views, `sortable`; zeros at first
@group(0) @binding(5) var<storage, read> reach_saved: array<u32>;      // the same, while painting

fn tile_start(tile: u32) -> u32 {
  return dims.first + tile / dims.inner * dims.stride_outer + tile % dims.inner * dims.stride_inner;
}

// By its bits: a compiler may take for granted that there are only numbers.
fn is_finite(value: f32) -> bool { return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u; }

// Numbers of the same order as the values: atomics compare whole numbers only. 0 is below all of them.
fn sortable(value: f32) -> u32 {
  let bits = bitcast<u32>(value);
  return select(bits | 0x80000000u, ~bits, bits >= 0x80000000u);
}

fn unsorted(number: u32) -> f32 { return bitcast<f32>(select(~number, number & 0x7fffffffu, number >= 0x80000000u)); }

var<workgroup> lowest: array<f32, 64>;
var<workgroup> highest: array<f32, 64>;

// One workgroup per tile: its smallest and largest value. What is infinite or no number has no place among the colours.
@compute @workgroup_size(64)
fn range(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  var low = 3.0e38;
  var high = -3.0e38;
  for (var i = lane; i < dims.h * dims.w; i += 64u) {
    let at = tile_start(group.x) + i / dims.w * dims.stride_y + i % dims.w * dims.stride_x;
    if at - dims.first < dims.count && is_finite(values[at]) {
      low = min(low, values[at]);
      high = max(high, values[at]);
    }
  }
  lowest[lane] = low;
  highest[lane] = high;
  workgroupBarrier();
  if lane != 0u { return; }
  for (var i = 1u; i < 64u; i++) {
    low = min(low, lowest[i]);
    high = max(high, highest[i]);
  }
  ranges[group.x] = vec2f(low, high);
}

// The range over all tiles, behind the last one's, and over all views that share one.
@compute @workgroup_size(1)
fn range_of_all() {
  var all = ranges[0];
  for (var i = 1u; i < dims.tiles; i++) { all = vec2f(min(all.x, ranges[i].x), max(all.y, ranges[i].y)); }
  ranges[dims.tiles] = all;
  if dims.shared_range == 2u {
    atomicMax(&reach[0], sortable(-all.x));
    atomicMax(&reach[1], sortable(all.y));
  }
}

// One triangle that covers the canvas.
@vertex
fn cover(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(f32(i % 2u) * 4.0 - 1.0, f32(i / 2u) * 4.0 - 1.0, 0.0, 1.0);
}

// Viridis (Smith and van der Walt 2015) at nine equal steps.
fn viridis(t: f32) -> vec3f {
  var colors = array<vec3f, 9>(
    vec3f(0.267, 0.005, 0.329), vec3f(0.279, 0.175, 0.483), vec3f(0.230, 0.322, 0.546),
    vec3f(0.173, 0.449, 0.558), vec3f(0.128, 0.567, 0.551), vec3f(0.158, 0.684, 0.502),
    vec3f(0.369, 0.789, 0.383), vec3f(0.678, 0.864, 0.190), vec3f(0.993, 0.906, 0.144));
  let at = clamp(t, 0.0, 1.0) * 8.0;
  let low = min(u32(at), 7u);
  return mix(colors[low], colors[low + 1u], at - f32(low));
}

// Blue below zero, red above, light in between; t = 0.5 is zero.
fn diverging(t: f32) -> vec3f {
  let light = vec3f(0.955, 0.955, 0.945);
  let end = select(vec3f(0.129, 0.400, 0.675), vec3f(0.698, 0.094, 0.169), t > 0.5);
  return mix(light, end, min(abs(t - 0.5) * 2.0, 1.0));
}

fn color(value: f32, range: vec2f) -> vec3f {
  if dims.color_map == 2u {
    let reach = max(max(abs(range.x), abs(range.y)), 1e-30);
    return diverging(0.5 + 0.5 * value / reach);
  }
  let t = (value - range.x) / max(range.y - range.x, 1e-30);
  if dims.color_map == 1u { return vec3f(clamp(t, 0.0, 1.0)); }
  return viridis(t);
}

// NaN and infinity: stripes, which no colour map has, of a pink and a white that differ in lightness too.
fn stripes(pixel: vec2f) -> vec3f {
  return select(vec3f(1.0, 0.0, 0.55), vec3f(1.0), (u32(pixel.x) + u32(pixel.y)) / 4u % 2u == 1u);
}

// One invocation per pixel: which tile, which value of it, which colour.
@fragment
fn paint(@builtin(position) pixel: vec4f) -> @location(0) vec4f {
  let step = vec2f(dims.tile_w + dims.gap, dims.tile_h + dims.gap);
  let cell = floor(pixel.xy / step);
  let inside = pixel.xy - cell * step;
  let tile = u32(cell.y) * dims.columns + u32(cell.x);
  let nothing = vec4f();
  if u32(cell.x) >= dims.columns || tile >= dims.tiles || inside.x >= dims.tile_w || inside.y >= dims.tile_h { return nothing; }
  let x = min(u32(inside.x / dims.tile_w * f32(dims.w)), dims.w - 1u);
  let y = min(u32(inside.y / dims.tile_h * f32(dims.h)), dims.h - 1u);
  let at = tile_start(tile) + y * dims.stride_y + x * dims.stride_x;
  if at - dims.first >= dims.count { return nothing; }
  if !is_finite(values[at]) { return vec4f(stripes(pixel.xy), 1.0); }
  if dims.rgb == 1u {
    return vec4f(clamp(vec3f(values[at], values[at + 1u], values[at + 2u]), vec3f(), vec3f(1.0)), 1.0);
  }
  var range = ranges_saved[select(tile, dims.tiles, dims.shared_range == 1u)];
  if dims.shared_range == 2u { range = vec2f(-unsorted(reach_saved[0]), unsorted(reach_saved[1])); }
  return vec4f(color(values[at], range), 1.0);
}
