// Several tensors behind one another along the channels. One dispatch per input.
//
//   y[p, first + c] = x[p, c]            dx[p, c] = dy[p, first + c]

struct Dims {
  pixels: u32,    // batch · height · width
  own: u32,       // channels of this input
  channels: u32,  // channels of y
  first: u32,     // channels of all inputs before this one
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> x: array<f32>;         // [pixels, own]
@group(0) @binding(2) var<storage, read_write> y: array<f32>;   // [pixels, channels]
@group(0) @binding(3) var<storage, read> dy: array<f32>;        // [pixels, channels]  gradient from the layer above
@group(0) @binding(4) var<storage, read_write> dx: array<f32>;  // [pixels, own]
@group(0) @binding(5) var<storage, read> y_saved: array<f32>;   // y of the forward pass: what x was is there as well

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

// Where value i of this input lies in y.
fn place(i: u32) -> u32 {
  return i / dims.own * dims.channels + dims.first + i % dims.own;  //: channel first + c
}

// One invocation per value of x.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.pixels * dims.own { return; }
  y[place(i)] = x[i];
}

// One invocation per value of dx.
@compute @workgroup_size(64)
fn backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i >= dims.pixels * dims.own { return; }
  let at = place(i);
  var gradient = dy[at];
  if BELOW != 0u { gradient *= slope(y_saved[at]); }
  if ACCUMULATE == 1u { gradient += dx[i]; }
  dx[i] = gradient;
}
