// Average pooling: the mean of each window. Cells outside the image do not count, neither in the sum nor in the divisor.

struct Dims {
  batch: u32,
  h: u32, w: u32, channels: u32,  // input
  oh: u32, ow: u32,               // output
  kh: u32, kw: u32,               // window
  stride_h: u32, stride_w: u32,
  pad_top: u32, pad_left: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [batch, h, w, channels]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [batch, oh, ow, channels]
@group(0) @binding(3) var<storage, read> dy: array<f32>;        // [batch, oh, ow, channels]  gradient from the layer above
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;  // [batch, h, w, channels]

override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it
override BELOW: u32 = 0u;       // activation that x came out of: dx times its slope is the dz of the layer below

// The derivative of an activation, from its output.
fn slope(out: f32) -> f32 {
  switch BELOW {
    case 1u: { return select(0.0, 1.0, out > 0.0); }
    case 2u: { return 1.0 - out * out; }
    case 3u: { return out * (1.0 - out); }
    case 4u: { return select(out + 1.0, 1.0, out > 0.0); }
    default: { return 1.0; }
  }
}

// Cells of window `o` that lie inside an axis of length `n`.
fn inside(o: u32, stride: u32, window: u32, pad: u32, n: u32) -> u32 {
  let first = max(o * stride, pad);
  let end = min(o * stride + window, n + pad);
  return end - first;
}

// One invocation per value of y.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.oh * dims.ow * dims.channels { return; }
  let c = i % dims.channels;
  let ow = i / dims.channels % dims.ow;
  let oh = i / (dims.channels * dims.ow) % dims.oh;
  let n = i / (dims.channels * dims.ow * dims.oh);
  var sum = 0.0;
  for (var kh = 0u; kh < dims.kh; kh++) {
    // Before the first row the unsigned difference wraps to a huge number, which is outside as well.
    let h = oh * dims.stride_h + kh - dims.pad_top;
    if h >= dims.h { continue; }
    for (var kw = 0u; kw < dims.kw; kw++) {
      let w = ow * dims.stride_w + kw - dims.pad_left;
      if w >= dims.w { continue; }
      sum += x[((n * dims.h + h) * dims.w + w) * dims.channels + c];  //: ∑ x
    }
  }
  let cells = inside(oh, dims.stride_h, dims.kh, dims.pad_top, dims.h)
            * inside(ow, dims.stride_w, dims.kw, dims.pad_left, dims.w);
  y[i] = sum / f32(cells);
}

// One invocation per value of dx: its share of every window that it lies in.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.h * dims.w * dims.channels { return; }
  let c = i % dims.channels;
  let w = i / dims.channels % dims.w;
  let h = i / (dims.channels * dims.w) % dims.h;
  let n = i / (dims.channels * dims.w * dims.h);
  var sum = 0.0;
  for (var kh = 0u; kh < dims.kh; kh++) {
    let from_h = h + dims.pad_top - kh;
    let oh = from_h / dims.stride_h;
    if from_h % dims.stride_h != 0u || oh >= dims.oh { continue; }
    let rows = inside(oh, dims.stride_h, dims.kh, dims.pad_top, dims.h);
    for (var kw = 0u; kw < dims.kw; kw++) {
      let from_w = w + dims.pad_left - kw;
      let ow = from_w / dims.stride_w;
      if from_w % dims.stride_w != 0u || ow >= dims.ow { continue; }
      let columns = inside(ow, dims.stride_w, dims.kw, dims.pad_left, dims.w);
      let out = ((n * dims.oh + oh) * dims.ow + ow) * dims.channels + c;
      sum += dy[out] / f32(rows * columns);
    }
  }
  if ACCUMULATE == 1u { sum += dx[i]; }
  if BELOW != 0u { sum *= slope(x[i]); }
  dx[i] = sum;
}
