// Activations, one value at a time: y = f(x), dx = dy · f′(x).
//
// The backward pass reads x, not y: some of these functions cannot be undone from their output.

struct Dims {
  count: u32,      // values in the batch
  parameter: f32,  // slope of leaky relu below 0, alpha of elu
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [count]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [count]
@group(0) @binding(3) var<storage, read> dy: array<f32>;        // [count]  gradient from the layer above
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;  // [count]

override ACTIVATION: u32 = 0u;  // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

fn activate(z: f32) -> f32 {
  switch ACTIVATION {
    case 1u: { return max(z, 0.0); }
    case 2u: { return tanh(clamp(z, -15.0, 15.0)); }  // tanh overflows on some devices; beyond 15 it is ±1 in f32
    case 3u: { return 1.0 / (1.0 + exp(-z)); }
    case 4u: { return select(dims.parameter * (exp(z) - 1.0), z, z > 0.0); }
    default: { return z; }
  }
}

fn slope(z: f32) -> f32 {
  switch ACTIVATION {
    case 1u: { return select(0.0, 1.0, z > 0.0); }
    case 2u: { let t = activate(z); return 1.0 - t * t; }
    case 3u: { let s = activate(z); return s * (1.0 - s); }
    case 4u: { return select(dims.parameter * exp(z), 1.0, z > 0.0); }
    default: { return 1.0; }
  }
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
  var gradient = dy[i] * slope(x[i]);
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}
