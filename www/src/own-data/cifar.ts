/** CIFAR-10 and CIFAR-100 in their binary version, as <https://www.cs.toronto.edu/~kriz/cifar.html> describes it: a record is one
 * label byte (of CIFAR-100 two, the coarse one first) and 32×32 bytes each of red, green and blue. */
import { breathe } from '../engine/breathe.js';
import { writePictures } from '../transfer/safetensors.js';
import { HIDDEN, PICTURE as ANY_PICTURE, type Listed } from './folder.js';
import { checkSize } from './size.js';

const SIDE = 32;
const PLANE = SIDE * SIDE;
const PICTURE = 3 * PLANE;

interface Kind {
  title: string;
  /** Bytes of a record. */
  record: number;
  classes: number;
  /** File that names the classes, a line each. */
  names: string;
}

const KINDS: readonly Kind[] = [
  { title: 'CIFAR-10', record: 1 + PICTURE, classes: 10, names: 'batches.meta.txt' },
  { title: 'CIFAR-100', record: 2 + PICTURE, classes: 100, names: 'fine_label_names.txt' },
];

/** Pictures that are unpacked at a time. */
const BREATH = 1000;

/** Whether somebody has chosen files of that kind, or a folder with some. */
export function isCifar(listed: readonly Listed[]): boolean {
  return binaryOf(listed).length > 0 && !listed.some(({ path }) => ANY_PICTURE.test(path));
}

function binaryOf(listed: readonly Listed[]): Listed[] {
  return listed.filter(({ path }) => path.toLowerCase().endsWith('.bin') && !HIDDEN.test(path));
}

/** What such files hold, all of them together. */
export async function readCifar(listed: readonly Listed[]): Promise<{ title: string; file: Uint8Array<ArrayBuffer> }> {
  const binary = binaryOf(listed);
  checkSize(
    'CIFAR',
    binary.reduce((sum, { file }) => sum + file.size, 0),
  );
  const kinds = binary.map(({ file }) => kindOf(file));
  const [kind] = kinds;
  if (kind === undefined || kinds.some((other) => other !== kind)) {
    throw new Error('The .bin files are of CIFAR-10 and of CIFAR-100; choose those of one set.');
  }
  const names = listed.find(({ path }) => path.endsWith(kind.names));
  const parts = await Promise.all(binary.map(({ file }) => file.arrayBuffer()));
  const { pixels, labels } = await unpack(
    parts.map((part) => new Uint8Array(part)),
    kind,
  );
  const classes = classesOf(names === undefined ? '' : await names.file.text(), kind.classes);
  const high = labels.findIndex((label) => label >= kind.classes);
  if (high >= 0)
    throw new Error(
      `Label ${high} of the .bin files is ${labels[high] ?? 0}; ${kind.title} has ${kind.classes} classes.`,
    );
  return { title: kind.title, file: writePictures(pixels, [labels.length, SIDE, SIDE, 3], labels, classes) };
}

function kindOf({ name, size }: Pick<File, 'name' | 'size'>): Kind {
  const kind = KINDS.find(({ record }) => size > 0 && size % record === 0);
  if (kind === undefined) {
    throw new Error(
      `"${name}" has ${size} bytes, which are no records of 3073 (CIFAR-10) or 3074 bytes (CIFAR-100); choose a .bin file of their binary version.`,
    );
  }
  return kind;
}

/** Planes of colours become pixels; of two labels the fine one is taken. */
export async function unpack(
  parts: readonly Uint8Array[],
  { record }: Pick<Kind, 'record'>,
): Promise<{ pixels: Uint8Array; labels: number[] }> {
  const count = parts.reduce((sum, part) => sum + Math.floor(part.length / record), 0);
  const pixels = new Uint8Array(count * PICTURE);
  const labels: number[] = [];
  for (const part of parts) {
    for (let at = record - PICTURE; at + PICTURE <= part.length; at += record) {
      const first = labels.length * PICTURE;
      for (let pixel = 0; pixel < PLANE; pixel += 1) {
        for (let colour = 0; colour < 3; colour += 1) {
          pixels[first + 3 * pixel + colour] = part[at + colour * PLANE + pixel] ?? 0;
        }
      }
      labels.push(part[at - 1] ?? 0);
      // 50,000 pictures take a second, in which the page goes on.
      if (labels.length % BREATH === 0) await breathe();
    }
  }
  return { pixels, labels };
}

/** Numbers where the file of names is not beside. */
function classesOf(text: string, count: number): string[] {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return Array.from({ length: count }, (_, label) => lines[label] ?? String(label));
}
