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
  splits: u32, split_rows: u32,     // backward_kernel: parts that the sum is cut into, output rows of each
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;              // [batch, h, w, cin]
@group(0) @binding(2) var<storage, read> kernel2: array<vec2f>;      // [kh, kw, cin, cout / 2]
@group(0) @binding(3) var<storage, read> kernel4: array<vec4f>;      // [kh, kw, cin, cout / 4], the same memory
@group(0) @binding(4) var<storage, read> bias2: array<vec2f>;        // [cout / 2]
@group(0) @binding(5) var<storage, read_write> y2: array<vec2f>;     // [batch, oh, ow, cout / 2]
@group(0) @binding(6) var<storage, read> y_saved2: array<vec2f>;     // y of the forward pass
@group(0) @binding(7) var<storage, read> y_saved4: array<vec4f>;     // the same memory
@group(0) @binding(8) var<storage, read> dy2: array<vec2f>;          // [batch, oh, ow, cout / 2]  gradient from the layer above
@group(0) @binding(9) var<storage, read> dy4: array<vec4f>;          // the same memory
@group(0) @binding(10) var<storage, read_write> dx: array<f32>;      // [batch, h, w, cin]
@group(0) @binding(11) var<storage, read_write> dkernel2: array<vec2f>; // [splits, kh, kw, cin, cout / 2]  sums of the parts
@group(0) @binding(12) var<storage, read_write> dbias2: array<vec2f>;   // [splits, cout / 2]

override ACTIVATION: u32 = 0u;     // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;     // 1 adds to dx instead of replacing it
override FOURS: u32 = 0u;          // 1 where cout is a multiple of 4: loads four channels at once
override IMAGES_FIRST: u32 = 0u;   // 1: neighbouring invocations take the same place of neighbouring images

fn activate(z: vec4f) -> vec4f {
  switch ACTIVATION {
    case 1u: { return max(z, vec4f(0.0)); }
    case 2u: { return tanh(clamp(z, vec4f(-15.0), vec4f(15.0))); }  // beyond 15 it is ±1 in f32
    case 3u: { return 1.0 / (1.0 + exp(-z)); }
    case 4u: { return select(exp(z) - 1.0, z, z > vec4f(0.0)); }
    default: { return z; }
  }
}

// The derivative of the activation, from its own output.
fn slope(out: vec4f) -> vec4f {
  switch ACTIVATION {
    case 1u: { return select(vec4f(0.0), vec4f(1.0), out > vec4f(0.0)); }
    case 2u: { return 1.0 - out * out; }
    case 3u: { return out * (1.0 - out); }
    case 4u: { return select(out + 1.0, vec4f(1.0), out > vec4f(0.0)); }
    default: { return vec4f(1.0); }
  }
}

// Four numbers from an even place. Past the last channel come numbers of the next row; nobody keeps what they lead to.
fn weights(at: u32) -> vec4f {
  if FOURS == 1u { return kernel4[at / 4u]; }
  return vec4f(kernel2[at / 2u], kernel2[at / 2u + 1u]);
}

