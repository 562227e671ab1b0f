// Dropout: each value is silenced with probability `rate`, and the others grow by 1 / (1 − rate), so that their mean stays.
//
//   y[i] = x[i] · mask[i] / (1 − rate)            dx[i] = dy[i] · mask[i] / (1 − rate)
//
// The mask is not stored. It is a hash of four numbers: the seed, the step, the layer and i. The backward pass computes the
// same hash again and gets the same mask; another step or another layer gets another mask.

struct Dims {
  count: u32,      // values in the batch
  layer: u32,      // number of the layer
  threshold: u32,  // rate · 2³²: a random number below it silences
  scale: f32,      // 1 / (1 − rate)
}

struct Step {
  step: u32,       // 1 for the first step
  samples: u32,
  learning_rate: f32,
  rate: f32,
  seed: u32,       // of this training run
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> x: array<f32>;         // [count]
@group(0) @binding(3) var<storage, read> mask: array<f32>;      // [count]  1 keeps, 0 silences; only where it is given
@group(0) @binding(4) var<storage, read_write> y: array<f32>;   // [count]
@group(0) @binding(5) var<storage, read> dy: array<f32>;        // [count]  gradient from the layer above
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;  // [count]

override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

// Four numbers to four random ones: "pcg4d" (Jarzynski and Olano, Hash Functions for GPU Rendering, 2020).
// Integer arithmetic wraps around at 2³².
fn pcg4d(numbers: vec4u) -> vec4u {
  var v = numbers * 1664525u + 1013904223u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v ^= v >> vec4u(16u);
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v;
}

fn kept(i: u32) -> bool {
  return pcg4d(vec4u(i, dims.layer, step.step, step.seed)).x >= dims.threshold;  //: random ≥ rate
}

fn drop(value: f32, keep: bool) -> f32 {
  return select(0.0, value * dims.scale, keep);  //: x / (1 − rate), or 0
}

// One invocation per value.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.count { return; }
  y[i] = drop(x[i], kept(i));
}

// One invocation per value.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.count { return; }
  var gradient = drop(dy[i], kept(i));
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}

// The same with a mask from outside, to compare with other implementations.
@compute @workgroup_size(64)
fn forward_given_mask(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.count { return; }
  y[i] = drop(x[i], mask[i] != 0.0);
}

@compute @workgroup_size(64)
fn backward_given_mask(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.count { return; }
  var gradient = drop(dy[i], mask[i] != 0.0);
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}
