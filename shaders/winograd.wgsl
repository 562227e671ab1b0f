// Winograd's convolution F(4×4, 3×3): windows of 3×3 at stride 1, sixteen outputs at once for 36 multiplications, not 144.
//
// An image is cut into tiles of 4×4 outputs, each of which sees 6×6 inputs. A convolution is a product of polynomials, and
// a polynomial is as well known by its values at enough points (here 0, ±1, ±2 and ∞) as by its coefficients; values are
// multiplied one by one. So, along both axes,
//
//   inputs     V = Bᵀ x B       6×6 inputs  → 36 values                 transform_input
//   kernel     U = G k Gᵀ       3×3 weights → 36 values                 transform_kernel
//   outputs    y = Aᵀ (V·U) A   36 values → 4×4 outputs                 transform_output
//
// and V·U, summed over the channels, is 36 products of matrices (tiles × channels · channels × filters), which
// dense_tiled.wgsl computes. The gradient of the input is a convolution of dz with the kernel turned by half a circle. The
// gradient of the kernel goes the way back: dk = Gᵀ (Vᵀ · A dz Aᵀ) G                    transform_gradient, backward_kernel
//
// The matrices are Lavin and Gray's ("Fast Algorithms for Convolutional Neural Networks", 2015). Channels come in fours.

