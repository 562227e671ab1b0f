// What a tensor's values look like: how many are numbers at all, the smallest, the largest, their mean and spread.
//
//   mean = Σ x / n        spread = Σ (x − mean)²        standard deviation = √(spread / n)
//
// Σ x² − n · mean² would need only sums, but where the mean is large it is a small difference of large numbers, and nothing is
// left of it in 32 bits. So summaries of two parts are merged instead (Chan, Golub and LeVeque 1979), down to single values:
//
//   δ = mean_b − mean_a        mean = mean_a + δ · n_b / n        spread = spread_a + spread_b + δ² · n_a · n_b / n
//
// First `part` summarises 4096 values a workgroup, then `whole` merges all parts, always in the same order.

struct Dims {
  count: u32,  // values of the tensor
  parts: u32,  // workgroups of `part`
}

struct Summary {
  finite: u32,   // n: values that are numbers
  others: u32,   // values that are infinite or NaN, and count for nothing below
  lowest: f32,
  highest: f32,
  mean: f32,
  spread: f32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> values: array<u32>;           // [count]  the bits of f32 values
@group(0) @binding(2) var<storage, read_write> parts: array<Summary>;  // [parts]
@group(0) @binding(3) var<storage, read> parts_saved: array<Summary>;  // parts, as the first pass left them
@group(0) @binding(4) var<storage, read_write> summary: Summary;

// Infinity and NaN by their bits: a compiler may assume that there are none and drop `x != x`.
fn is_finite(bits: u32) -> bool { return (bits & 0x7f800000u) != 0x7f800000u; }

fn merge(a: Summary, b: Summary) -> Summary {
  var both = a;
  if a.finite == 0u { both = b; }
  both.others = a.others + b.others;
  if a.finite == 0u || b.finite == 0u { return both; }
  both.finite = a.finite + b.finite;
  let share = f32(b.finite) / f32(both.finite);
  let delta = b.mean - a.mean;
  both.lowest = min(a.lowest, b.lowest);
  both.highest = max(a.highest, b.highest);
  both.mean = a.mean + delta * share;
  both.spread = a.spread + b.spread + delta * delta * f32(a.finite) * share;
  return both;
}

var<workgroup> lanes: array<Summary, 64>;

// Merges what the lanes of a workgroup have, in halves; lane 0 has the result.
fn merge_lanes(lane: u32, mine: Summary) -> Summary {
  lanes[lane] = mine;
  for (var half = 32u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if lane < half { lanes[lane] = merge(lanes[lane], lanes[lane + half]); }
  }
  return lanes[0];
}

@compute @workgroup_size(64)
fn part(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
        @builtin(local_invocation_index) lane: u32) {
  let number = group.x + group.y * groups.x;
  if number >= dims.parts { return; }
  var mine = Summary();
  for (var i = number * 4096u + lane; i < min(dims.count, number * 4096u + 4096u); i += 64u) {
    if is_finite(values[i]) {
      let value = bitcast<f32>(values[i]);
      mine = merge(mine, Summary(1u, 0u, value, value, value, 0.0));
    } else {
      mine.others++;
    }
  }
  let all = merge_lanes(lane, mine);
  if lane == 0u { parts[number] = all; }
}

@compute @workgroup_size(64)
fn whole(@builtin(local_invocation_index) lane: u32) {
  var mine = Summary();
  for (var p = lane; p < dims.parts; p += 64u) { mine = merge(mine, parts_saved[p]); }
  let all = merge_lanes(lane, mine);
  if lane == 0u { summary = all; }
}
