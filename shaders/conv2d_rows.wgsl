// Convolution with register tiles along image rows, for any number of input channels (cout even).
//
// An invocation of the plain kernels loads two numbers for every multiplication. On a processor, loads are what takes the
// time, so here each invocation owns a tile of results and uses everything that it loads many times:
//
//   forward          10 neighbouring pixels of a row × 8 output channels
//   backward_input    8 neighbouring pixels of a row × 8 input channels
//   backward_kernel   5 neighbouring taps of a kernel row, for 4 (kernel row, input channel) pairs × 4 output channels
//
// Neighbouring windows overlap. While the window moves along the row, values shift from one register to the next, and only
// one new value comes from memory at each step. There is no workgroup memory and no barrier: they cost more than they save
// where a workgroup runs on one core.
//
// The same memory may be bound as scalars, pairs and fours: x, x2, x4. What is wider is cheaper to load.

struct Dims {
  batch: u32,
  h: u32, w: u32, cin: u32,         // input
  oh: u32, ow: u32, cout: u32,      // output
  kh: u32, kw: u32,                 // window
  stride_h: u32, stride_w: u32,
  dilation_h: u32,                  // along w the cells of the window are neighbours
  pad_top: u32, pad_left: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;              // [batch, h, w, cin]
@group(0) @binding(2) var<storage, read> kernel2: array<vec2f>;      // [kh, kw, cin, cout / 2]
@group(0) @binding(3) var<storage, read> kernel4: array<vec4f>;      // [kh, kw, cin, cout / 4], the same memory
@group(0) @binding(4) var<storage, read> bias2: array<vec2f>;        // [cout / 2]
@group(0) @binding(5) var<storage, read_write> y2: array<vec2f>;     // [batch, oh, ow, cout / 2]
@group(0) @binding(6) var<storage, read> dz4: array<vec4f>;          // [batch, oh, ow, cout / 4]  gradient of the loss by what went into the activation
@group(0) @binding(7) var<storage, read_write> dx: array<f32>;      // [batch, h, w, cin]
@group(0) @binding(8) var<storage, read> norm2: array<vec2f>;       // gamma, beta of a batch norm: [2, cout in whole 64s]
@group(0) @binding(9) var<storage, read> moving2: array<vec2f>;     // its moving mean and variance, likewise
@group(0) @binding(10) var<storage, read> residual2: array<vec2f>;   // [batch, oh, ow, cout / 2]  what comes by the skip connection

override ACTIVATION: u32 = 0u;     // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;     // 1 adds to dx instead of replacing it
override BELOW: u32 = 0u;          // activation that x came out of: dx times its slope is the dz of the layer below
override NORM: u32 = 0u;           // 1: batch norm of inference follows, which is one factor and one shift a channel
override EPSILON: f32 = 0.0;       // of that norm
override RESIDUAL: u32 = 0u;       // 1: another tensor is added before the activation
override FOURS: u32 = 0u;          // 1 where cout is a multiple of 4: loads four channels at once
override IMAGES_FIRST: u32 = 0u;   // 1: neighbouring invocations take the same place of neighbouring images
override PADDED: u32 = 1u;         // 0 where no window reaches beyond the image
override TAPS: u32 = 5u;           // taps at once, 1 to 5
override CHANNELS: u32 = 8u;       // channels of a tile, up to 8: output channels in forward, input channels in backward_input

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

fn channels(co: u32) -> Channels {
  let at = co / 2u;
  var c = Channels();
  if USE_BIAS == 1u { c.bias = vec4f(bias2[at], bias2[at + 1u]); }
  if NORM == 1u {
    let second = (dims.cout + 63u) / 64u * 32u;
    let gamma = vec4f(norm2[at], norm2[at + 1u]);
    let variance = vec4f(moving2[second + at], moving2[second + at + 1u]);
    c.mean = vec4f(moving2[at], moving2[at + 1u]);
    c.scale = inverseSqrt(variance + EPSILON) * gamma;
    c.beta = vec4f(norm2[second + at], norm2[second + at + 1u]);
  }
  return c;
}

fn finish(sum: vec4f, c: Channels, at: u32) -> vec4f {
  var z = sum + c.bias;
  if NORM == 1u { z = (z - c.mean) * c.scale + c.beta; }
  if RESIDUAL == 1u { z += vec4f(residual2[at / 2u], residual2[at / 2u + 1u]); }
  return activate(z);
}

// The derivative of the activation that x came out of, from x itself.
fn slope(out: f32) -> f32 {
  switch BELOW {
    case 1u: { return select(0.0, 1.0, out > 0.0); }
    case 2u: { return 1.0 - out * out; }
    case 3u: { return out * (1.0 - out); }
    case 4u: { return select(out + 1.0, 1.0, out > 0.0); }
    default: { return 1.0; }
  }
}

// Four numbers from an even place. Past the last channel come numbers of the next row; nobody keeps what they lead to.
fn weights(at: u32) -> vec4f {
  if FOURS == 1u { return kernel4[at / 4u]; }
  return vec4f(kernel2[at / 2u], kernel2[at / 2u + 1u]);
}

// A row of an image, and the first of the pixels that an invocation works on.
struct Place { n: u32, row: u32, column: u32 }

fn place(i: u32, rows: u32, tiles: u32, width: u32) -> Place {
  if IMAGES_FIRST == 1u {
    let tile = i / dims.batch;
    return Place(i % dims.batch, tile / tiles, tile % tiles * width);
  }
  let row = i / tiles;
  return Place(row / rows, row % rows, i % tiles * width);
}

// ---- forward ----

// A value of the row of x that begins at `row`, [w, cin]; beyond its ends lies the padding.
fn x_in_row(row: u32, at: u32) -> f32 {
  if PADDED == 0u { return x[at]; }
  let inside = at - row < dims.w * dims.cin;  // before the first value the unsigned number wraps and is huge
  return select(0.0, x[select(0u, at, inside)], inside);
}

struct Sums { low: array<vec4f, 10>, high: array<vec4f, 10> }  // 10 pixels × (4 + 4) channels

// What up to five neighbouring taps add to four channels of one pixel.
fn multiply(a0: vec4f, a1: vec4f, a2: vec4f, a3: vec4f, a4: vec4f, x0: f32, x1: f32, x2: f32, x3: f32, x4: f32) -> vec4f {
  var sum = a0 * x0;
  if TAPS > 1u { sum += a1 * x1; }
  if TAPS > 2u { sum += a2 * x2; }
  if TAPS > 3u { sum += a3 * x3; }
  if TAPS > 4u { sum += a4 * x4; }
  return sum;
}

// The weights of one of these taps; past the end of the window they are 0.
fn tap_weights(tap: u32, at: u32, count: u32) -> vec4f {
  if tap >= TAPS { return vec4f(); }
  return select(vec4f(), weights(at), tap < count);
}

fn store(at: u32, co: u32, a: vec4f, b: vec4f) {
  y2[at / 2u] = a.xy;
  if CHANNELS > 2u && co + 2u < dims.cout { y2[at / 2u + 1u] = a.zw; }
  if CHANNELS > 4u && co + 4u < dims.cout { y2[at / 2u + 2u] = b.xy; }
  if CHANNELS > 6u && co + 6u < dims.cout { y2[at / 2u + 3u] = b.zw; }
}

// 10 pixels × 8 channels. Within a window row, taps and channels lie one after the other in x as in the kernel: one run of
// kw · cin values. Every stride_w · cin values further the window of one pixel is where that of the next pixel was.
@compute @workgroup_size(16)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
           @builtin(local_invocation_index) lane: u32) {
  let tiles = (dims.ow + 9u) / 10u;
  let tile = (group.x + group.z * groups.x) * 16u + lane;
  if tile >= dims.batch * dims.oh * tiles { return; }
  let at = place(tile, dims.oh, tiles, 10u);
  let co = group.y * 8u;
  let run = dims.kw * dims.cin;
  let step = dims.stride_w * dims.cin;
  // The rows of the window that lie inside the image.
  let top = at.row * dims.stride_h;
  let first_kh = (max(dims.pad_top, top) - top + dims.dilation_h - 1u) / dims.dilation_h;
  let end_kh = min(dims.kh, (max(dims.h + dims.pad_top, top) - top + dims.dilation_h - 1u) / dims.dilation_h);
  var s = Sums();
  let left = (at.column * dims.stride_w - dims.pad_left) * dims.cin;
  // One loop for window rows, phases and runs of taps: the results would be handed through each loop of a nest.
  var kh = first_kh;
  var phase = 0u;
  var r = 0u;
  while kh < end_kh {
    let row = (at.n * dims.h + top + kh * dims.dilation_h - dims.pad_top) * dims.w * dims.cin;
    var p = row + left + r;
    let x0 = x_in_row(row, p); p += step;
    let x1 = x_in_row(row, p); p += step;
    let x2 = x_in_row(row, p); p += step;
    let x3 = x_in_row(row, p); p += step;
    let x4 = x_in_row(row, p); p += step;
    let x5 = x_in_row(row, p); p += step;
    let x6 = x_in_row(row, p); p += step;
    let x7 = x_in_row(row, p); p += step;
    let x8 = x_in_row(row, p); p += step;
    let x9 = x_in_row(row, p); p += step;
    var x10 = 0.0; var x11 = 0.0; var x12 = 0.0; var x13 = 0.0;
    if TAPS > 1u { x10 = x_in_row(row, p); p += step; }
    if TAPS > 2u { x11 = x_in_row(row, p); p += step; }
    if TAPS > 3u { x12 = x_in_row(row, p); p += step; }
    if TAPS > 4u { x13 = x_in_row(row, p); }
    let tap = (kh * run + r) * dims.cout + co;
    let next = step * dims.cout;
    let count = (run - r + step - 1u) / step;
    let a0 = tap_weights(0u, tap, count);
    let a1 = tap_weights(1u, tap + next, count);
    let a2 = tap_weights(2u, tap + 2u * next, count);
    let a3 = tap_weights(3u, tap + 3u * next, count);
    let a4 = tap_weights(4u, tap + 4u * next, count);
    s.low[0] += multiply(a0, a1, a2, a3, a4, x0, x1, x2, x3, x4);
    s.low[1] += multiply(a0, a1, a2, a3, a4, x1, x2, x3, x4, x5);
    s.low[2] += multiply(a0, a1, a2, a3, a4, x2, x3, x4, x5, x6);
    s.low[3] += multiply(a0, a1, a2, a3, a4, x3, x4, x5, x6, x7);
    s.low[4] += multiply(a0, a1, a2, a3, a4, x4, x5, x6, x7, x8);
    s.low[5] += multiply(a0, a1, a2, a3, a4, x5, x6, x7, x8, x9);
    s.low[6] += multiply(a0, a1, a2, a3, a4, x6, x7, x8, x9, x10);
    s.low[7] += multiply(a0, a1, a2, a3, a4, x7, x8, x9, x10, x11);
    s.low[8] += multiply(a0, a1, a2, a3, a4, x8, x9, x10, x11, x12);
    s.low[9] += multiply(a0, a1, a2, a3, a4, x9, x10, x11, x12, x13);
    if CHANNELS > 4u {
      let b0 = tap_weights(0u, tap + 4u, count);
      let b1 = tap_weights(1u, tap + 4u + next, count);
      let b2 = tap_weights(2u, tap + 4u + 2u * next, count);
      let b3 = tap_weights(3u, tap + 4u + 3u * next, count);
      let b4 = tap_weights(4u, tap + 4u + 4u * next, count);
      s.high[0] += multiply(b0, b1, b2, b3, b4, x0, x1, x2, x3, x4);
      s.high[1] += multiply(b0, b1, b2, b3, b4, x1, x2, x3, x4, x5);
      s.high[2] += multiply(b0, b1, b2, b3, b4, x2, x3, x4, x5, x6);
      s.high[3] += multiply(b0, b1, b2, b3, b4, x3, x4, x5, x6, x7);
      s.high[4] += multiply(b0, b1, b2, b3, b4, x4, x5, x6, x7, x8);
      s.high[5] += multiply(b0, b1, b2, b3, b4, x5, x6, x7, x8, x9);
      s.high[6] += multiply(b0, b1, b2, b3, b4, x6, x7, x8, x9, x10);
      s.high[7] += multiply(b0, b1, b2, b3, b4, x7, x8, x9, x10, x11);
      s.high[8] += multiply(b0, b1, b2, b3, b4, x8, x9, x10, x11, x12);
      s.high[9] += multiply(b0, b1, b2, b3, b4, x9, x10, x11, x12, x13);
    }
    r += TAPS * step;
    let phase_ends = r >= run;
    phase += u32(phase_ends);
    let row_ends = phase >= min(step, run);
    phase = select(phase, 0u, row_ends);
    r = select(r, phase, phase_ends);
    kh += u32(row_ends);
  }
  let a = channels(co);
  let b = channels(co + 4u);
  // Copies, because what a loop indexes lies in memory.
  var low = array(s.low[0], s.low[1], s.low[2], s.low[3], s.low[4], s.low[5], s.low[6], s.low[7], s.low[8], s.low[9]);
  var high = array(s.high[0], s.high[1], s.high[2], s.high[3], s.high[4], s.high[5], s.high[6], s.high[7], s.high[8], s.high[9]);
  let pixel = (at.n * dims.oh + at.row) * dims.ow + at.column;
  for (var i = 0u; i < min(10u, dims.ow - at.column); i++) {
    let out = (pixel + i) * dims.cout + co;
    store(out, co, finish(low[i], a, out), finish(high[i], b, out + 4u));
  }
}

