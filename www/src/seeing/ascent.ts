/** Activation maximisation: pictures that drive one number of the network as high as it goes (Erhan et al. 2009; Simonyan et al. 2014).
 * The gradient comes from the GPU; here are the noise it starts from and the steps. */

type Shape = readonly [number, number, number];

const GREY = 0.5;
/** Root mean square of a step's change. */
const RATE = 0.04;
/** Share of the way back to grey in every step: the L2 term. */
const DECAY = 0.02;
/** How much of its neighbours a pixel takes up in every step: what keeps noise down. */
const BLUR = 0.12;

/** Faint noise around grey, the same for the same seed. */
export function noise(count: number, seed: number): Float32Array {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return GREY + (state / 2 ** 32 - 0.5) * 0.1;
  });
}

/** One step up the gradient, then a little towards grey and towards the neighbours; pixels stay between black and white. */
export function ascend(picture: Float32Array, gradient: Float32Array, shape: Shape): Float32Array {
  const size = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0) / gradient.length);
  const scale = size > 0 && Number.isFinite(size) ? RATE / size : 0;
  const moved = picture.map((value, at) => {
    const next = scale === 0 ? value : value + scale * (gradient[at] ?? 0);
    return GREY + (next - GREY) * (1 - DECAY);
  });
  return blurred(moved, shape).map((value) => Math.min(1, Math.max(0, value)));
}

/** Every pixel with a share of the mean of its four neighbours; the edge repeats. */
export function blurred(picture: Float32Array, [height, width, channels]: Shape): Float32Array {
  const at = (y: number, x: number, c: number): number => {
    const row = Math.min(height - 1, Math.max(0, y));
    const column = Math.min(width - 1, Math.max(0, x));
    return picture[(row * width + column) * channels + c] ?? 0;
  };
  return picture.map((value, i) => {
    const c = i % channels;
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width);
    const around = (at(y - 1, x, c) + at(y + 1, x, c) + at(y, x - 1, c) + at(y, x + 1, c)) / 4;
    return value + BLUR * (around - value);
  });
}
