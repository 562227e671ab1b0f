/** What differs between two runs, in words. */
import type { Messages } from '../i18n/index.js';
import { more } from '../i18n/more/index.js';
import { datasetTitle } from '../lib/dataset-title.js';
import { networkName } from '../lib/own-name.js';
import * as format from '../lib/format.js';
import { runsMessages } from './i18n/index.js';
import { AUGMENTATIONS, FIELD_NAMES, FIELDS, type OptimizerName, type Settings } from '../state.js';

export interface Difference {
  name: keyof Settings;
  before: Settings;
  after: Settings;
}

/** An own network stands in for any model: where it differs, that says it all. */
function withoutModel(names: readonly (keyof Settings)[]): (keyof Settings)[] {
  return names.filter((name) => name !== 'model' || !names.includes('net'));
}

/** Settings of `after` that `before` had otherwise, without the reader's taste. */
export function settingsDiff(before: Settings, after: Settings): Difference[] {
  const names = FIELD_NAMES.filter((name) => FIELDS[name].part !== 'taste' && before[name] !== after[name]);
  return withoutModel(names).map((name) => ({ name, before, after }));
}

/** The settings that these runs do not have in common. */
export function differing([first, ...others]: readonly Settings[]): (keyof Settings)[] {
  if (first === undefined) return [];
  const found = new Set(others.flatMap((other) => settingsDiff(first, other).map(({ name }) => name)));
  return withoutModel(FIELD_NAMES.filter((name) => found.has(name)));
}

/** What a setting is called. */
export function settingName(name: keyof Settings, t: Messages): string {
  const m = more(t);
  switch (name) {
    case 'model':
      return t.model;
    case 'net':
      return t.network;
    case 'dataset':
      return t.dataset;
    case 'optimizer':
      return t.optimizer;
    case 'lr':
      return t.learningRate;
    case 'batch':
      return t.batch;
    case 'seed':
      return t.seed;
    case 'schedule':
      return m.schedule;
    case 'augment':
      return t.augmentation;
    default:
      return name === 'lang' || name === 'theme' || name === 'tuning' ? name : m.numbers[name];
  }
}

function augmentationNames(chosen: string, t: Messages): string {
  const { names } = runsMessages(t);
  const some = AUGMENTATIONS.filter((one) => chosen.split(',').includes(one)).map((one) => names[one]);
  return some.length === 0 ? more(t).without : some.join(' + ');
}

/** And its value among these. */
export function settingValue(name: keyof Settings, settings: Settings, t: Messages): string {
  const m = more(t);
  const value = settings[name];
  if (value === null) return name === 'epochs' ? m.endless : m.without;
  if (name === 'net' || name === 'model') return networkName(settings, t);
  if (name === 'dataset') return datasetTitle(value as Settings['dataset'], t);
  if (name === 'schedule') return m.schedules[value as Settings['schedule']];
  if (name === 'lr') return format.rate(value as number);
  if (name === 'augment') return augmentationNames(value as string, t);
  if (name !== 'optimizer') return String(value);
  const names: Record<OptimizerName, string> = {
    sgd: t.optimizerSgd,
    momentum: t.optimizerMomentum,
    nesterov: t.optimizerNesterov,
    rmsprop: t.optimizerRmsprop,
    adam: t.optimizerAdam,
    adamw: t.optimizerAdamW,
  };
  return names[value as OptimizerName];
}

/** "Learning rate 0.002 → 0.01"; names of networks may have commas and blanks. */
export function worded({ name, before, after }: Difference, t: Messages): string {
  return `${settingName(name, t)}${name === 'net' ? ':' : ''} ${settingValue(name, before, t)} → ${settingValue(name, after, t)}`;
}