// ---- backward_input ----

// Four neighbouring rows of the kernel's matrix at one tap: rows ci …, four output channels from co. Past the last row
// comes the last again; nobody keeps what it leads to.
fn kernel_rows(tap: u32, inside: bool, ci: u32, co: u32, columns: u32) -> mat4x4f {
  let last = dims.cin - 1u;
  let base = tap * dims.cin;
  var rows = mat4x4f();
  rows[0] = kernel4[((base + min(ci, last)) * dims.cout + co) / 4u];
  if columns > 1u { rows[1] = kernel4[((base + min(ci + 1u, last)) * dims.cout + co) / 4u]; }
  if columns > 2u { rows[2] = kernel4[((base + min(ci + 2u, last)) * dims.cout + co) / 4u]; }
  if columns > 3u { rows[3] = kernel4[((base + min(ci + 3u, last)) * dims.cout + co) / 4u]; }
  return rows * select(0.0, 1.0, inside);
}

// dz at a place of one row, [ow, cout]; outside of it no window lies.
fn dz_in_row(row: u32, ow: u32, co: u32) -> vec4f {
  let inside = ow < dims.ow;
  return select(vec4f(0.0), dz4[((row + select(0u, ow, inside)) * dims.cout + co) / 4u], inside);
}

struct InputSums { low: array<vec4f, 8>, high: array<vec4f, 8> }  // 8 pixels × (4 + 4) channels

