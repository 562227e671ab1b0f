import type { ModelInfo } from './api.js';

/** What the menus must know of a data set before one lies on the GPU. The engine's own `DatasetInfo` is checked against this when a
 * run on a built-in one opens. */
export interface DatasetEntry {
  /** `[height, width, channels]`; `null` before a file at an address has been read. */
  shape: readonly [number, number, number] | null;
  classes: number;
  /** How the draw pad must prepare a drawing so that it looks like this set. */
  drawing: 'digits' | 'plain';
}

/** Half of the digits' classes each: what is learnt of one half may help with the other. */
export const HALVES = { digits_0_4: [0, 4], digits_5_9: [5, 9] } as const;

export const DATASET_NAMES = ['digits', 'shapes', 'digits_0_4', 'digits_5_9'] as const;
export type BuiltInName = (typeof DATASET_NAMES)[number];
/** A built-in set, pictures that were opened in this browser (`ownSetName`), or the address of a `.safetensors` file. */
export type DatasetName = string;

/** Samples of the procedural set, and the seed that makes them. */
export const SHAPES = { count: 2000, seed: 1 } as const;

const BUILT_IN: Readonly<Record<BuiltInName, DatasetEntry>> = {
  digits: { shape: [32, 32, 1], classes: 10, drawing: 'digits' },
  shapes: { shape: [32, 32, 3], classes: 10, drawing: 'plain' },
  digits_0_4: { shape: [32, 32, 1], classes: 10, drawing: 'digits' },
  digits_5_9: { shape: [32, 32, 1], classes: 10, drawing: 'digits' },
};

export function isBuiltIn(name: DatasetName): name is BuiltInName {
  return (DATASET_NAMES as readonly string[]).includes(name);
}

/** The name of pictures that lie in this browser says what menus must know of them: title, shape, classes, and the beginning of
 * their file's SHA-256. */
const OWN = /^own:([^:/]{1,60}):(\d{1,4})x(\d{1,4})x(\d{1,2}):(\d{1,5}):([0-9a-f]{8})$/;
const ADDRESS = /^(?!own:)[^\s"'<>]{1,2000}\.safetensors(\?[^\s"'<>]{0,500})?$/;

export interface OwnSet {
  title: string;
  shape: readonly [number, number, number];
  classes: number;
  hash: string;
}

export function ownSetName({ title, shape, classes, hash }: OwnSet): DatasetName {
  // Not half of a letter that takes two units.
  const plain = title
    .normalize('NFC')
    .replace(/[:/\s]+/g, ' ')
    .trim()
    .slice(0, 60)
    .replace(/[\uD800-\uDBFF]$/, '');
  return `own:${plain === '' ? '?' : plain}:${shape.join('x')}:${String(classes)}:${hash}`;
}

export function ownSet(name: DatasetName): OwnSet | null {
  const [, title, height, width, channels, classes, hash] = OWN.exec(name) ?? [];
  if (title === undefined || hash === undefined) return null;
  return { title, shape: [Number(height), Number(width), Number(channels)], classes: Number(classes), hash };
}

/** What the page takes for a data set. */
export function isDataset(name: string): boolean {
  return isBuiltIn(name) || OWN.test(name) || ADDRESS.test(name);
}

/** Share of the pictures that a network learns from, somewhat less than the split leaves it. */
const LEARNT = 0.75;

/** A batch may not be larger than what there is to learn from. */
export function fittingBatch(batch: number, count: number): number {
  return Math.max(1, Math.min(batch, 2 ** Math.floor(Math.log2(LEARNT * count))));
}

export function entryOf(name: DatasetName): DatasetEntry {
  if (isBuiltIn(name)) return BUILT_IN[name];
  const { shape = null, classes = 2 } = ownSet(name) ?? {};
  return { shape, classes, drawing: 'plain' };
}

/** What a set of one's own is called, in lists and in names of files. */
export function stem(name: DatasetName): string {
  const file = name.replace(/\?.*/, '').split('/').at(-1) ?? name;
  return ownSet(name)?.title ?? file.replace(/\.safetensors$/, '');
}

/** As the worker must be told: an address is the page's, not that of the worker's script. */
export function located(name: DatasetName): DatasetName {
  return isBuiltIn(name) || OWN.test(name) ? name : new URL(name, document.baseURI).href;
}

/** Up to here a model trains at a pace that one can watch, on ordinary machines too. */
const QUICK_PARAMETERS = 1_000_000;

/** The models that can learn a set, smallest first, and whether one need not wait for them. */
export function modelsFor(
  models: readonly ModelInfo[],
  dataset: DatasetEntry,
): { quick: readonly ModelInfo[]; large: readonly ModelInfo[] } {
  const usable = models.filter((model) => fits(model, dataset)).sort((a, b) => a.parameters - b.parameters);
  return {
    quick: usable.filter(({ parameters }) => parameters <= QUICK_PARAMETERS),
    large: usable.filter(({ parameters }) => parameters > QUICK_PARAMETERS),
  };
}

/** Sides of the pictures that the registry's classifiers are made for, and up to where pictures count as small. */
const [SMALL, LARGE, BETWEEN] = [32, 224, 128];

/** A model can learn a built-in set whose pictures have its height and width. Small pictures of one's own go to the models for small
 * ones whatever their size, large ones to the others: what cannot be, the engine says. Channels and classes a model takes from the set. */
export function fits({ input: [height, width] }: Pick<ModelInfo, 'input'>, { shape }: DatasetEntry): boolean {
  if (shape === null) return height === width && (height === SMALL || height === LARGE);
  const side = Math.max(shape[0], shape[1]) < BETWEEN ? SMALL : LARGE;
  return height === side && width === side;
}
