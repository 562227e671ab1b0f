// A dense layer with register tiles: an invocation owns a tile of results, and everything that it loads is used many times.
//
//   forward          8 or 16 samples × 8 units, or 16 × 16
//   backward_input   8 or 16 samples × 8 inputs
//   backward_kernel  16 inputs × 8 units
//
// Loads are what takes the time in the plain kernels. Here four numbers come with each load, and 256 multiplications follow
// 16 such loads, 512 follow 24, or 1,024 follow 32. There is no workgroup memory and no barrier. The number of inputs is a multiple
// of 4, that of units even.
//
// Several layers of the same sizes may be stacked, one behind the other in every tensor: winograd.wgsl has 36 of them.

struct Dims {
  batch: u32,
  inputs: u32,
  units: u32,
  layers: u32,  // stacked ones
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x4: array<vec4f>;              // [batch, inputs / 4]
@group(0) @binding(2) var<storage, read> kernel2: array<vec2f>;         // [inputs, units / 2]
@group(0) @binding(3) var<storage, read> kernel4: array<vec4f>;         // [inputs, units / 4], the same memory
@group(0) @binding(4) var<storage, read> bias2: array<vec2f>;           // [units / 2]
@group(0) @binding(5) var<storage, read_write> y2: array<vec2f>;        // [batch, units / 2]
@group(0) @binding(6) var<storage, read> dz2: array<vec2f>;             // [batch, units / 2]  gradient of the loss by what went into the activation
@group(0) @binding(7) var<storage, read> dz4: array<vec4f>;             // the same memory
@group(0) @binding(8) var<storage, read_write> dx4: array<vec4f>;      // [batch, inputs / 4]
@group(0) @binding(9) var<storage, read_write> dkernel2: array<vec2f>; // [inputs, units / 2]
@group(0) @binding(10) var<storage, read_write> dbias2: array<vec2f>;   // [units / 2]
@group(0) @binding(11) var<storage, read> norm2: array<vec2f>;          // gamma, beta of a batch norm: [2, units in whole 64s]
@group(0) @binding(12) var<storage, read> moving2: array<vec2f>;        // its moving mean and variance, likewise
@group(0) @binding(13) var<storage, read> residual2: array<vec2f>;      // [batch, units / 2]  what comes by the skip connection

override ACTIVATION: u32 = 0u;  // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;  // 1 adds to dx, or to the gradients of kernel and bias, instead of replacing them
override BELOW: u32 = 0u;       // activation that x came out of: dx times its slope is the dz of the layer below
override BIAS_OF: u32 = 0u;     // which of the stacked layers has the bias
override NORM: u32 = 0u;        // 1: batch norm of inference follows, which is one factor and one shift a channel
override EPSILON: f32 = 0.0;    // of that norm
override RESIDUAL: u32 = 0u;    // 1: another tensor is added before the activation
override FOURS: u32 = 0u;       // 1 where units is a multiple of 4: loads four of them at once
override SAMPLES: u32 = 8u;     // samples of a tile: 8, 16 where there are many, or 1 for a single one
override UNITS: u32 = 8u;       // units of forward's tile: 8, or 16 for software adapters, which have no registers to run out of

fn activate(z: vec4f) -> vec4f {
  switch ACTIVATION {
    case 1u: { return select(z, vec4f(0.0), z <= vec4f(0.0)); }  // max would hide a NaN
    case 2u: { return tanh(clamp(z, vec4f(-15.0), vec4f(15.0))); }  // beyond 15 it is ±1 in f32
    case 3u: { return 1.0 / (1.0 + exp(-z)); }
    case 4u: { return select(exp(z) - 1.0, z, z > vec4f(0.0)); }
    default: { return z; }
  }
}

// Four units: the bias that their sums begin with, and the batch norm that follows a 1×1 convolution in inference.
struct Channels { bias: vec4f, mean: vec4f, scale: vec4f, beta: vec4f }

fn channels(o: u32) -> Channels {
  let at = o / 2u;
  var c = Channels();
  if USE_BIAS == 1u { c.bias = vec4f(bias2[at], bias2[at + 1u]); }
  if NORM == 1u {
    let second = (dims.units + 63u) / 64u * 32u;
    let gamma = vec4f(norm2[at], norm2[at + 1u]);
    let variance = vec4f(moving2[second + at], moving2[second + at + 1u]);
    c.mean = vec4f(moving2[at], moving2[at + 1u]);
    c.scale = inverseSqrt(variance + EPSILON) * gamma;
    c.beta = vec4f(norm2[second + at], norm2[second + at + 1u]);
  }
  return c;
}

fn finish(sum: vec4f, c: Channels, at: u32) -> vec4f {
  var z = sum;
  if NORM == 1u { z = (z - c.mean) * c.scale + c.beta; }
  if RESIDUAL == 1u { z += vec4f(residual2[at / 2u], residual2[at / 2u + 1u]); }
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

// Four numbers from an even place. Past the last unit come numbers of the next row; nobody keeps what they lead to.
fn weights(at: u32) -> vec4f {
  if FOURS == 1u { return kernel4[at / 4u]; }
  return vec4f(kernel2[at / 2u], kernel2[at / 2u + 1u]);
}

// Gradients of sample n, four units from o on. Past the last unit it is 0; past the last sample it is that of the last.
fn dz(layer: u32, n: u32, o: u32) -> vec4f {
  let at = (layer * dims.batch + min(n, dims.batch - 1u)) * dims.units + o;
  if FOURS == 1u { return dz4[at / 4u]; }
  let inside = vec4<bool>(vec2<bool>(true), vec2<bool>(o + 2u < dims.units));
  return select(vec4f(0.0), vec4f(dz2[at / 2u], dz2[at / 2u + 1u]), inside);
}

// The tile of an invocation. Neighbours take neighbouring columns, so that together they read whole cache lines, and rows
// that lie a power of two apart do not push each other out of the cache.
struct Place { layer: u32, row: u32, column: u32 }

fn index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * 16u; }

fn place(i: u32, rows: u32, height: u32, columns: u32, width: u32) -> Place {
  let across = (columns + width - 1u) / width;
  let down = (rows + height - 1u) / height;
  let tile = i / across;
  return Place(tile / down, tile % down * height, i % across * width);
}

// ---- forward: y = x · kernel ----

fn store_y(n: u32, o: u32, a: vec4f, b: vec4f) {
  let at = (n * dims.units + o) / 2u;
  y2[at] = a.xy;
  if o + 2u < dims.units { y2[at + 1u] = a.zw; }
  if o + 4u < dims.units { y2[at + 2u] = b.xy; }
  if o + 6u < dims.units { y2[at + 3u] = b.zw; }
}

// Four rows of the kernel, four units of each.
fn block(k: u32, o: u32) -> mat4x4f {
  let at = k * dims.units + o;
  return mat4x4f(weights(at), weights(at + dims.units), weights(at + 2u * dims.units), weights(at + 3u * dims.units));
}

// Four rows of the kernel, for all units of a tile.
struct Blocks { a: mat4x4f, b: mat4x4f, c: mat4x4f, d: mat4x4f }

// A matrix times a vector of four inputs sums four products for each of four units: of one sample eight units, and eight more.
fn add(s: ptr<function, mat2x4f>, t: ptr<function, mat2x4f>, m: Blocks, v: vec4f) {
  (*s)[0] += m.a * v;
  (*s)[1] += m.b * v;
  if UNITS > 8u {
    (*t)[0] += m.c * v;
    (*t)[1] += m.d * v;
  }
}

@compute @workgroup_size(16)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = place(index(id, groups), dims.batch, SAMPLES, dims.units, UNITS);
  let layer = at.layer;
  let n = at.row;
  let o = at.column;
  if layer >= dims.layers { return; }
  let inputs4 = dims.inputs / 4u;
  let last = dims.batch - 1u;
  let sample = layer * dims.batch;
  let input = layer * dims.inputs;
  let row0 = (sample + min(n + 0u, last)) * inputs4; let row1 = (sample + min(n + 1u, last)) * inputs4;
  let row2 = (sample + min(n + 2u, last)) * inputs4; let row3 = (sample + min(n + 3u, last)) * inputs4;
  let row4 = (sample + min(n + 4u, last)) * inputs4; let row5 = (sample + min(n + 5u, last)) * inputs4;
  let row6 = (sample + min(n + 6u, last)) * inputs4; let row7 = (sample + min(n + 7u, last)) * inputs4;
  let row8 = (sample + min(n + 8u, last)) * inputs4; let row9 = (sample + min(n + 9u, last)) * inputs4;
  let row10 = (sample + min(n + 10u, last)) * inputs4; let row11 = (sample + min(n + 11u, last)) * inputs4;
  let row12 = (sample + min(n + 12u, last)) * inputs4; let row13 = (sample + min(n + 13u, last)) * inputs4;
  let row14 = (sample + min(n + 14u, last)) * inputs4; let row15 = (sample + min(n + 15u, last)) * inputs4;
  let first = channels(o);
  let second = channels(o + 4u);
  var third = Channels();
  var fourth = Channels();
  if UNITS > 8u {
    third = channels(o + 8u);
    fourth = channels(o + 12u);
  }
  let bias = mat2x4f(first.bias, second.bias);
  let more = mat2x4f(third.bias, fourth.bias);
  var s0 = bias; var s1 = bias; var s2 = bias; var s3 = bias;
  var s4 = bias; var s5 = bias; var s6 = bias; var s7 = bias;
  var s8 = bias; var s9 = bias; var s10 = bias; var s11 = bias;
  var s12 = bias; var s13 = bias; var s14 = bias; var s15 = bias;
  var t0 = more; var t1 = more; var t2 = more; var t3 = more;
  var t4 = more; var t5 = more; var t6 = more; var t7 = more;
  var t8 = more; var t9 = more; var t10 = more; var t11 = more;
  var t12 = more; var t13 = more; var t14 = more; var t15 = more;
  for (var k = 0u; k < inputs4; k++) {
    var m = Blocks();
    m.a = block(input + 4u * k, o);
    m.b = block(input + 4u * k, o + 4u);
    if UNITS > 8u {
      m.c = block(input + 4u * k, o + 8u);
      m.d = block(input + 4u * k, o + 12u);
    }
    add(&s0, &t0, m, x4[row0 + k]);
    if SAMPLES > 1u {
      add(&s1, &t1, m, x4[row1 + k]);
      add(&s2, &t2, m, x4[row2 + k]);
      add(&s3, &t3, m, x4[row3 + k]);
      add(&s4, &t4, m, x4[row4 + k]);
      add(&s5, &t5, m, x4[row5 + k]);
      add(&s6, &t6, m, x4[row6 + k]);
      add(&s7, &t7, m, x4[row7 + k]);
    }
    if SAMPLES > 8u {
      add(&s8, &t8, m, x4[row8 + k]);
      add(&s9, &t9, m, x4[row9 + k]);
      add(&s10, &t10, m, x4[row10 + k]);
      add(&s11, &t11, m, x4[row11 + k]);
      add(&s12, &t12, m, x4[row12 + k]);
      add(&s13, &t13, m, x4[row13 + k]);
      add(&s14, &t14, m, x4[row14 + k]);
      add(&s15, &t15, m, x4[row15 + k]);
    }
  }
  // Copies, because what a loop indexes lies in memory.
  var sums = array(s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15);
  var others = array(t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15);
  for (var i = 0u; i < min(SAMPLES, dims.batch - n); i++) {
    let out = (sample + n + i) * dims.units + o;
    store_y(sample + n + i, o, finish(sums[i][0], first, out), finish(sums[i][1], second, out + 4u));
    if UNITS > 8u && o + 8u < dims.units {
      store_y(sample + n + i, o + 8u, finish(others[i][0], third, out + 8u), finish(others[i][1], fourth, out + 12u));
    }
  }
}

