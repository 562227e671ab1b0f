// Two-dimensional convolution (cross-correlation: the kernel is not flipped) and its gradients.
//
//   y[n, oh, ow, co] = act( bias[co] + Σ_kh Σ_kw Σ_ci  x[n, oh·s + kh·d − p, ow·s + kw·d − p, ci] · kernel[kh, kw, ci, co] )
//
// Images are NHWC, kernels HWIO: channels lie next to each other in memory. With groups, output channels are split into
// equal runs, and each run reads its own run of input channels.
//
// This file holds the plain kernels: one invocation an output value, one loop a sum. They are what every faster variant is
// checked against.

struct Dims {
  batch: u32,
  h: u32, w: u32, cin: u32,         // input
  oh: u32, ow: u32, cout: u32,      // output
  kh: u32, kw: u32,                 // window
  stride_h: u32, stride_w: u32,
  dilation_h: u32, dilation_w: u32,
  pad_top: u32, pad_left: u32,
  group_in: u32, group_out: u32,    // channels of one group
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;             // [batch, h, w, cin]
@group(0) @binding(2) var<storage, read> kernel: array<f32>;        // [kh, kw, group_in, cout]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [cout]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;       // [batch, oh, ow, cout]
@group(0) @binding(5) var<storage, read> dz: array<f32>;            // [batch, oh, ow, cout]  gradient of the loss by what went into the activation
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;      // [batch, h, w, cin]
@group(0) @binding(7) var<storage, read_write> dkernel: array<f32>; // [kh, kw, group_in, cout]
@group(0) @binding(8) var<storage, read_write> dbias: array<f32>;   // [cout]
@group(0) @binding(9) var<storage, read> norm: array<f32>;         // gamma, beta of a batch norm: [2, cout in whole 64s]
@group(0) @binding(10) var<storage, read> moving: array<f32>;       // its moving mean and variance, likewise
@group(0) @binding(11) var<storage, read> residual: array<f32>;     // [batch, oh, ow, cout]  what comes by the skip connection

override ACTIVATION: u32 = 0u;  // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it
override BELOW: u32 = 0u;       // activation that x came out of: dx times its slope is the dz of the layer below
override NORM: u32 = 0u;        // 1: batch norm of inference follows, which is one factor and one shift a channel
override EPSILON: f32 = 0.0;    // of that norm
override RESIDUAL: u32 = 0u;    // 1: another tensor is added before the activation

fn activate(z: f32) -> f32 {
  switch ACTIVATION {
    case 1u: { return select(z, 0.0, z <= 0.0); }  // max would hide a NaN
    case 2u: { return tanh(clamp(z, -15.0, 15.0)); }  // tanh overflows on some devices; beyond 15 it is ±1 in f32
    case 3u: { return 1.0 / (1.0 + exp(-z)); }
    case 4u: { return select(exp(z) - 1.0, z, z > 0.0); }
    default: { return z; }
  }
}

// What follows a convolution in inference, done while its sum is still in a register: three passes over memory less.
fn finish(sum: f32, co: u32, i: u32) -> f32 {
  var z = sum;
  if NORM == 1u {
    let second = (dims.cout + 63u) / 64u * 64u;
    z = (z - moving[co]) * (inverseSqrt(moving[second + co] + EPSILON) * norm[co]) + norm[second + co];
  }
  if RESIDUAL == 1u { z += residual[i]; }
  return activate(z);
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
  if i >= dims.batch * dims.oh * dims.ow * dims.cout { return; }
  let co = i % dims.cout;
  let ow = i / dims.cout % dims.ow;
  let oh = i / (dims.cout * dims.ow) % dims.oh;
  let n = i / (dims.cout * dims.ow * dims.oh);
  let first_ci = co / dims.group_out * dims.group_in;
  var sum = 0.0;
  if USE_BIAS == 1u { sum = bias[co]; }
  for (var kh = 0u; kh < dims.kh; kh++) {
    // Before the first row the unsigned difference wraps to a huge number, which is outside as well.
    let h = oh * dims.stride_h + kh * dims.dilation_h - dims.pad_top;
    if h >= dims.h { continue; }
    for (var kw = 0u; kw < dims.kw; kw++) {
      let w = ow * dims.stride_w + kw * dims.dilation_w - dims.pad_left;
      if w >= dims.w { continue; }
      let pixel = ((n * dims.h + h) * dims.w + w) * dims.cin + first_ci;
      let tap = (kh * dims.kw + kw) * dims.group_in * dims.cout + co;
      for (var ci = 0u; ci < dims.group_in; ci++) {
        sum = fma(x[pixel + ci], kernel[tap + ci * dims.cout], sum);
      }
    }
  }
  y[i] = finish(sum, co, i);
}

// One invocation per value of dx: which outputs did this input value flow into, and through which tap?
@compute @workgroup_size(64)
fn backward_input(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.h * dims.w * dims.cin { return; }
  let ci = i % dims.cin;
  let w = i / dims.cin % dims.w;
  let h = i / (dims.cin * dims.w) % dims.h;
  let n = i / (dims.cin * dims.w * dims.h);
  let first_co = ci / dims.group_in * dims.group_out;
  let ci_in_group = ci % dims.group_in;
  var sum = 0.0;
  for (var kh = 0u; kh < dims.kh; kh++) {
    let from_h = h + dims.pad_top - kh * dims.dilation_h;
    let oh = from_h / dims.stride_h;
    if from_h % dims.stride_h != 0u || oh >= dims.oh { continue; }
    for (var kw = 0u; kw < dims.kw; kw++) {
      let from_w = w + dims.pad_left - kw * dims.dilation_w;
      let ow = from_w / dims.stride_w;
      if from_w % dims.stride_w != 0u || ow >= dims.ow { continue; }
      let out = ((n * dims.oh + oh) * dims.ow + ow) * dims.cout + first_co;
      let tap = ((kh * dims.kw + kw) * dims.group_in + ci_in_group) * dims.cout + first_co;
      for (var co = 0u; co < dims.group_out; co++) {
        sum = fma(dz[out + co], kernel[tap + co], sum);
      }
    }
  }
  if ACCUMULATE == 1u { sum += dx[i]; }
  if BELOW != 0u { sum *= slope(x[i]); }
  dx[i] = sum;
}

// One invocation per weight: the sum over every place where it was used. The bias is the weight of an input that is
// always 1, so it comes as one more row after the kernel's last.
@compute @workgroup_size(64)
fn backward_kernel(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let rows = dims.kh * dims.kw * dims.group_in;
  if i >= (rows + USE_BIAS) * dims.cout { return; }
  let co = i % dims.cout;
  let row = i / dims.cout;
  let is_bias = row == rows;
  let ci = row % dims.group_in + co / dims.group_out * dims.group_in;
  let kw = row / dims.group_in % dims.kw;
  let kh = row / (dims.group_in * dims.kw);
  var sum = 0.0;
  for (var n = 0u; n < dims.batch; n++) {
    var image = 0.0;  // summed apart, so that a long sum loses fewer bits
    for (var oh = 0u; oh < dims.oh; oh++) {
      let h = oh * dims.stride_h + kh * dims.dilation_h - dims.pad_top;
      if h >= dims.h && !is_bias { continue; }
      for (var ow = 0u; ow < dims.ow; ow++) {
        let w = ow * dims.stride_w + kw * dims.dilation_w - dims.pad_left;
        if w >= dims.w && !is_bias { continue; }
        var input = 1.0;
        if !is_bias { input = x[((n * dims.h + h) * dims.w + w) * dims.cin + ci]; }
        image = fma(input, dz[((n * dims.oh + oh) * dims.ow + ow) * dims.cout + co], image);
      }
    }
    sum += image;
  }
  if is_bias { dbias[co] = sum; } else { dkernel[i] = sum; }
}
