// Optimisers: how parameters p move against their gradients g. One dispatch updates all parameters of the network, which lie
// one after the other in one buffer; the optimiser's own memory (m, v) lies in two buffers of the same form.
//
//   sgd      m = momentum · m − lr · g          p += m            (nesterov: p += momentum · m − lr · g)
//   adam     m = b1 · m + (1 − b1) · g          v = b2 · v + (1 − b2) · g²
//            p −= lr · √(1 − b2^t) / (1 − b1^t) · m / (√v + epsilon)
//   adamw    p −= lr · decay · p, then adam
//   rmsprop  v = rho · v + (1 − rho) · g²       m = momentum · m + lr · g / √(v + epsilon)           p −= m
//
// The gradient that an optimiser sees includes the regularisers: scale · (g + 2 · l2 · p + l1 · sign(p)). The scale is 1 but
// where norms.wgsl has found a gradient too long.

struct Dims {
  count: u32,      // values of the parameter buffer, padding included
  heads: u32,      // losses that may have called a halt
  momentum: f32,   // sgd, rmsprop
  nesterov: u32,   // sgd: 1 looks ahead
  gain_1: f32,     // adam: 1 − b1, subtracted on the host in double precision; 1 − 0.999 in f32 is off by a part in 80,000
  gain_2: f32,     // adam: 1 − b2; rmsprop: 1 − rho
  epsilon: f32,
  decay: f32,      // adamw
}

struct Step {
  step: u32,       // t, 1 for the first step
  samples: u32,
  learning_rate: f32,
  rate: f32,       // lr · √(1 − b2^t) / (1 − b1^t), worked out once on the host in double precision
  seed: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> gradients: array<f32>;         // [count]
@group(0) @binding(3) var<storage, read> blocks: array<u32>;            // [count / 64]  tensor that each run of 64 values belongs to
@group(0) @binding(4) var<storage, read> coefficients: array<vec4f>;    // [tensors]  l2, l1, 1 if trained else 0, scale
@group(0) @binding(5) var<storage, read> metrics: array<u32>;           // [heads, 8]  word 5: step at which the loss was no number
@group(0) @binding(6) var<storage, read_write> parameters: array<f32>;  // [count]
@group(0) @binding(7) var<storage, read_write> m: array<f32>;           // [count]  momentum
@group(0) @binding(8) var<storage, read_write> v: array<f32>;           // [count]  mean square of the gradient

// Whether value i is to be left as it is: past the end, frozen, or the run has met a loss that is no number. Its weights are
// then kept as they were, so that the cause can still be found.
fn at_rest(i: u32) -> bool {
  if i >= dims.count { return true; }
  for (var head = 0u; head < dims.heads; head++) {
    if metrics[head * 8u + 5u] != 0u { return true; }
  }
  return coefficients[blocks[i / 64u]].z == 0.0;
}

fn gradient(i: u32) -> f32 {
  let how = coefficients[blocks[i / 64u]];
  let p = parameters[i];
  return how.w * (gradients[i] + 2.0 * how.x * p + how.y * sign(p));
}

@compute @workgroup_size(64)
fn sgd(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if at_rest(i) { return; }
  parameters[i] -= step.learning_rate * gradient(i);
}

@compute @workgroup_size(64)
fn sgd_momentum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if at_rest(i) { return; }
  let descent = step.learning_rate * gradient(i);
  let velocity = dims.momentum * m[i] - descent;  //: m
  m[i] = velocity;
  if dims.nesterov == 1u {
    parameters[i] += dims.momentum * velocity - descent;
  } else {
    parameters[i] += velocity;
  }
}

@compute @workgroup_size(64)
fn adam(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if at_rest(i) { return; }
  let g = gradient(i);
  let mean = m[i] + (g - m[i]) * dims.gain_1;  //: m = β₁ · m + (1 − β₁) · g
  let square = v[i] + (g * g - v[i]) * dims.gain_2;  //: v
  m[i] = mean;
  v[i] = square;
  let p = parameters[i] * (1.0 - step.learning_rate * dims.decay);
  parameters[i] = p - step.rate * mean / (sqrt(square) + dims.epsilon);
}

@compute @workgroup_size(64)
fn rmsprop(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if at_rest(i) { return; }
  let g = gradient(i);
  let square = v[i] + (g * g - v[i]) * dims.gain_2;  //: v
  let descent = dims.momentum * m[i] + step.learning_rate * g / sqrt(square + dims.epsilon);
  v[i] = square;
  m[i] = descent;
  parameters[i] -= descent;
}