// ---- backward_input: dx = dz · kernelᵀ ----

// Four rows of the kernel again; here they are multiplied from the left, which sums over the units.
fn rows(layer: u32, k: u32, o: u32) -> mat4x4f {
  return block(layer * dims.inputs + min(k, dims.inputs - 4u), o);
}

fn keep_dx(at: u32, sum: vec4f) {
  var dx = sum;
  if ACCUMULATE == 1u { dx += dx4[at]; }
  if BELOW != 0u { dx *= slope(x4[at]); }
  dx4[at] = dx;
}

fn add_back(s: ptr<function, mat2x4f>, a: mat4x4f, b: mat4x4f, g: vec4f) {
  (*s)[0] += g * a;
  (*s)[1] += g * b;
}

@compute @workgroup_size(16)
fn backward_input(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = place(index(id, groups), dims.batch, SAMPLES, dims.inputs, 8u);
  let layer = at.layer;
  let n = at.row;
  let k = at.column;
  if layer >= dims.layers { return; }
  var s0 = mat2x4f(); var s1 = mat2x4f(); var s2 = mat2x4f(); var s3 = mat2x4f();
  var s4 = mat2x4f(); var s5 = mat2x4f(); var s6 = mat2x4f(); var s7 = mat2x4f();
  var s8 = mat2x4f(); var s9 = mat2x4f(); var s10 = mat2x4f(); var s11 = mat2x4f();
  var s12 = mat2x4f(); var s13 = mat2x4f(); var s14 = mat2x4f(); var s15 = mat2x4f();
  for (var o = 0u; o < dims.units; o += 4u) {
    let a = rows(layer, k, o);
    let b = rows(layer, k + 4u, o);
    add_back(&s0, a, b, dz(layer, n, o));
    if SAMPLES > 1u {
      add_back(&s1, a, b, dz(layer, n + 1u, o));
      add_back(&s2, a, b, dz(layer, n + 2u, o));
      add_back(&s3, a, b, dz(layer, n + 3u, o));
      add_back(&s4, a, b, dz(layer, n + 4u, o));
      add_back(&s5, a, b, dz(layer, n + 5u, o));
      add_back(&s6, a, b, dz(layer, n + 6u, o));
      add_back(&s7, a, b, dz(layer, n + 7u, o));
    }
    if SAMPLES > 8u {
      add_back(&s8, a, b, dz(layer, n + 8u, o));
      add_back(&s9, a, b, dz(layer, n + 9u, o));
      add_back(&s10, a, b, dz(layer, n + 10u, o));
      add_back(&s11, a, b, dz(layer, n + 11u, o));
      add_back(&s12, a, b, dz(layer, n + 12u, o));
      add_back(&s13, a, b, dz(layer, n + 13u, o));
      add_back(&s14, a, b, dz(layer, n + 14u, o));
      add_back(&s15, a, b, dz(layer, n + 15u, o));
    }
  }
  var sums = array(s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15);
  for (var i = 0u; i < min(SAMPLES, dims.batch - n); i++) {
    let to = ((layer * dims.batch + n + i) * dims.inputs + k) / 4u;
    keep_dx(to, sums[i][0]);
    if k + 4u < dims.inputs { keep_dx(to + 1u, sums[i][1]); }
  }
}

