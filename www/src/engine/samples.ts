import type { Dataset, Sample } from './api.js';

const SAMPLES_PER_CLASS = 7;
/** Of all classes together: pictures are copied to the page, and people see so many at once. */
const SAMPLES = 210;
const MOST_BYTES = 48 * 2 ** 20;

/** How many pictures every class has, and the first few of each, by class. */
export function pickSamples(dataset: Dataset): { counts: number[]; samples: Sample[] } {
  const {
    classes,
    shape: [height = 1, width = 1],
  } = dataset.info();
  const byClass = classes.map((): Sample[] => []);
  const counts = classes.map(() => 0);
  let room = Math.min(SAMPLES, Math.ceil(MOST_BYTES / (4 * height * width)));
  const most = Math.max(1, Math.min(SAMPLES_PER_CLASS, Math.floor(room / classes.length)));
  dataset.labels().forEach((label, index) => {
    counts[label] = (counts[label] ?? 0) + 1;
    const list = byClass[label];
    if (list === undefined || list.length >= most || room <= 0) return;
    list.push(dataset.sample(index));
    room -= 1;
  });
  return { counts, samples: byClass.flat() };
}
