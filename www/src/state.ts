/** Everything that defines a run, typed and listed in one place: the URL, the element's attributes, the defaults. */
import type { OptimizerConfig, Schedule, SessionConfig } from './engine/api.js';
import { DATASET_NAMES, isDataset, type DatasetName } from './engine/datasets.js';
import { LANGUAGES, type Language } from './i18n/languages.js';

export const OPTIMIZERS = ['sgd', 'momentum', 'nesterov', 'rmsprop', 'adam', 'adamw'] as const;
export type OptimizerName = (typeof OPTIMIZERS)[number];

/** What may be done at random to pictures in training. */
export const AUGMENTATIONS = ['flip', 'shift', 'rotate', 'cutout'] as const;
export type Augmentation = (typeof AUGMENTATIONS)[number];

/** Whether kernels are measured before a network's first run. */
export const TUNINGS = ['off', 'on'] as const;
export type TuningName = (typeof TUNINGS)[number];

export const THEMES = ['auto', 'light', 'dark', 'contrast'] as const;
export type Theme = (typeof THEMES)[number];

/** How the learning rate goes on. */
export const SCHEDULES = ['constant', 'step', 'exponential', 'cosine', 'plateau'] as const;
export type ScheduleName = (typeof SCHEDULES)[number];

/** Numbers that a run need not set: `null` is Keras's own value, or without. */
export const OPTIONAL = {
  momentum: [0, 0.9999],
  beta_1: [0, 0.999999],
  beta_2: [0, 0.999999],
  rho: [0, 0.999999],
  epsilon: [1e-12, 1],
  weight_decay: [0, 1],
  warmup_steps: [0, 1e6, 'whole'],
  decay_steps: [1, 1e9, 'whole'],
  decay_rate: [1e-6, 1],
  alpha: [0, 1],
  factor: [1e-6, 0.999],
  patience: [1, 1e4, 'whole'],
  clipnorm: [1e-6, 1e6],
  global_clipnorm: [1e-6, 1e6],
  l2: [0, 10],
  label_smoothing: [0, 0.99],
  epochs: [1, 1e5, 'whole'],
  early_stopping: [1, 1e4, 'whole'],
  freeze_all_but: [1, 1e4, 'whole'],
} as const;
export type OptionalName = keyof typeof OPTIONAL;

export interface Settings extends Record<OptionalName, number | null> {
  model: string;
  /** An own network in place of the model, as `builder/code.ts` writes it; else empty. */
  net: string;
  dataset: DatasetName;
  optimizer: OptimizerName;
  lr: number;
  batch: number;
  seed: number;
  schedule: ScheduleName;
  /** Some of `AUGMENTATIONS`, in that order, with commas. */
  augment: string;
  tuning: TuningName;
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
  /** What a link that says nothing of it means; other than `initial` where the first pages had no such field. */
  absent: T;
  /** Says whether the field belongs to the run (always in the URL), makes it a special one (where it is not as `absent`), or is
   * the reader's taste (only once chosen). */
  part: 'run' | 'more' | 'taste';
  /** What can be chosen, for messages. */
  choices: string;
  /** Smallest and largest number. */
  range?: readonly [number, number];
  /** `undefined`: the text means nothing here, keep the default. */
  parse(text: string): T | undefined;
}

function choice<T extends string>(
  values: readonly T[],
  initial: T,
  part: Field<T>['part'],
  absent = initial,
): Field<T> {
  return { initial, absent, part, choices: values.join(', '), parse: (text) => values.find((value) => value === text) };
}

function number(initial: number, min: number, max: number, whole: boolean, absent = initial): Field<number> {
  return {
    initial,
    absent,
    part: 'run',
    choices: `a ${whole ? 'whole ' : ''}number from ${min} to ${max}`,
    range: [min, max],
    parse: (text) => {
      const value = text.trim() === '' ? Number.NaN : Number(text);
      const usable = Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isInteger(value));
      return usable ? value : undefined;
    },
  };
}

function optional(name: OptionalName, initial: number | null): Field<number | null> {
  const [min, max, whole] = OPTIONAL[name];
  const field = number(0, min, max, whole === 'whole');
  return { ...field, initial, absent: null, part: 'more', parse: (text) => (text === '' ? null : field.parse(text)) };
}

function augmentations(text: string): string | undefined {
  const words = text.split(',').map((word) => word.trim());
  const known = AUGMENTATIONS.filter((name) => words.includes(name));
  return words.every((word) => word === '' || (known as string[]).includes(word)) ? known.join() : undefined;
}

