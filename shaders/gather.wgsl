// Makes a batch out of the dataset that lies on the GPU: picks samples by number, turns bytes into values, and shows each
// stored pixel `repeat` × `repeat` times (8×8 digits become 32×32 pictures without being stored as such).

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
  let stored_h = dims.h / dims.repeat;
  let stored_w = dims.w / dims.repeat;
  let byte = ((indices[n] * stored_h + h / dims.repeat) * stored_w + w / dims.repeat) * dims.channels + c;
  let value = (pixels[byte / 4u] >> (byte % 4u * 8u)) & 0xffu;
  x[i] = f32(value) * dims.scale;
}
