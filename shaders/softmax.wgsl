// Softmax over the last axis: y_c = e^(x_c − max) / Σ_k e^(x_k − max). Taking the maximum off first changes nothing but
// keeps the exponentials in range.
//
//   dx_c = y_c · (dy_c − Σ_k dy_k · y_k)
//
// And its logarithm, which never meets a 0:  y_c = x_c − max − log Σ_k e^(x_k − max),  dx_c = dy_c − e^(y_c) · Σ_k dy_k

struct Dims {
  rows: u32,
  classes: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [rows, classes]  logits
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [rows, classes]
@group(0) @binding(3) var<storage, read> y_saved: array<f32>;   // y of the forward pass
@group(0) @binding(4) var<storage, read> dy: array<f32>;        // [rows, classes]  gradient from the layer above
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;  // [rows, classes]

override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

// One invocation per row.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if row >= dims.rows { return; }
  let first = row * dims.classes;
  var largest = x[first];
  for (var c = 1u; c < dims.classes; c++) { largest = max(largest, x[first + c]); }
  var total = 0.0;
  for (var c = 0u; c < dims.classes; c++) {
    let e = exp(x[first + c] - largest);
    y[first + c] = e;
    total += e;
  }
  for (var c = 0u; c < dims.classes; c++) { y[first + c] /= total; }
}

// One invocation per row.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if row >= dims.rows { return; }
  let first = row * dims.classes;
  var mean = 0.0;
  for (var c = 0u; c < dims.classes; c++) { mean = fma(dy[first + c], y_saved[first + c], mean); }
  for (var c = 0u; c < dims.classes; c++) {
    var gradient = y_saved[first + c] * (dy[first + c] - mean);
    if ACCUMULATE == 1u { gradient += dx[first + c]; }
    dx[first + c] = gradient;
  }
}

// The logarithm of softmax. One invocation per row.
@compute @workgroup_size(64)
fn forward_log(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if row >= dims.rows { return; }
  let first = row * dims.classes;
  var largest = x[first];
  for (var c = 1u; c < dims.classes; c++) { largest = max(largest, x[first + c]); }
  var total = 0.0;
  for (var c = 0u; c < dims.classes; c++) { total += exp(x[first + c] - largest); }
  let log_total = log(total);
  for (var c = 0u; c < dims.classes; c++) { y[first + c] = x[first + c] - largest - log_total; }
}

// One invocation per row.
@compute @workgroup_size(64)
fn backward_log(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = id.x + id.y * groups.x * 64u;
  if row >= dims.rows { return; }
  let first = row * dims.classes;
  var sum = 0.0;
  for (var c = 0u; c < dims.classes; c++) { sum += dy[first + c]; }
  for (var c = 0u; c < dims.classes; c++) {
    var gradient = dy[first + c] - exp(y_saved[first + c]) * sum;
    if ACCUMULATE == 1u { gradient += dx[first + c]; }
    dx[first + c] = gradient;
  }
}
