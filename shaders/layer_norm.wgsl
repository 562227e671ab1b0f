// Layer normalisation (Ba, Kiros and Hinton 2016): each row, the last axis of one pixel, to mean 0 and variance 1, then scaled by
// gamma and moved by beta.
//
//   x̂[r, c] = (x[r, c] − mean[r]) / √(variance[r] + epsilon)            y[r, c] = gamma[c] · x̂[r, c] + beta[c]
//
// With g = gamma · dy and means over the row:
//
//   dx[r, c] = ( g[r, c] − mean(g) − x̂[r, c] · mean(g · x̂) ) / √(variance[r] + epsilon)
//   dbeta[c] = Σ_r dy[r, c]          dgamma[c] = Σ_r dy[r, c] · x̂[r, c]

struct Dims {
  rows: u32,     // batch · height · width
  width: u32,    // channels
  chunk: u32,    // rows that one workgroup takes in the sums over rows
  chunks: u32,   // how many there are
  epsilon: f32,  // keeps the root away from 0
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;                   // [rows, width]
@group(0) @binding(2) var<storage, read> gamma: array<f32>;               // [width]
@group(0) @binding(3) var<storage, read> beta: array<f32>;                // [width]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;             // [rows, width]
@group(0) @binding(5) var<storage, read_write> statistics: array<vec2f>;  // [rows]  mean, 1 / √(variance + epsilon)
@group(0) @binding(6) var<storage, read> statistics_saved: array<vec2f>;  // the same, as the forward pass left it
@group(0) @binding(7) var<storage, read> dy: array<f32>;                  // [rows, width]  gradient from the layer above
@group(0) @binding(8) var<storage, read_write> sums: array<vec2f>;        // [chunks, width]  Σ dy, Σ dy · x̂
@group(0) @binding(9) var<storage, read> sums_saved: array<vec2f>;        // the same, for the next dispatch
@group(0) @binding(10) var<storage, read_write> dgamma: array<f32>;       // [width]
@group(0) @binding(11) var<storage, read_write> dbeta: array<f32>;        // [width]
@group(0) @binding(12) var<storage, read_write> dx: array<f32>;           // [rows, width]

override SCALE: u32 = 1u;       // 0: there is no gamma
override CENTER: u32 = 1u;      // 0: there is no beta
override REMEMBER: u32 = 0u;    // 1 where a backward pass follows
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

const LANES = 64u;

var<workgroup> partial: array<vec2f, LANES>;

// The sum over all threads of a workgroup, for each of them. Every thread must come here.
fn sum_of_lanes(own: vec2f, lane: u32) -> vec2f {
  partial[lane] = own;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if lane < half { partial[lane] += partial[lane + half]; }
  }
  workgroupBarrier();
  let sum = partial[0];
  workgroupBarrier();  // nobody writes the next sum before all have read this one
  return sum;
}

// One workgroup per row. The mean first, then the squared deviations from it: "mean of squares minus square of mean" would lose
// everything when the mean is large and the variance is small.
@compute @workgroup_size(64)
fn forward(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let row = group.x + group.y * groups.x;
  let inside = row < dims.rows;
  let first = row * dims.width;
  var sum = 0.0;
  if inside {
    for (var c = lane; c < dims.width; c += LANES) { sum += x[first + c]; }
  }
  let mean = sum_of_lanes(vec2f(sum), lane).x / f32(dims.width);
  var squares = 0.0;
  if inside {
    for (var c = lane; c < dims.width; c += LANES) {
      let deviation = x[first + c] - mean;
      squares = fma(deviation, deviation, squares);
    }
  }
  let variance = sum_of_lanes(vec2f(squares), lane).x / f32(dims.width);
  let factor = inverseSqrt(variance + dims.epsilon);
  if !inside { return; }
  for (var c = lane; c < dims.width; c += LANES) {
    var value = (x[first + c] - mean) * factor;
    if SCALE == 1u { value *= gamma[c]; }
    if CENTER == 1u { value += beta[c]; }
    y[first + c] = value;
  }
  if REMEMBER == 1u && lane == 0u { statistics[row] = vec2f(mean, factor); }
}

fn normalised(row: u32, c: u32) -> f32 {
  let of_row = statistics_saved[row];
  return (x[row * dims.width + c] - of_row.x) * of_row.y;
}

// g = gamma · dy
fn scaled_gradient(row: u32, c: u32) -> f32 {
  if SCALE == 1u { return gamma[c] * dy[row * dims.width + c]; }
  return dy[row * dims.width + c];
}

// One workgroup per row.
@compute @workgroup_size(64)
fn backward_input(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let row = group.x + group.y * groups.x;
  let inside = row < dims.rows;
  var own = vec2f();
  if inside {
    for (var c = lane; c < dims.width; c += LANES) { own += scaled_gradient(row, c) * vec2f(1.0, normalised(row, c)); }
  }
  let means = sum_of_lanes(own, lane) / f32(dims.width);
  if !inside { return; }
  for (var c = lane; c < dims.width; c += LANES) {
    let i = row * dims.width + c;
    var gradient = (scaled_gradient(row, c) - means.x - normalised(row, c) * means.y) * statistics_saved[row].y;
    if ACCUMULATE == 1u { gradient += dx[i]; }
    dx[i] = gradient;
  }
}

// --- Gradients of gamma and beta: sums over rows, as in batch_norm.wgsl -----------------------------------------------------------

// A workgroup is 16 columns × 16 threads a column: neighbouring threads read neighbouring columns.
const COLUMNS = 16u;
const COLUMN_LANES = 16u;

var<workgroup> shared_sums: array<array<vec2f, COLUMNS>, COLUMN_LANES>;

// All threads of a column to one. Every thread of the workgroup must come here.
fn add_column_lanes(own: vec2f, lane: vec3u) -> vec2f {
  shared_sums[lane.y][lane.x] = own;
  for (var half = COLUMN_LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if lane.y < half { shared_sums[lane.y][lane.x] += shared_sums[lane.y + half][lane.x]; }
  }
  return shared_sums[lane.y][lane.x];
}

// First of two dispatches. One workgroup per 16 columns and chunk of rows.
@compute @workgroup_size(16, 16)
fn chunk_sums(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let number = group.x + group.y * groups.x;
  let tiles = (dims.width + COLUMNS - 1u) / COLUMNS;
  let c = number % tiles * COLUMNS + lane.x;
  let chunk = number / tiles;
  let inside = c < dims.width && chunk < dims.chunks;
  var own = vec2f();
  if inside {
    let end = min((chunk + 1u) * dims.chunk, dims.rows);
    for (var row = chunk * dims.chunk + lane.y; row < end; row += COLUMN_LANES) {
      own += dy[row * dims.width + c] * vec2f(1.0, normalised(row, c));
    }
  }
  let all = add_column_lanes(own, lane);
  if lane.y == 0u && inside { sums[chunk * dims.width + c] = all; }
}

// Second of two dispatches: all chunks. One workgroup per 16 columns.
@compute @workgroup_size(16, 16)
fn backward_parameters(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let c = (group.x + group.y * groups.x) * COLUMNS + lane.x;
  let inside = c < dims.width;
  var own = vec2f();
  if inside {
    for (var chunk = lane.y; chunk < dims.chunks; chunk += COLUMN_LANES) { own += sums_saved[chunk * dims.width + c]; }
  }
  let all = add_column_lanes(own, lane);
  if lane.y != 0u || !inside { return; }
  if CENTER == 1u { dbeta[c] = all.x; }
  if SCALE == 1u { dgamma[c] = all.y; }
}
