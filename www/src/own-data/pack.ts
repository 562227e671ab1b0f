/** Pictures of a folder as the safetensors file that the engine reads: bytes of one size, and a label each. */
import { frame, grey } from '../pictures/prepare.js';
import { writePictures } from '../transfer/safetensors.js';
import type { ClassFolder } from './folder.js';

/** Sides that the registry's networks are made for. */
export const SIDES = [32, 64, 96, 224] as const;
export const FRAMINGS = ['crop', 'stretch'] as const;

export interface Packing {
  side: number;
  channels: 1 | 3;
  framing: (typeof FRAMINGS)[number];
}

export const USUAL: Packing = { side: 32, channels: 3, framing: 'crop' };

export interface Packed {
  file: Uint8Array<ArrayBuffer>;
  count: number;
  /** Names of files that this browser cannot read as pictures. */
  unread: string[];
}

/** Bytes of all pictures together: what a browser's memory holds three times over. */
export const MOST_BYTES = 512 * 2 ** 20;

export function bytesOf(classes: readonly ClassFolder[], { side, channels }: Packing): number {
  return classes.reduce((sum, { files }) => sum + files.length, 0) * side * side * channels;
}

/** One picture as the network will see it; `null` for what this browser cannot read as one. */
export async function prepared(file: Blob, { side, framing }: Packing): Promise<ImageData | null> {
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (bitmap === null) return null;
  const canvas = new OffscreenCanvas(side, side);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('This browser gives no canvas to paint on.');
  context.imageSmoothingQuality = 'high';
  // What is transparent is white, as on paper.
  context.fillStyle = '#fff';
  context.fillRect(0, 0, side, side);
  context.drawImage(bitmap, ...frame(bitmap.width, bitmap.height, framing), 0, 0, side, side);
  bitmap.close();
  return context.getImageData(0, 0, side, side);
}

/** Only the network's channels of RGBA. */
export function channelsOf(rgba: ArrayLike<number>, channels: 1 | 3, into: Uint8Array, at: number): void {
  for (let pixel = 0; pixel < rgba.length / 4; pixel += 1) {
    const [red = 0, green = 0, blue = 0] = [rgba[4 * pixel], rgba[4 * pixel + 1], rgba[4 * pixel + 2]];
    if (channels === 1) into[at + pixel] = Math.round(grey(red, green, blue));
    else into.set([red, green, blue], at + 3 * pixel);
  }
}

/** Throws where fewer than two classes have a picture that can be read, and when it is stopped. */
export async function pack(
  classes: readonly ClassFolder[],
  packing: Packing,
  tell: (done: number) => void,
  stop: AbortSignal,
): Promise<Packed> {
  const { side, channels } = packing;
  const size = side * side * channels;
  const pixels = new Uint8Array(bytesOf(classes, packing));
  const [labels, names, unread]: [number[], string[], string[]] = [[], [], []];
  let done = 0;
  for (const { name, files } of classes) {
    const before = labels.length;
    for (const file of files) {
      stop.throwIfAborted();
      const image = await prepared(file, packing);
      if (image === null) {
        unread.push(`${name}/${file.name}`);
      } else {
        channelsOf(image.data, channels, pixels, labels.length * size);
        labels.push(names.length);
      }
      done += 1;
      tell(done);
    }
    // A class without a picture that can be read is none.
    if (labels.length > before) names.push(name);
  }
  stop.throwIfAborted();
  if (names.length < 2) {
    const some = unread.slice(0, 3).join(', ');
    throw new Error(`${unread.length} files could not be read as pictures (${some}); use PNG, JPEG or WebP.`);
  }
  const count = labels.length;
  const file = writePictures(pixels.subarray(0, count * size), [count, side, side, channels], labels, names);
  return { file, count, unread };
}
