// Max pooling: the largest value of each window. Cells outside the image do not take part.
//
// The forward pass remembers which cell won, so that the backward pass can hand the whole gradient to it. Among equal
// cells the first in reading order wins.

struct Dims {
  batch: u32,
  h: u32, w: u32, channels: u32,  // input
  oh: u32, ow: u32,               // output
  kh: u32, kw: u32,               // window
  stride_h: u32, stride_w: u32,
  pad_top: u32, pad_left: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;             // [batch, h, w, channels]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;       // [batch, oh, ow, channels]
@group(0) @binding(3) var<storage, read_write> argmax: array<u32>;  // [batch, oh, ow, channels]  cell of the image: h · width + w
@group(0) @binding(4) var<storage, read> argmax_saved: array<u32>;  // the same, as the forward pass left it
@group(0) @binding(5) var<storage, read> dy: array<f32>;            // [batch, oh, ow, channels]  gradient from the layer above
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;      // [batch, h, w, channels]

// The same memory, two channels at a time: half the loads and half the index arithmetic, where channels come in pairs.
@group(0) @binding(7) var<storage, read> x2: array<vec2f>;
@group(0) @binding(8) var<storage, read_write> y2: array<vec2f>;
@group(0) @binding(9) var<storage, read_write> argmax2: array<vec2u>;
@group(0) @binding(10) var<storage, read> argmax_saved2: array<vec2u>;
@group(0) @binding(11) var<storage, read> dy2: array<vec2f>;
@group(0) @binding(12) var<storage, read_write> dx2: array<vec2f>;

@group(0) @binding(13) var<storage, read> y_saved: array<f32>;      // y of the forward pass
@group(0) @binding(14) var<storage, read> y_saved2: array<vec2f>;

override REMEMBER: u32 = 0u;    // 1 where a backward pass follows
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it
override BELOW: u32 = 0u;       // activation that x came out of: dx times its slope is the dz of the layer below
override SIDE: u32 = 0u;        // forward_pairs: 2 or 3 where windows have that height and width; 0 for others

// The derivative of an activation, from its output. The winner of a window is the window's output: x need not be kept.
fn slope(out: vec2f) -> vec2f {
  switch BELOW {
    case 1u: { return select(vec2f(0.0), vec2f(1.0), out > vec2f(0.0)); }
    case 2u: { return 1.0 - out * out; }
    case 3u: { return out * (1.0 - out); }
    case 4u: { return select(out + 1.0, vec2f(1.0), out > vec2f(0.0)); }
    default: { return vec2f(1.0); }
  }
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
  var best = 0.0;
  var winner = 0xffffffffu;  // nobody yet
  for (var kh = 0u; kh < dims.kh; kh++) {
    // Before the first row the unsigned difference wraps to a huge number, which is outside as well.
    let h = oh * dims.stride_h + kh - dims.pad_top;
    if h >= dims.h { continue; }
    for (var kw = 0u; kw < dims.kw; kw++) {
      let w = ow * dims.stride_w + kw - dims.pad_left;
      if w >= dims.w { continue; }
      let value = x[((n * dims.h + h) * dims.w + w) * dims.channels + c];
      // `!(value <= best)` rather than `value > best`: a NaN wins, so that it is seen further on.
      if winner == 0xffffffffu || !(value <= best) {  //: max, and argmax with it
        best = value;
        winner = h * dims.w + w;
      }
    }
  }
  y[i] = best;
  if REMEMBER == 1u { argmax[i] = winner; }
}

// What a window hands on.
fn gradient(out: u32) -> f32 {
  if BELOW == 0u { return dy[out]; }
  return dy[out] * slope(vec2f(y_saved[out])).x;
}

// One invocation per value of dx: it collects from every window that it won.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.batch * dims.h * dims.w * dims.channels { return; }
  let c = i % dims.channels;
  let w = i / dims.channels % dims.w;
  let h = i / (dims.channels * dims.w) % dims.h;
  let n = i / (dims.channels * dims.w * dims.h);
  let cell = h * dims.w + w;
  var sum = 0.0;
  for (var kh = 0u; kh < dims.kh; kh++) {
    let from_h = h + dims.pad_top - kh;
    let oh = from_h / dims.stride_h;
    if from_h % dims.stride_h != 0u || oh >= dims.oh { continue; }
    for (var kw = 0u; kw < dims.kw; kw++) {
      let from_w = w + dims.pad_left - kw;
      let ow = from_w / dims.stride_w;
      if from_w % dims.stride_w != 0u || ow >= dims.ow { continue; }
      let out = ((n * dims.oh + oh) * dims.ow + ow) * dims.channels + c;
      if argmax_saved[out] == cell { sum += gradient(out); }  //: ∑ over the windows that it won
    }
  }
  if ACCUMULATE == 1u { sum += dx[i]; }
  dx[i] = sum;
}

