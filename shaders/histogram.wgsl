// How a tensor's values are distributed: how many of them fall into each of 64 bins of equal width between the smallest and
// the largest.
//
//   bin = ⌊64 · (x − lowest) / (highest − lowest)⌋        the largest value itself falls into the last bin
//
// A value's bin is known only when the value has been read, so that this is the one kernel that scatters. It may: counts are
// whole numbers, and whole numbers can be added atomically and in any order without a change of the result. Each workgroup
// first counts its 4096 values in memory of its own, which is near, and adds 64 counts to the tensor's at the end.

struct Dims {
  count: u32,  // values of the tensor
  parts: u32,  // workgroups
}

// As statistics.wgsl has found it.
struct Summary {
  finite: u32,
  others: u32,
  lowest: f32,
  highest: f32,
  mean: f32,
  spread: f32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> values: array<u32>;                        // [count]  the bits of f32 values
@group(0) @binding(2) var<storage, read> summary: Summary;
@group(0) @binding(3) var<storage, read_write> histogram: array<atomic<u32>, 64>;   // zeros before

var<workgroup> near: array<atomic<u32>, 64>;

// By its bits, as in statistics.wgsl.
fn is_finite(bits: u32) -> bool { return (bits & 0x7f800000u) != 0x7f800000u; }

fn bin_of(value: f32) -> u32 {
  if summary.highest == summary.lowest { return 0u; }
  // Halves, because the whole width may be larger than any number.
  let above = 0.5 * value - 0.5 * summary.lowest;
  let width = 0.5 * summary.highest - 0.5 * summary.lowest;
  return min(u32(above / width * 64.0), 63u);
}

@compute @workgroup_size(64)
fn count(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
         @builtin(local_invocation_index) lane: u32) {
  let number = group.x + group.y * groups.x;
  if number >= dims.parts { return; }
  atomicStore(&near[lane], 0u);
  workgroupBarrier();
  for (var i = number * 4096u + lane; i < min(dims.count, number * 4096u + 4096u); i += 64u) {
    if is_finite(values[i]) { atomicAdd(&near[bin_of(bitcast<f32>(values[i]))], 1u); }
  }
  workgroupBarrier();
  atomicAdd(&histogram[lane], atomicLoad(&near[lane]));
}
