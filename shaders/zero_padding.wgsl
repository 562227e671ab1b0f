// Zeros around an image:  y[n, top + h, left + w, c] = x[n, h, w, c], and 0 in the frame.

struct Dims {
  batch: u32,
  h: u32, w: u32, channels: u32,  // input
  oh: u32, ow: u32,               // output
  top: u32, left: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [batch, h, w, channels]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [batch, oh, ow, channels]
@group(0) @binding(3) var<storage, read> dy: array<f32>;        // [batch, oh, ow, channels]  gradient from the layer above
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;  // [batch, h, w, channels]

override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

// One invocation per value of y.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.oh * dims.ow * dims.channels { return; }
  let c = i % dims.channels;
  // In the frame before the image the unsigned difference wraps to a huge number, which is outside as well.
  let w = i / dims.channels % dims.ow - dims.left;
  let h = i / (dims.channels * dims.ow) % dims.oh - dims.top;
  let n = i / (dims.channels * dims.ow * dims.oh);
  var value = 0.0;
  if h < dims.h && w < dims.w { value = x[((n * dims.h + h) * dims.w + w) * dims.channels + c]; }
  y[i] = value;
}

// One invocation per value of dx: the frame's gradients lead nowhere.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.h * dims.w * dims.channels { return; }
  let c = i % dims.channels;
  let w = i / dims.channels % dims.w + dims.left;
  let h = i / (dims.channels * dims.w) % dims.h + dims.top;
  let n = i / (dims.channels * dims.w * dims.h);
  var gradient = dy[((n * dims.oh + h) * dims.ow + w) * dims.channels + c];
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}
