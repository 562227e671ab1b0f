// The gradient of a convolution's kernel with register tiles, for any number of input channels (cout even).
//
//   dkernel[kh, kw, ci, co] = Σ_n Σ_oh Σ_ow  x[n, oh·s + kh·d − p, ow·s + kw − p, ci] · dz[n, oh, ow, co]
//
// The sum runs over all output pixels and has few results, so it is cut into parts: an invocation owns one part of the
// output's rows, and a tile of up to 5 neighbouring taps of a kernel row × 5 pairs (kernel row, input channel) × 4 output
// channels. Of each output pixel it loads 4 gradients and multiplies them with 25 values of x, most of which it has from
// the pixel before. A second pass (sum_parts.wgsl) adds the parts.

struct Dims {
  batch: u32,
  h: u32, w: u32, cin: u32,         // input
  oh: u32, ow: u32, cout: u32,      // output
  kh: u32, kw: u32,                 // window
  stride_h: u32, stride_w: u32,
  dilation_h: u32,                  // along w the cells of the window are neighbours
  pad_top: u32, pad_left: u32,
  splits: u32, split_rows: u32,     // parts that the sum is cut into, output rows of each
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;              // [batch, h, w, cin]
@group(0) @binding(2) var<storage, read> dz2: array<vec2f>;          // [batch, oh, ow, cout / 2]  gradient of the loss by what went into the activation
@group(0) @binding(3) var<storage, read> dz4: array<vec4f>;          // the same memory
@group(0) @binding(4) var<storage, read_write> dkernel2: array<vec2f>; // [splits, kh, kw, cin, cout / 2]  sums of the parts
@group(0) @binding(5) var<storage, read_write> dbias2: array<vec2f>;   // [splits, cout / 2]

override USE_BIAS: u32 = 0u;
override FOURS: u32 = 0u;          // 1 where cout is a multiple of 4: loads four channels at once
override PADDED: u32 = 1u;         // 0 where no window reaches beyond the image
override STRIDE: u32 = 1u;         // along w: 1, 2, or 3 for any other
override TAPS: u32 = 5u;           // taps at once: at most 5 with stride 1, 4 with stride 2, 2 otherwise

// Four channels from an even place.
fn dz(at: u32) -> vec4f {
  if FOURS == 1u { return dz4[at / 4u]; }
  return vec4f(dz2[at / 2u], dz2[at / 2u + 1u]);
}

// dz of one pixel of an output row that begins at pixel `row`; 0 beyond its end.
fn dz_at(row: u32, ow: u32, co: u32) -> vec4f {
  let inside = ow < dims.ow;
  return select(vec4f(0.0), dz((row + select(0u, ow, inside)) * dims.cout + co), inside);
}

// Gradients of four neighbouring pixels.
fn gradients(row: u32, ow: u32, co: u32) -> mat4x4f {
  return mat4x4f(dz_at(row, ow, co), dz_at(row, ow + 1u, co), dz_at(row, ow + 2u, co), dz_at(row, ow + 3u, co));
}

// Where five pairs (kernel row, input channel) read x, seen from the place that tap (0, 0) of an output pixel meets.
struct Pairs { rows: array<u32, 5>, starts: array<u32, 5> }

fn row_of(pair: u32) -> u32 {
  return pair / dims.cin * dims.dilation_h - dims.pad_top;
}

fn start_of(pair: u32) -> u32 {
  return row_of(pair) * dims.w * dims.cin + pair % dims.cin;
}

// The row of x that an unpadded window begins in, and where it lies.
struct Row { h: u32, start: u32 }

fn value(at: u32, inside: bool) -> f32 {
  if PADDED == 0u { return x[at]; }
  return select(0.0, x[select(0u, at, inside)], inside);
}

// The five values of one column.
fn column(pairs: Pairs, row: Row, w: u32) -> array<f32, 5> {
  let at = row.start + w * dims.cin;
  let inside = w < dims.w;  // what lies before the image wraps and is huge
  // `&` rather than `&&`, which is a branch: compilers take time for each.
  return array(
    value(at + pairs.starts[0], inside & (row.h + pairs.rows[0] < dims.h)),
    value(at + pairs.starts[1], inside & (row.h + pairs.rows[1] < dims.h)),
    value(at + pairs.starts[2], inside & (row.h + pairs.rows[2] < dims.h)),
    value(at + pairs.starts[3], inside & (row.h + pairs.rows[3] < dims.h)),
    value(at + pairs.starts[4], inside & (row.h + pairs.rows[4] < dims.h)));
}

// What four neighbouring pixels add to one tap: their gradients, a column each, and the columns of x that the tap meets.
fn add_tap(s: ptr<function, array<vec4f, 5>>, g: mat4x4f, c0: array<f32, 5>, c1: array<f32, 5>, c2: array<f32, 5>,
           c3: array<f32, 5>) {
  (*s)[0] += g * vec4f(c0[0], c1[0], c2[0], c3[0]);
  (*s)[1] += g * vec4f(c0[1], c1[1], c2[1], c3[1]);
  (*s)[2] += g * vec4f(c0[2], c1[2], c2[2], c3[2]);
  (*s)[3] += g * vec4f(c0[3], c1[3], c2[3], c3[3]);
  (*s)[4] += g * vec4f(c0[4], c1[4], c2[4], c3[4]);
}

fn store_tap(pair: u32, kw: u32, co: u32, split: u32, sum: vec4f) {
  if pair >= dims.kh * dims.cin || kw >= dims.kw { return; }
  let row = ((split * dims.kh + pair / dims.cin) * dims.kw + kw) * dims.cin + pair % dims.cin;
  let at = (row * dims.cout + co) / 2u;
  dkernel2[at] = sum.xy;
  if co + 2u < dims.cout { dkernel2[at + 1u] = sum.zw; }
}

@compute @workgroup_size(16)
fn backward_kernel(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let split = group.x * 16u + lane;
  if split >= dims.splits { return; }
  let pair = group.y * 5u;
  let chunks = (dims.kw + TAPS - 1u) / TAPS;
  let first_kw = group.z % chunks * TAPS;
  let co = group.z / chunks * 4u;
  var bias = vec4f();
  // [pair], four output channels each, for every tap.
  var s0 = array<vec4f, 5>(); var s1 = s0; var s2 = s0; var s3 = s0; var s4 = s0;
  let end = min((split + 1u) * dims.split_rows, dims.batch * dims.oh);
  let pairs = Pairs(
    array(row_of(pair), row_of(pair + 1u), row_of(pair + 2u), row_of(pair + 3u), row_of(pair + 4u)),
    array(start_of(pair), start_of(pair + 1u), start_of(pair + 2u), start_of(pair + 3u), start_of(pair + 4u)));
  let left = first_kw - dims.pad_left;
  // One loop for rows and pixels: the sums would be handed through each loop of a nest.
  var out_row = split * dims.split_rows;
  var n = out_row / dims.oh;
  var oh = out_row % dims.oh;
  var ow = 0u;
  var c4 = array<f32, 5>(); var c5 = c4; var c6 = c4; var c7 = c4;
  while out_row < end {
    let h = oh * dims.stride_h;
    let row = Row(h, (n * dims.h + h) * dims.w * dims.cin);
    let pixels = out_row * dims.ow;
    let g = gradients(pixels, ow, co);
    bias += g[0] + g[1] + g[2] + g[3];
    if STRIDE == 1u {
      // Four pixels at a time; of the columns that they meet, TAPS − 1 come from the four before.
      if ow == 0u {
        if TAPS > 1u { c4 = column(pairs, row, left); }
        if TAPS > 2u { c5 = column(pairs, row, left + 1u); }
        if TAPS > 3u { c6 = column(pairs, row, left + 2u); }
        if TAPS > 4u { c7 = column(pairs, row, left + 3u); }
      }
      var c0 = c4; var c1 = c5; var c2 = c6; var c3 = c7;
      if TAPS < 2u { c0 = column(pairs, row, left + ow); }
      if TAPS < 3u { c1 = column(pairs, row, left + ow + 1u); }
      if TAPS < 4u { c2 = column(pairs, row, left + ow + 2u); }
      if TAPS < 5u { c3 = column(pairs, row, left + ow + 3u); }
      if TAPS > 1u { c4 = column(pairs, row, left + ow + 4u); }
      if TAPS > 2u { c5 = column(pairs, row, left + ow + 5u); }
      if TAPS > 3u { c6 = column(pairs, row, left + ow + 6u); }
      if TAPS > 4u { c7 = column(pairs, row, left + ow + 7u); }
      add_tap(&s0, g, c0, c1, c2, c3);
      if TAPS > 1u { add_tap(&s1, g, c1, c2, c3, c4); }
      if TAPS > 2u { add_tap(&s2, g, c2, c3, c4, c5); }
      if TAPS > 3u { add_tap(&s3, g, c3, c4, c5, c6); }
      if TAPS > 4u { add_tap(&s4, g, c4, c5, c6, c7); }
    } else if STRIDE == 2u {
      // Every other column is where the next pixel begins.
      let p = left + 2u * ow;
      let d0 = column(pairs, row, p);
      var d1 = array<f32, 5>();
      if TAPS > 1u { d1 = column(pairs, row, p + 1u); }
      let d2 = column(pairs, row, p + 2u);
      var d3 = array<f32, 5>();
      if TAPS > 1u { d3 = column(pairs, row, p + 3u); }
      let d4 = column(pairs, row, p + 4u);
      var d5 = array<f32, 5>();
      if TAPS > 1u { d5 = column(pairs, row, p + 5u); }
      let d6 = column(pairs, row, p + 6u);
      var d7 = array<f32, 5>();
      if TAPS > 1u { d7 = column(pairs, row, p + 7u); }
      var d8 = array<f32, 5>();
      if TAPS > 2u { d8 = column(pairs, row, p + 8u); }
      var d9 = array<f32, 5>();
      if TAPS > 3u { d9 = column(pairs, row, p + 9u); }
      add_tap(&s0, g, d0, d2, d4, d6);
      if TAPS > 1u { add_tap(&s1, g, d1, d3, d5, d7); }
      if TAPS > 2u { add_tap(&s2, g, d2, d4, d6, d8); }
      if TAPS > 3u { add_tap(&s3, g, d3, d5, d7, d9); }
    } else {
      let p0 = left + ow * dims.stride_w;
      let p1 = p0 + dims.stride_w;
      let p2 = p1 + dims.stride_w;
      let p3 = p2 + dims.stride_w;
      add_tap(&s0, g, column(pairs, row, p0), column(pairs, row, p1), column(pairs, row, p2), column(pairs, row, p3));
      if TAPS > 1u { add_tap(&s1, g, column(pairs, row, p0 + 1u), column(pairs, row, p1 + 1u), column(pairs, row, p2 + 1u), column(pairs, row, p3 + 1u)); }
    }
    ow += 4u;
    let row_ends = ow >= dims.ow;
    ow = select(ow, 0u, row_ends);
    out_row += u32(row_ends);
    oh += u32(row_ends);
    let image_ends = oh == dims.oh;
    oh = select(oh, 0u, image_ends);
    n += u32(image_ends);
  }
  var sums = array(
    s0[0], s0[1], s0[2], s0[3], s0[4],
    s1[0], s1[1], s1[2], s1[3], s1[4],
    s2[0], s2[1], s2[2], s2[3], s2[4],
    s3[0], s3[1], s3[2], s3[3], s3[4],
    s4[0], s4[1], s4[2], s4[3], s4[4]);
  for (var i = 0u; i < 5u * TAPS; i++) {
    store_tap(pair + i % 5u, first_kw + i / 5u, co, split, sums[i]);
  }
  if USE_BIAS == 1u && pair == 0u && first_kw == 0u {
    let at = (split * dims.cout + co) / 2u;
    dbias2[at] = bias.xy;
    if co + 2u < dims.cout { dbias2[at + 1u] = bias.zw; }
  }
}