// Gradient of the loss with respect to what went into the activation, four channels from an even place.
fn dz(at: u32) -> vec4f {
  if FOURS == 1u {
    if ACTIVATION == 0u { return dy4[at / 4u]; }
    return dy4[at / 4u] * slope(y_saved4[at / 4u]);
  }
  let gradient = vec4f(dy2[at / 2u], dy2[at / 2u + 1u]);
  if ACTIVATION == 0u { return gradient; }
  return gradient * slope(vec4f(y_saved2[at / 2u], y_saved2[at / 2u + 1u]));
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

// A value of one row of x, [w, cin]; beyond its ends lies the padding.
fn x_in_row(row: u32, at: u32) -> f32 {
  let inside = at < dims.w * dims.cin;  // before the first value the unsigned number wraps and is huge
  return select(0.0, x[row + select(0u, at, inside)], inside);
}

fn store(at: u32, co: u32, low: vec4f, high: vec4f) {
  let a = activate(low);
  let b = activate(high);
  y2[at / 2u] = a.xy;
  if co + 2u < dims.cout { y2[at / 2u + 1u] = a.zw; }
  if co + 4u < dims.cout { y2[at / 2u + 2u] = b.xy; }
  if co + 6u < dims.cout { y2[at / 2u + 3u] = b.zw; }
}

// 10 pixels × 8 channels. Within a window row, taps and channels lie one after the other in x as in the kernel: one run of
// kw · cin values. Every stride_w · cin values further the window of one pixel is where that of the next pixel was.
@compute @workgroup_size(16)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
           @builtin(local_invocation_index) lane: u32) {
  let tiles = (dims.ow + 9u) / 10u;
  let i = (group.x + group.z * groups.x) * 16u + lane;
  if i >= dims.batch * dims.oh * tiles { return; }
  let at = place(i, dims.oh, tiles, 10u);
  let co = group.y * 8u;
  var s0a = vec4f(); var s0b = vec4f();
  var s1a = vec4f(); var s1b = vec4f();
  var s2a = vec4f(); var s2b = vec4f();
  var s3a = vec4f(); var s3b = vec4f();
  var s4a = vec4f(); var s4b = vec4f();
  var s5a = vec4f(); var s5b = vec4f();
  var s6a = vec4f(); var s6b = vec4f();
  var s7a = vec4f(); var s7b = vec4f();
  var s8a = vec4f(); var s8b = vec4f();
  var s9a = vec4f(); var s9b = vec4f();
  let run = dims.kw * dims.cin;
  let step = dims.stride_w * dims.cin;
  for (var kh = 0u; kh < dims.kh; kh++) {
    // Before the first row the unsigned difference wraps to a huge number, which is outside as well.
    let h = at.row * dims.stride_h + kh * dims.dilation_h - dims.pad_top;
    if h >= dims.h { continue; }
    let row = (at.n * dims.h + h) * dims.w * dims.cin;
    for (var first = 0u; first < min(step, run); first++) {
      var next = (at.column * dims.stride_w - dims.pad_left) * dims.cin + first;
      var x0 = x_in_row(row, next);
      var x1 = x_in_row(row, next + step);
      var x2 = x_in_row(row, next + 2u * step);
      var x3 = x_in_row(row, next + 3u * step);
      var x4 = x_in_row(row, next + 4u * step);
      var x5 = x_in_row(row, next + 5u * step);
      var x6 = x_in_row(row, next + 6u * step);
      var x7 = x_in_row(row, next + 7u * step);
      var x8 = x_in_row(row, next + 8u * step);
      next += 9u * step;
      for (var r = first; r < run; r += step) {
        let x9 = x_in_row(row, next);
        next += step;
        let tap = (kh * run + r) * dims.cout + co;
        let a = weights(tap);
        let b = weights(tap + 4u);
        s0a = fma(vec4f(x0), a, s0a); s0b = fma(vec4f(x0), b, s0b);
        s1a = fma(vec4f(x1), a, s1a); s1b = fma(vec4f(x1), b, s1b);
        s2a = fma(vec4f(x2), a, s2a); s2b = fma(vec4f(x2), b, s2b);
        s3a = fma(vec4f(x3), a, s3a); s3b = fma(vec4f(x3), b, s3b);
        s4a = fma(vec4f(x4), a, s4a); s4b = fma(vec4f(x4), b, s4b);
        s5a = fma(vec4f(x5), a, s5a); s5b = fma(vec4f(x5), b, s5b);
        s6a = fma(vec4f(x6), a, s6a); s6b = fma(vec4f(x6), b, s6b);
        s7a = fma(vec4f(x7), a, s7a); s7b = fma(vec4f(x7), b, s7b);
        s8a = fma(vec4f(x8), a, s8a); s8b = fma(vec4f(x8), b, s8b);
        s9a = fma(vec4f(x9), a, s9a); s9b = fma(vec4f(x9), b, s9b);
        x0 = x1; x1 = x2; x2 = x3; x3 = x4; x4 = x5; x5 = x6; x6 = x7; x7 = x8; x8 = x9;
      }
    }
  }
  if USE_BIAS == 1u {
    let a = vec4f(bias2[co / 2u], bias2[co / 2u + 1u]);
    let b = vec4f(bias2[co / 2u + 2u], bias2[co / 2u + 3u]);
    s0a += a; s0b += b;
    s1a += a; s1b += b;
    s2a += a; s2b += b;
    s3a += a; s3b += b;
    s4a += a; s4b += b;
    s5a += a; s5b += b;
    s6a += a; s6b += b;
    s7a += a; s7b += b;
    s8a += a; s8b += b;
    s9a += a; s9b += b;
  }
  let pixel = ((at.n * dims.oh + at.row) * dims.ow + at.column) * dims.cout + co;
  store(pixel, co, s0a, s0b);
  if at.column + 1u < dims.ow { store(pixel + 1u * dims.cout, co, s1a, s1b); }
  if at.column + 2u < dims.ow { store(pixel + 2u * dims.cout, co, s2a, s2b); }
  if at.column + 3u < dims.ow { store(pixel + 3u * dims.cout, co, s3a, s3b); }
  if at.column + 4u < dims.ow { store(pixel + 4u * dims.cout, co, s4a, s4b); }
  if at.column + 5u < dims.ow { store(pixel + 5u * dims.cout, co, s5a, s5b); }
  if at.column + 6u < dims.ow { store(pixel + 6u * dims.cout, co, s6a, s6b); }
  if at.column + 7u < dims.ow { store(pixel + 7u * dims.cout, co, s7a, s7b); }
  if at.column + 8u < dims.ow { store(pixel + 8u * dims.cout, co, s8a, s8b); }
  if at.column + 9u < dims.ow { store(pixel + 9u * dims.cout, co, s9a, s9b); }
}

