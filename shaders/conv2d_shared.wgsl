// Convolution with workgroup memory, as a product of matrices: 64 invocations share what they load, and each owns 8 × 8 of their
// 64 × 64 results.
//
//   forward         64 output pixels × 64 output channels,  16 input channels of a tap at a time
//   backward_input  64 input pixels × 64 input channels,    16 output channels of a tap at a time
//
// A tap of the window is a dense layer: what lies under it, [pixel, channel], times its weights, [channel, channel]. The sum over
// taps makes the convolution one product of matrices with a row for each pixel, and the matrix whose rows are whole windows,
// which would take the memory of the image for each tap, is never stored: an invocation works out where its numbers lie and
// fetches them (that is called implicit GEMM). All else is as in dense_shared.wgsl: a workgroup fetches 16 steps of k for all its
// pixels and channels once into memory of its own, multiplies each of them 64 times, and fetches the next ones meanwhile. It is
// for GPUs; barriers cost a processor that plays one dearly. Channels are multiples of 4, in one group.

struct Dims {
  batch: u32,
  h: u32, w: u32, cin: u32,            // input
  oh: u32, ow: u32, cout: u32,         // output
  kh: u32, kw: u32,                    // window
  stride_h: u32, stride_w: u32,
  dilation_h: u32, dilation_w: u32,
  pad_top: u32, pad_left: u32,
  group_in: u32, group_out: u32,       // all channels: one group
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x4: array<vec4f>;         // [batch, h, w, cin / 4]
@group(0) @binding(2) var<storage, read> kernel4: array<vec4f>;    // [kh, kw, cin, cout / 4]
@group(0) @binding(3) var<storage, read> bias4: array<vec4f>;      // [cout / 4]
@group(0) @binding(4) var<storage, read_write> y4: array<vec4f>;   // [batch, oh, ow, cout / 4]
@group(0) @binding(5) var<storage, read> dz4: array<vec4f>;        // [batch, oh, ow, cout / 4]  gradient of the loss by what went into the activation
@group(0) @binding(6) var<storage, read_write> dx4: array<vec4f>;  // [batch, h, w, cin / 4]
@group(0) @binding(7) var<storage, read> norm4: array<vec4f>;      // gamma, beta of a batch norm: [2, cout / 4 in whole 16s]
@group(0) @binding(8) var<storage, read> moving4: array<vec4f>;    // its moving mean and variance, likewise
@group(0) @binding(9) var<storage, read> residual4: array<vec4f>;  // [batch, oh, ow, cout / 4]  what comes by the skip connection

override ACTIVATION: u32 = 0u;  // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it
override BELOW: u32 = 0u;       // activation that x came out of: dx times its slope is the dz of the layer below
override NORM: u32 = 0u;        // 1: batch norm of inference follows, which is one factor and one shift a channel
override EPSILON: f32 = 0.0;    // of that norm
override RESIDUAL: u32 = 0u;    // 1: another tensor is added before the activation

// Memory of the workgroup: [pixels or channels, 16 steps of k, 64 of them in fours and one place to spare]. Memory is laid out in
// banks that answer side by side; because of the spare place, what is stored at the same time goes to different ones.
var<workgroup> tiles: array<vec4f, 544>;
const STEP = 17u;       // from one k to the next
const CHANNELS = 272u;  // where those of the channels begin

// The 8 × 8 sums of an invocation: a column of a matrix holds four channels of one pixel. `low` are pixels 0 to 3 from its first
// one on, `high` are 32 to 35; likewise left and right.
struct Sums { low_left: mat4x4f, low_right: mat4x4f, high_left: mat4x4f, high_right: mat4x4f }

// What a workgroup works for. Which part of the pixels, is explained at backward_input.
struct Place { part: u32, pixel: u32, channel: u32 }

fn place(group: vec3u, groups: vec3u, pixels: u32, channels: u32) -> Place {
  let across = (channels + 63u) / 64u;
  let down = (pixels + 63u) / 64u;
  let i = group.x + group.y * groups.x;
  let tile = i / across;
  return Place(tile / down, tile % down * 64u, i % across * 64u);
}

// Which 4 × 4 numbers an invocation carries: from which k and which pixel or channel on. All k are channels of one tap.
struct Load { k: u32, along: u32 }

// Where four neighbours in memory are of four results, 16 invocations fetch 64 in a row.
fn straight(lane: u32) -> Load { return Load(lane / 16u * 4u, lane % 16u * 4u); }

// Where they are of four k, they are turned on their way; two invocations fetch eight in a row.
fn turned(lane: u32) -> Load { return Load(lane % 2u * 4u + lane / 32u * 8u, lane / 2u % 16u * 4u); }

fn keep(side: u32, to: Load, block: mat4x4f) {
  let at = side + to.k * STEP + to.along / 4u;
  tiles[at] = block[0];
  tiles[at + STEP] = block[1];
  tiles[at + 2u * STEP] = block[2];
  tiles[at + 3u * STEP] = block[3];
}

// Each of eight pixels times each of eight channels, for 16 steps of k.
fn multiply(s: ptr<function, Sums>, lane: u32) {
  let pixel = lane / 8u;
  let channel = CHANNELS + lane % 8u;
  for (var k = 0u; k < CHANNELS; k += STEP) {
    let low = tiles[k + pixel];
    let high = tiles[k + pixel + 8u];
    let left = tiles[k + channel];
    let right = tiles[k + channel + 8u];
    (*s).low_left += mat4x4f(low.x * left, low.y * left, low.z * left, low.w * left);
    (*s).low_right += mat4x4f(low.x * right, low.y * right, low.z * right, low.w * right);
    (*s).high_left += mat4x4f(high.x * left, high.y * left, high.z * left, high.w * left);
    (*s).high_right += mat4x4f(high.x * right, high.y * right, high.z * right, high.w * right);
  }
}

// Where the sum has got to: a tap of the window and the first of 16 channels.
struct Step { row: u32, column: u32, c: u32 }

fn next(at: Step, columns: u32, channels: u32) -> Step {
  let tap_ends = at.c + 16u >= channels;
  let column = at.column + u32(tap_ends);
  let row_ends = column == columns;
  return Step(at.row + u32(row_ends), select(column, 0u, row_ends), select(at.c + 16u, 0u, tap_ends));
}

// A pixel whose window is summed: where in the other image tap 0 of it lies, and how many rows of pixels are before that image.
struct Window { before: u32, row: u32, column: u32 }

const NOWHERE = 0x40000000u;  // a row in no image

// Four channels of an input channel's weights; 0 outside.
fn weight(row: u32, column: u32, ci: u32, co: u32) -> vec4f {
  let inside = (row < dims.kh) & (column < dims.kw) & (ci < dims.cin) & (co < dims.cout);
  let at = (((row * dims.kw + column) * dims.cin + ci) * dims.cout + co) / 4u;
  return select(vec4f(), kernel4[select(0u, at, inside)], inside);
}

fn kernel_block(row: u32, column: u32, ci: u32, co: u32) -> mat4x4f {
  return mat4x4f(weight(row, column, ci, co), weight(row, column, ci + 1u, co),
                 weight(row, column, ci + 2u, co), weight(row, column, ci + 3u, co));
}

// ---- forward ----

fn window_of_output(p: u32) -> Window {
  let row = p / dims.ow;
  let n = row / dims.oh;
  let top = row % dims.oh * dims.stride_h - dims.pad_top;  // above the image the unsigned number wraps and is huge
  return Window(n * dims.h, select(NOWHERE, top, n < dims.batch), p % dims.ow * dims.stride_w - dims.pad_left);
}

fn x_under(at: Window, tap: Step, k: u32) -> vec4f {
  let row = at.row + tap.row * dims.dilation_h;
  let column = at.column + tap.column * dims.dilation_w;
  let ci = tap.c + k;
  let inside = (row < dims.h) & (column < dims.w) & (ci < dims.cin);
  let pixel = (at.before + row) * dims.w + column;
  return select(vec4f(), x4[select(0u, (pixel * dims.cin + ci) / 4u, inside)], inside);
}

fn activate(z: vec4f) -> vec4f {
  switch ACTIVATION {
    case 1u: { return select(z, vec4f(0.0), z <= vec4f(0.0)); }  // max would hide a NaN
    case 2u: { return tanh(clamp(z, vec4f(-15.0), vec4f(15.0))); }  // beyond 15 it is ±1 in f32
    case 3u: { return 1.0 / (1.0 + exp(-z)); }
    case 4u: { return select(exp(z) - 1.0, z, z > vec4f(0.0)); }
    default: { return z; }
  }
}

fn store_y(p: u32, co: u32, sum: vec4f) {
  if p >= dims.batch * dims.oh * dims.ow { return; }
  let at = (p * dims.cout + co) / 4u;
  var z = sum;
  if USE_BIAS == 1u { z += bias4[co / 4u]; }
  if NORM == 1u {
    let second = (dims.cout + 63u) / 64u * 16u + co / 4u;
    z = (z - moving4[co / 4u]) * (inverseSqrt(moving4[second] + EPSILON) * norm4[co / 4u]) + norm4[second];
  }
  if RESIDUAL == 1u { z += residual4[at]; }
  y4[at] = activate(z);
}

fn store_pixels(p: u32, co: u32, sums: mat4x4f) {
  if co >= dims.cout { return; }
  store_y(p, co, sums[0]);
  store_y(p + 1u, co, sums[1]);
  store_y(p + 2u, co, sums[2]);
  store_y(p + 3u, co, sums[3]);
}

@compute @workgroup_size(64)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
           @builtin(local_invocation_index) lane: u32) {
  let at = place(group, groups, dims.batch * dims.oh * dims.ow, dims.cout);
  if at.part > 0u { return; }
  let of_x = turned(lane);
  let of_kernel = straight(lane);
  let first = at.pixel + of_x.along;
  let p0 = window_of_output(first);
  let p1 = window_of_output(first + 1u);
  let p2 = window_of_output(first + 2u);
  let p3 = window_of_output(first + 3u);
  let co = at.channel + of_kernel.along;
  var s = Sums();
  var tap = Step();
  var x = mat4x4f(x_under(p0, tap, of_x.k), x_under(p1, tap, of_x.k), x_under(p2, tap, of_x.k), x_under(p3, tap, of_x.k));
  var weights = kernel_block(0u, 0u, of_kernel.k, co);
  while tap.row < dims.kh {
    keep(0u, of_x, transpose(x));
    keep(CHANNELS, of_kernel, weights);
    workgroupBarrier();
    tap = next(tap, dims.kw, dims.cin);
    x = mat4x4f(x_under(p0, tap, of_x.k), x_under(p1, tap, of_x.k), x_under(p2, tap, of_x.k), x_under(p3, tap, of_x.k));
    weights = kernel_block(tap.row, tap.column, tap.c + of_kernel.k, co);
    multiply(&s, lane);
    workgroupBarrier();
  }
  let p = at.pixel + lane / 8u * 4u;
  let o = at.channel + lane % 8u * 4u;
  store_pixels(p, o, s.low_left);
  store_pixels(p, o + 32u, s.low_right);
  store_pixels(p + 32u, o, s.high_left);
  store_pixels(p + 32u, o + 32u, s.high_right);
}

