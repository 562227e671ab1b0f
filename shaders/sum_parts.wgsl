// Second pass of a weight gradient whose sum was cut into parts: adds the parts, always in the same order.
//
//   dkernel[i] = Σ_p kernel_parts[p, i]        dbias[i] = Σ_p bias_parts[p, i]
//
// Floats cannot be added atomically, and where several invocations raced to add, the last bits would differ from run to
// run. So each part has a place of its own, and one invocation per pair of values walks over the parts.

struct Dims {
  parts: u32,
  kernel: u32,  // pairs in dkernel
  bias: u32,    // pairs in dbias; 0 where there is no bias
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<storage, read> kernel_parts: array<vec2f>;  // [parts, kernel]
@group(0) @binding(2) var<storage, read> bias_parts: array<vec2f>;    // [parts, bias]
@group(0) @binding(3) var<storage, read_write> dkernel: array<vec2f>; // [kernel]
@group(0) @binding(4) var<storage, read_write> dbias: array<vec2f>;   // [bias]

@compute @workgroup_size(64)
fn sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if i < dims.kernel {
    var sum = vec2f();
    for (var part = 0u; part < dims.parts; part++) { sum += kernel_parts[part * dims.kernel + i]; }
    dkernel[i] = sum;
  } else if i - dims.kernel < dims.bias {
    let b = i - dims.kernel;
    var sum = vec2f();
    for (var part = 0u; part < dims.parts; part++) { sum += bias_parts[part * dims.bias + b]; }
    dbias[b] = sum;
  }
}
