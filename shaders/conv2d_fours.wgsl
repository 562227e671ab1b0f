// Convolution with register tiles along image rows where channels come in fours, in and out; its forward pass and the
// gradient of its input. An invocation owns 8 neighbouring pixels of a row × 8 channels.
//
// Four channels of a pixel are one load. Up to 3 taps are taken at once: what tap 0 of one pixel reads, tap 1 of the pixel
// to its left reads as well. Four input channels × four output channels of one tap are a matrix, and
//
//   forward          y  += K · x     sums over input channels, for four output channels
//   backward_input   dx += dz · K    sums over output channels, for four input channels
//
// so one line does 16 multiplications and touches its sum once.

struct Dims {
  batch: u32,
  h: u32, w: u32, cin4: u32,        // input; channels in fours
  oh: u32, ow: u32, cout4: u32,     // output
  kh: u32, kw: u32,                 // window
  stride_h: u32,
  dilation_h: u32,                  // along w the cells of the window are neighbours
  pad_top: u32, pad_left: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x4: array<vec4f>;         // [batch, h, w, cin4]
@group(0) @binding(2) var<storage, read> kernel4: array<vec4f>;    // [kh, kw, cin, cout4]
@group(0) @binding(3) var<storage, read> bias4: array<vec4f>;      // [cout4]
@group(0) @binding(4) var<storage, read_write> y4: array<vec4f>;   // [batch, oh, ow, cout4]
@group(0) @binding(5) var<storage, read> dz4: array<vec4f>;        // [batch, oh, ow, cout4]  gradient of the loss by what went into the activation
@group(0) @binding(6) var<storage, read_write> dx4: array<vec4f>;  // [batch, h, w, cin4]
@group(0) @binding(7) var<storage, read> norm4: array<vec4f>;      // gamma, beta of a batch norm: [2, cout4 in whole 16s]
@group(0) @binding(8) var<storage, read> moving4: array<vec4f>;    // its moving mean and variance, likewise
@group(0) @binding(9) var<storage, read> residual4: array<vec4f>; // [batch, oh, ow, cout4]  what comes by the skip connection

override ACTIVATION: u32 = 0u;     // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;     // 1 adds to dx instead of replacing it
override BELOW: u32 = 0u;          // activation that x came out of: dx times its slope is the dz of the layer below
override NORM: u32 = 0u;           // 1: batch norm of inference follows, which is one factor and one shift a channel
override EPSILON: f32 = 0.0;       // of that norm
override RESIDUAL: u32 = 0u;       // 1: another tensor is added before the activation
override IMAGES_FIRST: u32 = 0u;   // 1: neighbouring invocations take the same place of neighbouring images
override STRIDE: u32 = 1u;         // along w; forward works for 1 and 2
override TAPS: u32 = 3u;           // taps at once, 1 to 3

fn activate(z: vec4f) -> vec4f {
  switch ACTIVATION {
    case 1u: { return select(z, vec4f(0.0), z <= vec4f(0.0)); }  // max would hide a NaN
    case 2u: { return tanh(clamp(z, vec4f(-15.0), vec4f(15.0))); }  // beyond 15 it is ±1 in f32
    case 3u: { return 1.0 / (1.0 + exp(-z)); }
    case 4u: { return select(exp(z) - 1.0, z, z > vec4f(0.0)); }
    default: { return z; }
  }
}

// What follows the sums of four channels: the bias, and in inference the batch norm behind it.
struct Channels { bias: vec4f, mean: vec4f, scale: vec4f, beta: vec4f }

fn channels(co4: u32) -> Channels {
  var c = Channels();
  if USE_BIAS == 1u { c.bias = bias4[co4]; }
  if NORM == 1u {
    let second = (dims.cout4 + 15u) / 16u * 16u;
    c.mean = moving4[co4];
    c.scale = inverseSqrt(moving4[second + co4] + EPSILON) * norm4[co4];
    c.beta = norm4[second + co4];
  }
  return c;
}

fn finish(sum: vec4f, c: Channels, at: u32) -> vec4f {
  var z = sum + c.bias;
  if NORM == 1u { z = (z - c.mean) * c.scale + c.beta; }
  if RESIDUAL == 1u { z += residual4[at]; }
  return activate(z);
}

// The derivative of the activation that x came out of, from x itself.
fn slope(out: vec4f) -> vec4f {
  switch BELOW {
    case 1u: { return select(vec4f(0.0), vec4f(1.0), out > vec4f(0.0)); }
    case 2u: { return 1.0 - out * out; }
    case 3u: { return out * (1.0 - out); }
    case 4u: { return select(out + 1.0, vec4f(1.0), out > vec4f(0.0)); }
    default: { return vec4f(1.0); }
  }
}

// A row of an image, and the first of the pixels that an invocation works on.
struct Place { n: u32, row: u32, column: u32 }

fn place(i: u32, rows: u32, tiles: u32) -> Place {
  if IMAGES_FIRST == 1u {
    let tile = i / dims.batch;
    return Place(i % dims.batch, tile / tiles, tile % tiles * 8u);
  }
  let row = i / tiles;
  return Place(row / rows, row % rows, i % tiles * 8u);
}

// Four input channels × four output channels of one tap: a column for each input channel. 0 past the window's end.
fn weights(tap: u32, inside: bool, ci4: u32, co4: u32) -> mat4x4f {
  let at = (tap * dims.cin4 + ci4) * 4u * dims.cout4 + co4;
  let k = mat4x4f(kernel4[at], kernel4[at + dims.cout4], kernel4[at + 2u * dims.cout4], kernel4[at + 3u * dims.cout4]);
  let one = select(0.0, 1.0, inside);
  if TAPS == 1u { return k; }
  return k * one;
}

struct Sums { low: array<vec4f, 8>, high: array<vec4f, 8> }  // 8 pixels × (4 + 4) channels

// ---- forward ----

fn x_in_row(row: u32, w: u32, ci4: u32) -> vec4f {
  let inside = w < dims.w;  // left of the image the unsigned number wraps and is huge
  return select(vec4f(), x4[(row + select(0u, w, inside)) * dims.cin4 + ci4], inside);
}

fn add_tap(s: ptr<function, Sums>, a: mat4x4f, b: mat4x4f, x0: vec4f, x1: vec4f, x2: vec4f, x3: vec4f, x4: vec4f, x5: vec4f, x6: vec4f, x7: vec4f) {
  (*s).low[0] += a * x0; (*s).high[0] += b * x0;
  (*s).low[1] += a * x1; (*s).high[1] += b * x1;
  (*s).low[2] += a * x2; (*s).high[2] += b * x2;
  (*s).low[3] += a * x3; (*s).high[3] += b * x3;
  (*s).low[4] += a * x4; (*s).high[4] += b * x4;
  (*s).low[5] += a * x5; (*s).high[5] += b * x5;
  (*s).low[6] += a * x6; (*s).high[6] += b * x6;
  (*s).low[7] += a * x7; (*s).high[7] += b * x7;
}

@compute @workgroup_size(16)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
           @builtin(local_invocation_index) lane: u32) {
  let tiles = (dims.ow + 7u) / 8u;
  let tile = (group.x + group.z * groups.x) * 16u + lane;
  if tile >= dims.batch * dims.oh * tiles { return; }
  let at = place(tile, dims.oh, tiles);
  let co4 = group.y * 2u;
  let next4 = min(co4 + 1u, dims.cout4 - 1u);
  // The rows of the window that lie inside the image.
  let top = at.row * dims.stride_h;
  let first_kh = (max(dims.pad_top, top) - top + dims.dilation_h - 1u) / dims.dilation_h;
  let end_kh = min(dims.kh, (max(dims.h + dims.pad_top, top) - top + dims.dilation_h - 1u) / dims.dilation_h);
  let left = at.column * STRIDE - dims.pad_left;
  var s = Sums();
  // One loop for window rows, taps and channels: the sums would be handed through each loop of a nest.
  var kh = first_kh;
  var kw = 0u;
  var ci4 = 0u;
  while kh < end_kh {
    let row = (at.n * dims.h + top + kh * dims.dilation_h - dims.pad_top) * dims.w;
    let p = left + kw;
    let tap = kh * dims.kw + kw;
    if STRIDE == 1u {
      let x0 = x_in_row(row, p, ci4);
      let x1 = x_in_row(row, p + 1u, ci4);
      let x2 = x_in_row(row, p + 2u, ci4);
      let x3 = x_in_row(row, p + 3u, ci4);
      let x4 = x_in_row(row, p + 4u, ci4);
      let x5 = x_in_row(row, p + 5u, ci4);
      let x6 = x_in_row(row, p + 6u, ci4);
      let x7 = x_in_row(row, p + 7u, ci4);
      var x8 = vec4f(); var x9 = vec4f();
      if TAPS > 1u { x8 = x_in_row(row, p + 8u, ci4); }
      if TAPS > 2u { x9 = x_in_row(row, p + 9u, ci4); }
      add_tap(&s, weights(tap, kw < dims.kw, ci4, co4), weights(tap, kw < dims.kw, ci4, next4), x0, x1, x2, x3, x4, x5, x6, x7);
      if TAPS > 1u { add_tap(&s, weights(tap + 1u, kw + 1u < dims.kw, ci4, co4), weights(tap + 1u, kw + 1u < dims.kw, ci4, next4), x1, x2, x3, x4, x5, x6, x7, x8); }
      if TAPS > 2u { add_tap(&s, weights(tap + 2u, kw + 2u < dims.kw, ci4, co4), weights(tap + 2u, kw + 2u < dims.kw, ci4, next4), x2, x3, x4, x5, x6, x7, x8, x9); }
    } else {
      // Every other column is where the next pixel begins.
      let x0 = x_in_row(row, p, ci4);
      var x1 = vec4f();
      if TAPS > 1u { x1 = x_in_row(row, p + 1u, ci4); }
      let x2 = x_in_row(row, p + 2u, ci4);
      var x3 = vec4f();
      if TAPS > 1u { x3 = x_in_row(row, p + 3u, ci4); }
      let x4 = x_in_row(row, p + 4u, ci4);
      var x5 = vec4f();
      if TAPS > 1u { x5 = x_in_row(row, p + 5u, ci4); }
      let x6 = x_in_row(row, p + 6u, ci4);
      var x7 = vec4f();
      if TAPS > 1u { x7 = x_in_row(row, p + 7u, ci4); }
      let x8 = x_in_row(row, p + 8u, ci4);
      var x9 = vec4f();
      if TAPS > 1u { x9 = x_in_row(row, p + 9u, ci4); }
      let x10 = x_in_row(row, p + 10u, ci4);
      var x11 = vec4f();
      if TAPS > 1u { x11 = x_in_row(row, p + 11u, ci4); }
      let x12 = x_in_row(row, p + 12u, ci4);
      var x13 = vec4f();
      if TAPS > 1u { x13 = x_in_row(row, p + 13u, ci4); }
      let x14 = x_in_row(row, p + 14u, ci4);
      var x15 = vec4f();
      if TAPS > 1u { x15 = x_in_row(row, p + 15u, ci4); }
      var x16 = vec4f();
      if TAPS > 2u { x16 = x_in_row(row, p + 16u, ci4); }
      add_tap(&s, weights(tap, kw < dims.kw, ci4, co4), weights(tap, kw < dims.kw, ci4, next4), x0, x2, x4, x6, x8, x10, x12, x14);
      if TAPS > 1u { add_tap(&s, weights(tap + 1u, kw + 1u < dims.kw, ci4, co4), weights(tap + 1u, kw + 1u < dims.kw, ci4, next4), x1, x3, x5, x7, x9, x11, x13, x15); }
      if TAPS > 2u { add_tap(&s, weights(tap + 2u, kw + 2u < dims.kw, ci4, co4), weights(tap + 2u, kw + 2u < dims.kw, ci4, next4), x2, x4, x6, x8, x10, x12, x14, x16); }
    }
    ci4 += 1u;
    let taps_end = ci4 == dims.cin4;
    ci4 = select(ci4, 0u, taps_end);
    kw += select(0u, TAPS, taps_end);
    let row_ends = kw >= dims.kw;
    kw = select(kw, 0u, row_ends);
    kh += u32(row_ends);
  }
  let a = channels(co4);
  let b = channels(next4);
  // Copies, because what a loop indexes lies in memory.
  var low = array(s.low[0], s.low[1], s.low[2], s.low[3], s.low[4], s.low[5], s.low[6], s.low[7]);
  var high = array(s.high[0], s.high[1], s.high[2], s.high[3], s.high[4], s.high[5], s.high[6], s.high[7]);
  let pixel = (at.n * dims.oh + at.row) * dims.ow + at.column;
  for (var i = 0u; i < min(8u, dims.ow - at.column); i++) {
    let out = (pixel + i) * dims.cout4;
    y4[out + co4] = finish(low[i], a, out + co4);
    if next4 > co4 { y4[out + next4] = finish(high[i], b, out + next4); }
  }
}

