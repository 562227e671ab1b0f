/** What can be set of each layer, under Keras's names, and what each name means when it is absent. */

export type Field = { name: string } & (
  | { kind: 'integer' | 'decimal'; initial: number }
  /** Absent unless it is a number. */
  | { kind: 'optional' }
  | { kind: 'pair'; initial: readonly [number, number] }
  | { kind: 'sides' }
  | { kind: 'choice'; initial: string; choices: readonly string[] }
  | { kind: 'initializer'; initial: string }
  | { kind: 'switch'; initial: boolean }
);

const ACTIVATIONS = ['linear', 'relu', 'leaky_relu', 'elu', 'gelu', 'tanh', 'sigmoid', 'softmax'];
export const INITIALIZERS = ['GlorotUniform', 'GlorotNormal', 'HeUniform', 'HeNormal', 'Zeros', 'Ones'];

const integer = (name: string, initial: number): Field => ({ kind: 'integer', name, initial });
const decimal = (name: string, initial: number): Field => ({ kind: 'decimal', name, initial });
const pair = (name: string, initial: number): Field => ({ kind: 'pair', name, initial: [initial, initial] });
const flag = (name: string): Field => ({ kind: 'switch', name, initial: true });
const choice = (name: string, choices: readonly string[]): Field => ({
  kind: 'choice',
  name,
  initial: choices[0] ?? '',
  choices,
});
const padding = choice('padding', ['valid', 'same']);
const activation = choice('activation', ACTIVATIONS);
const weights = (name: string): Field[] => [
  { kind: 'initializer', name: `${name}_initializer`, initial: 'GlorotUniform' },
  { kind: 'optional', name: `${name}_l2` },
];
const pool = [pair('pool_size', 2), pair('strides', 2), padding];

interface Kind {
  fields: readonly Field[];
  /** What a new one is given, where that is not Keras's default. */
  fresh?: Record<string, unknown>;
}

/** In the order of the menu. */
export const KINDS: Readonly<Record<string, Kind>> = {
  Conv2D: {
    fields: [
      integer('filters', 16),
      pair('kernel_size', 3),
      pair('strides', 1),
      padding,
      activation,
      flag('use_bias'),
      pair('dilation_rate', 1),
      integer('groups', 1),
      ...weights('kernel'),
    ],
    fresh: { filters: 16, kernel_size: [3, 3], padding: 'same', activation: 'relu' },
  },
  DepthwiseConv2D: {
    fields: [
      pair('kernel_size', 3),
      pair('strides', 1),
      padding,
      integer('depth_multiplier', 1),
      activation,
      flag('use_bias'),
      pair('dilation_rate', 1),
      ...weights('depthwise'),
    ],
    fresh: { kernel_size: [3, 3], padding: 'same' },
  },
  MaxPooling2D: { fields: pool, fresh: { pool_size: [2, 2], strides: [2, 2] } },
  AveragePooling2D: { fields: pool, fresh: { pool_size: [2, 2], strides: [2, 2] } },
  GlobalAveragePooling2D: { fields: [] },
  GlobalMaxPooling2D: { fields: [] },
  Flatten: { fields: [] },
  Dense: {
    fields: [integer('units', 64), activation, flag('use_bias'), ...weights('kernel')],
    fresh: { units: 64, activation: 'relu' },
  },
  Activation: { fields: [activation], fresh: { activation: 'relu' } },
  LeakyReLU: { fields: [decimal('negative_slope', 0.3)] },
  BatchNormalization: {
    fields: [decimal('momentum', 0.99), decimal('epsilon', 0.001), flag('center'), flag('scale')],
  },
  LayerNormalization: { fields: [decimal('epsilon', 0.001), flag('center'), flag('scale')] },
  LocalResponseNormalization: {
    fields: [integer('depth_radius', 5), decimal('bias', 1), decimal('alpha', 1), decimal('beta', 0.5)],
  },
  Dropout: { fields: [decimal('rate', 0.5)], fresh: { rate: 0.5 } },
  ZeroPadding2D: {
    fields: [{ kind: 'sides', name: 'padding' }],
    fresh: {
      padding: [
        [1, 1],
        [1, 1],
      ],
    },
  },
  UpSampling2D: { fields: [pair('size', 2)] },
};

export function fresh(kind: string): Record<string, unknown> {
  return { ...KINDS[kind]?.fresh };
}

/** Height and width from what a file says: a pair, or one number for both. */
export function pairOf(value: unknown, absent = 1): [number, number] {
  if (typeof value === 'number') return [value, value];
  const [high, wide] = Array.isArray(value) ? (value as unknown[]) : [];
  return [typeof high === 'number' ? high : absent, typeof wide === 'number' ? wide : absent];
}

/** `[[top, bottom], [left, right]]` from what Keras takes: those, a pair for rows and columns, or one number for all. */
export function sidesOf(value: unknown): [number, number, number, number] {
  const [rows, columns] = Array.isArray(value) ? (value as unknown[]) : [value, value];
  return [...pairOf(rows, 0), ...pairOf(columns, 0)];
}

/** The value that an absent field stands for. */
export function meantBy(field: Field): unknown {
  switch (field.kind) {
    case 'optional':
    case 'sides':
      return undefined;
    case 'initializer':
      return { class: field.initial };
    default:
      return field.initial;
  }
}
