import { isBuiltIn, ownSet, stem, type DatasetName } from '../engine/datasets.js';
import type { Messages } from '../i18n/index.js';

/** What a data set is called. */
export function datasetTitle(name: DatasetName, t: Messages): string {
  const own = ownSet(name);
  if (own !== null) return `${own.title} ${own.shape.slice(0, 2).join('×')}`;
  if (!isBuiltIn(name)) return stem(name);
  return {
    digits: t.datasetDigits,
    shapes: t.datasetShapes,
    digits_0_4: `${t.datasetDigits} 0–4`,
    digits_5_9: `${t.datasetDigits} 5–9`,
  }[name];
}
