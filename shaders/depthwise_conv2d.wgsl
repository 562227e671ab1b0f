// Depthwise convolution: every channel by itself, `multiplier` outputs a channel.
//
//   y[n, oh, ow, co] = bias[co] + Σ_kh Σ_kw  x[n, oh·s + kh·d − p, ow·s + kw·d − p, co / multiplier] · kernel[kh, kw, co]
//
// Keras's kernel has the shape (kh, kw, channels, multiplier); in memory its last two axes are one, the output channel co.

struct Dims {
  batch: u32,
  h: u32, w: u32, cin: u32,     // input
  oh: u32, ow: u32, cout: u32,  // output: cout = cin · multiplier
  kh: u32, kw: u32,             // window
  stride_h: u32, stride_w: u32,
  dilation_h: u32, dilation_w: u32,
  pad_top: u32, pad_left: u32,
  multiplier: u32,
  chunk: u32,                   // places (pixels of the output) that one workgroup sums in the kernel's gradient
  chunks: u32,                  // how many such parts there are
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;             // [batch, h, w, cin]
@group(0) @binding(2) var<storage, read> kernel: array<f32>;        // [kh, kw, cout]
@group(0) @binding(3) var<storage, read> bias: array<f32>;          // [cout]
@group(0) @binding(4) var<storage, read_write> y: array<f32>;       // [batch, oh, ow, cout]
@group(0) @binding(5) var<storage, read> dy: array<f32>;            // [batch, oh, ow, cout]  gradient from the layer above
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;      // [batch, h, w, cin]
@group(0) @binding(7) var<storage, read_write> parts: array<f32>;   // [chunks, kh · kw + USE_BIAS, cout]
@group(0) @binding(8) var<storage, read> parts_saved: array<f32>;   // the same, for the next dispatch
@group(0) @binding(9) var<storage, read_write> dkernel: array<f32>; // [kh, kw, cout]
@group(0) @binding(10) var<storage, read_write> dbias: array<f32>;  // [cout]

override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

// One invocation per value of y.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.oh * dims.ow * dims.cout { return; }
  let co = i % dims.cout;
  let ow = i / dims.cout % dims.ow;
  let oh = i / (dims.cout * dims.ow) % dims.oh;
  let n = i / (dims.cout * dims.ow * dims.oh);
  let ci = co / dims.multiplier;
  var sum = 0.0;
  if USE_BIAS == 1u { sum = bias[co]; }
  for (var kh = 0u; kh < dims.kh; kh++) {
    // Before the first row the unsigned difference wraps to a huge number, which is outside as well.
    let h = oh * dims.stride_h + kh * dims.dilation_h - dims.pad_top;
    if h >= dims.h { continue; }
    for (var kw = 0u; kw < dims.kw; kw++) {
      let w = ow * dims.stride_w + kw * dims.dilation_w - dims.pad_left;
      if w >= dims.w { continue; }
      let value = x[((n * dims.h + h) * dims.w + w) * dims.cin + ci];
      sum = fma(value, kernel[(kh * dims.kw + kw) * dims.cout + co], sum);
    }
  }
  y[i] = sum;
}

// One invocation per value of dx: which outputs did this input value flow into, and through which tap?
@compute @workgroup_size(64)
fn backward_input(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.h * dims.w * dims.cin { return; }
  let ci = i % dims.cin;
  let w = i / dims.cin % dims.w;
  let h = i / (dims.cin * dims.w) % dims.h;
  let n = i / (dims.cin * dims.w * dims.h);
  let first_co = ci * dims.multiplier;
  var sum = 0.0;
  for (var kh = 0u; kh < dims.kh; kh++) {
    let from_h = h + dims.pad_top - kh * dims.dilation_h;
    let oh = from_h / dims.stride_h;
    if from_h % dims.stride_h != 0u || oh >= dims.oh { continue; }
    for (var kw = 0u; kw < dims.kw; kw++) {
      let from_w = w + dims.pad_left - kw * dims.dilation_w;
      let ow = from_w / dims.stride_w;
      if from_w % dims.stride_w != 0u || ow >= dims.ow { continue; }
      let out = ((n * dims.oh + oh) * dims.ow + ow) * dims.cout + first_co;
      let tap = (kh * dims.kw + kw) * dims.cout + first_co;
      for (var m = 0u; m < dims.multiplier; m++) { sum = fma(dy[out + m], kernel[tap + m], sum); }
    }
  }
  if ACCUMULATE == 1u { sum += dx[i]; }
  dx[i] = sum;
}

// There are few weights, and each is a sum over every place of the batch. So the places are cut into chunks: one workgroup sums a
// chunk for one tap of 16 output channels, 16 threads a channel; a second dispatch adds the chunks. The bias is the weight of an
// input that is always 1, so it comes as one more tap after the kernel's last.
var<workgroup> partial: array<array<f32, 16>, 16>;

@compute @workgroup_size(16, 16)
fn backward_kernel(
  @builtin(local_invocation_id) lane: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let number = group.x + group.y * groups.x;
  let tiles = (dims.cout + 15u) / 16u;
  let taps = dims.kh * dims.kw + USE_BIAS;
  let co = number % tiles * 16u + lane.x;
  let tap = number / tiles % taps;
  let chunk = number / (tiles * taps);
  let inside = co < dims.cout && chunk < dims.chunks;
  var sum = 0.0;
  if inside {
    let is_bias = tap == dims.kh * dims.kw;
    let kw = tap % dims.kw;
    let kh = tap / dims.kw;
    let end = min((chunk + 1u) * dims.chunk, dims.batch * dims.oh * dims.ow);
    for (var place = chunk * dims.chunk + lane.y; place < end; place += 16u) {
      var input = 1.0;
      if !is_bias {
        let w = place % dims.ow * dims.stride_w + kw * dims.dilation_w - dims.pad_left;
        let h = place / dims.ow % dims.oh * dims.stride_h + kh * dims.dilation_h - dims.pad_top;
        let n = place / (dims.ow * dims.oh);
        if h >= dims.h || w >= dims.w { continue; }
        input = x[((n * dims.h + h) * dims.w + w) * dims.cin + co / dims.multiplier];
      }
      sum = fma(input, dy[place * dims.cout + co], sum);
    }
  }
  partial[lane.y][lane.x] = sum;
  for (var half = 8u; half > 0u; half /= 2u) {
    workgroupBarrier();
    if lane.y < half { partial[lane.y][lane.x] += partial[lane.y + half][lane.x]; }
  }
  if lane.y == 0u && inside { parts[(chunk * taps + tap) * dims.cout + co] = partial[0][lane.x]; }
}

// One invocation per weight.
@compute @workgroup_size(64)
fn backward_kernel_total(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let weights = dims.kh * dims.kw * dims.cout;
  let all = weights + USE_BIAS * dims.cout;
  if i >= all { return; }
  var sum = 0.0;
  for (var chunk = 0u; chunk < dims.chunks; chunk++) { sum += parts_saved[chunk * all + i]; }
  if i < weights { dkernel[i] = sum; } else { dbias[i - weights] = sum; }
}
