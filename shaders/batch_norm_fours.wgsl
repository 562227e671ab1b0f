// Batch normalisation where channels come in fours: the parts of batch_norm.wgsl that touch every value, with four channels of
// a row to each load. What depends on the channel alone is read once and used for many rows, and there is no workgroup memory:
//
//   chunk_moments, chunk_sums    4 channels × one chunk of rows; batch_norm.wgsl merges the chunks
//   forward, backward_input      4 channels × 8 rows
//
// The formulae are those of batch_norm.wgsl.

struct Dims {
  rows: u32,        // batch · height · width
  channels4: u32,   // channels in fours
  chunk: u32,       // rows that one invocation sums
  chunks: u32,      // how many there are
  epsilon: f32,     // keeps the root away from 0
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x4: array<vec4f>;               // [rows, channels4]
@group(0) @binding(2) var<storage, read_write> moments: array<vec4f>;    // [chunks, channels]  count, mean, sum of squared deviations
@group(0) @binding(3) var<storage, read> mean4: array<vec4f>;            // [channels4]  of the batch, or the moving one
@group(0) @binding(4) var<storage, read> variance4: array<vec4f>;        // [channels4]  of the batch, or the moving one
@group(0) @binding(5) var<storage, read> gamma4: array<vec4f>;           // [channels4]
@group(0) @binding(6) var<storage, read> beta4: array<vec4f>;            // [channels4]
@group(0) @binding(7) var<storage, read_write> y4: array<vec4f>;         // [rows, channels4]
@group(0) @binding(8) var<storage, read> dy4: array<vec4f>;              // [rows, channels4]  gradient from the layer above
@group(0) @binding(9) var<storage, read_write> sums: array<vec2f>;       // [chunks, channels]  Σ dy, Σ dy · x̂
@group(0) @binding(10) var<storage, read> total_saved4: array<vec4f>;    // [channels / 2]  Σ dy, Σ dy · x̂ over all rows, two channels at a time
@group(0) @binding(11) var<storage, read_write> dx4: array<vec4f>;       // [rows, channels4]

override SCALE: u32 = 1u;             // 0: there is no gamma
override CENTER: u32 = 1u;            // 0: there is no beta
override BATCH_STATISTICS: u32 = 1u;  // 0 in inference and in frozen layers: mean and variance do not depend on x
override ACCUMULATE: u32 = 0u;        // 1 adds to dx instead of replacing it

const ROWS = 8u;

// What an invocation works on: four channels, and rows from `first` up to `end`. Neighbours take neighbouring channels.
struct Part { c4: u32, first: u32, end: u32 }

fn part(id: vec3u, groups: vec3u, rows: u32) -> Part {
  let i = id.x + id.y * groups.x * 64u;
  let first = i / dims.channels4 * rows;
  return Part(i % dims.channels4, first, min(first + rows, dims.rows));
}

@compute @workgroup_size(64)
fn chunk_moments(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let mine = part(id, groups, dims.chunk);
  if mine.first >= dims.rows { return; }
  let next = dims.channels4;
  var count = 0.0;
  var mean = vec4f();
  var squares = vec4f();
  var row = mine.first;
  // Four rows at a time: their mean, their deviations from it, then one merge with the rows before (Chan et al. 1979).
  for (; row + 3u < mine.end; row += 4u) {
    let at = row * next + mine.c4;
    let r0 = x4[at];
    let r1 = x4[at + next];
    let r2 = x4[at + 2u * next];
    let r3 = x4[at + 3u * next];
    let mean_of_four = 0.25 * (r0 + r1 + r2 + r3);
    let d0 = r0 - mean_of_four;
    let d1 = r1 - mean_of_four;
    let d2 = r2 - mean_of_four;
    let d3 = r3 - mean_of_four;
    let step = mean_of_four - mean;
    let share = 4.0 / (count + 4.0);
    mean += step * share;
    squares += d0 * d0 + d1 * d1 + d2 * d2 + d3 * d3 + step * step * (count * share);
    count += 4.0;
  }
  for (; row < mine.end; row++) {
    let step = x4[row * next + mine.c4] - mean;
    let share = 1.0 / (count + 1.0);
    mean += step * share;
    squares += step * step * (count * share);
    count += 1.0;
  }
  let to = (mine.first / dims.chunk * next + mine.c4) * 4u;
  moments[to] = vec4f(count, mean.x, squares.x, 0.0);
  moments[to + 1u] = vec4f(count, mean.y, squares.y, 0.0);
  moments[to + 2u] = vec4f(count, mean.z, squares.z, 0.0);
  moments[to + 3u] = vec4f(count, mean.w, squares.w, 0.0);
}

@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let mine = part(id, groups, ROWS);
  if mine.first >= dims.rows { return; }
  let mean = mean4[mine.c4];
  var scale = inverseSqrt(variance4[mine.c4] + dims.epsilon);
  if SCALE == 1u { scale *= gamma4[mine.c4]; }
  var offset = vec4f();
  if CENTER == 1u { offset = beta4[mine.c4]; }
  for (var row = mine.first; row < mine.end; row++) {
    let at = row * dims.channels4 + mine.c4;
    y4[at] = (x4[at] - mean) * scale + offset;
  }
}

@compute @workgroup_size(64)
fn chunk_sums(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let mine = part(id, groups, dims.chunk);
  if mine.first >= dims.rows { return; }
  let mean = mean4[mine.c4];
  var gradients = vec4f();
  var products = vec4f();
  for (var row = mine.first; row < mine.end; row++) {
    let at = row * dims.channels4 + mine.c4;
    let gradient = dy4[at];
    gradients += gradient;
    products += gradient * (x4[at] - mean);
  }
  products *= inverseSqrt(variance4[mine.c4] + dims.epsilon);
  let to = (mine.first / dims.chunk * dims.channels4 + mine.c4) * 4u;
  sums[to] = vec2f(gradients.x, products.x);
  sums[to + 1u] = vec2f(gradients.y, products.y);
  sums[to + 2u] = vec2f(gradients.z, products.z);
  sums[to + 3u] = vec2f(gradients.w, products.w);
}

@compute @workgroup_size(64)
fn backward_input(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let mine = part(id, groups, ROWS);
  if mine.first >= dims.rows { return; }
  let mean = mean4[mine.c4];
  let inverse = inverseSqrt(variance4[mine.c4] + dims.epsilon);
  var scale = inverse;
  if SCALE == 1u { scale *= gamma4[mine.c4]; }
  var shared_part = vec4f();
  var slope = vec4f();
  if BATCH_STATISTICS == 1u {
    let low = total_saved4[2u * mine.c4];
    let high = total_saved4[2u * mine.c4 + 1u];
    shared_part = vec4f(low.xz, high.xz) / f32(dims.rows);
    slope = vec4f(low.yw, high.yw) / f32(dims.rows) * inverse;
  }
  for (var row = mine.first; row < mine.end; row++) {
    let at = row * dims.channels4 + mine.c4;
    var gradient = dy4[at];
    if BATCH_STATISTICS == 1u { gradient -= shared_part + (x4[at] - mean) * slope; }
    gradient *= scale;
    if ACCUMULATE == 1u { gradient += dx4[at]; }
    dx4[at] = gradient;
  }
}
