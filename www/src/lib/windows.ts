/** Where windows lie: which input values an output value is made of, and how much of the picture it sees. */
import type { LayerInfo, NetworkInfo } from '../engine/api.js';
import { outputShape } from './layers.js';

/** The windows of a convolution or pooling; pairs are height, width. */
export interface Windows {
  kind: 'conv' | 'depthwise' | 'max' | 'average';
  size: readonly [number, number];
  strides: readonly [number, number];
  dilation: readonly [number, number];
  /** Padding above and to the left. */
  before: readonly [number, number];
  groups: number;
}

/** Rows and columns, the last ones included. */
export interface Area {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

const KINDS: Readonly<Record<string, Windows['kind']>> = {
  Conv2D: 'conv',
  DepthwiseConv2D: 'depthwise',
  MaxPooling2D: 'max',
  AveragePooling2D: 'average',
};

function pair(value: unknown, other: readonly [number, number] = [1, 1]): readonly [number, number] {
  if (typeof value === 'number') return [value, value];
  return Array.isArray(value) ? [Number(value[0]), Number(value[1])] : other;
}

/** Keras's two rules, or `[[top, bottom], [left, right]]`. */
function paddedBefore(padding: unknown, axis: 0 | 1, n: number, k: number, stride: number): number {
  if (Array.isArray(padding)) return pair(padding[axis])[0];
  if (padding !== 'same') return 0;
  return Math.floor(Math.max(0, (Math.ceil(n / stride) - 1) * stride + k - n) / 2);
}

/** `null` for layers without windows. */
export function windowsOf(network: NetworkInfo, layer: LayerInfo): Windows | null {
  const kind = KINDS[layer.class];
  if (kind === undefined) return null;
  const { config } = layer;
  const size = pair(config['kernel_size'] ?? config['pool_size']);
  const strides = pair(config['strides'], kind === 'max' || kind === 'average' ? size : [1, 1]);
  const dilation = pair(config['dilation_rate']);
  const input = outputShape(network, layer.connected_to[0] ?? '');
  const before = ([0, 1] as const).map((axis) =>
    paddedBefore(config['padding'], axis, input[axis] ?? 1, (size[axis] - 1) * dilation[axis] + 1, strides[axis]),
  );
  const groups = typeof config['groups'] === 'number' ? config['groups'] : 1;
  return { kind, size, strides, dilation, before: [before[0] ?? 0, before[1] ?? 0], groups };
}

/** The part of the input that an area of the output is made of; it may reach into the padding. */
export function inputArea({ size, strides, dilation, before }: Windows, area: Area): Area {
  const reach = (axis: 0 | 1): number => (size[axis] - 1) * dilation[axis];
  return {
    top: area.top * strides[0] - before[0],
    bottom: area.bottom * strides[0] - before[0] + reach(0),
    left: area.left * strides[1] - before[1],
    right: area.right * strides[1] - before[1] + reach(1),
  };
}

const union = (a: Area | undefined, b: Area): Area =>
  a === undefined
    ? b
    : {
        top: Math.min(a.top, b.top),
        bottom: Math.max(a.bottom, b.bottom),
        left: Math.min(a.left, b.left),
        right: Math.max(a.right, b.right),
      };

/** Layers that keep every value in its place. */
const IN_PLACE: readonly string[] = [
  'Activation',
  'Add',
  'BatchNormalization',
  'Concatenate',
  'Dropout',
  'ELU',
  'LayerNormalization',
  'LeakyReLU',
  'LocalResponseNormalization',
  'ReLU',
];

/** What an area of a layer sees of the picture, within its borders. */
export function seenOfPicture(network: NetworkInfo, name: string, area: Area): Area {
  const [height = 1, width = 1] = network.input.shape;
  const all = { top: 0, bottom: height - 1, left: 0, right: width - 1 };
  const areas = new Map<string, Area>([[name, area]]);
  // Layers stand in the order in which they run: all that read a layer come after it.
  for (const layer of [...network.layers].reverse()) {
    const own = areas.get(layer.name);
    if (own === undefined) continue;
    const windows = windowsOf(network, layer);
    for (const input of layer.connected_to) {
      areas.set(input, union(areas.get(input), back(network, layer, windows, own, input)));
    }
  }
  const seen = areas.get(network.input.layer) ?? all;
  return {
    top: Math.max(0, seen.top),
    bottom: Math.min(height - 1, seen.bottom),
    left: Math.max(0, seen.left),
    right: Math.min(width - 1, seen.right),
  };
}

function back(network: NetworkInfo, layer: LayerInfo, windows: Windows | null, area: Area, input: string): Area {
  if (windows !== null) return inputArea(windows, area);
  if (IN_PLACE.includes(layer.class)) return area;
  if (layer.class === 'ZeroPadding2D') {
    const [rows, columns] = (layer.config['padding'] as [unknown, unknown] | undefined) ?? [0, 0];
    const [top, left] = [pair(rows)[0], pair(columns)[0]];
    return { top: area.top - top, bottom: area.bottom - top, left: area.left - left, right: area.right - left };
  }
  if (layer.class === 'UpSampling2D') return repeated(layer, area);
  const [height = 1, width = 1] = outputShape(network, input);
  return { top: 0, bottom: height - 1, left: 0, right: width - 1 };
}

/** Every value is repeated `size` times; there is no other interpolation. */
function repeated({ config }: LayerInfo, area: Area): Area {
  const [rows, columns] = pair(config['size'], [2, 2]);
  return {
    top: Math.floor(area.top / rows),
    bottom: Math.floor(area.bottom / rows),
    left: Math.floor(area.left / columns),
    right: Math.floor(area.right / columns),
  };
}

/** Index of a kernel's value for a cell of the window, an input channel and an output channel; `null`: they do not meet. */
export function kernelIndex(
  { kind, size, groups }: Windows,
  channels: { input: number; output: number },
  [i, j]: readonly [number, number],
  from: number,
  to: number,
): number | null {
  const cell = i * size[1] + j;
  if (kind === 'depthwise') {
    const multiplier = channels.output / channels.input;
    if (Math.floor(to / multiplier) !== from) return null;
    return (cell * channels.input + from) * multiplier + (to % multiplier);
  }
  const perGroup = channels.input / groups;
  const first = Math.floor(to / (channels.output / groups)) * perGroup;
  if (from < first || from >= first + perGroup) return null;
  return (cell * perGroup + from - first) * channels.output + to;
}

/** The normal distribution up to x, by Abramowitz and Stegun 7.1.26: as exact as what is shown. */
function normalBelow(x: number): number {
  const t = 1 / (1 + (0.3275911 * Math.abs(x)) / Math.SQRT2);
  const series = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t;
  const tail = 0.5 * series * Math.exp((-x * x) / 2);
  return x < 0 ? tail : 1 - tail;
}

/** Keras's activations that one can reckon by hand. */
export const ACTIVATIONS: Readonly<Record<string, (x: number) => number>> = {
  linear: (x) => x,
  relu: (x) => Math.max(0, x),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  leaky_relu: (x) => (x > 0 ? x : 0.2 * x),
  gelu: (x) => x * normalBelow(x),
};
