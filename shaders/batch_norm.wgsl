// Batch normalisation: each channel, over the batch and all pixels ("rows"), to mean 0 and variance 1, then scaled by gamma and
// moved by beta.
//
//   x̂[r, c] = (x[r, c] − mean[c]) / √(variance[c] + epsilon)            y[r, c] = gamma[c] · x̂[r, c] + beta[c]
//
// In training, mean and variance are those of the batch, and moving averages of them are kept for inference, which uses these
// instead. The gradients in training, where mean and variance depend on x themselves:
//
//   dbeta[c] = Σ_r dy[r, c]          dgamma[c] = Σ_r dy[r, c] · x̂[r, c]
//   dx[r, c] = gamma[c] / √(variance[c] + epsilon) · ( dy[r, c] − dbeta[c] / rows − x̂[r, c] · dgamma[c] / rows )
//
// Sums over rows are taken in three stages, always in the same order: a thread sums every so-many-th row of its chunk, a
// workgroup sums its threads (that is one chunk of rows), a second dispatch sums the chunks if there are several.

struct Dims {
  rows: u32,        // batch · height · width
  channels: u32,
  chunk: u32,       // rows that one workgroup takes
  chunks: u32,      // how many there are
  epsilon: f32,     // keeps the root away from 0
  momentum: f32,    // share of the old moving averages that stays
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;                       // [rows, channels]
@group(0) @binding(2) var<storage, read_write> moments: array<vec4f>;         // [chunks, channels]  count, mean, sum of squared deviations
@group(0) @binding(3) var<storage, read> moments_saved: array<vec4f>;         // the same, for the next dispatch
@group(0) @binding(4) var<storage, read_write> batch_mean: array<f32>;        // [channels]
@group(0) @binding(5) var<storage, read_write> batch_variance: array<f32>;    // [channels]
@group(0) @binding(6) var<storage, read_write> moving_mean: array<f32>;       // [channels]
@group(0) @binding(7) var<storage, read_write> moving_variance: array<f32>;   // [channels]
@group(0) @binding(8) var<storage, read> mean: array<f32>;                    // [channels]  of the batch, or the moving one
@group(0) @binding(9) var<storage, read> variance: array<f32>;                // [channels]  of the batch, or the moving one
@group(0) @binding(10) var<storage, read> gamma: array<f32>;                  // [channels]
@group(0) @binding(11) var<storage, read> beta: array<f32>;                   // [channels]
@group(0) @binding(12) var<storage, read_write> y: array<f32>;                // [rows, channels]
@group(0) @binding(13) var<storage, read> dy: array<f32>;                     // [rows, channels]  gradient from the layer above
@group(0) @binding(14) var<storage, read_write> sums: array<vec2f>;           // [chunks, channels]  Σ dy, Σ dy · x̂
@group(0) @binding(15) var<storage, read> sums_saved: array<vec2f>;           // the same, for the next dispatch
@group(0) @binding(16) var<storage, read_write> total: array<vec2f>;          // [channels]  Σ dy, Σ dy · x̂ over all rows
@group(0) @binding(17) var<storage, read> total_saved: array<vec2f>;          // the same, for the next dispatch
@group(0) @binding(18) var<storage, read_write> dgamma: array<f32>;           // [channels]
@group(0) @binding(19) var<storage, read_write> dbeta: array<f32>;            // [channels]
@group(0) @binding(20) var<storage, read_write> dx: array<f32>;               // [rows, channels]

override SCALE: u32 = 1u;             // 0: there is no gamma
override CENTER: u32 = 1u;            // 0: there is no beta
override BATCH_STATISTICS: u32 = 1u;  // 0 in inference and in frozen layers: mean and variance do not depend on x
override ACCUMULATE: u32 = 0u;        // 1 adds to dx instead of replacing it

// A workgroup is 16 channels × 16 threads a channel: neighbouring threads read neighbouring channels.
const CHANNELS = 16u;
const LANES = 16u;

// What a thread works on: a channel and a chunk of rows. There are ⌈channels / 16⌉ · chunks workgroups, folded into a rectangle.
struct Part { c: u32, chunk: u32, inside: bool }

fn part(lane: vec3u, group: vec3u, groups: vec3u) -> Part {
  let number = group.x + group.y * groups.x;
  let tiles = (dims.channels + CHANNELS - 1u) / CHANNELS;
  let c = number % tiles * CHANNELS + lane.x;
  let chunk = number / tiles;
  return Part(c, chunk, c < dims.channels && chunk < dims.chunks);
}

// --- Mean and variance -----------------------------------------------------------------------------------------------------------
//
// "Mean of squares minus square of mean" would lose everything when the mean is large and the variance is small. Instead, groups of
// values carry their own mean and the squared deviations from that, and two groups merge exactly (Chan, Golub and LeVeque 1979).

struct Moments { count: f32, mean: f32, squares: f32 }

fn merge(a: Moments, b: Moments) -> Moments {
  let count = a.count + b.count;
  if count == 0.0 { return a; }
  let step = b.mean - a.mean;
  let share = b.count / count;
  return Moments(count, a.mean + step * share, a.squares + b.squares + step * step * a.count * share);  //: μ and σ² of both
}

var<workgroup> shared_moments: array<array<Moments, CHANNELS>, LANES>;

// All threads of a channel to one, in pairs of halves. Every thread of the workgroup must come here.
fn merge_lanes(own: Moments, lane: vec3u) -> Moments {
  shared_moments[lane.y][lane.x] = own;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if lane.y < half {
      shared_moments[lane.y][lane.x] = merge(shared_moments[lane.y][lane.x], shared_moments[lane.y + half][lane.x]);
    }
  }
  return shared_moments[lane.y][lane.x];  // the whole in lane 0
}

