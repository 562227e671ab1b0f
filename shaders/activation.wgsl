// Activations, one value at a time: y = f(x), dx = dy · f′(x).
//
// Most slopes follow from the output, which the next layer keeps anyway, so that x need not be remembered: f′ of tanh is
// 1 − y². Only the gelus, which turn back below 0 and take many values twice, read x.

struct Dims {
  count: u32,      // values in the batch
  parameter: f32,  // slope of leaky relu below its threshold, alpha of elu
  threshold: f32,  // of the layer ReLU: where it begins to let values through, usually 0
  ceiling: f32,    // of the layer ReLU: the largest value it lets through
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [count]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [count]
@group(0) @binding(3) var<storage, read> dy: array<f32>;        // [count]  gradient from the layer above
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;  // [count]
@group(0) @binding(5) var<storage, read> y_saved: array<f32>;   // [count]  y of the forward pass

// 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu, 5 leaky relu, 6 gelu, 7 gelu by tanh, 8 the layer ReLU with all it can
override ACTIVATION: u32 = 0u;
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

// Share of a standard normal distribution that lies below z: (1 + erf(z / √2)) / 2. WGSL has no erf; this fit of its
// complement (Numerical Recipes, "erfcc") is right to a relative 1.2e-7 everywhere, in the tails as well.
fn normal_below(z: f32) -> f32 {
  let a = min(abs(z) * 0.70710678, 10.0);
  let t = 1.0 / (1.0 + 0.5 * a);
  let fit = 1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806 + t * (0.27886807
          + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277)))))));
  let tail = 0.5 * t * exp(-a * a - 1.26551223 + t * fit);
  return select(1.0 - tail, tail, z < 0.0);
}

// Density of a standard normal distribution at z.
fn normal_density(z: f32) -> f32 {
  let a = clamp(z, -20.0, 20.0);
  return 0.39894228 * exp(-0.5 * a * a);
}

// tanh overflows on some devices; beyond 15 it is ±1 in f32.
fn safe_tanh(z: f32) -> f32 { return tanh(clamp(z, -15.0, 15.0)); }

// exp overflows beyond 88.
fn sigmoid(z: f32) -> f32 { return 1.0 / (1.0 + exp(-clamp(z, -87.0, 87.0))); }

// What gelu's approximation takes the tanh of: √(2/π) · (z + 0.044715 · z³). Its tanh is ±1 long before 10.
fn gelu_inner(z: f32) -> f32 {
  let a = clamp(z, -10.0, 10.0);
  return 0.79788456 * (a + 0.044715 * a * a * a);
}

fn activate(z: f32) -> f32 {
  switch ACTIVATION {
    case 1u: { return select(z, 0.0, z <= 0.0); }  // max would hide a NaN
    case 2u: { return safe_tanh(z); }
    case 3u: { return sigmoid(z); }
    case 4u: { return select(dims.parameter * (exp(min(z, 0.0)) - 1.0), z, z > 0.0); }
    case 5u: { return select(dims.parameter * z, z, z > 0.0); }
    case 6u: { return z * normal_below(z); }
    case 7u: { return 0.5 * z * (1.0 + safe_tanh(gelu_inner(z))); }
    case 8u: { return select(dims.parameter * (z - dims.threshold), min(z, dims.ceiling), z > dims.threshold); }
    default: { return z; }
  }
}

// At a kink it is the slope to the left: relu's is 0 at 0. At the ceiling it is the one to the right, 0.
fn slope(out: f32) -> f32 {
  switch ACTIVATION {
    case 1u: { return select(0.0, 1.0, out > 0.0); }
    case 2u: { return 1.0 - out * out; }
    case 3u: { return out * (1.0 - out); }
    case 4u: { return select(out + dims.parameter, 1.0, out > 0.0); }
    case 5u: { return select(dims.parameter, 1.0, out > 0.0); }
    case 8u: { return select(dims.parameter, select(1.0, 0.0, out >= dims.ceiling), out > 0.0); }
    default: { return 1.0; }
  }
}

fn gelu_slope(z: f32) -> f32 {
  if ACTIVATION == 6u { return normal_below(z) + z * normal_density(z); }
  let t = safe_tanh(gelu_inner(z));
  let a = clamp(z, -10.0, 10.0);
  let inner_slope = 0.79788456 * (1.0 + 3.0 * 0.044715 * a * a);
  return 0.5 * (1.0 + t) + 0.5 * a * (1.0 - t * t) * inner_slope;
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.count { return; }
  y[i] = activate(x[i]);
}

@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.count { return; }
  var gradient = dy[i] * slope(y_saved[i]);
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}

// The gelus.
@compute @workgroup_size(64)
fn backward_from_input(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.count { return; }
  var gradient = dy[i] * gelu_slope(x[i]);
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}
