/** Maps of heat over a picture. */
import { viridis } from '../lib/learning-log.js';
import type { Heat } from './questions.js';

/** Row and column of the largest value; `null` where nothing is above 0. */
export function hottest({ values, width }: Heat): readonly [number, number] | null {
  const at = values.reduce((best, value, i) => (value > (values[best] ?? -Infinity) ? i : best), 0);
  return (values[at] ?? 0) > 0 ? [Math.floor(at / width), at % width] : null;
}

/** The value at a share of the picture's height and width. */
export function heatAt({ values, height, width }: Heat, y: number, x: number): number {
  const cell = (share: number, count: number): number => Math.min(count - 1, Math.max(0, Math.floor(share * count)));
  return values[cell(y, height) * width + cell(x, width)] ?? Number.NaN;
}

/** Pixels of a picture of values from 0 to 1, in grey or in red, green and blue. */
export function pictureOf(values: Float32Array, [height = 1, width = 1, channels = 1]: readonly number[]): ImageData {
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i += 1) {
    for (let c = 0; c < 3; c += 1) {
      image.data[4 * i + c] = Math.round(255 * (values[i * channels + Math.min(c, channels - 1)] ?? 0));
    }
    image.data[4 * i + 3] = 255;
  }
  return image;
}

/** Colours of the heat, fading out where it is cold. */
function colours({ values, height, width }: Heat): ImageData {
  const image = new ImageData(width, height);
  const highest = values.reduce((high, value) => (Number.isFinite(value) ? Math.max(high, value) : high), 0);
  values.forEach((value, i) => {
    const share = highest > 0 ? Math.max(0, value) / highest : 0;
    image.data.set([...viridis(share), Math.round(235 * Math.min(1, share * 1.6))], 4 * i);
  });
  return image;
}

async function bitmap(image: ImageData): Promise<ImageBitmap> {
  return createImageBitmap(image);
}

/** The picture, dimmed, and the heat over it. */
export async function paintHeat(
  canvas: HTMLCanvasElement,
  picture: Float32Array,
  shape: readonly number[],
  heat: Heat | null,
): Promise<void> {
  const [below, above] = await Promise.all([bitmap(pictureOf(picture, shape)), heat && bitmap(colours(heat))]);
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas;
  context.fillStyle = '#000';
  context.fillRect(0, 0, width, height);
  context.imageSmoothingEnabled = false;
  context.globalAlpha = above === null ? 1 : 0.5;
  context.drawImage(below, 0, 0, width, height);
  context.globalAlpha = 1;
  if (above !== null) {
    context.imageSmoothingEnabled = true;
    context.drawImage(above, 0, 0, width, height);
  }
}