// Of a chunk of rows, in lane 0.
fn moments_of_chunk(mine: Part, lane: vec3u) -> Moments {
  let first = mine.chunk * dims.chunk;
  let end = min(first + dims.chunk, dims.rows);
  var own = Moments(0.0, 0.0, 0.0);
  if mine.inside {
    var row = first + lane.y;
    // Four rows at a time: their mean, their deviations from it, then one merge.
    for (; row + 3u * LANES < end; row += 4u * LANES) {
      let at = row * dims.channels + mine.c;
      let jump = LANES * dims.channels;
      let values = vec4f(x[at], x[at + jump], x[at + 2u * jump], x[at + 3u * jump]);
      let mean_of_four = dot(values, vec4f(0.25));
      let deviations = values - mean_of_four;
      own = merge(own, Moments(4.0, mean_of_four, dot(deviations, deviations)));
    }
    for (; row < end; row += LANES) { own = merge(own, Moments(1.0, x[row * dims.channels + mine.c], 0.0)); }
  }
  return merge_lanes(own, lane);
}

// Mean and variance of the batch, and the moving averages on by one step.
fn keep_statistics(c: u32, all: Moments) {
  let batch = all.squares / all.count;
  batch_mean[c] = all.mean;
  batch_variance[c] = batch;
  moving_mean[c] = dims.momentum * moving_mean[c] + (1.0 - dims.momentum) * all.mean;
  moving_variance[c] = dims.momentum * moving_variance[c] + (1.0 - dims.momentum) * batch;
}

// First of two dispatches. One workgroup per 16 channels and chunk of rows.
@compute @workgroup_size(16, 16)
fn chunk_moments(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let mine = part(lane, group, groups);
  let all = moments_of_chunk(mine, lane);
  if lane.y == 0u && mine.inside {
    moments[mine.chunk * dims.channels + mine.c] = vec4f(all.count, all.mean, all.squares, 0.0);
  }
}

// Second of two dispatches: all chunks. One workgroup per 16 channels.
@compute @workgroup_size(16, 16)
fn batch_statistics(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let mine = part(lane, group, groups);
  var own = Moments(0.0, 0.0, 0.0);
  if mine.inside {
    for (var chunk = lane.y; chunk < dims.chunks; chunk += LANES) {
      let m = moments_saved[chunk * dims.channels + mine.c];
      own = merge(own, Moments(m.x, m.y, m.z));
    }
  }
  let all = merge_lanes(own, lane);
  if lane.y == 0u && mine.inside { keep_statistics(mine.c, all); }
}

