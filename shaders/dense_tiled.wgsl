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

override ACTIVATION: u32 = 0u;  // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it
override FOURS: u32 = 0u;       // 1 where units is a multiple of 4: loads four of them at once
override SAMPLES: u32 = 8u;     // samples of a tile: 8, or 1 for a single one

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

fn store_y(n: u32, o: u32, low: vec4f, high: vec4f) {
  if n >= dims.batch { return; }
  let at = (n * dims.units + o) / 2u;
  let a = activate(low);
  let b = activate(high);
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
  var bias_a = vec4f(); var bias_b = vec4f();
  if USE_BIAS == 1u {
    bias_a = vec4f(bias2[o / 2u], bias2[o / 2u + 1u]);
    bias_b = vec4f(bias2[o / 2u + 2u], bias2[o / 2u + 3u]);
  }
  var s0a = bias_a; var s0b = bias_b;
  var s1a = bias_a; var s1b = bias_b;
  var s2a = bias_a; var s2b = bias_b;
  var s3a = bias_a; var s3b = bias_b;
  var s4a = bias_a; var s4b = bias_b;
  var s5a = bias_a; var s5b = bias_b;
  var s6a = bias_a; var s6b = bias_b;
  var s7a = bias_a; var s7b = bias_b;
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
  store_y(n, o, s0a, s0b);
  if SAMPLES > 1u {
    store_y(n + 1u, o, s1a, s1b);
    store_y(n + 2u, o, s2a, s2b);
    store_y(n + 3u, o, s3a, s3b);
    store_y(n + 4u, o, s4a, s4b);
    store_y(n + 5u, o, s5a, s5b);
    store_y(n + 6u, o, s6a, s6b);
    store_y(n + 7u, o, s7a, s7b);
  }
}

// ---- backward_input: dx = dz · kernelᵀ ----

// Four rows of the kernel again; here they are multiplied from the left, which sums over the units.
fn rows(k: u32, o: u32) -> mat4x4f {
  return block(min(k, dims.inputs - 4u), o);
}

fn store_dx(n: u32, k: u32, sum: vec4f) {
  if n >= dims.batch || k >= dims.inputs { return; }
  let at = (n * dims.inputs + k) / 4u;
  if ACCUMULATE == 1u { dx4[at] += sum; } else { dx4[at] = sum; }
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
  store_dx(n, k, s0a); store_dx(n, k + 4u, s0b);
  if SAMPLES > 1u {
    store_dx(n + 1u, k, s1a); store_dx(n + 1u, k + 4u, s1b);
    store_dx(n + 2u, k, s2a); store_dx(n + 2u, k + 4u, s2b);
    store_dx(n + 3u, k, s3a); store_dx(n + 3u, k + 4u, s3b);
    store_dx(n + 4u, k, s4a); store_dx(n + 4u, k + 4u, s4b);
    store_dx(n + 5u, k, s5a); store_dx(n + 5u, k + 4u, s5b);
    store_dx(n + 6u, k, s6a); store_dx(n + 6u, k + 4u, s6b);
    store_dx(n + 7u, k, s7a); store_dx(n + 7u, k + 4u, s7b);
  }
}

// ---- backward_kernel: dkernel = xᵀ · dz, dbias = Σ_n dz ----

fn store_dkernel(k: u32, o: u32, low: vec4f, high: vec4f) {
  if k >= dims.inputs { return; }
  let at = (k * dims.units + o) / 2u;
  dkernel2[at] = low.xy;
  if o + 2u < dims.units { dkernel2[at + 1u] = low.zw; }
  if o + 4u < dims.units { dkernel2[at + 2u] = high.xy; }
  if o + 6u < dims.units { dkernel2[at + 3u] = high.zw; }
}

