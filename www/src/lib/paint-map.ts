import { viridis } from './learning-log.js';

/** From the smallest of every so manieth value to the largest, those aside that are no numbers. */
export function rangeOf(values: Float32Array, from = 0, every = 1): [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = from; i < values.length; i += every) {
    const value = values[i] ?? 0;
    if (Number.isFinite(value)) [low, high] = [Math.min(low, value), Math.max(high, value)];
  }
  return [low, high];
}

/** One channel in colours, from its smallest value to its largest or over a range that others share; without one the picture as it is,
 * in grey or in red, green and blue. */
export function paintMap(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  [height = 1, width = 1, channels = 1]: readonly number[],
  channel: number | null,
  range: readonly [number, number] | null = null,
): void {
  const image = new ImageData(width, height);
  const [low, high] = range ?? (channel === null ? [0, 1] : rangeOf(values, channel, channels));
  for (let i = 0; i < width * height; i += 1) {
    const at = (one: number): number => values[i * channels + one] ?? 0;
    const grey = (one: number): number => Math.round(255 * at(Math.min(one, channels - 1)));
    const value = channel === null ? 0 : at(channel);
    const colour =
      channel === null
        ? [grey(0), grey(1), grey(2)]
        : Number.isFinite(value)
          ? viridis((value - low) / (high - low || 1))
          : [255, 0, 140];
    image.data.set([...colour, 255], 4 * i);
  }
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}
