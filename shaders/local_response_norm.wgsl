// Local response normalisation (Krizhevsky, Sutskever and Hinton 2012, section 3.3): a channel with strong neighbours is
// dampened.
//
//   base[c] = bias + alpha · Σ_j x[j]²      over the channels j from c − radius to c + radius
//   y[c] = x[c] · base[c]^(−beta)
//
//   dx[c] = dy[c] · base[c]^(−beta) − 2 · alpha · beta · x[c] · Σ_j dy[j] · x[j] · base[j]^(−beta − 1)

struct Dims {
  count: u32,     // values in the batch
  channels: u32,
  radius: u32,
  bias: f32,
  alpha: f32,
  beta: f32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;           // [pixels, channels]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;     // [pixels, channels]
@group(0) @binding(3) var<storage, read_write> base: array<f32>;  // [pixels, channels]
@group(0) @binding(4) var<storage, read> base_saved: array<f32>;  // base, as the forward pass left it
@group(0) @binding(5) var<storage, read> dy: array<f32>;          // [pixels, channels]  gradient from the layer above
@group(0) @binding(6) var<storage, read_write> dx: array<f32>;    // [pixels, channels]

override REMEMBER: u32 = 0u;    // 1 where a backward pass follows
override ACCUMULATE: u32 = 0u;  // 1 adds to dx instead of replacing it

// First and last neighbour of value i.
fn neighbours(i: u32) -> vec2u {
  let c = i % dims.channels;
  let before = min(c, dims.radius);
  let after = min(dims.channels - 1u - c, dims.radius);
  return vec2u(i - before, i + after);
}

// One invocation per value.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.count { return; }
  let window = neighbours(i);
  var squares = 0.0;
  for (var j = window.x; j <= window.y; j++) { squares = fma(x[j], x[j], squares); }
  let own = fma(dims.alpha, squares, dims.bias);
  y[i] = x[i] * pow(own, -dims.beta);
  if REMEMBER == 1u { base[i] = own; }
}

// One invocation per value: its own output, and those of all whose neighbour it is, which are its own neighbours.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.count { return; }
  let window = neighbours(i);
  var through_neighbours = 0.0;
  for (var j = window.x; j <= window.y; j++) {
    through_neighbours = fma(dy[j] * x[j], pow(base_saved[j], -dims.beta - 1.0), through_neighbours);
  }
  var gradient = dy[i] * pow(base_saved[i], -dims.beta) - 2.0 * dims.alpha * dims.beta * x[i] * through_neighbours;
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}
