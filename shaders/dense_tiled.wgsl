// A dense layer with register tiles: an invocation owns a tile of results, and everything that it loads is used many times.
//
//   forward          8 samples × 8 units
//   backward_input   8 samples × 8 inputs
//   backward_kernel  16 inputs × 8 units
//
// Loads are what takes the time in the plain kernels. Here four numbers come with each load, and 256 multiplications follow
// 16 such loads. There is no workgroup memory and no barrier. The number of inputs is a multiple of 4, that of units even.

struct Dims {
  batch: u32,
  inputs: u32,
  units: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x4: array<vec4f>;              // [batch, inputs / 4]
@group(0) @binding(2) var<storage, read> kernel2: array<vec2f>;         // [inputs, units / 2]
@group(0) @binding(3) var<storage, read> kernel4: array<vec4f>;         // [inputs, units / 4], the same memory
@group(0) @binding(4) var<storage, read> bias2: array<vec2f>;           // [units / 2]
@group(0) @binding(5) var<storage, read_write> y2: array<vec2f>;        // [batch, units / 2]
@group(0) @binding(6) var<storage, read> y_saved2: array<vec2f>;        // y of the forward pass
@group(0) @binding(7) var<storage, read> y_saved4: array<vec4f>;        // the same memory
@group(0) @binding(8) var<storage, read> dy2: array<vec2f>;             // [batch, units / 2]  gradient from the layer above
@group(0) @binding(9) var<storage, read> dy4: array<vec4f>;             // the same memory
@group(0) @binding(10) var<storage, read_write> dx4: array<vec4f>;      // [batch, inputs / 4]
@group(0) @binding(11) var<storage, read_write> dkernel2: array<vec2f>; // [inputs, units / 2]
@group(0) @binding(12) var<storage, read_write> dbias2: array<vec2f>;   // [units / 2]
@group(0) @binding(13) var<storage, read> norm2: array<vec2f>;          // gamma, beta of a batch norm: [2, units in whole 64s]
@group(0) @binding(14) var<storage, read> moving2: array<vec2f>;        // its moving mean and variance, likewise
@group(0) @binding(15) var<storage, read> residual2: array<vec2f>;      // [batch, units / 2]  what comes by the skip connection

override ACTIVATION: u32 = 0u;  // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it
override NORM: u32 = 0u;        // 1: batch norm of inference follows, which is one factor and one shift a channel
override EPSILON: f32 = 0.0;    // of that norm
override RESIDUAL: u32 = 0u;    // 1: another tensor is added before the activation
override FOURS: u32 = 0u;       // 1 where units is a multiple of 4: loads four of them at once
override SAMPLES: u32 = 8u;     // samples of a tile: 8, or 1 for a single one

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

// Four numbers from an even place. Past the last unit come numbers of the next row; nobody keeps what they lead to.
fn weights(at: u32) -> vec4f {
  if FOURS == 1u { return kernel4[at / 4u]; }
  return vec4f(kernel2[at / 2u], kernel2[at / 2u + 1u]);
}

// Gradient of the loss with respect to what went into the activation: sample n, four units from o on. Past the last unit
// it is 0; past the last sample it is that of the last.
fn dz(n: u32, o: u32) -> vec4f {
  let at = min(n, dims.batch - 1u) * dims.units + o;
  if FOURS == 1u {
    if ACTIVATION == 0u { return dy4[at / 4u]; }
    return dy4[at / 4u] * slope(y_saved4[at / 4u]);
  }
  let inside = vec4<bool>(vec2<bool>(true), vec2<bool>(o + 2u < dims.units));
  var gradient = vec4f(dy2[at / 2u], dy2[at / 2u + 1u]);
  if ACTIVATION != 0u { gradient *= slope(vec4f(y_saved2[at / 2u], y_saved2[at / 2u + 1u])); }
  return select(vec4f(0.0), gradient, inside);
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

// A matrix times a vector of four inputs sums four products for each of four units.
@compute @workgroup_size(16)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
           @builtin(local_invocation_index) lane: u32) {
  let n = ((group.x + group.z * groups.x) * 16u + lane) * SAMPLES;
  if n >= dims.batch { return; }
  let o = group.y * 8u;
  let inputs4 = dims.inputs / 4u;
  let last = dims.batch - 1u;
  let row0 = min(n + 0u, last) * inputs4;
  let row1 = min(n + 1u, last) * inputs4;
  let row2 = min(n + 2u, last) * inputs4;
  let row3 = min(n + 3u, last) * inputs4;
  let row4 = min(n + 4u, last) * inputs4;
  let row5 = min(n + 5u, last) * inputs4;
  let row6 = min(n + 6u, last) * inputs4;
  let row7 = min(n + 7u, last) * inputs4;
  let first = channels(o);
  let second = channels(o + 4u);
  var s0a = first.bias; var s0b = second.bias;
  var s1a = first.bias; var s1b = second.bias;
  var s2a = first.bias; var s2b = second.bias;
  var s3a = first.bias; var s3b = second.bias;
  var s4a = first.bias; var s4b = second.bias;
  var s5a = first.bias; var s5b = second.bias;
  var s6a = first.bias; var s6b = second.bias;
  var s7a = first.bias; var s7b = second.bias;
  for (var k = 0u; k < inputs4; k++) {
    let a = block(4u * k, o);
    let b = block(4u * k, o + 4u);
    let v0 = x4[row0 + k];
    s0a += a * v0; s0b += b * v0;
    if SAMPLES > 1u {
      let v1 = x4[row1 + k];
      let v2 = x4[row2 + k];
      let v3 = x4[row3 + k];
      let v4 = x4[row4 + k];
      let v5 = x4[row5 + k];
      let v6 = x4[row6 + k];
      let v7 = x4[row7 + k];
      s1a += a * v1; s1b += b * v1;
      s2a += a * v2; s2b += b * v2;
      s3a += a * v3; s3b += b * v3;
      s4a += a * v4; s4b += b * v4;
      s5a += a * v5; s5b += b * v5;
      s6a += a * v6; s6b += b * v6;
      s7a += a * v7; s7b += b * v7;
    }
  }
  // Copies, because what a loop indexes lies in memory.
  var low = array(s0a, s1a, s2a, s3a, s4a, s5a, s6a, s7a);
  var high = array(s0b, s1b, s2b, s3b, s4b, s5b, s6b, s7b);
  for (var i = 0u; i < min(SAMPLES, dims.batch - n); i++) {
    let out = (n + i) * dims.units + o;
    store_y(n + i, o, finish(low[i], first, out), finish(high[i], second, out + 4u));
  }
}

// ---- backward_input: dx = dz · kernelᵀ ----

// Four rows of the kernel again; here they are multiplied from the left, which sums over the units.
fn rows(k: u32, o: u32) -> mat4x4f {
  return block(min(k, dims.inputs - 4u), o);
}

@compute @workgroup_size(16)
fn backward_input(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
                  @builtin(local_invocation_index) lane: u32) {
  let n = ((group.x + group.z * groups.x) * 16u + lane) * SAMPLES;
  if n >= dims.batch { return; }
  let k = group.y * 8u;
  var s0a = vec4f(); var s0b = vec4f();
  var s1a = vec4f(); var s1b = vec4f();
  var s2a = vec4f(); var s2b = vec4f();
  var s3a = vec4f(); var s3b = vec4f();
  var s4a = vec4f(); var s4b = vec4f();
  var s5a = vec4f(); var s5b = vec4f();
  var s6a = vec4f(); var s6b = vec4f();
  var s7a = vec4f(); var s7b = vec4f();
  for (var o = 0u; o < dims.units; o += 4u) {
    let a = rows(k, o);
    let b = rows(k + 4u, o);
    let g0 = dz(n, o);
    s0a += g0 * a; s0b += g0 * b;
    if SAMPLES > 1u {
      let g1 = dz(n + 1u, o);
      let g2 = dz(n + 2u, o);
      let g3 = dz(n + 3u, o);
      let g4 = dz(n + 4u, o);
      let g5 = dz(n + 5u, o);
      let g6 = dz(n + 6u, o);
      let g7 = dz(n + 7u, o);
      s1a += g1 * a; s1b += g1 * b;
      s2a += g2 * a; s2b += g2 * b;
      s3a += g3 * a; s3b += g3 * b;
      s4a += g4 * a; s4b += g4 * b;
      s5a += g5 * a; s5b += g5 * b;
      s6a += g6 * a; s6b += g6 * b;
      s7a += g7 * a; s7b += g7 * b;
    }
  }
  var sums = array(s0a, s0b, s1a, s1b, s2a, s2b, s3a, s3b, s4a, s4b, s5a, s5b, s6a, s6b, s7a, s7b);
  for (var i = 0u; i < 2u * min(SAMPLES, dims.batch - n); i++) {
    let column = k + i % 2u * 4u;
    if column < dims.inputs {
      let at = ((n + i / 2u) * dims.inputs + column) / 4u;
      if ACCUMULATE == 1u { dx4[at] += sums[i]; } else { dx4[at] = sums[i]; }
    }
  }
}

// ---- backward_kernel: dkernel = xᵀ · dz, dbias = Σ_n dz ----

fn store_dkernel(k: u32, o: u32, low: vec4f, high: vec4f) {
  let at = (k * dims.units + o) / 2u;
  dkernel2[at] = low.xy;
  if o + 2u < dims.units { dkernel2[at + 1u] = low.zw; }
  if o + 4u < dims.units { dkernel2[at + 2u] = high.xy; }
  if o + 6u < dims.units { dkernel2[at + 3u] = high.zw; }
}

fn dz_or_0(n: u32, o: u32) -> vec4f {
  return select(vec4f(0.0), dz(n, o), n < dims.batch);
}

// Four inputs of four samples: row i holds input k + i. Past the last sample or input comes the last again.
fn inputs_of(n: u32, k: u32) -> mat4x4f {
  let inputs4 = dims.inputs / 4u;
  let column = min(k / 4u, inputs4 - 1u);
  let last = dims.batch - 1u;
  return transpose(mat4x4f(
    x4[n * inputs4 + column], x4[min(n + 1u, last) * inputs4 + column],
    x4[min(n + 2u, last) * inputs4 + column], x4[min(n + 3u, last) * inputs4 + column]));
}

@compute @workgroup_size(16)
fn backward_kernel(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
                   @builtin(local_invocation_index) lane: u32) {
  let k = ((group.x + group.z * groups.x) * 16u + lane) * 16u;
  if k >= dims.inputs { return; }
  let o = group.y * 8u;
  let next = min(o + 4u, (dims.units - 1u) / 2u * 2u);
  let inputs4 = dims.inputs / 4u;
  var bias_a = vec4f(); var bias_b = vec4f();
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
  var s10a = vec4f(); var s10b = vec4f();
  var s11a = vec4f(); var s11b = vec4f();
  var s12a = vec4f(); var s12b = vec4f();
  var s13a = vec4f(); var s13b = vec4f();
  var s14a = vec4f(); var s14b = vec4f();
  var s15a = vec4f(); var s15b = vec4f();
  for (var n = 0u; n < dims.batch; n += 4u) {
    // Four samples at a time: a column each, 0 past the last sample.
    let a = mat4x4f(dz_or_0(n, o), dz_or_0(n + 1u, o), dz_or_0(n + 2u, o), dz_or_0(n + 3u, o));
    let b = mat4x4f(dz_or_0(n, next), dz_or_0(n + 1u, next), dz_or_0(n + 2u, next), dz_or_0(n + 3u, next));
    bias_a += a[0] + a[1] + a[2] + a[3];
    bias_b += b[0] + b[1] + b[2] + b[3];
    let x0 = inputs_of(n, k);
    let x1 = inputs_of(n, k + 4u);
    let x2 = inputs_of(n, k + 8u);
    let x3 = inputs_of(n, k + 12u);
    s0a += a * x0[0]; s0b += b * x0[0];
    s1a += a * x0[1]; s1b += b * x0[1];
    s2a += a * x0[2]; s2b += b * x0[2];
    s3a += a * x0[3]; s3b += b * x0[3];
    s4a += a * x1[0]; s4b += b * x1[0];
    s5a += a * x1[1]; s5b += b * x1[1];
    s6a += a * x1[2]; s6b += b * x1[2];
    s7a += a * x1[3]; s7b += b * x1[3];
    s8a += a * x2[0]; s8b += b * x2[0];
    s9a += a * x2[1]; s9b += b * x2[1];
    s10a += a * x2[2]; s10b += b * x2[2];
    s11a += a * x2[3]; s11b += b * x2[3];
    s12a += a * x3[0]; s12b += b * x3[0];
    s13a += a * x3[1]; s13b += b * x3[1];
    s14a += a * x3[2]; s14b += b * x3[2];
    s15a += a * x3[3]; s15b += b * x3[3];
  }
  var low = array(s0a, s1a, s2a, s3a, s4a, s5a, s6a, s7a, s8a, s9a, s10a, s11a, s12a, s13a, s14a, s15a);
  var high = array(s0b, s1b, s2b, s3b, s4b, s5b, s6b, s7b, s8b, s9b, s10b, s11b, s12b, s13b, s14b, s15b);
  for (var i = 0u; i < min(16u, dims.inputs - k); i++) { store_dkernel(k + i, o, low[i], high[i]); }
  if USE_BIAS == 1u && k == 0u {
    let at = o / 2u;
    dbias2[at] = bias_a.xy;
    if o + 2u < dims.units { dbias2[at + 1u] = bias_a.zw; }
    if o + 4u < dims.units { dbias2[at + 2u] = bias_b.xy; }
    if o + 6u < dims.units { dbias2[at + 3u] = bias_b.zw; }
  }
}
