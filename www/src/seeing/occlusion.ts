/** Patches that slide over a picture. */

/** Top left corners of all patches, row by row, centred on the cells of a grid that covers the picture. */
export function places(height: number, width: number, size: number, stride: number): [number, number][] {
  const starts = (length: number): number[] =>
    Array.from({ length: Math.ceil(length / stride) }, (_, i) => Math.round((i + 0.5) * stride - size / 2));
  return starts(height).flatMap((top) => starts(width).map((left): [number, number] => [top, left]));
}

/** The picture with one patch of one grey. */
export function covered(
  picture: Float32Array,
  [height, width, channels]: readonly [number, number, number],
  [top, left]: readonly [number, number],
  size: number,
  fill: number,
): Float32Array {
  const result = picture.slice();
  for (let y = Math.max(0, top); y < Math.min(height, top + size); y += 1) {
    const from = Math.max(0, left);
    const to = Math.min(width, left + size);
    if (from < to) result.fill(fill, (y * width + from) * channels, (y * width + to) * channels);
  }
  return result;
}