// ---- backward_input: dx is a convolution of dz ----

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

// With strides, pixels fall into classes: h = i · stride + own. Those of one class met only every stride-th tap, from tap `first`
// on: pixel i met tap first + t · stride in window i + shift − t. Each workgroup works for one class; either stride or dilation
// is 1.
struct Class { h: u32, w: u32, rows: u32, columns: u32, first_h: u32, first_w: u32, shift_h: u32, shift_w: u32 }

fn class_of(number: u32) -> Class {
  let h = number / dims.stride_w;
  let w = number % dims.stride_w;
  let first_h = (h + dims.pad_top) % dims.stride_h;
  let first_w = (w + dims.pad_left) % dims.stride_w;
  return Class(h, w, (dims.h + dims.stride_h - 1u) / dims.stride_h, (dims.w + dims.stride_w - 1u) / dims.stride_w,
               first_h, first_w, (h + dims.pad_top - first_h) / dims.stride_h, (w + dims.pad_left - first_w) / dims.stride_w);
}

fn window_of_input(own: Class, p: u32) -> Window {
  let row = p / own.columns;
  let n = row / own.rows;
  return Window(n * dims.oh, select(NOWHERE, row % own.rows + own.shift_h, n < dims.batch), p % own.columns + own.shift_w);
}