// Four neighbouring rows of the kernel's matrix at one tap: row ci, four output channels from co.
fn kernel_rows(tap: u32, ci: u32, co: u32) -> mat4x4f {
  let at = ((tap * dims.cin + ci) * dims.cout + co) / 4u;
  let next = dims.cout / 4u;
  // Rows past the last channel are not loaded; nobody keeps what they would lead to.
  var second = vec4f(); var third = vec4f(); var fourth = vec4f();
  if ci + 1u < dims.cin { second = kernel4[at + next]; }
  if ci + 2u < dims.cin { third = kernel4[at + 2u * next]; }
  if ci + 3u < dims.cin { fourth = kernel4[at + 3u * next]; }
  return mat4x4f(kernel4[at], second, third, fourth);
}

// dz at a place of one row, [ow, cout]; outside of it no window lies.
fn dz_in_row(row: u32, ow: u32, co: u32) -> vec4f {
  let inside = ow < dims.ow;
  return select(vec4f(0.0), dz((row + select(0u, ow, inside)) * dims.cout + co), inside);
}

fn store_dx(at: u32, ci: u32, low: vec4f, high: vec4f) {
  for (var c = 0u; c < min(8u, dims.cin - ci); c++) {
    var value = select(high, low, vec4<bool>(c < 4u))[c % 4u];
    if ACCUMULATE == 1u { value += dx[at + c]; }
    dx[at + c] = value;
  }
}

