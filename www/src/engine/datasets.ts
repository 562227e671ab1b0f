import type { ModelInfo } from './api.js';

/** Built-in data sets: what the menus must know before one lies on the GPU. The engine's own `DatasetInfo` is checked
 * against this when a run opens. */
export interface DatasetEntry {
  name: DatasetName;
  /** `[height, width, channels]` */
  shape: readonly [number, number, number];
  classes: number;
  /** How the draw pad must prepare a drawing so that it looks like this set. */
  drawing: 'digits' | 'plain';
}

/** Half of the digits' classes each: what is learnt of one half may help with the other. */
export const HALVES = { digits_0_4: [0, 4], digits_5_9: [5, 9] } as const;

export const DATASET_NAMES = ['digits', 'shapes', 'digits_0_4', 'digits_5_9'] as const;
export type DatasetName = (typeof DATASET_NAMES)[number];

/** Samples of the procedural set, and the seed that makes them. */
export const SHAPES = { count: 2000, seed: 1 } as const;

export const DATASETS: Readonly<Record<DatasetName, DatasetEntry>> = {
  digits: { name: 'digits', shape: [32, 32, 1], classes: 10, drawing: 'digits' },
  shapes: { name: 'shapes', shape: [32, 32, 3], classes: 10, drawing: 'plain' },
  digits_0_4: { name: 'digits_0_4', shape: [32, 32, 1], classes: 10, drawing: 'digits' },
  digits_5_9: { name: 'digits_5_9', shape: [32, 32, 1], classes: 10, drawing: 'digits' },
};

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

/** A model can learn a set whose pictures have its height and width. Channels and classes it takes from the set. */
export function fits({ input: [height, width] }: Pick<ModelInfo, 'input'>, { shape }: DatasetEntry): boolean {
  return height === shape[0] && width === shape[1];
}