// ---- backward_kernel: dkernel = xᵀ · dz, dbias = Σ_n dz ----

fn keep_dkernel(at: u32, sum: vec2f) {
  if ACCUMULATE == 1u { dkernel2[at] += sum; } else { dkernel2[at] = sum; }
}

fn store_dkernel(k: u32, o: u32, low: vec4f, high: vec4f) {
  let at = (k * dims.units + o) / 2u;
  keep_dkernel(at, low.xy);
  if o + 2u < dims.units { keep_dkernel(at + 1u, low.zw); }
  if o + 4u < dims.units { keep_dkernel(at + 2u, high.xy); }
  if o + 6u < dims.units { keep_dkernel(at + 3u, high.zw); }
}

fn keep_dbias(at: u32, sum: vec2f) {
  if ACCUMULATE == 1u { dbias2[at] += sum; } else { dbias2[at] = sum; }
}

fn dz_or_0(layer: u32, n: u32, o: u32) -> vec4f {
  return select(vec4f(0.0), dz(layer, n, o), n < dims.batch);
}

// Four inputs of four samples: row i holds input k + i. Past the last sample or input comes the last again.
fn inputs_of(layer: u32, n: u32, k: u32) -> mat4x4f {
  let inputs4 = dims.inputs / 4u;
  let column = layer * dims.batch * inputs4 + min(k / 4u, inputs4 - 1u);
  let last = dims.batch - 1u;
  return transpose(mat4x4f(
    x4[n * inputs4 + column], x4[min(n + 1u, last) * inputs4 + column],
    x4[min(n + 2u, last) * inputs4 + column], x4[min(n + 3u, last) * inputs4 + column]));
}