fn dz_under(at: Window, tap: Step, k: u32) -> vec4f {
  let row = at.row - tap.row * dims.dilation_h;
  let column = at.column - tap.column * dims.dilation_w;
  let co = tap.c + k;
  let inside = (row < dims.oh) & (column < dims.ow) & (co < dims.cout);
  let pixel = (at.before + row) * dims.ow + column;
  return select(vec4f(), dz4[select(0u, (pixel * dims.cout + co) / 4u, inside)], inside);
}

fn turned_block(own: Class, tap: Step, ci: u32, k: u32) -> mat4x4f {
  return transpose(kernel_block(own.first_h + tap.row * dims.stride_h, own.first_w + tap.column * dims.stride_w, ci, tap.c + k));
}

fn store_dx(own: Class, p: u32, ci: u32, sum: vec4f) {
  let row = p / own.columns;
  let n = row / own.rows;
  let h = row % own.rows * dims.stride_h + own.h;
  let w = p % own.columns * dims.stride_w + own.w;
  if n >= dims.batch || h >= dims.h || w >= dims.w { return; }
  let at = (((n * dims.h + h) * dims.w + w) * dims.cin + ci) / 4u;
  var dx = sum;
  if ACCUMULATE == 1u { dx += dx4[at]; }
  if BELOW != 0u { dx *= slope(x4[at]); }
  dx4[at] = dx;
}