// 8 pixels × 8 input channels, stride 1: dx is a convolution of dz. Pixel w met tap kw in the window at w + pad − kw, so
// with every tap dz shifts the other way.
@compute @workgroup_size(16)
fn backward_input(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
                  @builtin(local_invocation_index) lane: u32) {
  let tiles = (dims.w + 7u) / 8u;
  let i = (group.x + group.z * groups.x) * 16u + lane;
  if i >= dims.batch * dims.h * tiles { return; }
  let at = place(i, dims.h, tiles, 8u);
  let ci = group.y * 8u;
  let more = ci + 4u < dims.cin;
  var s0a = vec4f(); var s0b = vec4f();
  var s1a = vec4f(); var s1b = vec4f();
  var s2a = vec4f(); var s2b = vec4f();
  var s3a = vec4f(); var s3b = vec4f();
  var s4a = vec4f(); var s4b = vec4f();
  var s5a = vec4f(); var s5b = vec4f();
  var s6a = vec4f(); var s6b = vec4f();
  var s7a = vec4f(); var s7b = vec4f();
  for (var kh = 0u; kh < dims.kh; kh++) {
    let oh = at.row + dims.pad_top - kh * dims.dilation_h;
    if oh >= dims.oh { continue; }
    let row = (at.n * dims.oh + oh) * dims.ow;
    for (var co = 0u; co < dims.cout; co += 4u) {
      let first = at.column + dims.pad_left;
      var d1 = dz_in_row(row, first + 1u, co);
      var d2 = dz_in_row(row, first + 2u, co);
      var d3 = dz_in_row(row, first + 3u, co);
      var d4 = dz_in_row(row, first + 4u, co);
      var d5 = dz_in_row(row, first + 5u, co);
      var d6 = dz_in_row(row, first + 6u, co);
      var d7 = dz_in_row(row, first + 7u, co);
      for (var kw = 0u; kw < dims.kw; kw++) {
        let d0 = dz_in_row(row, first - kw, co);
        let tap = kh * dims.kw + kw;
        let a = kernel_rows(tap, ci, co);
        s0a += d0 * a;
        s1a += d1 * a;
        s2a += d2 * a;
        s3a += d3 * a;
        s4a += d4 * a;
        s5a += d5 * a;
        s6a += d6 * a;
        s7a += d7 * a;
        if more {
          let b = kernel_rows(tap, ci + 4u, co);
          s0b += d0 * b;
          s1b += d1 * b;
          s2b += d2 * b;
          s3b += d3 * b;
          s4b += d4 * b;
          s5b += d5 * b;
          s6b += d6 * b;
          s7b += d7 * b;
        }
        d7 = d6; d6 = d5; d5 = d4; d4 = d3; d3 = d2; d2 = d1; d1 = d0;
      }
    }
  }
  let pixel = ((at.n * dims.h + at.row) * dims.w + at.column) * dims.cin + ci;
  store_dx(pixel, ci, s0a, s0b);
  if at.column + 1u < dims.w { store_dx(pixel + 1u * dims.cin, ci, s1a, s1b); }
  if at.column + 2u < dims.w { store_dx(pixel + 2u * dims.cin, ci, s2a, s2b); }
  if at.column + 3u < dims.w { store_dx(pixel + 3u * dims.cin, ci, s3a, s3b); }
  if at.column + 4u < dims.w { store_dx(pixel + 4u * dims.cin, ci, s4a, s4b); }
  if at.column + 5u < dims.w { store_dx(pixel + 5u * dims.cin, ci, s5a, s5b); }
  if at.column + 6u < dims.w { store_dx(pixel + 6u * dims.cin, ci, s6a, s6b); }
  if at.column + 7u < dims.w { store_dx(pixel + 7u * dims.cin, ci, s7a, s7b); }
}

// Where the row of x lies that a pair (kernel row, input channel) meets in one output row.
struct Row { start: u32, inside: bool }

fn row_of(pair: u32, n: u32, oh: u32) -> Row {
  let h = oh * dims.stride_h + pair / dims.cin * dims.dilation_h - dims.pad_top;
  let inside = h < dims.h && pair < dims.kh * dims.cin;
  return Row(select(0u, (n * dims.h + h) * dims.w * dims.cin + pair % dims.cin, inside), inside);
}

fn x_at(row: Row, w: u32) -> f32 {
  let inside = row.inside && w < dims.w;
  return select(0.0, x[row.start + select(0u, w * dims.cin, inside)], inside);
}

fn store_tap(pair: u32, kw: u32, co: u32, split: u32, sum: vec4f) {
  if pair >= dims.kh * dims.cin || kw >= dims.kw { return; }
  let row = ((split * dims.kh + pair / dims.cin) * dims.kw + kw) * dims.cin + pair % dims.cin;
  let at = (row * dims.cout + co) / 2u;
  dkernel2[at] = sum.xy;
  if co + 2u < dims.cout { dkernel2[at + 1u] = sum.zw; }
}

fn x_at_all(a: Row, b: Row, c: Row, d: Row, w: u32) -> vec4f {
  return vec4f(x_at(a, w), x_at(b, w), x_at(c, w), x_at(d, w));
}