@compute @workgroup_size(16)
fn backward_kernel(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
                   @builtin(local_invocation_index) lane: u32) {
  let k = ((group.x + group.z * groups.x) * 16u + lane) * 16u;
  if k >= dims.inputs { return; }
  let o = group.y * 8u;
  let high = min(o + 4u, (dims.units - 1u) / 2u * 2u);
  let inputs4 = dims.inputs / 4u;
  let k4 = k / 4u;
  let last = inputs4 - 1u;
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
  for (var n = 0u; n < dims.batch; n++) {
    let a = dz(n, o);
    let b = dz(n, high);
    bias_a += a; bias_b += b;
    let row = n * inputs4;
    let x0 = x4[row + k4];
    let x1 = x4[row + min(k4 + 1u, last)];
    let x2 = x4[row + min(k4 + 2u, last)];
    let x3 = x4[row + min(k4 + 3u, last)];
    s0a = fma(vec4f(x0.x), a, s0a); s0b = fma(vec4f(x0.x), b, s0b);
    s1a = fma(vec4f(x0.y), a, s1a); s1b = fma(vec4f(x0.y), b, s1b);
    s2a = fma(vec4f(x0.z), a, s2a); s2b = fma(vec4f(x0.z), b, s2b);
    s3a = fma(vec4f(x0.w), a, s3a); s3b = fma(vec4f(x0.w), b, s3b);
    s4a = fma(vec4f(x1.x), a, s4a); s4b = fma(vec4f(x1.x), b, s4b);
    s5a = fma(vec4f(x1.y), a, s5a); s5b = fma(vec4f(x1.y), b, s5b);
    s6a = fma(vec4f(x1.z), a, s6a); s6b = fma(vec4f(x1.z), b, s6b);
    s7a = fma(vec4f(x1.w), a, s7a); s7b = fma(vec4f(x1.w), b, s7b);
    s8a = fma(vec4f(x2.x), a, s8a); s8b = fma(vec4f(x2.x), b, s8b);
    s9a = fma(vec4f(x2.y), a, s9a); s9b = fma(vec4f(x2.y), b, s9b);
    s10a = fma(vec4f(x2.z), a, s10a); s10b = fma(vec4f(x2.z), b, s10b);
    s11a = fma(vec4f(x2.w), a, s11a); s11b = fma(vec4f(x2.w), b, s11b);
    s12a = fma(vec4f(x3.x), a, s12a); s12b = fma(vec4f(x3.x), b, s12b);
    s13a = fma(vec4f(x3.y), a, s13a); s13b = fma(vec4f(x3.y), b, s13b);
    s14a = fma(vec4f(x3.z), a, s14a); s14b = fma(vec4f(x3.z), b, s14b);
    s15a = fma(vec4f(x3.w), a, s15a); s15b = fma(vec4f(x3.w), b, s15b);
  }
  store_dkernel(k, o, s0a, s0b);
  store_dkernel(k + 1u, o, s1a, s1b);
  store_dkernel(k + 2u, o, s2a, s2b);
  store_dkernel(k + 3u, o, s3a, s3b);
  store_dkernel(k + 4u, o, s4a, s4b);
  store_dkernel(k + 5u, o, s5a, s5b);
  store_dkernel(k + 6u, o, s6a, s6b);
  store_dkernel(k + 7u, o, s7a, s7b);
  store_dkernel(k + 8u, o, s8a, s8b);
  store_dkernel(k + 9u, o, s9a, s9b);
  store_dkernel(k + 10u, o, s10a, s10b);
  store_dkernel(k + 11u, o, s11a, s11b);
  store_dkernel(k + 12u, o, s12a, s12b);
  store_dkernel(k + 13u, o, s13a, s13b);
  store_dkernel(k + 14u, o, s14a, s14b);
  store_dkernel(k + 15u, o, s15a, s15b);
  if USE_BIAS == 1u && k == 0u {
    let at = o / 2u;
    dbias2[at] = bias_a.xy;
    if o + 2u < dims.units { dbias2[at + 1u] = bias_a.zw; }
    if o + 4u < dims.units { dbias2[at + 2u] = bias_b.xy; }
    if o + 6u < dims.units { dbias2[at + 3u] = bias_b.zw; }
  }
}