fn store_dx_pixels(own: Class, p: u32, ci: u32, sums: mat4x4f) {
  if ci >= dims.cin { return; }
  store_dx(own, p, ci, sums[0]);
  store_dx(own, p + 1u, ci, sums[1]);
  store_dx(own, p + 2u, ci, sums[2]);
  store_dx(own, p + 3u, ci, sums[3]);
}

@compute @workgroup_size(64)
fn backward_input(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
                  @builtin(local_invocation_index) lane: u32) {
  let any = class_of(0u);
  let at = place(group, groups, dims.batch * any.rows * any.columns, dims.cin);
  if at.part >= dims.stride_h * dims.stride_w { return; }
  let own = class_of(at.part);
  let taps_h = (max(dims.kh, own.first_h) - own.first_h + dims.stride_h - 1u) / dims.stride_h;
  let taps_w = (max(dims.kw, own.first_w) - own.first_w + dims.stride_w - 1u) / dims.stride_w;
  let end = select(taps_h, 0u, taps_w == 0u);
  let share = turned(lane);
  let first = at.pixel + share.along;
  let p0 = window_of_input(own, first);
  let p1 = window_of_input(own, first + 1u);
  let p2 = window_of_input(own, first + 2u);
  let p3 = window_of_input(own, first + 3u);
  let ci = at.channel + share.along;
  var s = Sums();
  var tap = Step();
  var dz = mat4x4f(dz_under(p0, tap, share.k), dz_under(p1, tap, share.k), dz_under(p2, tap, share.k), dz_under(p3, tap, share.k));
  var weights = turned_block(own, tap, ci, share.k);
  while tap.row < end {
    keep(0u, share, transpose(dz));
    keep(CHANNELS, share, weights);
    workgroupBarrier();
    tap = next(tap, taps_w, dims.cout);
    dz = mat4x4f(dz_under(p0, tap, share.k), dz_under(p1, tap, share.k), dz_under(p2, tap, share.k), dz_under(p3, tap, share.k));
    weights = turned_block(own, tap, ci, share.k);
    multiply(&s, lane);
    workgroupBarrier();
  }
  let p = at.pixel + lane / 8u * 4u;
  let i = at.channel + lane % 8u * 4u;
  store_dx_pixels(own, p, i, s.low_left);
  store_dx_pixels(own, p, i + 32u, s.low_right);
  store_dx_pixels(own, p + 32u, i, s.high_left);
  store_dx_pixels(own, p + 32u, i + 32u, s.high_right);
}