// 4 pairs (kernel row, input channel) × 5 taps along w × 4 output channels, summed over one part of all output rows.
@compute @workgroup_size(16)
fn backward_kernel(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let split = group.x * 16u + lane;
  if split >= dims.splits { return; }
  let pair = group.y * 4u;
  let chunks = (dims.kw + 4u) / 5u;
  let first_kw = group.z % chunks * 5u;
  let co = group.z / chunks * 4u;
  var bias_sum = vec4f();
  var s0a = vec4f(); var s0b = vec4f(); var s0c = vec4f(); var s0d = vec4f();
  var s1a = vec4f(); var s1b = vec4f(); var s1c = vec4f(); var s1d = vec4f();
  var s2a = vec4f(); var s2b = vec4f(); var s2c = vec4f(); var s2d = vec4f();
  var s3a = vec4f(); var s3b = vec4f(); var s3c = vec4f(); var s3d = vec4f();
  var s4a = vec4f(); var s4b = vec4f(); var s4c = vec4f(); var s4d = vec4f();
  let end = min((split + 1u) * dims.split_rows, dims.batch * dims.oh);
  for (var out_row = split * dims.split_rows; out_row < end; out_row++) {
    let n = out_row / dims.oh;
    let oh = out_row % dims.oh;
    let row_a = row_of(pair, n, oh);
    let row_b = row_of(pair + 1u, n, oh);
    let row_c = row_of(pair + 2u, n, oh);
    let row_d = row_of(pair + 3u, n, oh);
    var w = first_kw - dims.pad_left;
    var x1 = vec4f(); var x2 = vec4f(); var x3 = vec4f(); var x4 = vec4f();
    for (var ow = 0u; ow < dims.ow; ow++) {
      var x0 = x1; x1 = x2; x2 = x3; x3 = x4;
      if ow == 0u || dims.stride_w != 1u {
        x0 = x_at_all(row_a, row_b, row_c, row_d, w);
        x1 = x_at_all(row_a, row_b, row_c, row_d, w + 1u);
        x2 = x_at_all(row_a, row_b, row_c, row_d, w + 2u);
        x3 = x_at_all(row_a, row_b, row_c, row_d, w + 3u);
      }
      x4 = x_at_all(row_a, row_b, row_c, row_d, w + 4u);
      w += dims.stride_w;
      let g = dz((out_row * dims.ow + ow) * dims.cout + co);
      bias_sum += g;
      s0a = fma(vec4f(x0.x), g, s0a); s0b = fma(vec4f(x0.y), g, s0b); s0c = fma(vec4f(x0.z), g, s0c); s0d = fma(vec4f(x0.w), g, s0d);
      s1a = fma(vec4f(x1.x), g, s1a); s1b = fma(vec4f(x1.y), g, s1b); s1c = fma(vec4f(x1.z), g, s1c); s1d = fma(vec4f(x1.w), g, s1d);
      s2a = fma(vec4f(x2.x), g, s2a); s2b = fma(vec4f(x2.y), g, s2b); s2c = fma(vec4f(x2.z), g, s2c); s2d = fma(vec4f(x2.w), g, s2d);
      s3a = fma(vec4f(x3.x), g, s3a); s3b = fma(vec4f(x3.y), g, s3b); s3c = fma(vec4f(x3.z), g, s3c); s3d = fma(vec4f(x3.w), g, s3d);
      s4a = fma(vec4f(x4.x), g, s4a); s4b = fma(vec4f(x4.y), g, s4b); s4c = fma(vec4f(x4.z), g, s4c); s4d = fma(vec4f(x4.w), g, s4d);
    }
  }
  store_tap(pair, first_kw, co, split, s0a);
  store_tap(pair + 1u, first_kw, co, split, s0b);
  store_tap(pair + 2u, first_kw, co, split, s0c);
  store_tap(pair + 3u, first_kw, co, split, s0d);
  store_tap(pair, first_kw + 1u, co, split, s1a);
  store_tap(pair + 1u, first_kw + 1u, co, split, s1b);
  store_tap(pair + 2u, first_kw + 1u, co, split, s1c);
  store_tap(pair + 3u, first_kw + 1u, co, split, s1d);
  store_tap(pair, first_kw + 2u, co, split, s2a);
  store_tap(pair + 1u, first_kw + 2u, co, split, s2b);
  store_tap(pair + 2u, first_kw + 2u, co, split, s2c);
  store_tap(pair + 3u, first_kw + 2u, co, split, s2d);
  store_tap(pair, first_kw + 3u, co, split, s3a);
  store_tap(pair + 1u, first_kw + 3u, co, split, s3b);
  store_tap(pair + 2u, first_kw + 3u, co, split, s3c);
  store_tap(pair + 3u, first_kw + 3u, co, split, s3d);
  store_tap(pair, first_kw + 4u, co, split, s4a);
  store_tap(pair + 1u, first_kw + 4u, co, split, s4b);
  store_tap(pair + 2u, first_kw + 4u, co, split, s4c);
  store_tap(pair + 3u, first_kw + 4u, co, split, s4d);
  if USE_BIAS == 1u && pair == 0u && first_kw == 0u {
    let at = (split * dims.cout + co) / 2u;
    dbias2[at] = bias_sum.xy;
    if co + 2u < dims.cout { dbias2[at + 1u] = bias_sum.zw; }
  }
}