fn add_products(s: ptr<function, mat2x4f>, a: mat4x4f, b: mat4x4f, x: vec4f) {
  (*s)[0] += a * x;
  (*s)[1] += b * x;
}

@compute @workgroup_size(16)
fn backward_kernel(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = place(index(id, groups), dims.inputs, 16u, dims.units, 8u);
  let layer = at.layer;
  let k = at.row;
  let o = at.column;
  if layer >= dims.layers { return; }
  let next = min(o + 4u, (dims.units - 1u) / 2u * 2u);
  var bias_a = vec4f(); var bias_b = vec4f();
  var s0 = mat2x4f(); var s1 = mat2x4f(); var s2 = mat2x4f(); var s3 = mat2x4f();
  var s4 = mat2x4f(); var s5 = mat2x4f(); var s6 = mat2x4f(); var s7 = mat2x4f();
  var s8 = mat2x4f(); var s9 = mat2x4f(); var s10 = mat2x4f(); var s11 = mat2x4f();
  var s12 = mat2x4f(); var s13 = mat2x4f(); var s14 = mat2x4f(); var s15 = mat2x4f();
  for (var n = 0u; n < dims.batch; n += 4u) {
    // Four samples at a time: a column each, 0 past the last sample.
    let a = mat4x4f(dz_or_0(layer, n, o), dz_or_0(layer, n + 1u, o), dz_or_0(layer, n + 2u, o), dz_or_0(layer, n + 3u, o));
    let b = mat4x4f(dz_or_0(layer, n, next), dz_or_0(layer, n + 1u, next), dz_or_0(layer, n + 2u, next), dz_or_0(layer, n + 3u, next));
    bias_a += a[0] + a[1] + a[2] + a[3];
    bias_b += b[0] + b[1] + b[2] + b[3];
    let x0 = inputs_of(layer, n, k);
    let x1 = inputs_of(layer, n, k + 4u);
    let x2 = inputs_of(layer, n, k + 8u);
    let x3 = inputs_of(layer, n, k + 12u);
    add_products(&s0, a, b, x0[0]); add_products(&s1, a, b, x0[1]);
    add_products(&s2, a, b, x0[2]); add_products(&s3, a, b, x0[3]);
    add_products(&s4, a, b, x1[0]); add_products(&s5, a, b, x1[1]);
    add_products(&s6, a, b, x1[2]); add_products(&s7, a, b, x1[3]);
    add_products(&s8, a, b, x2[0]); add_products(&s9, a, b, x2[1]);
    add_products(&s10, a, b, x2[2]); add_products(&s11, a, b, x2[3]);
    add_products(&s12, a, b, x3[0]); add_products(&s13, a, b, x3[1]);
    add_products(&s14, a, b, x3[2]); add_products(&s15, a, b, x3[3]);
  }
  var sums = array(s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11, s12, s13, s14, s15);
  for (var i = 0u; i < min(16u, dims.inputs - k); i++) { store_dkernel(layer * dims.inputs + k + i, o, sums[i][0], sums[i][1]); }
  if USE_BIAS == 1u && k == 0u && layer == BIAS_OF {
    let at = o / 2u;
    keep_dbias(at, bias_a.xy);
    if o + 2u < dims.units { keep_dbias(at + 1u, bias_a.zw); }
    if o + 4u < dims.units { keep_dbias(at + 2u, bias_b.xy); }
    if o + 6u < dims.units { keep_dbias(at + 3u, bias_b.zw); }
  }
}
