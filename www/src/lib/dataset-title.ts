import { isBuiltIn, stem, type DatasetName } from '../engine/datasets.js';
import type { Messages } from '../i18n/index.js';

/** What a data set is called. */
export function datasetTitle(name: DatasetName, t: Messages): string {
  if (!isBuiltIn(name)) return stem(name);
  return {
    digits: t.datasetDigits,
    shapes: t.datasetShapes,
    digits_0_4: `${t.datasetDigits} 0–4`,
    digits_5_9: `${t.datasetDigits} 5–9`,
  }[name];
}