/** What the runner trains with as well, src/cli/train.rs: with these LeNet reads 97 % of the digits after ten epochs. */
const INITIAL: Partial<Record<OptionalName, number>> = { epochs: 10, label_smoothing: 0.1 };

export const FIELDS: { readonly [K in keyof Settings]: Field<Settings[K]> } = {
  model: {
    initial: 'lenet',
    absent: 'lenet',
    part: 'run',
    choices: 'the name of a model, in a-z, 0-9 and _',
    parse: (text) => (/^[a-z0-9_]{1,64}$/.test(text) ? text : undefined),
  },
  net: {
    initial: '',
    absent: '',
    part: 'more',
    choices: 'a network as a link carries it',
    parse: (text) => (/^[\w-]{0,100000}$/.test(text) ? text : undefined),
  },
  dataset: {
    initial: 'digits',
    absent: 'digits',
    part: 'run',
    choices: `${DATASET_NAMES.join(', ')}, or the address of a .safetensors file`,
    parse: (text) => (isDataset(text) ? text : undefined),
  },
  optimizer: choice(OPTIMIZERS, 'adam', 'run'),
  lr: number(DEFAULT_LEARNING_RATE.adam, LOWEST_RATE, 1e30, false),
  batch: number(16, BATCH.min, BATCH.max, true, 32),
  seed: number(1, 0, 2 ** 32 - 1, true),
  schedule: choice(SCHEDULES, 'cosine', 'more', 'constant'),
  augment: {
    initial: '',
    absent: '',
    part: 'more',
    choices: `${AUGMENTATIONS.join(', ')}, with commas`,
    parse: augmentations,
  },
  ...(Object.fromEntries(
    (Object.keys(OPTIONAL) as OptionalName[]).map((name) => [name, optional(name, INITIAL[name] ?? null)]),
  ) as Record<OptionalName, Field<number | null>>),
  tuning: choice(TUNINGS, 'off', 'taste'),
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
  return value === undefined ? {} : { [name]: value };
}

/** Settings that a host page gives, each as its field takes it; throws for one that cannot be. */
export function checked(change: Readonly<Record<string, unknown>>): Partial<Settings> {
  let good: Partial<Settings> = {};
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined) continue;
    const name = FIELD_NAMES.find((known) => known === key);
    if (name === undefined) throw new Error(`There is no setting "${key}"; use ${FIELD_NAMES.join(', ')}.`);
    const usable = typeof value === 'string' || typeof value === 'number';
    const found = usable ? parseField(name, String(value)) : value === null ? parseField(name, '') : {};
    if (found[name] === undefined) {
      throw new Error(
        `Setting "${name}" cannot be ${usable ? value : JSON.stringify(value)}; use ${FIELDS[name].choices}.`,
      );
    }
    good = { ...good, ...found };
  }
  return good;
}

/** The settings that a query names; unknown names and impossible values are passed over. A link with a version that says
 * nothing of a field means what it meant when the field was not there yet. */
export function fromQuery(query: string): Partial<Settings> {
  const parameters = new URLSearchParams(query);
  let found: Partial<Settings> = {};
  for (const name of FIELD_NAMES) {
    const { absent, initial } = FIELDS[name];
    const text = parameters.get(name);
    if (text !== null) found = { ...found, ...parseField(name, text) };
    else if (absent !== initial && parameters.has('v')) found = { ...found, [name]: absent };
  }
  // A link that names an optimiser but no rate means that optimiser's own.
  if (found.optimizer !== undefined && found.lr === undefined) found.lr = DEFAULT_LEARNING_RATE[found.optimizer];
  return found;
}

/** What a query gives a setting that it cannot have, as it stands there. */
export function unusable(query: string): [string, string][] {
  return [...new URLSearchParams(query)].flatMap(([key, text]) => {
    const name = FIELD_NAMES.find((known) => known === key);
    return name === undefined || FIELDS[name].parse(text) !== undefined ? [] : [[name, text]];
  });
}

/** The query of a run, leading `?` included. Parameters that are not settings (`hide`, `autostart`) stay. */
export function toQuery(settings: Settings, current = ''): string {
  const others = [...new URLSearchParams(current)].filter(
    ([name]) => name !== 'v' && !(FIELD_NAMES as string[]).includes(name),
  );
  const parameters = new URLSearchParams({ v: URL_VERSION });
  for (const name of FIELD_NAMES) {
    if (FIELDS[name].part === 'run' || settings[name] !== FIELDS[name].absent) {
      parameters.set(name, String(settings[name]));
    }
  }
  for (const [name, value] of others) parameters.append(name, value);
  return `?${parameters.toString()}`;
}

