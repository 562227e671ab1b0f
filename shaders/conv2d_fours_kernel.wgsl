// The gradient of a convolution's kernel with register tiles, where channels come in fours.
//
//   dkernel[kh, kw, ci, co] = Σ_n Σ_oh Σ_ow  x[n, oh·s + kh·d − p, ow·s + kw − p, ci] · dz[n, oh, ow, co]
//
// The sum runs over all output pixels and has few results, so it is cut into parts: an invocation owns one part of the
// output's rows, and a tile of up to 3 × 3 neighbouring taps × 4 input channels × 4 output channels. It walks along the
// rows four pixels at a time. Four pixels × four output channels of dz are a matrix, four pixels × four input channels of x
// another, and their product is what these pixels add to one tap. A second pass (sum_parts.wgsl) adds the parts.

struct Dims {
  batch: u32,
  h: u32, w: u32, cin4: u32,        // input; channels in fours
  oh: u32, ow: u32, cout4: u32,     // output
  kh: u32, kw: u32,                 // window
  stride_h: u32, stride_w: u32,
  dilation_h: u32,                  // along w the cells of the window are neighbours
  pad_top: u32, pad_left: u32,
  splits: u32, split_rows: u32,     // parts that the sum is cut into, output rows of each
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x4: array<vec4f>;             // [batch, h, w, cin4]
@group(0) @binding(2) var<storage, read> dz4: array<vec4f>;            // [batch, oh, ow, cout4]  gradient of the loss by what went into the activation
@group(0) @binding(3) var<storage, read_write> dkernel4: array<vec4f>; // [splits, kh, kw, cin, cout4]  sums of the parts
@group(0) @binding(4) var<storage, read_write> dbias4: array<vec4f>;   // [splits, cout4]

override USE_BIAS: u32 = 0u;
override STRIDE: u32 = 1u;         // along w: 1, 2, or 3 for any other
override ROWS: u32 = 3u;           // window rows of a tile, 1 to 3
override TAPS: u32 = 3u;           // taps of a tile along each window row, 1 to 3

// dz of one pixel of an output row that begins at pixel `row`; 0 beyond its end.
fn dz_at(row: u32, ow: u32, co4: u32) -> vec4f {
  let inside = ow < dims.ow;
  return select(vec4f(), dz4[(row + select(0u, ow, inside)) * dims.cout4 + co4], inside);
}

// Where an invocation reads x: one row of an image, if it exists, and four channels.
struct Row { inside: bool, start: u32, ci4: u32 }

fn row_of(n: u32, oh: u32, kh: u32, ci4: u32) -> Row {
  let h = oh * dims.stride_h + kh * dims.dilation_h - dims.pad_top;  // above the image it wraps and is huge
  return Row(h < dims.h, (n * dims.h + h) * dims.w, ci4);
}

fn x_at(row: Row, w: u32) -> vec4f {
  let inside = row.inside & (w < dims.w);  // `&&` would be a branch
  return select(vec4f(), x4[select(0u, row.start + w, inside) * dims.cin4 + row.ci4], inside);
}

// [pixel, input channel], turned so that it multiplies [output channel, pixel].
fn pixels(a: vec4f, b: vec4f, c: vec4f, d: vec4f) -> mat4x4f {
  return transpose(mat4x4f(a, b, c, d));
}

// The sums of three taps: [output channel, input channel].
struct Taps { t0: mat4x4f, t1: mat4x4f, t2: mat4x4f }

// What four pixels from output column `ow` on add to one row of the window; `last` holds the two columns of x before those
// that are loaded now.
fn add_row(s: ptr<function, Taps>, last: ptr<function, array<vec4f, 2>>, g: mat4x4f, row: Row, ow: u32, kw: u32) {
  let p = ow * dims.stride_w + kw - dims.pad_left;
  if STRIDE == 1u {
    if ow == 0u {
      if TAPS > 1u { (*last)[0] = x_at(row, p); }
      if TAPS > 2u { (*last)[1] = x_at(row, p + 1u); }
    }
    var c0 = (*last)[0]; var c1 = (*last)[1];
    if TAPS < 2u { c0 = x_at(row, p); }
    if TAPS < 3u { c1 = x_at(row, p + 1u); }
    let c2 = x_at(row, p + 2u);
    let c3 = x_at(row, p + 3u);
    var c4 = vec4f(); var c5 = vec4f();
    if TAPS > 1u { c4 = x_at(row, p + 4u); }
    if TAPS > 2u { c5 = x_at(row, p + 5u); }
    (*s).t0 += g * pixels(c0, c1, c2, c3);
    if TAPS > 1u { (*s).t1 += g * pixels(c1, c2, c3, c4); }
    if TAPS > 2u { (*s).t2 += g * pixels(c2, c3, c4, c5); }
    (*last)[0] = c4;
    (*last)[1] = c5;
  } else if STRIDE == 2u {
    // Every other column is where the next pixel begins.
    let c0 = x_at(row, p);
    let c2 = x_at(row, p + 2u);
    let c4 = x_at(row, p + 4u);
    let c6 = x_at(row, p + 6u);
    (*s).t0 += g * pixels(c0, c2, c4, c6);
    if TAPS > 1u { (*s).t1 += g * pixels(x_at(row, p + 1u), x_at(row, p + 3u), x_at(row, p + 5u), x_at(row, p + 7u)); }
    if TAPS > 2u { (*s).t2 += g * pixels(c2, c4, c6, x_at(row, p + 8u)); }
  } else {
    let q = p + dims.stride_w;
    let r = q + dims.stride_w;
    let t = r + dims.stride_w;
    (*s).t0 += g * pixels(x_at(row, p), x_at(row, q), x_at(row, r), x_at(row, t));
    if TAPS > 1u { (*s).t1 += g * pixels(x_at(row, p + 1u), x_at(row, q + 1u), x_at(row, r + 1u), x_at(row, t + 1u)); }
    if TAPS > 2u { (*s).t2 += g * pixels(x_at(row, p + 2u), x_at(row, q + 2u), x_at(row, r + 2u), x_at(row, t + 2u)); }
  }
}

@compute @workgroup_size(16)
fn backward_kernel(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let split = group.x * 16u + lane;
  if split >= dims.splits { return; }
  let ci4 = group.y;
  let across = (dims.kw + TAPS - 1u) / TAPS;
  let down = (dims.kh + ROWS - 1u) / ROWS;
  let kw = group.z % across * TAPS;
  let kh = group.z / across % down * ROWS;
  let co4 = group.z / (across * down);
  var bias = vec4f();
  var s0 = Taps(); var s1 = Taps(); var s2 = Taps();
  var last0 = array<vec4f, 2>(); var last1 = array<vec4f, 2>(); var last2 = array<vec4f, 2>();
  let end = min((split + 1u) * dims.split_rows, dims.batch * dims.oh);
  // One loop for rows and pixels: the sums would be handed through each loop of a nest.
  var out_row = split * dims.split_rows;
  var n = out_row / dims.oh;
  var oh = out_row % dims.oh;
  var ow = 0u;
  while out_row < end {
    let at = out_row * dims.ow;
    let g = mat4x4f(dz_at(at, ow, co4), dz_at(at, ow + 1u, co4), dz_at(at, ow + 2u, co4), dz_at(at, ow + 3u, co4));
    bias += g[0] + g[1] + g[2] + g[3];
    add_row(&s0, &last0, g, row_of(n, oh, kh, ci4), ow, kw);
    if ROWS > 1u { add_row(&s1, &last1, g, row_of(n, oh, kh + 1u, ci4), ow, kw); }
    if ROWS > 2u { add_row(&s2, &last2, g, row_of(n, oh, kh + 2u, ci4), ow, kw); }
    ow += 4u;
    let row_ends = ow >= dims.ow;
    ow = select(ow, 0u, row_ends);
    out_row += u32(row_ends);
    oh += u32(row_ends);
    let image_ends = oh == dims.oh;
    oh = select(oh, 0u, image_ends);
    n += u32(image_ends);
  }
  // Copies, because what a loop indexes lies in memory.
  var sums = array(s0.t0, s0.t1, s0.t2, s1.t0, s1.t1, s1.t2, s2.t0, s2.t1, s2.t2);
  for (var i = 0u; i < 3u * ROWS; i++) {
    let row = kh + i / 3u;
    let column = kw + i % 3u;
    if i % 3u >= TAPS || row >= dims.kh || column >= dims.kw { continue; }
    let tap = ((split * dims.kh + row) * dims.kw + column) * dims.cin4 + ci4;
    for (var c = 0u; c < 4u; c++) { dkernel4[(4u * tap + c) * dims.cout4 + co4] = sums[i][c]; }
  }
  if USE_BIAS == 1u && ci4 == 0u && kh == 0u && kw == 0u { dbias4[split * dims.cout4 + co4] = bias; }
}