// Both at once where all rows are one chunk.
@compute @workgroup_size(16, 16)
fn batch_statistics_at_once(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let mine = part(lane, group, groups);
  let all = moments_of_chunk(mine, lane);
  if lane.y == 0u && mine.inside { keep_statistics(mine.c, all); }
}

// --- Output ----------------------------------------------------------------------------------------------------------------------

fn normalised(i: u32, c: u32) -> f32 {
  return (x[i] - mean[c]) * inverseSqrt(variance[c] + dims.epsilon);  //: x̂
}

// One invocation per value of y.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.rows * dims.channels { return; }
  let c = i % dims.channels;
  var value = normalised(i, c);
  if SCALE == 1u { value *= gamma[c]; }
  if CENTER == 1u { value += beta[c]; }
  y[i] = value;
}

// --- Gradients -------------------------------------------------------------------------------------------------------------------

var<workgroup> shared_sums: array<array<vec2f, CHANNELS>, LANES>;

// As `merge_lanes`, for sums.
fn add_lanes(own: vec2f, lane: vec3u) -> vec2f {
  shared_sums[lane.y][lane.x] = own;
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if lane.y < half { shared_sums[lane.y][lane.x] += shared_sums[lane.y + half][lane.x]; }
  }
  return shared_sums[lane.y][lane.x];
}

// Σ dy and Σ dy · x̂ of a chunk of rows, in lane 0.
fn sums_of_chunk(mine: Part, lane: vec3u) -> vec2f {
  let first = mine.chunk * dims.chunk;
  let end = min(first + dims.chunk, dims.rows);
  var own = vec2f();
  if mine.inside {
    for (var row = first + lane.y; row < end; row += LANES) {
      let i = row * dims.channels + mine.c;
      own += dy[i] * vec2f(1.0, normalised(i, mine.c));  //: ∑ dy and ∑ dy · x̂
    }
  }
  return add_lanes(own, lane);
}

fn keep_gradients(c: u32, all: vec2f) {
  total[c] = all;
  if CENTER == 1u { dbeta[c] = all.x; }
  if SCALE == 1u { dgamma[c] = all.y; }
}

// First of two dispatches. One workgroup per 16 channels and chunk of rows.
@compute @workgroup_size(16, 16)
fn chunk_sums(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let mine = part(lane, group, groups);
  let all = sums_of_chunk(mine, lane);
  if lane.y == 0u && mine.inside { sums[mine.chunk * dims.channels + mine.c] = all; }
}

// Second of two dispatches: all chunks. One workgroup per 16 channels.
@compute @workgroup_size(16, 16)
fn backward_parameters(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let mine = part(lane, group, groups);
  var own = vec2f();
  if mine.inside {
    for (var chunk = lane.y; chunk < dims.chunks; chunk += LANES) { own += sums_saved[chunk * dims.channels + mine.c]; }
  }
  let all = add_lanes(own, lane);
  if lane.y == 0u && mine.inside { keep_gradients(mine.c, all); }
}

// Both at once where all rows are one chunk.
@compute @workgroup_size(16, 16)
fn backward_parameters_at_once(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let mine = part(lane, group, groups);
  let all = sums_of_chunk(mine, lane);
  if lane.y == 0u && mine.inside { keep_gradients(mine.c, all); }
}

// One invocation per value of dx.
@compute @workgroup_size(64)
fn backward_input(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.rows * dims.channels { return; }
  let c = i % dims.channels;
  var gradient = dy[i];
  if BATCH_STATISTICS == 1u {
    gradient -= (total_saved[c].x + normalised(i, c) * total_saved[c].y) / f32(dims.rows);  //: dy − (dβ + x̂ · dγ) / rows
  }
  gradient *= inverseSqrt(variance[c] + dims.epsilon);
  if SCALE == 1u { gradient *= gamma[c]; }
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}