/** What each optimiser listens to, by Keras's names. */
export const HYPERPARAMETERS: Readonly<Record<OptimizerName, readonly OptionalName[]>> = {
  sgd: [],
  momentum: ['momentum'],
  nesterov: ['momentum'],
  rmsprop: ['rho', 'momentum', 'epsilon'],
  adam: ['beta_1', 'beta_2', 'epsilon'],
  adamw: ['weight_decay', 'beta_1', 'beta_2', 'epsilon'],
};

/** And each schedule, after a warm-up. */
export const SCHEDULE_NUMBERS: Readonly<Record<ScheduleName, readonly OptionalName[]>> = {
  constant: [],
  step: ['decay_rate', 'decay_steps'],
  exponential: ['decay_rate', 'decay_steps'],
  cosine: ['alpha', 'decay_steps'],
  plateau: ['factor', 'patience'],
};

/** The numbers among these that are set. */
function chosen(settings: Partial<Settings>, names: readonly OptionalName[]): Partial<Record<OptionalName, number>> {
  return Object.fromEntries(
    names.flatMap((name) => (typeof settings[name] === 'number' ? [[name, settings[name]]] : [])),
  );
}

/** What the engine is told of the optimiser. */
export function optimizerConfig(settings: Pick<Settings, 'optimizer' | 'lr'> & Partial<Settings>): OptimizerConfig {
  const { optimizer, lr: learning_rate } = settings;
  const own = chosen(settings, HYPERPARAMETERS[optimizer]);
  switch (optimizer) {
    case 'sgd':
      return { algorithm: 'sgd', learning_rate, momentum: 0, nesterov: false };
    case 'momentum':
    case 'nesterov':
      return { algorithm: 'sgd', learning_rate, momentum: 0.9, ...own, nesterov: optimizer === 'nesterov' };
    case 'rmsprop':
    case 'adam':
    case 'adamw':
      return { algorithm: optimizer, learning_rate, ...own };
  }
}

/** What the engine is told besides. */
export function regularisers(settings: Settings): Partial<SessionConfig> {
  return chosen(settings, ['clipnorm', 'global_clipnorm', 'l2', 'label_smoothing']);
}

/** How the learning rate goes on in a run of so many steps; what is not set follows from its length, as in the runner. */
export function scheduleConfig(settings: Settings, steps: number): Schedule {
  const { schedule } = settings;
  const warmup_steps = settings.warmup_steps ?? 0;
  const rest = Math.max(1, steps - warmup_steps);
  const own = chosen(settings, SCHEDULE_NUMBERS[schedule]);
  switch (schedule) {
    case 'constant':
      return { class: 'Constant', warmup_steps };
    case 'step':
    case 'exponential': {
      const decay_steps = Math.max(1, Math.floor(rest / 3));
      return {
        class: 'ExponentialDecay',
        decay_steps,
        decay_rate: 0.1,
        ...own,
        staircase: schedule === 'step',
        warmup_steps,
      };
    }
    case 'cosine':
      return { class: 'CosineDecay', decay_steps: rest, ...own, warmup_steps };
    case 'plateau':
      return { class: 'ReduceLROnPlateau', ...own, warmup_steps };
  }
}

/** Settings as an older page kept them. What they do not name means what it meant when there was no such field, what is no setting any
 * more is left out. */
export function completed(kept: Partial<Settings>): Settings {
  const all = FIELD_NAMES.map((name) => [name, kept[name] ?? FIELDS[name].absent]);
  return Object.fromEntries(all) as Settings;
}

/** Whether going from one to the other needs a new session. The learning rate, its schedule and the end of the run are live. */
export function needsNewRun(from: Settings, to: Settings): boolean {
  const names: readonly (keyof Settings)[] = [
    ...(['model', 'net', 'dataset', 'optimizer', 'batch', 'seed', 'tuning'] as const),
    ...(['clipnorm', 'global_clipnorm', 'l2', 'label_smoothing', 'augment', 'freeze_all_but'] as const),
    ...HYPERPARAMETERS[to.optimizer],
  ];
  return names.some((name) => from[name] !== to[name]);
}

/** Whether both are the same run, whatever its reader's taste. */
export function sameRun(a: Settings, b: Settings): boolean {
  return FIELD_NAMES.every((name) => FIELDS[name].part === 'taste' || a[name] === b[name]);
}

/** Epochs at whose end a run stops that has done so many; `null` goes on. */
export function goalEpoch({ epochs }: Pick<Settings, 'epochs'>, done: number): number | null {
  return epochs === null ? null : (Math.floor(done / epochs) + 1) * epochs;
}
