import type { DatasetName } from '../engine/datasets.js';
import type { Messages } from '../i18n/index.js';

/** What a built-in data set is called. */
export function datasetTitle(name: DatasetName, t: Messages): string {
  return {
    digits: t.datasetDigits,
    shapes: t.datasetShapes,
    digits_0_4: `${t.datasetDigits} 0–4`,
    digits_5_9: `${t.datasetDigits} 5–9`,
  }[name];
}
