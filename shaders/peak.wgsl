// What the adapter can do at best: `bench` states every kernel's speed as a share of these.

@group(0) @binding(0) var<storage, read> source: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> copied: array<vec4f>;

// 32 · 512 fused multiply-adds in registers, in eight chains of four that don't wait for each other.
@compute @workgroup_size(64)
fn arithmetic(@builtin(global_invocation_id) id: vec3u) {
  let p = vec4f(f32(id.x) * 1e-9 + 0.999);
  var a = vec4f(0.0); var b = vec4f(1.0); var c = vec4f(2.0); var d = vec4f(3.0);
  var e = vec4f(4.0); var f = vec4f(5.0); var g = vec4f(6.0); var h = vec4f(7.0);
  for (var i = 0u; i < 512u; i++) {
    a = fma(a, p, p); b = fma(b, p, p); c = fma(c, p, p); d = fma(d, p, p);
    e = fma(e, p, p); f = fma(f, p, p); g = fma(g, p, p); h = fma(h, p, p);
  }
  copied[id.x] = a + b + c + d + e + f + g + h;
}

// One vec4 in, one out.
@compute @workgroup_size(64)
fn copy(@builtin(global_invocation_id) id: vec3u) {
  copied[id.x] = source[id.x];
}