// ---- backward_input: dx is a convolution of dz ----

fn dz_in_row(row: u32, ow: u32, co4: u32) -> vec4f {
  let inside = ow < dims.ow;
  return select(vec4f(), dz4[(row + select(0u, ow, inside)) * dims.cout4 + co4], inside);
}

fn add_tap_back(s: ptr<function, Sums>, a: mat4x4f, b: mat4x4f, d0: vec4f, d1: vec4f, d2: vec4f, d3: vec4f, d4: vec4f, d5: vec4f, d6: vec4f, d7: vec4f) {
  (*s).low[0] += d0 * a; (*s).high[0] += d0 * b;
  (*s).low[1] += d1 * a; (*s).high[1] += d1 * b;
  (*s).low[2] += d2 * a; (*s).high[2] += d2 * b;
  (*s).low[3] += d3 * a; (*s).high[3] += d3 * b;
  (*s).low[4] += d4 * a; (*s).high[4] += d4 * b;
  (*s).low[5] += d5 * a; (*s).high[5] += d5 * b;
  (*s).low[6] += d6 * a; (*s).high[6] += d6 * b;
  (*s).low[7] += d7 * a; (*s).high[7] += d7 * b;
}

// With strides, pixels fall into classes: w = j · stride + class. Those of one class met only every stride-th tap, from tap
// `first` on, and seen from them these taps lie side by side: pixel j met tap first + t · stride in window j + shift − t. With
// growing t the window moves to the left, so taps are taken from the right. Each workgroup works for one class.
@compute @workgroup_size(16)
fn backward_input(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
                  @builtin(local_invocation_index) lane: u32) {
  let class_w = group.y % STRIDE;
  let class_h = group.y / STRIDE % dims.stride_h;
  let ci4 = group.y / (STRIDE * dims.stride_h) * 2u;
  let rows = (dims.h - class_h + dims.stride_h - 1u) / dims.stride_h;
  let columns = (dims.w - class_w + STRIDE - 1u) / STRIDE;
  let tiles = (columns + 7u) / 8u;
  let tile = (group.x + group.z * groups.x) * 16u + lane;
  if tile >= dims.batch * rows * tiles { return; }
  let at = place(tile, rows, tiles);
  let next4 = min(ci4 + 1u, dims.cin4 - 1u);
  let first_h = (class_h + dims.pad_top) % dims.stride_h;
  let first_w = (class_w + dims.pad_left) % STRIDE;
  let taps_h = (max(dims.kh, first_h) - first_h + dims.stride_h - 1u) / dims.stride_h;
  let taps_w = (max(dims.kw, first_w) - first_w + STRIDE - 1u) / STRIDE;
  // The rows of the window whose place in dz exists.
  let bottom = at.row + (class_h + dims.pad_top - first_h) / dims.stride_h;
  let begin = (max(bottom + 1u, dims.oh) - dims.oh + dims.dilation_h - 1u) / dims.dilation_h;
  let end = select(min(taps_h, bottom / dims.dilation_h + 1u), 0u, taps_w == 0u);
  let left = at.column + (class_w + dims.pad_left - first_w) / STRIDE;
  var s = Sums();
  var i = begin;
  var t = 0u;
  var co4 = 0u;
  while i < end {
    let row = (at.n * dims.oh + bottom - i * dims.dilation_h) * dims.ow;
    let last = t + TAPS - 1u;
    let p = left - last;
    let tap = (first_h + i * dims.stride_h) * dims.kw + first_w + last * STRIDE;
    let d0 = dz_in_row(row, p, co4);
    let d1 = dz_in_row(row, p + 1u, co4);
    let d2 = dz_in_row(row, p + 2u, co4);
    let d3 = dz_in_row(row, p + 3u, co4);
    let d4 = dz_in_row(row, p + 4u, co4);
    let d5 = dz_in_row(row, p + 5u, co4);
    let d6 = dz_in_row(row, p + 6u, co4);
    let d7 = dz_in_row(row, p + 7u, co4);
    var d8 = vec4f(); var d9 = vec4f();
    if TAPS > 1u { d8 = dz_in_row(row, p + 8u, co4); }
    if TAPS > 2u { d9 = dz_in_row(row, p + 9u, co4); }
    add_tap_back(&s, weights(tap, last < taps_w, ci4, co4), weights(tap, last < taps_w, next4, co4), d0, d1, d2, d3, d4, d5, d6, d7);
    if TAPS > 1u { add_tap_back(&s, weights(tap - STRIDE, last - 1u < taps_w, ci4, co4), weights(tap - STRIDE, last - 1u < taps_w, next4, co4), d1, d2, d3, d4, d5, d6, d7, d8); }
    if TAPS > 2u { add_tap_back(&s, weights(tap - 2u * STRIDE, last - 2u < taps_w, ci4, co4), weights(tap - 2u * STRIDE, last - 2u < taps_w, next4, co4), d2, d3, d4, d5, d6, d7, d8, d9); }
    co4 += 1u;
    let taps_end = co4 == dims.cout4;
    co4 = select(co4, 0u, taps_end);
    t += select(0u, TAPS, taps_end);
    let row_ends = t >= taps_w;
    t = select(t, 0u, row_ends);
    i += u32(row_ends);
  }
  var low = array(s.low[0], s.low[1], s.low[2], s.low[3], s.low[4], s.low[5], s.low[6], s.low[7]);
  var high = array(s.high[0], s.high[1], s.high[2], s.high[3], s.high[4], s.high[5], s.high[6], s.high[7]);
  let pixel = (at.n * dims.h + at.row * dims.stride_h + class_h) * dims.w + at.column * STRIDE + class_w;
  for (var j = 0u; j < min(8u, columns - at.column); j++) {
    store_dx((pixel + j * STRIDE) * dims.cin4 + ci4, low[j]);
    if next4 > ci4 { store_dx((pixel + j * STRIDE) * dims.cin4 + next4, high[j]); }
  }
}

fn store_dx(at: u32, sum: vec4f) {
  var dx = sum;
  if ACCUMULATE == 1u { dx += dx4[at]; }
  if BELOW != 0u { dx *= slope(x4[at]); }
  dx4[at] = dx;
}
