// Makes a batch out of the dataset that lies on the GPU: picks samples by number, turns bytes into values, and shows each
// stored pixel `repeat` × `repeat` times (8×8 digits become 32×32 pictures without being stored as such).
//
// In training it may also augment: each time that a picture is seen, it is mirrored, shifted, turned or partly covered a little
// differently, so that a network cannot learn pictures by heart. Nothing of that is stored. Random numbers are a hash of seed, step
// and place in the batch: the same seed gives the same pictures.

struct Dims {
  batch: u32,
  h: u32, w: u32, channels: u32,  // as the network sees a picture
  repeat: u32,
  scale: f32,                     // value = byte · scale
}

struct Step {
  step: u32,       // 1 for the first step
  samples: u32,    // samples of the batch that count; those after them are padding
  learning_rate: f32,
  rate: f32,
  seed: u32,
}

@group(0) @binding(0) var<uniform> dims: Dims;
@group(0) @binding(1) var<uniform> step: Step;
@group(0) @binding(2) var<storage, read> pixels: array<u32>;          // four bytes a word: [count, h / repeat, w / repeat, channels]
@group(0) @binding(3) var<storage, read> stored_labels: array<u32>;   // [count]
@group(0) @binding(4) var<storage, read> indices: array<u32>;         // [batch]  sample numbers
@group(0) @binding(5) var<storage, read_write> x: array<f32>;         // [batch, h, w, channels]
@group(0) @binding(6) var<storage, read_write> labels: array<u32>;    // [batch]

override LABELS: u32 = 1u;  // 0 gathers pictures only
override AUGMENT: u32 = 0u; // the sum of what is done at random: 1 flips, 2 shifts, 4 rotates, 8 cuts out; 0 leaves pictures as they are

const FLIP = 1u;
const SHIFT = 2u;      // up to an eighth of a side, each way
const ROTATE = 4u;     // up to 15°, each way
const CUTOUT = 8u;     // a square of a quarter of the shorter side becomes 0
const TANGENT = 0.1316525;  // of half of 15°

// Four numbers to four random ones: "pcg4d" (Jarzynski and Olano, Hash Functions for GPU Rendering, 2020).
// Integer arithmetic wraps around at 2³².
fn pcg4d(numbers: vec4u) -> vec4u {
  var v = numbers * 1664525u + 1013904223u;
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  v ^= v >> vec4u(16u);
  v.x += v.y * v.w;
  v.y += v.z * v.x;
  v.z += v.x * v.y;
  v.w += v.y * v.z;
  return v;
}

// A value of a stored picture; 0 beyond its edges.
fn stored(sample: u32, h: i32, w: i32, c: u32) -> f32 {
  if h < 0 || w < 0 || h >= i32(dims.h) || w >= i32(dims.w) { return 0.0; }
  let stored_h = dims.h / dims.repeat;
  let stored_w = dims.w / dims.repeat;
  let row = sample * stored_h + u32(h) / dims.repeat;
  let byte = (row * stored_w + u32(w) / dims.repeat) * dims.channels + c;
  let value = (pixels[byte / 4u] >> (byte % 4u * 8u)) & 0xffu;
  return f32(value) * dims.scale;  //: byte · scale
}

// A value of the picture at place n of the batch, changed as chance has it for this step.
fn augmented(n: u32, h: u32, w: u32, c: u32) -> f32 {
  let random = pcg4d(vec4u(n, 0xA0000000u, step.step, step.seed));
  let centre = pcg4d(vec4u(n, 0xA0000001u, step.step, step.seed)).xy % vec2u(dims.h, dims.w);
  let half = i32(max(2u, min(dims.h, dims.w) / 4u) / 2u);
  let from_centre = vec2i(vec2u(h, w)) - vec2i(centre);
  if (AUGMENT & CUTOUT) != 0u && all(from_centre >= vec2i(-half)) && all(from_centre < vec2i(half)) { return 0.0; }

  // Where in the stored picture this value comes from, seen from the middle: every change is undone, last one first.
  let middle = vec2f(f32(dims.h - 1u), f32(dims.w - 1u)) * 0.5;
  var at = vec2f(f32(h), f32(w)) - middle;
  if (AUGMENT & SHIFT) != 0u {
    let most = max(vec2u(1u), vec2u(dims.h, dims.w) / 8u);
    at -= vec2f(vec2i(random.yz % (2u * most + 1u)) - vec2i(most));
  }
  if (AUGMENT & ROTATE) != 0u {
    // Sine and cosine from the tangent of half the angle, exactly: those of WGSL differ from GPU to GPU.
    let t = (f32(random.w >> 8u) / 8388608.0 - 1.0) * TANGENT;
    let cosine = (1.0 - t * t) / (1.0 + t * t);
    let sine = 2.0 * t / (1.0 + t * t);
    at = vec2f(cosine * at.x - sine * at.y, sine * at.x + cosine * at.y);
  }
  if (AUGMENT & FLIP) != 0u && random.x >= 0x80000000u { at.y = -at.y; }
  at += middle;

  // Between pixels: the four around, by how near they are.
  let corner = floor(at);
  let share = at - corner;
  let h0 = i32(corner.x);
  let w0 = i32(corner.y);
  let sample = indices[n];
  let above = mix(stored(sample, h0, w0, c), stored(sample, h0, w0 + 1, c), share.y);
  let below = mix(stored(sample, h0 + 1, w0, c), stored(sample, h0 + 1, w0 + 1, c), share.y);
  return mix(above, below, share.x);
}

// One invocation per value of x; the first `batch` of them see to the labels as well.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.x + id.y * groups.x * 64u;
  if LABELS == 1u && i < dims.batch {
    labels[i] = select(0u, stored_labels[indices[i]], i < step.samples);
  }
  if i >= dims.batch * dims.h * dims.w * dims.channels { return; }
  let c = i % dims.channels;
  let w = i / dims.channels % dims.w;
  let h = i / (dims.channels * dims.w) % dims.h;
  let n = i / (dims.channels * dims.w * dims.h);
  if n >= step.samples { x[i] = 0.0; return; }
  if AUGMENT != 0u { x[i] = augmented(n, h, w, c); } else { x[i] = stored(indices[n], i32(h), i32(w), c); }
}
