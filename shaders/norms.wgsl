// How large weights, gradients and updates are, tensor by tensor, and what follows from it before an update.
//
//   g  = gradient + 2 · l2 · w + l1 · sign(w)                what the optimiser sees
//   gradient clipping   scale = clip / max(‖g‖, clip)        ‖g‖ of the tensor (clipnorm) or of all together (global_clipnorm)
//   penalty             Σ l2 · w² + l1 · |w|                 the regularisers' part of the loss
//
// All weights lie one after the other in one buffer, each tensor padded with zeros to whole runs of 64 values. Long sums are
// taken in three steps, `square` over each run, `tensor` over the runs of each tensor, `finish` over the tensors, always in the
// same order, so that the same weights give the same bits.

struct Dims {
  runs: u32,     // runs of 64 values that this dispatch sees
  tensors: u32,
  clip: f32,     // largest norm that a gradient may have; 0 does not clip
  together: u32, // 1 takes the norm of all gradients together
}

struct Step {
  step: u32,  // 1 for the first step
  samples: u32,
  learning_rate: f32,
  rate: f32,
  seed: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> gradients: array<vec4f>;           // [runs, 16]
@group(0) @binding(2) var<storage, read> blocks: array<u32>;                // [runs]  tensor that each run belongs to
@group(0) @binding(3) var<storage, read> coefficients: array<vec4f>;        // [tensors]  l2, l1, 1 if trained else 0, scale
@group(0) @binding(4) var<storage, read> before: array<vec4f>;              // [runs, 16]  weights that the gradients are of
@group(0) @binding(5) var<storage, read> after: array<vec4f>;               // [runs, 16]  weights after the update, or the same
@group(0) @binding(6) var<storage, read_write> runs: array<vec4f>;          // [runs]  Σ g², Σ w², Σ (after − w)², penalty
@group(0) @binding(7) var<storage, read> runs_saved: array<vec4f>;          // runs, as `square` left it
@group(0) @binding(8) var<storage, read> places: array<vec2u>;              // [tensors]  first run, number of runs
@group(0) @binding(9) var<storage, read_write> norms: array<vec4f>;         // [tensors]  the same four sums
@group(0) @binding(10) var<storage, read> norms_saved: array<vec4f>;        // norms, as `tensor` left it
@group(0) @binding(11) var<storage, read_write> scaled: array<vec4f>;       // coefficients, to set the scale
@group(0) @binding(12) var<storage, read_write> metrics: array<u32>;        // [heads, 8]  words 4: penalty (f32 bits), 5: see below
@group(0) @binding(13) var<uniform> step: Step;

// One invocation per run.
@compute @workgroup_size(64)
fn square(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let run = id.x + id.y * groups.x * 64u;
  if run >= dims.runs { return; }
  let how = coefficients[blocks[run]];
  var sums = vec4f();
  for (var i = run * 16u; i < run * 16u + 16u; i++) {
    let w = before[i];
    let g = gradients[i] + 2.0 * how.x * w + how.y * sign(w);
    let update = after[i] - w;
    sums += vec4f(dot(g, g), dot(w, w), dot(update, update), how.x * dot(w, w) + how.y * dot(abs(w), vec4f(1.0)));
  }
  if how.z == 0.0 { sums = vec4f(0.0, sums.y, 0.0, 0.0); }
  runs[run] = sums;
}

var<workgroup> partial: array<vec4f, 64>;

// Adds what the lanes of a workgroup have; every lane gets the sum.
fn sum_lanes(lane: u32, mine: vec4f) -> vec4f {
  partial[lane] = mine;
  workgroupBarrier();
  var sum = vec4f();
  for (var i = 0u; i < 64u; i++) { sum += partial[i]; }
  return sum;
}

// One workgroup per tensor.
@compute @workgroup_size(64)
fn tensor(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let place = places[group.x];
  var mine = vec4f();
  for (var run = lane; run < place.y; run += 64u) { mine += runs_saved[place.x + run]; }
  let sum = sum_lanes(lane, mine);
  if lane == 0u { norms[group.x] = sum; }
}

// Infinity and NaN by their bits: a compiler may assume that there are none.
fn is_finite(value: f32) -> bool { return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u; }

// One workgroup: reports the penalty, stops training where it is no number (word 5, as in cross_entropy.wgsl), and sets how much of each gradient the optimiser will see.
@compute @workgroup_size(64)
fn finish(@builtin(local_invocation_index) lane: u32) {
  var mine = vec4f();
  for (var t = lane; t < dims.tensors; t += 64u) { mine += norms_saved[t]; }
  let all = sum_lanes(lane, mine);
  if lane == 0u {
    metrics[4] = bitcast<u32>(all.w);
    if !is_finite(all.w) && metrics[5] == 0u { metrics[5] = step.step; }
  }
  if dims.clip == 0.0 { return; }
  for (var t = lane; t < dims.tensors; t += 64u) {
    let squares = select(norms_saved[t].x, all.x, dims.together == 1u);
    scaled[t].w = dims.clip / max(sqrt(squares), dims.clip);
  }
}