struct Dims {
  tiles: u32, first: u32,           // of all tiles of the batch: how many are at work, and which is the first
  h: u32, w: u32,                   // what is transformed or written, in pixels
  channels4: u32,                   // its channels in fours
  tiles_h: u32, tiles_w: u32,       // tiles of 4×4 outputs of an image
  pad_top: u32, pad_left: u32,
  cin4: u32, cout4: u32,            // of the kernel
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x4: array<vec4f>;          // [batch, h, w, channels4]
@group(0) @binding(2) var<storage, read> kernel4: array<vec4f>;     // [3, 3, cin, cout4]
@group(0) @binding(3) var<storage, read_write> values4: array<vec4f>;   // [36, tiles, channels4] or [36, cin, cout4]
@group(0) @binding(4) var<storage, read> products4: array<vec4f>;   // likewise
@group(0) @binding(5) var<storage, read_write> y4: array<vec4f>;    // [batch, h, w, channels4]
@group(0) @binding(6) var<storage, read> bias4: array<vec4f>;       // [cout4]
@group(0) @binding(7) var<storage, read> norm4: array<vec4f>;       // gamma, beta of a batch norm: [2, cout4 in whole 16s]
@group(0) @binding(8) var<storage, read> moving4: array<vec4f>;     // its moving mean and variance, likewise
@group(0) @binding(9) var<storage, read> residual4: array<vec4f>;  // [batch, h, w, channels4]  what comes by the skip
@group(0) @binding(10) var<storage, read_write> dkernel4: array<vec4f>;  // [3, 3, cin, cout4]

override ACTIVATION: u32 = 0u;   // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override TURNED: u32 = 0u;       // 1: the kernel turned by half a circle
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;   // 1 adds to y4 instead of replacing it
override BELOW: u32 = 0u;        // activation that x came out of: dx times its slope is the dz of the layer below
override NORM: u32 = 0u;         // 1: batch norm of inference follows, which is one factor and one shift a channel
override EPSILON: f32 = 0.0;     // of that norm
override RESIDUAL: u32 = 0u;     // 1: another tensor is added before the activation

fn activate(z: vec4f) -> vec4f {
  switch ACTIVATION {
    case 1u: { return select(z, vec4f(0.0), z <= vec4f(0.0)); }  // max would hide a NaN
    case 2u: { return tanh(clamp(z, vec4f(-15.0), vec4f(15.0))); }  // beyond 15 it is ±1 in f32
    case 3u: { return 1.0 / (1.0 + exp(-z)); }
    case 4u: { return select(exp(z) - 1.0, z, z > vec4f(0.0)); }
    default: { return z; }
  }
}

// The derivative of the activation that x came out of, from x itself.
fn slope(out: vec4f) -> vec4f {
  switch BELOW {
    case 1u: { return select(vec4f(0.0), vec4f(1.0), out > vec4f(0.0)); }
    case 2u: { return 1.0 - out * out; }
    case 3u: { return out * (1.0 - out); }
    case 4u: { return select(out + 1.0, vec4f(1.0), out > vec4f(0.0)); }
    default: { return vec4f(1.0); }
  }
}

struct Three { a: vec4f, b: vec4f, c: vec4f }
struct Four { a: vec4f, b: vec4f, c: vec4f, d: vec4f }
struct Six { a: vec4f, b: vec4f, c: vec4f, d: vec4f, e: vec4f, f: vec4f }

// Bᵀ: six inputs along a line.
fn inputs_to_values(x: Six) -> Six {
  let even = x.e - 4.0 * x.c;
  let odd = x.d - 4.0 * x.b;
  let far = x.e - x.c;
  let step = 2.0 * (x.d - x.b);
  return Six(4.0 * x.a - 5.0 * x.c + x.e, even + odd, even - odd, far + step, far - step, 4.0 * x.b - 5.0 * x.d + x.f);  //: Bᵀ x
}

// G: three weights along a line.
fn weights_to_values(k: Three) -> Six {
  let ends = (k.a + k.c) / 6.0;
  let wide = k.a / 24.0 + k.c / 6.0;
  return Six(k.a / 4.0, -ends - k.b / 6.0, k.b / 6.0 - ends, wide + k.b / 12.0, wide - k.b / 12.0, k.c);  //: G k
}

// Aᵀ: from values to four outputs.
fn values_to_outputs(m: Six) -> Four {
  let near = m.b + m.c;
  let far = m.d + m.e;
  let near_odd = m.b - m.c;
  let far_odd = m.d - m.e;
  return Four(m.a + near + far, near_odd + 2.0 * far_odd, near + 4.0 * far, near_odd + 8.0 * far_odd + m.f);  //: y = Aᵀ (V·U)
}

// A: the way back, from four gradients.
fn outputs_to_values(g: Four) -> Six {
  let near = g.a + g.c;
  let near_odd = g.b + g.d;
  let far = g.a + 4.0 * g.c;
  let far_odd = 2.0 * g.b + 8.0 * g.d;
  return Six(g.a, near + near_odd, near - near_odd, far + far_odd, far - far_odd, g.d);  //: A dz
}

// Gᵀ: the way back to three weights.
fn values_to_weights(m: Six) -> Three {
  let near = m.b + m.c;
  let far = m.d + m.e;
  return Three(m.a / 4.0 - near / 6.0 + far / 24.0, (m.c - m.b) / 6.0 + (m.d - m.e) / 12.0, (far - near) / 6.0 + m.f);  //: dkernel = Gᵀ (Vᵀ · A dz)
}

// A tile and four channels of it.
struct Place { c4: u32, n: u32, row: u32, column: u32 }

fn place(i: u32) -> Place {
  let tile = i / dims.channels4;
  let t = (dims.first + tile) % (dims.tiles_h * dims.tiles_w);
  let n = (dims.first + tile) / (dims.tiles_h * dims.tiles_w);
  return Place(i % dims.channels4, n, t / dims.tiles_w * 4u, t % dims.tiles_w * 4u);
}

// Four channels of a pixel; 0 outside, where row and column have wrapped around as well.
fn pixel(p: Place, row: u32, column: u32) -> vec4f {
  let inside = (row < dims.h) & (column < dims.w);
  let at = select(0u, ((p.n * dims.h + row) * dims.w + column) * dims.channels4 + p.c4, inside);
  return select(vec4f(0.0), x4[at], inside);
}

// Of the 36 points, six that lie side by side: what is at place `at` of each matrix. The next matrix is `next` places on.
fn store_line(line: u32, at: u32, next: u32, v: Six) {
  let i = line * 6u * next + at;
  values4[i] = v.a;
  values4[i + next] = v.b;
  values4[i + 2u * next] = v.c;
  values4[i + 3u * next] = v.d;
  values4[i + 4u * next] = v.e;
  values4[i + 5u * next] = v.f;
}

fn load_line(line: u32, at: u32, next: u32) -> Six {
  let i = line * 6u * next + at;
  return Six(products4[i], products4[i + next], products4[i + 2u * next],
             products4[i + 3u * next], products4[i + 4u * next], products4[i + 5u * next]);
}

// ---- V: a column of six inputs at a time, then the six rows of what came of them ----

fn input_column(p: Place, column: u32) -> Six {
  let row = p.row - dims.pad_top;
  let x = column - dims.pad_left;
  return inputs_to_values(Six(pixel(p, row, x), pixel(p, row + 1u, x), pixel(p, row + 2u, x),
                              pixel(p, row + 3u, x), pixel(p, row + 4u, x), pixel(p, row + 5u, x)));
}

@compute @workgroup_size(64)
fn transform_input(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let next = dims.tiles * dims.channels4;
  if i >= next { return; }
  let p = place(i);
  let a = input_column(p, p.column);
  let b = input_column(p, p.column + 1u);
  let c = input_column(p, p.column + 2u);
  let d = input_column(p, p.column + 3u);
  let e = input_column(p, p.column + 4u);
  let f = input_column(p, p.column + 5u);
  store_line(0u, i, next, inputs_to_values(Six(a.a, b.a, c.a, d.a, e.a, f.a)));
  store_line(1u, i, next, inputs_to_values(Six(a.b, b.b, c.b, d.b, e.b, f.b)));
  store_line(2u, i, next, inputs_to_values(Six(a.c, b.c, c.c, d.c, e.c, f.c)));
  store_line(3u, i, next, inputs_to_values(Six(a.d, b.d, c.d, d.d, e.d, f.d)));
  store_line(4u, i, next, inputs_to_values(Six(a.e, b.e, c.e, d.e, e.e, f.e)));
  store_line(5u, i, next, inputs_to_values(Six(a.f, b.f, c.f, d.f, e.f, f.f)));
}

// ---- A dz Aᵀ ----

fn gradient_column(p: Place, x: u32) -> Six {
  return outputs_to_values(Four(pixel(p, p.row, x), pixel(p, p.row + 1u, x), pixel(p, p.row + 2u, x), pixel(p, p.row + 3u, x)));
}

@compute @workgroup_size(64)
fn transform_gradient(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let next = dims.tiles * dims.channels4;
  if i >= next { return; }
  let p = place(i);
  let a = gradient_column(p, p.column);
  let b = gradient_column(p, p.column + 1u);
  let c = gradient_column(p, p.column + 2u);
  let d = gradient_column(p, p.column + 3u);
  store_line(0u, i, next, outputs_to_values(Four(a.a, b.a, c.a, d.a)));
  store_line(1u, i, next, outputs_to_values(Four(a.b, b.b, c.b, d.b)));
  store_line(2u, i, next, outputs_to_values(Four(a.c, b.c, c.c, d.c)));
  store_line(3u, i, next, outputs_to_values(Four(a.d, b.d, c.d, d.d)));
  store_line(4u, i, next, outputs_to_values(Four(a.e, b.e, c.e, d.e)));
  store_line(5u, i, next, outputs_to_values(Four(a.f, b.f, c.f, d.f)));
}

// ---- U: 3×3 weights of one input channel and four filters ----

fn weight(i: u32, next: u32, tap: u32) -> vec4f {
  return kernel4[select(tap, 8u - tap, TURNED == 1u) * next + i];
}

fn kernel_column(i: u32, next: u32, column: u32) -> Six {
  return weights_to_values(Three(weight(i, next, column), weight(i, next, column + 3u), weight(i, next, column + 6u)));
}

@compute @workgroup_size(64)
fn transform_kernel(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let next = 4u * dims.cin4 * dims.cout4;
  if i >= next { return; }
  let a = kernel_column(i, next, 0u);
  let b = kernel_column(i, next, 1u);
  let c = kernel_column(i, next, 2u);
  store_line(0u, i, next, weights_to_values(Three(a.a, b.a, c.a)));
  store_line(1u, i, next, weights_to_values(Three(a.b, b.b, c.b)));
  store_line(2u, i, next, weights_to_values(Three(a.c, b.c, c.c)));
  store_line(3u, i, next, weights_to_values(Three(a.d, b.d, c.d)));
  store_line(4u, i, next, weights_to_values(Three(a.e, b.e, c.e)));
  store_line(5u, i, next, weights_to_values(Three(a.f, b.f, c.f)));
}

// ---- outputs, or the gradient of the input: 4×4 of a tile ----

// What follows the sums of four channels: the bias, and in inference the batch norm behind it.
struct Channels { bias: vec4f, mean: vec4f, scale: vec4f, beta: vec4f }

fn channels(c4: u32) -> Channels {
  var c = Channels();
  if USE_BIAS == 1u { c.bias = bias4[c4]; }
  if NORM == 1u {
    let second = (dims.channels4 + 15u) / 16u * 16u;
    c.mean = moving4[c4];
    c.scale = inverseSqrt(moving4[second + c4] + EPSILON) * norm4[c4];
    c.beta = norm4[second + c4];
  }
  return c;
}

fn store_output(p: Place, c: Channels, row: u32, column: u32, sum: vec4f) {
  if (row >= dims.h) | (column >= dims.w) { return; }
  let at = ((p.n * dims.h + row) * dims.w + column) * dims.channels4 + p.c4;
  var z = sum + c.bias;
  if NORM == 1u { z = (z - c.mean) * c.scale + c.beta; }
  if RESIDUAL == 1u { z += residual4[at]; }
  z = activate(z);
  if ACCUMULATE == 1u { z += y4[at]; }
  if BELOW != 0u { z *= slope(x4[at]); }
  y4[at] = z;
}

@compute @workgroup_size(64)
fn transform_output(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let next = dims.tiles * dims.channels4;
  if i >= next { return; }
  let p = place(i);
  let a = values_to_outputs(load_line(0u, i, next));
  let b = values_to_outputs(load_line(1u, i, next));
  let c = values_to_outputs(load_line(2u, i, next));
  let d = values_to_outputs(load_line(3u, i, next));
  let e = values_to_outputs(load_line(4u, i, next));
  let f = values_to_outputs(load_line(5u, i, next));
  let columns = array(values_to_outputs(Six(a.a, b.a, c.a, d.a, e.a, f.a)), values_to_outputs(Six(a.b, b.b, c.b, d.b, e.b, f.b)),
                      values_to_outputs(Six(a.c, b.c, c.c, d.c, e.c, f.c)), values_to_outputs(Six(a.d, b.d, c.d, d.d, e.d, f.d)));
  let end = channels(p.c4);
  for (var x = 0u; x < 4u; x++) {
    store_output(p, end, p.row, p.column + x, columns[x].a);
    store_output(p, end, p.row + 1u, p.column + x, columns[x].b);
    store_output(p, end, p.row + 2u, p.column + x, columns[x].c);
    store_output(p, end, p.row + 3u, p.column + x, columns[x].d);
  }
}

// ---- the gradient of the kernel ----

fn store_dkernel(column: u32, i: u32, next: u32, k: Three) {
  dkernel4[column * next + i] = k.a;
  dkernel4[(column + 3u) * next + i] = k.b;
  dkernel4[(column + 6u) * next + i] = k.c;
}

@compute @workgroup_size(64)
fn backward_kernel(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  let next = 4u * dims.cin4 * dims.cout4;
  if i >= next { return; }
  let a = values_to_weights(load_line(0u, i, next));
  let b = values_to_weights(load_line(1u, i, next));
  let c = values_to_weights(load_line(2u, i, next));
  let d = values_to_weights(load_line(3u, i, next));
  let e = values_to_weights(load_line(4u, i, next));
  let f = values_to_weights(load_line(5u, i, next));
  store_dkernel(0u, i, next, values_to_weights(Six(a.a, b.a, c.a, d.a, e.a, f.a)));
  store_dkernel(1u, i, next, values_to_weights(Six(a.b, b.b, c.b, d.b, e.b, f.b)));
  store_dkernel(2u, i, next, values_to_weights(Six(a.c, b.c, c.c, d.c, e.c, f.c)));
}
