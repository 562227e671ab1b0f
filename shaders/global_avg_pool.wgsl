// The mean of each feature map:  y[n, c] = Σ_p x[n, p, c] / pixels,  and every pixel gets the same share of the gradient.

struct Dims {
  batch: u32,
  pixels: u32,    // height · width
  channels: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [batch, pixels, channels]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [batch, channels]
@group(0) @binding(3) var<storage, read> dy: array<f32>;        // [batch, channels]  gradient from the layer above
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;  // [batch, pixels, channels]

override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

// Sums of the 8 invocations that share a channel.
var<workgroup> partial: array<array<f32, 8>, 8>;

// One workgroup per 8 channels of an image: lane.x is the channel, and the 8 invocations of a channel take every eighth pixel.
// Neighbouring invocations read neighbouring channels, so that memory is read in runs.
@compute @workgroup_size(8, 8)
fn forward(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let number = group.x + group.y * groups.x;
  let tiles = (dims.channels + 7u) / 8u;
  let c = number % tiles * 8u + lane.x;
  let n = number / tiles;
  let inside = c < dims.channels && n < dims.batch;
  var sum = 0.0;
  if inside {
    for (var p = lane.y; p < dims.pixels; p += 8u) { sum += x[(n * dims.pixels + p) * dims.channels + c]; }
  }
  partial[lane.y][lane.x] = sum;
  workgroupBarrier();
  if lane.y != 0u || !inside { return; }
  for (var i = 1u; i < 8u; i++) { sum += partial[i][lane.x]; }
  y[n * dims.channels + c] = sum / f32(dims.pixels);
}

// One invocation per value of dx.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.pixels * dims.channels { return; }
  let c = i % dims.channels;
  let n = i / (dims.channels * dims.pixels);
  var gradient = dy[n * dims.channels + c] / f32(dims.pixels);
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}
