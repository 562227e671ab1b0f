import type { Dataset, Sample } from './api.js';

const SAMPLES_PER_CLASS = 7;
/** Of all classes together: pictures are copied to the page, and people see so many at once. */
const SAMPLES = 210;

/** How many pictures every class has, and the first few of each, by class. */
export function pickSamples(dataset: Dataset): { counts: number[]; samples: Sample[] } {
  const { classes } = dataset.info();
  const byClass = classes.map((): Sample[] => []);
  const counts = classes.map(() => 0);
  const most = Math.max(1, Math.min(SAMPLES_PER_CLASS, Math.floor(SAMPLES / classes.length)));
  dataset.labels().forEach((label, index) => {
    counts[label] = (counts[label] ?? 0) + 1;
    const list = byClass[label];
    if (list !== undefined && list.length < most) list.push(dataset.sample(index));
  });
  return { counts, samples: byClass.flat() };
}
