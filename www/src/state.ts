/** Everything that defines a run, typed and listed in one place: the URL, the element's attributes, the defaults. */
import type { OptimizerConfig } from './engine/api.js';
import { DATASET_NAMES, type DatasetName } from './engine/datasets.js';
import { LANGUAGES, type Language } from './i18n/languages.js';

export const OPTIMIZERS = ['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam', 'adamw'] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

export const THEMES = ['auto', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export interface Settings {
  model: string;
  dataset: DatasetName;
  optimizer: OptimizerName;
  lr: number;
  batch: number;
  seed: number;
  lang: Language | 'auto';
  theme: Theme;
}

/** Version of the URL's vocabulary. A link of an older version keeps its meaning. */
export const URL_VERSION = '1';

export const LEARNING_RATE = { min: 1e-5, max: 1 } as const;
/** What a link may name; the slider goes less far. */
export const LOWEST_RATE = 1e-9;
export const BATCH = { min: 1, max: 1024 } as const;
export const BATCH_CHOICES: readonly number[] = [8, 16, 32, 64, 128, 256];

/** What each optimiser starts with: Keras's default, and for Adam and AdamW twice that, with which LeNet reads the digits within ten
 * epochs. */
export const DEFAULT_LEARNING_RATE: Readonly<Record<OptimizerName, number>> = {
  sgd: 0.01,
  momentum: 0.01,
  nesterov: 0.01,
  rmsprop: 0.001,
  adam: 0.002,
  adamw: 0.002,
};

interface Field<T> {
  initial: T;
  /** Says whether the field belongs to the run (always in the URL) or to the reader's taste (only once chosen). */
  part: 'run' | 'taste';
  /** What can be chosen, for messages. */
  choices: string;
  /** `null`: the text means nothing here, keep the default. */
  parse(text: string): T | null;
}

function choice<T extends string>(values: readonly T[], initial: T, part: Field<T>['part']): Field<T> {
  return { initial, part, choices: values.join(', '), parse: (text) => values.find((value) => value === text) ?? null };
}

function number(initial: number, min: number, max: number, whole: boolean): Field<number> {
  return {
    initial,
    part: 'run',
    choices: `a ${whole ? 'whole ' : ''}number from ${min} to ${max}`,
    parse: (text) => {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      const usable = Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isInteger(value));
      return usable ? value : null;
    },
  };
}

export const FIELDS: { readonly [K in keyof Settings]: Field<Settings[K]> } = {
  model: {
    initial: 'lenet',
    part: 'run',
    choices: 'the name of a model, in a-z, 0-9 and _',
    parse: (text) => (/^[a-z0-9_]{1,64}$/.test(text) ? text : null),
  },
  dataset: choice(DATASET_NAMES, 'digits', 'run'),
  optimizer: choice(OPTIMIZERS, 'adam', 'run'),
  lr: number(DEFAULT_LEARNING_RATE.adam, LOWEST_RATE, 1e30, false),
  batch: number(32, BATCH.min, BATCH.max, true),
  seed: number(1, 0, 2 ** 32 - 1, true),
  lang: choice(['auto', ...LANGUAGES], 'auto', 'taste'),
  theme: choice(THEMES, 'auto', 'taste'),
};

export const FIELD_NAMES = Object.keys(FIELDS) as (keyof Settings)[];

export function defaults(): Settings {
  return Object.fromEntries(FIELD_NAMES.map((name) => [name, FIELDS[name].initial])) as unknown as Settings;
}

/** One setting from text; `{}` when the text means nothing. */
export function parseField(name: keyof Settings, text: string): Partial<Settings> {
  const value = FIELDS[name].parse(text);
  return value === null ? {} : { [name]: value };
}

/** Settings that a host page gives, each as its field takes it; throws for one that cannot be. */
export function checked(change: Readonly<Record<string, unknown>>): Partial<Settings> {
  let good: Partial<Settings> = {};
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const name = FIELD_NAMES.find((known) => known === key);
    if (name === undefined) throw new Error(`There is no setting "${key}"; use ${FIELD_NAMES.join(', ')}.`);
    const usable = typeof value === 'string' || typeof value === 'number';
    const found = usable ? parseField(name, String(value)) : {};
    if (found[name] === undefined) {
      throw new Error(
        `Setting "${name}" cannot be ${usable ? value : JSON.stringify(value)}; use ${FIELDS[name].choices}.`,
      );
    }
    good = { ...good, ...found };
  }
  return good;
}

/** The settings that a query names; unknown names and impossible values are passed over. */
export function fromQuery(query: string): Partial<Settings> {
  const parameters = new URLSearchParams(query);
  let found: Partial<Settings> = {};
  for (const name of FIELD_NAMES) {
    const text = parameters.get(name);
    if (text !== null) found = { ...found, ...parseField(name, text) };
  }
  // A link that names an optimiser but no rate means that optimiser's own.
  if (found.optimizer !== undefined && found.lr === undefined) found.lr = DEFAULT_LEARNING_RATE[found.optimizer];
  return found;
}

/** The query of a run, leading `?` included. Parameters that are not settings (`hide`, `autostart`) stay. */
export function toQuery(settings: Settings, current = ''): string {
  const others = [...new URLSearchParams(current)].filter(
    ([name]) => name !== 'v' && !(FIELD_NAMES as string[]).includes(name),
  );
  const parameters = new URLSearchParams({ v: URL_VERSION });
  for (const name of FIELD_NAMES) {
    if (FIELDS[name].part === 'run' || settings[name] !== FIELDS[name].initial) {
      parameters.set(name, String(settings[name]));
    }
  }
  for (const [name, value] of others) parameters.append(name, value);
  return `?${parameters.toString()}`;
}

/** What the engine is told. */
export function optimizerConfig(settings: Pick<Settings, 'optimizer' | 'lr'>): OptimizerConfig {
  const learning_rate = settings.lr;
  switch (settings.optimizer) {
    case 'sgd':
      return { algorithm: 'sgd', learning_rate, momentum: 0, nesterov: false };
    case 'momentum':
      return { algorithm: 'sgd', learning_rate, momentum: 0.9, nesterov: false };
    case 'nesterov':
      return { algorithm: 'sgd', learning_rate, momentum: 0.9, nesterov: true };
    case 'rmsprop':
    case 'adam':
    case 'adamw':
      return { algorithm: settings.optimizer, learning_rate };
  }
}

/** Whether going from one to the other needs a new session: everything but the learning rate, which is live. */
export function needsNewRun(from: Settings, to: Settings): boolean {
  return (['model', 'dataset', 'optimizer', 'batch', 'seed'] as const).some((name) => from[name] !== to[name]);
}