// One tap: a row vector times a matrix sums over four output channels, for four input channels.
fn add_tap_back(s: ptr<function, InputSums>, tap: u32, inside: bool, ci: u32, co: u32, d: array<vec4f, 8>) {
  let a = kernel_rows(tap, inside, ci, co, CHANNELS);
  (*s).low[0] += d[0] * a;
  (*s).low[1] += d[1] * a;
  (*s).low[2] += d[2] * a;
  (*s).low[3] += d[3] * a;
  (*s).low[4] += d[4] * a;
  (*s).low[5] += d[5] * a;
  (*s).low[6] += d[6] * a;
  (*s).low[7] += d[7] * a;
  if CHANNELS > 4u {
    let b = kernel_rows(tap, inside, ci + 4u, co, CHANNELS - 4u);
    (*s).high[0] += d[0] * b;
    (*s).high[1] += d[1] * b;
    (*s).high[2] += d[2] * b;
    (*s).high[3] += d[3] * b;
    (*s).high[4] += d[4] * b;
    (*s).high[5] += d[5] * b;
    (*s).high[6] += d[6] * b;
    (*s).high[7] += d[7] * b;
  }
}

// 8 pixels × 8 input channels, stride 1: dx is a convolution of dz. Pixel w met tap kw in the window at w + pad − kw, so
// with growing kw the window moves to the left; taps are taken from the right.
@compute @workgroup_size(16)
fn backward_input(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
                  @builtin(local_invocation_index) lane: u32) {
  let tiles = (dims.w + 7u) / 8u;
  let tile = (group.x + group.z * groups.x) * 16u + lane;
  if tile >= dims.batch * dims.h * tiles { return; }
  let at = place(tile, dims.h, tiles, 8u);
  let ci = group.y * 8u;
  // The rows of the window whose place in dz exists.
  let bottom = at.row + dims.pad_top;
  let first_kh = (max(bottom + 1u, dims.oh) - dims.oh + dims.dilation_h - 1u) / dims.dilation_h;
  let end_kh = min(dims.kh, bottom / dims.dilation_h + 1u);
  var s = InputSums();
  var kh = first_kh;
  var kw = 0u;
  var co = 0u;
  while kh < end_kh {
    let row = (at.n * dims.oh + bottom - kh * dims.dilation_h) * dims.ow;
    let last = kw + TAPS - 1u;
    let start = at.column + dims.pad_left - last;
    let tap = kh * dims.kw + last;
    let d0 = dz_in_row(row, start, co);
    let d1 = dz_in_row(row, start + 1u, co);
    let d2 = dz_in_row(row, start + 2u, co);
    let d3 = dz_in_row(row, start + 3u, co);
    let d4 = dz_in_row(row, start + 4u, co);
    let d5 = dz_in_row(row, start + 5u, co);
    let d6 = dz_in_row(row, start + 6u, co);
    let d7 = dz_in_row(row, start + 7u, co);
    var d8 = vec4f(); var d9 = vec4f(); var d10 = vec4f(); var d11 = vec4f();
    if TAPS > 1u { d8 = dz_in_row(row, start + 8u, co); }
    if TAPS > 2u { d9 = dz_in_row(row, start + 9u, co); }
    if TAPS > 3u { d10 = dz_in_row(row, start + 10u, co); }
    if TAPS > 4u { d11 = dz_in_row(row, start + 11u, co); }
    add_tap_back(&s, tap, last < dims.kw, ci, co, array(d0, d1, d2, d3, d4, d5, d6, d7));
    if TAPS > 1u { add_tap_back(&s, tap - 1u, last - 1u < dims.kw, ci, co, array(d1, d2, d3, d4, d5, d6, d7, d8)); }
    if TAPS > 2u { add_tap_back(&s, tap - 2u, last - 2u < dims.kw, ci, co, array(d2, d3, d4, d5, d6, d7, d8, d9)); }
    if TAPS > 3u { add_tap_back(&s, tap - 3u, last - 3u < dims.kw, ci, co, array(d3, d4, d5, d6, d7, d8, d9, d10)); }
    if TAPS > 4u { add_tap_back(&s, tap - 4u, last - 4u < dims.kw, ci, co, array(d4, d5, d6, d7, d8, d9, d10, d11)); }
    co += 4u;
    let taps_end = co >= dims.cout;
    co = select(co, 0u, taps_end);
    kw += select(0u, TAPS, taps_end);
    let row_ends = kw >= dims.kw;
    kw = select(kw, 0u, row_ends);
    kh += u32(row_ends);
  }
  var sums = array(s.low[0], s.high[0], s.low[1], s.high[1], s.low[2], s.high[2], s.low[3], s.high[3], s.low[4], s.high[4], s.low[5], s.high[5], s.low[6], s.high[6], s.low[7], s.high[7]);
  let pixel = (at.n * dims.h + at.row) * dims.w + at.column;
  for (var i = 0u; i < min(8u, dims.w - at.column); i++) {
    for (var c = 0u; c < min(8u, dims.cin - ci); c++) {
      let to = (pixel + i) * dims.cin + ci + c;
      var sum = sums[2u * i + c / 4u][c % 4u];
      if ACCUMULATE == 1u { sum += dx[to]; }
      if BELOW != 0u { sum *= slope(x[to]); }
      dx[to] = sum;
    }
  }
}
