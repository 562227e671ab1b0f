// The sum of several tensors of the same shape; one with a single channel is added to every channel.
//
//   y[p, c] = a[p, c] + b[p, c]        or, where b has one channel,   y[p, c] = a[p, c] + b[p]
//
// More than two inputs come one by one: each is added to what is in y already. The gradient of an input is dy itself, or its
// sum over the channels that the input was added to.

struct Dims {
  pixels: u32,      // batch · height · width
  channels: u32,    // of y
  a_channels: u32,  // `channels` or 1
  b_channels: u32,  // `channels` or 1; in the backward pass, of dx
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> a: array<f32>;         // [pixels, a_channels]
@group(0) @binding(2) var<storage, read> b: array<f32>;         // [pixels, b_channels]
@group(0) @binding(3) var<storage, read_write> y: array<f32>;   // [pixels, channels]
@group(0) @binding(4) var<storage, read> dy: array<f32>;        // [pixels, channels]  gradient from the layer above
@group(0) @binding(5) var<storage, read_write> dx: array<f32>;  // [pixels, b_channels]

override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

// Which value of an input with `own` channels belongs to value i of y.
fn place(i: u32, own: u32) -> u32 {
  return select(i / dims.channels, i, own == dims.channels);
}

// The first two inputs. One invocation per value of y.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.pixels * dims.channels { return; }
  y[i] = a[place(i, dims.a_channels)] + b[place(i, dims.b_channels)];
}

// One more input. One invocation per value of y.
@compute @workgroup_size(64)
fn forward_more(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.pixels * dims.channels { return; }
  y[i] += b[place(i, dims.b_channels)];
}

// One invocation per value of dx: `run` neighbouring values of dy belong to it.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.pixels * dims.b_channels { return; }
  let run = dims.channels / dims.b_channels;
  var sum = 0.0;
  for (var c = 0u; c < run; c++) { sum += dy[i * run + c]; }
  if ACCUMULATE == 1u { sum += dx[i]; }
  dx[i] = sum;
}
