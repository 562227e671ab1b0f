import type { Dataset, Sample } from './api.js';

const SAMPLES_PER_CLASS = 7;

/** How many pictures every class has, and the first few of each, by class. */
export function pickSamples(dataset: Dataset): { counts: number[]; samples: Sample[] } {
  const { count, classes } = dataset.info();
  const byClass = classes.map((): Sample[] => []);
  const counts = classes.map(() => 0);
  for (let index = 0; index < count; index += 1) {
    const sample = dataset.sample(index);
    counts[sample.label] = (counts[sample.label] ?? 0) + 1;
    const list = byClass[sample.label];
    if (list !== undefined && list.length < SAMPLES_PER_CLASS) list.push(sample);
  }
  return { counts, samples: byClass.flat() };
}
