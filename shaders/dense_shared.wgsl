// A dense layer with workgroup memory: 64 invocations share what they load, and each owns 8 × 8 of their 64 × 64 results.
//
//   forward          64 samples × 64 units,  16 inputs at a time
//   backward_input   64 samples × 64 inputs, 16 units at a time
//   backward_kernel  64 inputs × 64 units,   16 samples at a time
//
// All three are a product of matrices, result[row, column] = Σ_k rows[k, row] · columns[k, column]. A GPU multiplies far faster
// than its memory answers. So a workgroup fetches 16 steps of k for all its rows and columns once, 2 × 64 × 16 numbers, into
// memory of its own, and multiplies each of them 64 times. From there an invocation takes 4 vectors for 64 multiplications, and
// while it multiplies, the next numbers are on their way. Invocations wait for each other twice in 16 steps, which costs a GPU
// little and a processor that plays one a lot: dense_tiled.wgsl is for those. The numbers of inputs and units are multiples of 4.
//
// Several layers of the same sizes may be stacked, one behind the other in every tensor: winograd.wgsl has 36 of them.

struct Dims {
  batch: u32,
  inputs: u32,
  units: u32,
  layers: u32,  // stacked ones
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x4: array<vec4f>;              // [batch, inputs / 4]
@group(0) @binding(2) var<storage, read> kernel4: array<vec4f>;         // [inputs, units / 4]
@group(0) @binding(3) var<storage, read> bias4: array<vec4f>;           // [units / 4]
@group(0) @binding(4) var<storage, read_write> y4: array<vec4f>;        // [batch, units / 4]
@group(0) @binding(5) var<storage, read> dz4: array<vec4f>;             // [batch, units / 4]  gradient of the loss by what went into the activation
@group(0) @binding(6) var<storage, read_write> dx4: array<vec4f>;       // [batch, inputs / 4]
@group(0) @binding(7) var<storage, read_write> dkernel4: array<vec4f>;  // [inputs, units / 4]
@group(0) @binding(8) var<storage, read_write> dbias4: array<vec4f>;    // [units / 4]
@group(0) @binding(9) var<storage, read> norm4: array<vec4f>;           // gamma, beta of a batch norm: [2, units / 4 in whole 16s]
@group(0) @binding(10) var<storage, read> moving4: array<vec4f>;        // its moving mean and variance, likewise
@group(0) @binding(11) var<storage, read> residual4: array<vec4f>;      // [batch, units / 4]  what comes by the skip connection

override ACTIVATION: u32 = 0u;  // 0 linear, 1 relu, 2 tanh, 3 sigmoid, 4 elu
override USE_BIAS: u32 = 0u;
override ACCUMULATE: u32 = 0u;  // 1 adds to dx, or to the gradients of kernel and bias, instead of replacing them
override BELOW: u32 = 0u;       // activation that x came out of: dx times its slope is the dz of the layer below
override BIAS_OF: u32 = 0u;     // which of the stacked layers has the bias
override NORM: u32 = 0u;        // 1: batch norm of inference follows, which is one factor and one shift a channel
override EPSILON: f32 = 0.0;    // of that norm
override RESIDUAL: u32 = 0u;    // 1: another tensor is added before the activation

// Memory of the workgroup: [rows or columns, 16 steps of k, 64 of them in fours and one place to spare]. Memory is laid out in
// banks that answer side by side; because of the spare place, what is stored at the same time goes to different ones.
var<workgroup> tiles: array<vec4f, 544>;
const STEP = 17u;       // from one k to the next
const COLUMNS = 272u;  // where those of the columns begin

// The 8 × 8 sums of an invocation: a column of a matrix holds four columns of one row. `low` are rows 0 to 3 from its first one
// on, `high` are 32 to 35; likewise left and right.
struct Sums { low_left: mat4x4f, low_right: mat4x4f, high_left: mat4x4f, high_right: mat4x4f }

// What a workgroup works for.
struct Place { layer: u32, row: u32, column: u32 }

fn place(group: vec3u, groups: vec3u, rows: u32, columns: u32) -> Place {
  let across = (columns + 63u) / 64u;
  let down = (rows + 63u) / 64u;
  let i = group.x + group.y * groups.x;
  let tile = i / across;
  return Place(tile / down, tile % down * 64u, i % across * 64u);
}

// Which 4 × 4 numbers an invocation carries: from which k and which row or column on.
struct Load { k: u32, along: u32 }

// Where four neighbours in memory are of four columns, 16 invocations fetch 64 in a row.
fn straight(lane: u32) -> Load { return Load(lane / 16u * 4u, lane % 16u * 4u); }

// Where they are of four k, they are turned on their way; two invocations fetch eight in a row.
fn turned(lane: u32) -> Load { return Load(lane % 2u * 4u + lane / 32u * 8u, lane / 2u % 16u * 4u); }

fn keep(side: u32, to: Load, block: mat4x4f) {
  let at = side + to.k * STEP + to.along / 4u;
  tiles[at] = block[0];
  tiles[at + STEP] = block[1];
  tiles[at + 2u * STEP] = block[2];
  tiles[at + 3u * STEP] = block[3];
}

// Each of eight rows times each of eight columns, for 16 steps of k.
fn multiply(s: ptr<function, Sums>, lane: u32) {
  let row = lane / 8u;
  let column = COLUMNS + lane % 8u;
  for (var k = 0u; k < COLUMNS; k += STEP) {
    let low = tiles[k + row];
    let high = tiles[k + row + 8u];
    let left = tiles[k + column];
    let right = tiles[k + column + 8u];
    (*s).low_left += mat4x4f(low.x * left, low.y * left, low.z * left, low.w * left);
    (*s).low_right += mat4x4f(low.x * right, low.y * right, low.z * right, low.w * right);
    (*s).high_left += mat4x4f(high.x * left, high.y * left, high.z * left, high.w * left);
    (*s).high_right += mat4x4f(high.x * right, high.y * right, high.z * right, high.w * right);
  }
}

// ---- blocks of 4 × 4 from memory, 0 outside ----

fn x_of(layer: u32, n: u32, k: u32) -> vec4f {
  let inside = (n < dims.batch) & (k < dims.inputs);
  return select(vec4f(), x4[select(0u, ((layer * dims.batch + n) * dims.inputs + k) / 4u, inside)], inside);
}

fn x_block(layer: u32, n: u32, k: u32) -> mat4x4f {
  return mat4x4f(x_of(layer, n, k), x_of(layer, n + 1u, k), x_of(layer, n + 2u, k), x_of(layer, n + 3u, k));
}

fn weight(layer: u32, k: u32, o: u32) -> vec4f {
  let inside = (k < dims.inputs) & (o < dims.units);
  return select(vec4f(), kernel4[select(0u, ((layer * dims.inputs + k) * dims.units + o) / 4u, inside)], inside);
}

fn kernel_block(layer: u32, k: u32, o: u32) -> mat4x4f {
  return mat4x4f(weight(layer, k, o), weight(layer, k + 1u, o), weight(layer, k + 2u, o), weight(layer, k + 3u, o));
}

fn dz_of(layer: u32, n: u32, o: u32) -> vec4f {
  let inside = (n < dims.batch) & (o < dims.units);
  return select(vec4f(), dz4[select(0u, ((layer * dims.batch + n) * dims.units + o) / 4u, inside)], inside);
}

fn dz_block(layer: u32, n: u32, o: u32) -> mat4x4f {
  return mat4x4f(dz_of(layer, n, o), dz_of(layer, n + 1u, o), dz_of(layer, n + 2u, o), dz_of(layer, n + 3u, o));
}

// ---- forward: y = x · kernel ----

fn activate(z: vec4f) -> vec4f {
  switch ACTIVATION {
    case 1u: { return select(z, vec4f(0.0), z <= vec4f(0.0)); }  // max would hide a NaN
    case 2u: { return tanh(clamp(z, vec4f(-15.0), vec4f(15.0))); }  // beyond 15 it is ±1 in f32
    case 3u: { return 1.0 / (1.0 + exp(-z)); }
    case 4u: { return select(exp(z) - 1.0, z, z > vec4f(0.0)); }
    default: { return z; }
  }
}

fn store_y(layer: u32, n: u32, o: u32, sum: vec4f) {
  if n >= dims.batch { return; }
  let at = ((layer * dims.batch + n) * dims.units + o) / 4u;
  var z = sum;
  if USE_BIAS == 1u { z += bias4[o / 4u]; }
  if NORM == 1u {
    let second = (dims.units + 63u) / 64u * 16u + o / 4u;
    z = (z - moving4[o / 4u]) * (inverseSqrt(moving4[second] + EPSILON) * norm4[o / 4u]) + norm4[second];
  }
  if RESIDUAL == 1u { z += residual4[at]; }
  y4[at] = activate(z);
}

fn store_rows(layer: u32, n: u32, o: u32, sums: mat4x4f) {
  if o >= dims.units { return; }
  store_y(layer, n, o, sums[0]);
  store_y(layer, n + 1u, o, sums[1]);
  store_y(layer, n + 2u, o, sums[2]);
  store_y(layer, n + 3u, o, sums[3]);
}

@compute @workgroup_size(64)
fn forward(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
           @builtin(local_invocation_index) lane: u32) {
  let at = place(group, groups, dims.batch, dims.units);
  if at.layer >= dims.layers { return; }
  let of_x = turned(lane);
  let of_kernel = straight(lane);
  var s = Sums();
  var rows = x_block(at.layer, at.row + of_x.along, of_x.k);
  var columns = kernel_block(at.layer, of_kernel.k, at.column + of_kernel.along);
  for (var k = 16u; k < dims.inputs + 16u; k += 16u) {
    keep(0u, of_x, transpose(rows));
    keep(COLUMNS, of_kernel, columns);
    workgroupBarrier();
    rows = x_block(at.layer, at.row + of_x.along, k + of_x.k);
    columns = kernel_block(at.layer, k + of_kernel.k, at.column + of_kernel.along);
    multiply(&s, lane);
    workgroupBarrier();
  }
  let n = at.row + lane / 8u * 4u;
  let o = at.column + lane % 8u * 4u;
  store_rows(at.layer, n, o, s.low_left);
  store_rows(at.layer, n, o + 32u, s.low_right);
  store_rows(at.layer, n + 32u, o, s.high_left);
  store_rows(at.layer, n + 32u, o + 32u, s.high_right);
}

// ---- backward_input: dx = dz · kernelᵀ ----

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

fn store_dx(layer: u32, n: u32, k: u32, sum: vec4f) {
  if n >= dims.batch { return; }
  let at = ((layer * dims.batch + n) * dims.inputs + k) / 4u;
  var dx = sum;
  if ACCUMULATE == 1u { dx += dx4[at]; }
  if BELOW != 0u { dx *= slope(x4[at]); }
  dx4[at] = dx;
}

fn store_dx_rows(layer: u32, n: u32, k: u32, sums: mat4x4f) {
  if k >= dims.inputs { return; }
  store_dx(layer, n, k, sums[0]);
  store_dx(layer, n + 1u, k, sums[1]);
  store_dx(layer, n + 2u, k, sums[2]);
  store_dx(layer, n + 3u, k, sums[3]);
}

@compute @workgroup_size(64)
fn backward_input(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
                  @builtin(local_invocation_index) lane: u32) {
  let at = place(group, groups, dims.batch, dims.inputs);
  if at.layer >= dims.layers { return; }
  let share = turned(lane);
  var s = Sums();
  var rows = dz_block(at.layer, at.row + share.along, share.k);
  var columns = kernel_block(at.layer, at.column + share.along, share.k);
  for (var o = 16u; o < dims.units + 16u; o += 16u) {
    keep(0u, share, transpose(rows));
    keep(COLUMNS, share, transpose(columns));
    workgroupBarrier();
    rows = dz_block(at.layer, at.row + share.along, o + share.k);
    columns = kernel_block(at.layer, at.column + share.along, o + share.k);
    multiply(&s, lane);
    workgroupBarrier();
  }
  let n = at.row + lane / 8u * 4u;
  let k = at.column + lane % 8u * 4u;
  store_dx_rows(at.layer, n, k, s.low_left);
  store_dx_rows(at.layer, n, k + 32u, s.low_right);
  store_dx_rows(at.layer, n + 32u, k, s.high_left);
  store_dx_rows(at.layer, n + 32u, k + 32u, s.high_right);
}

// ---- backward_kernel: dkernel = xᵀ · dz, dbias = Σ_n dz ----

fn store_dkernel(layer: u32, k: u32, o: u32, sum: vec4f) {
  let at = ((layer * dims.inputs + k) * dims.units + o) / 4u;
  if ACCUMULATE == 1u { dkernel4[at] += sum; } else { dkernel4[at] = sum; }
}

fn store_dkernel_rows(layer: u32, k: u32, o: u32, sums: mat4x4f) {
  if k >= dims.inputs || o >= dims.units { return; }
  store_dkernel(layer, k, o, sums[0]);
  store_dkernel(layer, k + 1u, o, sums[1]);
  store_dkernel(layer, k + 2u, o, sums[2]);
  store_dkernel(layer, k + 3u, o, sums[3]);
}

// `sum` is of every fourth four of samples: 16 invocations have the same 64 units each, one of them adds the four sums up.
fn store_dbias(lane: u32, o: u32, sum: vec4f, wanted: bool) {
  tiles[lane] = sum;
  workgroupBarrier();
  if wanted && lane < 16u && o < dims.units {
    let total = tiles[lane] + tiles[lane + 16u] + tiles[lane + 32u] + tiles[lane + 48u];
    if ACCUMULATE == 1u { dbias4[o / 4u] += total; } else { dbias4[o / 4u] = total; }
  }
}

@compute @workgroup_size(64)
fn backward_kernel(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u,
                   @builtin(local_invocation_index) lane: u32) {
  let at = place(group, groups, dims.inputs, dims.units);
  if at.layer >= dims.layers { return; }
  let share = straight(lane);
  var s = Sums();
  var bias = vec4f();
  var rows = x_block(at.layer, share.k, at.row + share.along);
  var columns = dz_block(at.layer, share.k, at.column + share.along);
  for (var n = 16u; n < dims.batch + 16u; n += 16u) {
    keep(0u, share, rows);
    keep(COLUMNS, share, columns);
    bias += columns[0] + columns[1] + columns[2] + columns[3];
    workgroupBarrier();
    rows = x_block(at.layer, n + share.k, at.row + share.along);
    columns = dz_block(at.layer, n + share.k, at.column + share.along);
    multiply(&s, lane);
    workgroupBarrier();
  }
  if USE_BIAS == 1u { store_dbias(lane, at.column + share.along, bias, at.row == 0u && at.layer == BIAS_OF); }
  let k = at.row + lane / 8u * 4u;
  let o = at.column + lane % 8u * 4u;
  store_dkernel_rows(at.layer, k, o, s.low_left);
  store_dkernel_rows(at.layer, k, o + 32u, s.low_right);
  store_dkernel_rows(at.layer, k + 32u, o, s.high_left);
  store_dkernel_rows(at.layer, k + 32u, o + 32u, s.high_right);
}
