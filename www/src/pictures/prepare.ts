/** What is done to an own picture before the network sees it, step by step. */

/** How a picture comes to the input's size. */
export const FRAMINGS = ['crop', 'stretch'] as const;
export const ORDERS = ['RGB', 'BGR'] as const;
/** What happens to a byte. `mean` is what Keras calls caffe: minus the mean of ImageNet, not divided. */
export const SCALINGS = ['unit', 'signed', 'mean', 'none'] as const;

export interface Preparation {
  framing: (typeof FRAMINGS)[number];
  order: (typeof ORDERS)[number];
  scaling: (typeof SCALINGS)[number];
  invert: boolean;
}

/** As the playground's own data sets are made. */
export const USUAL: Preparation = { framing: 'crop', order: 'RGB', scaling: 'unit', invert: false };

/** Mean of ImageNet's pictures, red first (Keras, `imagenet_utils.preprocess_input`). */
export const MEAN = [123.68, 116.779, 103.939] as const;

/** Part of a picture that is taken, in its own pixels. */
export function frame(
  width: number,
  height: number,
  framing: Preparation['framing'],
): [number, number, number, number] {
  if (framing === 'stretch') return [0, 0, width, height];
  const side = Math.min(width, height);
  return [(width - side) / 2, (height - side) / 2, side, side];
}

/** Luma of ITU-R BT.601, as Pillow and OpenCV have it. */
export function grey(red: number, green: number, blue: number): number {
  return 0.299 * red + 0.587 * green + 0.114 * blue;
}

/** RGBA bytes of the input's size to the network's numbers, `[h, w, channels]`. */
export function values(
  rgba: ArrayLike<number>,
  channels: number,
  { order, scaling, invert }: Preparation,
): Float32Array {
  const pixels = rgba.length / 4;
  const made = new Float32Array(pixels * channels);
  const scaled = (byte: number, colour: number): number => {
    const value = invert ? 255 - byte : byte;
    switch (scaling) {
      case 'unit':
        return value / 255;
      case 'signed':
        return value / 127.5 - 1;
      case 'mean':
        return value - (channels === 1 ? grey(...MEAN) : (MEAN[colour] ?? 0));
      case 'none':
        return value;
    }
  };
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const [red = 0, green = 0, blue = 0] = [0, 1, 2].map((colour) => rgba[4 * pixel + colour] ?? 0);
    if (channels < 3) {
      made.fill(scaled(grey(red, green, blue), 0), pixel * channels, (pixel + 1) * channels);
      continue;
    }
    const colours = [scaled(red, 0), scaled(green, 1), scaled(blue, 2)];
    if (order === 'BGR') colours.reverse();
    made.set(colours, pixel * channels);
  }
  return made;
}

/** Largest picture that is opened. */
export const MOST_BYTES = 20 * 2 ** 20;
