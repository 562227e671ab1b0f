// Nearest-neighbour upsampling: every pixel becomes a block of `size_h` × `size_w` equal pixels.
//
//   y[n, oh, ow, c] = x[n, oh / size_h, ow / size_w, c]        dx = the sum of dy over the block

struct Dims {
  batch: u32,
  h: u32, w: u32, channels: u32,  // input
  size_h: u32, size_w: u32,       // block
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [batch, h, w, channels]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [batch, h · size_h, w · size_w, channels]
@group(0) @binding(3) var<storage, read> dy: array<f32>;        // [batch, h · size_h, w · size_w, channels]  gradient from the layer above
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;  // [batch, h, w, channels]

override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

// One invocation per value of y.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let oh = dims.h * dims.size_h;
  let ow = dims.w * dims.size_w;
  if i >= dims.batch * oh * ow * dims.channels { return; }
  let c = i % dims.channels;
  let w = i / dims.channels % ow / dims.size_w;
  let h = i / (dims.channels * ow) % oh / dims.size_h;
  let n = i / (dims.channels * ow * oh);
  y[i] = x[((n * dims.h + h) * dims.w + w) * dims.channels + c];
}

// One invocation per value of dx.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.h * dims.w * dims.channels { return; }
  let c = i % dims.channels;
  let w = i / dims.channels % dims.w;
  let row = i / (dims.channels * dims.w);  // n · h + h: rows of one image follow those of the one before, in y as well
  var sum = 0.0;
  for (var down = 0u; down < dims.size_h; down++) {
    for (var right = 0u; right < dims.size_w; right++) {
      let pixel = (row * dims.size_h + down) * dims.w * dims.size_w + w * dims.size_w + right;
      sum += dy[pixel * dims.channels + c];
    }
  }
  if ACCUMULATE == 1u { sum += dx[i]; }
  dx[i] = sum;
}