// The better of the best so far and another cell of the image. A NaN wins, so that it is seen further on.
fn take(best: ptr<function, vec2f>, winner: ptr<function, vec2u>, image: u32, cell: u32) {
  let value = x2[image + cell * (dims.channels / 2u)];
  let wins = !(value <= *best);  //: max, and argmax with it
  *best = select(*best, value, wins);
  if REMEMBER == 1u { *winner = select(*winner, vec2u(cell), wins); }
}

// Two channels of one place of y. The window is cut at the image's border beforehand, so that nothing is asked inside; in small
// ones that are cut, the last row or column comes twice, which changes nothing.
@compute @workgroup_size(64)
fn forward_pairs(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let pairs = dims.channels / 2u;
  if i >= dims.batch * dims.oh * dims.ow * pairs { return; }
  let pixel = i / pairs;
  let row = pixel / dims.ow;
  let n = row / dims.oh;
  let top = (row - n * dims.oh) * dims.stride_h;
  let left = (pixel - row * dims.ow) * dims.stride_w;
  let h = max(top, dims.pad_top) - dims.pad_top;
  let w = max(left, dims.pad_left) - dims.pad_left;
  let end_h = min(top + dims.kh, dims.h + dims.pad_top) - dims.pad_top;
  let width = min(left + dims.kw, dims.w + dims.pad_left) - dims.pad_left - w;
  let image = n * dims.h * dims.w * pairs + i - pixel * pairs;
  let first = h * dims.w + w;
  var best = x2[image + first * pairs];
  var winner = vec2u(first);
  if SIDE > 0u {
    let right = min(1u, width - 1u);
    let further = min(2u, width - 1u);
    take(&best, &winner, image, first + right);
    if SIDE > 2u { take(&best, &winner, image, first + further); }
    let second = min(h + 1u, end_h - 1u) * dims.w + w;
    take(&best, &winner, image, second);
    take(&best, &winner, image, second + right);
    if SIDE > 2u {
      take(&best, &winner, image, second + further);
      let third = min(h + 2u, end_h - 1u) * dims.w + w;
      take(&best, &winner, image, third);
      take(&best, &winner, image, third + right);
      take(&best, &winner, image, third + further);
    }
  } else {
    for (var row = h; row < end_h; row++) {
      for (var column = 0u; column < width; column++) { take(&best, &winner, image, row * dims.w + w + column); }
    }
  }
  y2[i] = best;
  if REMEMBER == 1u { argmax2[i] = winner; }
}

// Two channels of one window, where windows do not overlap: it hands its gradient to the cell that won, and 0 to the others.
// The last window of a row or column also takes what lies behind it.
@compute @workgroup_size(64)
fn backward_pairs(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let pairs = dims.channels / 2u;
  if i >= dims.batch * dims.oh * dims.ow * pairs { return; }
  let pixel = i / pairs;
  let row = pixel / dims.ow;
  let n = row / dims.oh;
  let oh = row - n * dims.oh;
  let ow = pixel - row * dims.ow;
  let c = i - pixel * pairs;
  let winner = argmax_saved2[i];
  var gradient = dy2[i];
  if BELOW != 0u { gradient *= slope(y_saved2[i]); }
  let bottom = select((oh + 1u) * dims.stride_h, dims.h, oh + 1u == dims.oh);
  let right = select((ow + 1u) * dims.stride_w, dims.w, ow + 1u == dims.ow);
  for (var h = oh * dims.stride_h; h < bottom; h++) {
    for (var w = ow * dims.stride_w; w < right; w++) {
      let at = h * dims.w + w;
      var share = select(vec2f(), gradient, winner == vec2u(at));  //: dy to the cell that won
      let to = (n * dims.h * dims.w + at) * pairs + c;
      if ACCUMULATE == 1u { share += dx2[to]; }
      dx2[to] = share;
    }
  }
}
