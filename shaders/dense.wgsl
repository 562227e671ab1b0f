// A dense (fully connected) layer and its gradients.
//
//   y[n, o] = act( bias[o] + Σ_i x[n, i] · kernel[i, o] )
//
// Plain kernels: one invocation an output value, one loop a sum.
//
// An adapter binds only so much memory at once (128 MiB everywhere). A larger kernel is worked off in shares of its
// rows, one dispatch each: [inputs, units] is then the share, whose first row belongs to input number `first`.

struct Dims {
  batch: u32,
  inputs: u32,  // rows of the kernel that this dispatch sees
  units: u32,
  first: u32,   // input that the first of them belongs to
  row: u32,     // inputs of the layer: values in a row of x
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;             // [batch, row]
@group(0) @binding(2) var<storage, read> kernel: array<f32>;        // [inputs, units]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [units]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;       // [batch, units]
@group(0) @binding(5) var<storage, read> dz: array<f32>;            // [batch, units]  gradient of the loss by what went into the activation
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;      // [batch, row]
@group(0) @binding(7) var<storage, read_write> dkernel: array<f32>; // [inputs, units]
@group(0) @binding(8) var<storage, read_write> dbias: array<f32>;   // [units]

override ACTIVATION: u32 = 0u;  // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it
override BELOW: u32 = 0u;       // activation that x came out of: dx times its slope is the dz of the layer below

fn activate(z: f32) -> f32 {
  switch ACTIVATION {
    case 1u: { return select(z, 0.0, z <= 0.0); }  // max would hide a NaN
    case 2u: { return tanh(clamp(z, -15.0, 15.0)); }  // tanh overflows on some devices; beyond 15 it is ±1 in f32
    case 3u: { return 1.0 / (1.0 + exp(-z)); }
    case 4u: { return select(exp(z) - 1.0, z, z > 0.0); }
    default: { return z; }
  }
}

// The derivative of the activation that x came out of, from x itself: no need to keep what went in.
fn slope(out: f32) -> f32 {
  switch BELOW {
    case 1u: { return select(0.0, 1.0, out > 0.0); }
    case 2u: { return 1.0 - out * out; }
    case 3u: { return out * (1.0 - out); }
    case 4u: { return select(out + 1.0, 1.0, out > 0.0); }
    default: { return 1.0; }
  }
}

// One invocation per value of y.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.units { return; }
  let o = i % dims.units;
  let n = i / dims.units;
  var sum = 0.0;
  if dims.first > 0u { sum = y[i]; }  // what the shares before have summed up
  for (var k = 0u; k < dims.inputs; k++) {
    sum = fma(x[n * dims.row + dims.first + k], kernel[k * dims.units + o], sum);
  }
  if dims.first + dims.inputs == dims.row {
    if USE_BIAS == 1u { sum += bias[o]; }
    sum = activate(sum);
  }
  y[i] = sum;
}

// One invocation per value of dx:  dx = dz · kernelᵀ
@compute @workgroup_size(64)
fn backward_input(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.inputs { return; }
  let k = i % dims.inputs;
  let n = i / dims.inputs;
  var sum = 0.0;
  for (var o = 0u; o < dims.units; o++) {
    sum = fma(dz[n * dims.units + o], kernel[k * dims.units + o], sum);
  }
  let at = n * dims.row + dims.first + k;
  if ACCUMULATE == 1u { sum += dx[at]; }
  if BELOW != 0u { sum *= slope(x[at]); }
  dx[at] = sum;
}

// One invocation per weight:  dkernel = xᵀ · dz, and as one more row the bias, whose input is always 1 (USE_BIAS in
// one share only).
@compute @workgroup_size(64)
fn backward_kernel(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= (dims.inputs + USE_BIAS) * dims.units { return; }
  let o = i % dims.units;
  let k = i / dims.units;
  let is_bias = k == dims.inputs;
  var sum = 0.0;
  for (var n = 0u; n < dims.batch; n++) {
    var input = 1.0;
    if !is_bias { input = x[n * dims.row + dims.first + k]; }
    sum = fma(input, dz[n * dims.units + o], sum);
  }
  if is_bias { dbias[o] = sum; } else { dkernel[i] = sum; }
}
