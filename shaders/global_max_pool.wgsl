// The largest value of each feature map:  y[n, c] = max_p x[n, p, c].
//
// The forward pass remembers which pixel won, so that the backward pass can hand the whole gradient to it. Among equal pixels
// the first in reading order wins.

struct Dims {
  batch: u32,
  pixels: u32,    // height · width
  channels: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;             // [batch, pixels, channels]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;       // [batch, channels]
@group(0) @binding(3) var<storage, read_write> argmax: array<u32>;  // [batch, channels]  number of the pixel
@group(0) @binding(4) var<storage, read> argmax_saved: array<u32>;  // the same, as the forward pass left it
@group(0) @binding(5) var<storage, read> dy: array<f32>;            // [batch, channels]  gradient from the layer above
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;      // [batch, pixels, channels]

override REMEMBER: u32 = 0u;    // 1 where a backward pass follows
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

struct Best { value: f32, pixel: u32 }

// What the 8 invocations that share a channel found.
var<workgroup> found: array<array<Best, 8>, 8>;

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
  var best = Best(0.0, 0xffffffffu);  // nobody yet
  if inside {
    for (var p = lane.y; p < dims.pixels; p += 8u) {
      let value = x[(n * dims.pixels + p) * dims.channels + c];
      // `!(value <= best)` rather than `value > best`: a NaN wins, so that it is seen further on.
      if best.pixel == 0xffffffffu || !(value <= best.value) { best = Best(value, p); }  //: max, and argmax with it
    }
  }
  found[lane.y][lane.x] = best;
  workgroupBarrier();
  if lane.y != 0u || !inside { return; }
  for (var i = 1u; i < min(8u, dims.pixels); i++) {
    let other = found[i][lane.x];
    if !(other.value <= best.value) || (other.value == best.value && other.pixel < best.pixel) { best = other; }
  }
  y[n * dims.channels + c] = best.value;
  if REMEMBER == 1u { argmax[n * dims.channels + c] = best.pixel; }
}

// One invocation per value of dx.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.pixels * dims.channels { return; }
  let c = i % dims.channels;
  let p = i / dims.channels % dims.pixels;
  let out = i / (dims.channels * dims.pixels) * dims.channels + c;
  var gradient = select(0.0, dy[out], argmax_saved[out] == p);  //: dy to the pixel that won
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}
