// Softmax cross-entropy from integer labels, its gradient, and whether the prediction was right, in one go.
//
//   p = softmax(logits)            loss = −Σ_c target_c · log p_c           dlogits_c = (p_c − target_c) · weight / samples
//
// target is 1 at the label and 0 elsewhere; label smoothing e moves a share of e evenly to all classes. Working from logits,
// not from probabilities, the logarithm never meets a 0: log p_c = (x_c − max) − log Σ_k e^(x_k − max).

struct Dims {
  batch: u32,
  classes: u32,
  weight: f32,     // of this head in the total loss
  smoothing: f32,  // e
  head: u32,       // number of this head
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
@group(0) @binding(2) var<storage, read> logits: array<f32>;           // [batch, classes]
@group(0) @binding(3) var<storage, read> labels: array<u32>;           // [batch]
@group(0) @binding(4) var<storage, read_write> samples: array<vec4f>;  // [batch]  loss, right, in the best five, unused
@group(0) @binding(5) var<storage, read_write> dlogits: array<f32>;    // [batch, classes]
@group(0) @binding(6) var<storage, read> samples_saved: array<vec4f>;  // samples, as the first pass left it
@group(0) @binding(7) var<storage, read_write> metrics: array<u32>;    // [heads, 8]  see `reduce`

override GRADIENT: u32 = 0u;    // 1 in training
override ACCUMULATE: u32 = 0u;  // 1 adds to dlogits instead of replacing it

// One invocation per sample.
@compute @workgroup_size(64)
fn forward(@builtin(global_invocation_id) id: vec3u) {
  let n = id.x;
  if n >= dims.batch { return; }
  let first = n * dims.classes;
  let counts = n < step.samples;
  let label = select(0u, labels[n], counts);
  let mine = logits[first + label];
  var largest = logits[first];
  var sum = 0.0;      // of all logits, for the smoothed part of the target
  var better = 0u;    // classes that would be named before the label
  for (var c = 0u; c < dims.classes; c++) {
    let value = logits[first + c];
    largest = max(largest, value);
    sum += value;
    if value > mine || (value == mine && c < label) { better++; }
  }
  var total = 0.0;
  for (var c = 0u; c < dims.classes; c++) { total += exp(logits[first + c] - largest); }  //: ∑ e^z
  let log_total = log(total);
  let uniform_part = dims.smoothing / f32(dims.classes);
  let loss = (1.0 - dims.smoothing) * (log_total - (mine - largest))  //: −∑ target · log p
           + uniform_part * (f32(dims.classes) * (log_total + largest) - sum);
  // A NaN is neither larger nor smaller than anything: without a finite loss nothing is right.
  let sound = is_finite(loss);
  samples[n] = select(vec4f(), vec4f(loss, f32(sound && better == 0u), f32(sound && better < 5u), 0.0), counts);
  if GRADIENT == 1u {
    let scale = select(0.0, dims.weight / f32(step.samples), counts);
    for (var c = 0u; c < dims.classes; c++) {
      let target_c = uniform_part + select(0.0, 1.0 - dims.smoothing, c == label);
      var gradient = scale * (exp(logits[first + c] - largest) / total - target_c);  //: (p − target) / samples
      if ACCUMULATE == 1u { gradient += dlogits[first + c]; }
      dlogits[first + c] = gradient;
    }
  }
}

// Infinity and NaN by their bits: a compiler may assume that there are none and drop `x != x`.
fn is_finite(value: f32) -> bool { return (bitcast<u32>(value) & 0x7f800000u) != 0x7f800000u; }

// Nothing for a sample past the last one.
fn of_sample(n: u32) -> vec4f { return select(vec4f(), samples_saved[n], n < dims.batch); }

// Mean loss and number of hits over the batch, by a single invocation: a batch is short, and to compile a barrier takes a
// software adapter as long as six such kernels. Four sums, so that no load waits for the one before. Writes eight words a head:
// loss (f32 bits), right, in the best five, samples, penalty (norms.wgsl), step at which the loss first was no number (sticky), 0, 0.
@compute @workgroup_size(1)
fn reduce() {
  var a = vec4f(); var b = vec4f(); var c = vec4f(); var d = vec4f();
  for (var n = 0u; n < dims.batch; n += 4u) {
    a += of_sample(n);
    b += of_sample(n + 1u);
    c += of_sample(n + 2u);
    d += of_sample(n + 3u);
  }
  let sum = (a + b) + (c + d);
  let loss = sum.x / f32(step.samples);
  let out = dims.head * 8u;
  metrics[out] = bitcast<u32>(loss);
  metrics[out + 1u] = u32(sum.y);
  metrics[out + 2u] = u32(sum.z);
  metrics[out + 3u] = step.samples;
  if !is_finite(loss) && metrics[out + 5u] == 0u { metrics[out + 5u] = step.step; }
}
