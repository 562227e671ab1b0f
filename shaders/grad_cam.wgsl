// Which places of a layer's maps speak for an answer (Grad-CAM; Selvaraju et al. 2017).
//
//   α_c = 1/pixels · Σ_p ∂answer/∂a[p, c]        heat[p] = max(0, Σ_c α_c · a[p, c])
//
// A map that the answer grows with has α > 0. Where such maps are bright, the network has found what it answers.

struct Dims {
  pixels: u32,    // height · width of a map
  channels: u32,  // maps
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> activation: array<f32>;     // [pixels, channels]
@group(0) @binding(2) var<storage, read> gradient: array<f32>;       // [pixels, channels]  of the answer
@group(0) @binding(3) var<storage, read_write> weights: array<f32>;  // [channels]  α
@group(0) @binding(4) var<storage, read> weights_saved: array<f32>;  // weights, as the first pass left them
@group(0) @binding(5) var<storage, read_write> heat: array<f32>;     // [pixels]

// One invocation a map.
@compute @workgroup_size(64)
fn weigh(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let c = id.x + id.y * groups.x * 64u;
  if c >= dims.channels { return; }
  var sum = 0.0;
  for (var p = 0u; p < dims.pixels; p++) { sum += gradient[p * dims.channels + c]; }
  weights[c] = sum / f32(dims.pixels);
}

// One invocation a pixel.
@compute @workgroup_size(64)
fn sum_up(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let p = id.x + id.y * groups.x * 64u;
  if p >= dims.pixels { return; }
  var sum = 0.0;
  for (var c = 0u; c < dims.channels; c++) { sum += weights_saved[c] * activation[p * dims.channels + c]; }
  heat[p] = max(0.0, sum);
}
