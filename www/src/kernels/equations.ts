/** What a layer computes, forwards and backwards, as formulae with its own sizes in them. Names and indices are those of the shaders:
 * `dx` is the gradient of the loss with respect to `x`. */
import type { DispatchInfo, LayerInfo, NetworkInfo } from '../engine/api.js';
import { outputShape } from '../lib/layers.js';
import { activated, rectified, slopeOf } from './activations.js';
import { windowed } from './windowed.js';

export interface Equation {
  /** What it gives, as the shaders call it; several names with spaces, where kernels pass it on. */
  result: string;
  formula: string;
}

/** What one has to know to read them. */
export type Note = 'gradient' | 'outside' | 'whole' | 'log' | 'view';

export interface Tensor {
  name: string;
  sides: readonly number[];
}

export interface Equations {
  forward: readonly Equation[];
  backward: readonly Equation[];
  /** Sizes of what stands in them. */
  tensors: readonly Tensor[];
  notes: readonly Note[];
}

/** What the equations of a layer are made of. */
export interface Subject {
  layer: LayerInfo;
  batch: number;
  /** Without the batch axis. */
  input: readonly number[];
  output: readonly number[];
  network: NetworkInfo;
}

type Writer = (subject: Subject) => Omit<Equations, 'notes'> & { notes?: readonly Note[] };

/** A sum over `count` places; of a single one, none. */
export const sum = (index: string, count: number): string => (count === 1 ? '' : `∑_{${index}=0}^{${count - 1}} `);

/** The index itself, or 0 where there is only one place. */
export const only = (index: string, count: number): string => (count === 1 ? '0' : index);

/** A number as one reads it. */
export const figure = (value: unknown): string => {
  const text = String(Number(Number(value).toPrecision(6)));
  return text.includes('e')
    ? text.replace(
        /^(.*)e([+-]?)(\d+)$/,
        (_, m: string, s: string, p: string) => `${m === '1' ? '' : `${m} · `}10^{${s === '-' ? '-' : ''}${p}}`,
      )
    : text;
};

const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);

/** Indices of a value with so many axes, the batch first. */
const place = (sides: readonly number[]): string => (sides.length === 3 ? 'n,h,w,c' : 'n,c');

const dense: Writer = ({ layer, batch, input, output }) => {
  const [inputs, units] = [input.at(-1) ?? 1, output.at(-1) ?? 1];
  const { activation, use_bias: bias } = layer.config;
  const z = `${bias === false ? '' : 'bias_o + '}${sum('i', inputs)} x_{n,i} · kernel_{i,o}`;
  const slope = slopeOf(activation, 'n,o', batch);
  return {
    forward: activated(activation, 'n,o', z),
    backward: [
      ...slope.equations,
      { result: 'dx', formula: `dx_{n,i} = ${sum('o', units)} ${slope.name}_{n,o} · kernel_{i,o}` },
      { result: 'dkernel', formula: `dkernel_{i,o} = ${sum('n', batch)} x_{n,i} · ${slope.name}_{n,o}` },
      ...(bias === false ? [] : [{ result: 'dbias', formula: `dbias_o = ${sum('n', batch)} ${slope.name}_{n,o}` }]),
    ],
    tensors: [
      { name: 'x', sides: [batch, ...input] },
      { name: 'kernel', sides: [inputs, units] },
      { name: 'y', sides: [batch, ...output] },
    ],
  };
};

const elementwise: Writer = ({ layer, batch, output }) => {
  const { config } = layer;
  const at = place(output);
  const parameters = { slope: Number(config['negative_slope'] ?? 0.2), alpha: Number(config['alpha'] ?? 1) };
  const tensors = [{ name: 'x, y', sides: [batch, ...output] }];
  if (layer.class === 'ReLU') return { ...rectified(config, at), tensors };
  const kind = { LeakyReLU: 'leaky_relu', ELU: 'elu', Softmax: 'softmax' }[layer.class];
  const activation = kind ?? config['activation'];
  const slope = slopeOf(activation, at, batch, { into: 'dx', ...parameters });
  return { forward: activated(activation, at, null, parameters), backward: slope.equations, tensors };
};

const add: Writer = ({ layer, batch, output }) => {
  const at = place(output);
  const names = layer.connected_to.map((_, i) => String.fromCodePoint(97 + i));
  return {
    forward: [{ result: 'y', formula: `y_{${at}} = ${names.map((name) => `${name}_{${at}}`).join(' + ')}` }],
    backward: [{ result: 'dx', formula: `${names.map((name) => `d${name}_{${at}}`).join(' = ')} = dy_{${at}}` }],
    tensors: [{ name: [...names, 'y'].join(', '), sides: [batch, ...output] }],
  };
};

const concatenate: Writer = ({ layer, batch, output, network }) => {
  const spatial = output.length === 3 ? 'n,h,w,' : 'n,';
  let first = 0;
  const inputs = layer.connected_to.map((input, i) => {
    const sides = outputShape(network, input);
    const [from, own] = [first, sides.at(-1) ?? 0];
    first += own;
    const name = String.fromCodePoint(97 + i);
    const shifted = from === 0 ? 'c' : `c-${from}`;
    return {
      line: `${name}_{${spatial}${shifted}} & ${from} ≤ c < ${first}`,
      back: `d${name}_{${spatial}c} = dy_{${spatial}${from === 0 ? 'c' : `${from}+c`}}`,
      tensor: { name, sides: [batch, ...sides] },
    };
  });
  return {
    forward: [{ result: 'y', formula: `y_{${spatial}c} = \\cases{${inputs.map(({ line }) => line).join(' ; ')}}` }],
    backward: inputs.map(({ back }) => ({ result: 'dx', formula: back })),
    tensors: [...inputs.map(({ tensor }) => tensor), { name: 'y', sides: [batch, ...output] }],
  };
};

const flatten: Writer = ({ batch, input, output }) => {
  const [height = 1, width = 1, channels = 1] = input;
  const from = input.length === 3 ? `(${width} · h + w) · ${channels} + c` : 'c';
  return {
    forward: [{ result: 'y', formula: `y_{n,${from}} = x_{${place(input)}}` }],
    backward: [{ result: 'dx', formula: `dx_{${place(input)}} = dy_{n,${from}}` }],
    tensors: [
      { name: 'x', sides: [batch, height, width, channels].slice(0, input.length + 1) },
      { name: 'y', sides: [batch, ...output] },
    ],
    notes: ['view'],
  };
};

const dropout: Writer = ({ layer, batch, output }) => {
  const rate = Number(layer.config['rate'] ?? 0);
  const kept = (name: string): string =>
    `\\cases{\\frac{${name}_i}{1-${figure(rate)}} & random_i ≥ ${figure(rate)} ; 0 & random_i < ${figure(rate)}}`;
  return {
    forward: [
      { result: 'y', formula: `y_i = ${kept('x')}` },
      { result: 'y', formula: 'random_i = hash(seed, step, layer, i)' },
    ],
    backward: [{ result: 'dx', formula: `dx_i = ${kept('dy')}` }],
    tensors: [{ name: 'x, y', sides: [batch, ...output] }],
  };
};

const batchNorm: Writer = ({ layer, batch, output }) => {
  const { config } = layer;
  const rows = batch * product(output.slice(0, -1));
  const [epsilon, momentum] = [figure(config['epsilon'] ?? 1e-3), Number(config['momentum'] ?? 0.99)];
  const gamma = config['scale'] === false ? '' : 'γ_c · ';
  const beta = config['center'] === false ? '' : ' + β_c';
  const mean = `\\frac{1}{${rows}} ${sum('r', rows)}`;
  return {
    forward: [
      { result: 'moments batch_mean', formula: `μ_c = ${mean} x_{r,c}` },
      { result: 'moments batch_variance', formula: `σ_c^2 = ${mean} (x_{r,c} - μ_c)^2` },
      { result: 'y', formula: `\\hat{x}_{r,c} = \\frac{x_{r,c} - μ_c}{\\sqrt{σ_c^2 + ${epsilon}}}` },
      { result: 'y', formula: `y_{r,c} = ${gamma}\\hat{x}_{r,c}${beta}` },
      {
        result: 'moving_mean',
        formula: `moving ← ${figure(momentum)} · moving + ${figure(1 - momentum)} · (μ_c, σ_c^2)`,
      },
    ],
    backward: [
      { result: 'sums dbeta', formula: `dβ_c = ${sum('r', rows)} dy_{r,c}` },
      { result: 'sums dgamma', formula: `dγ_c = ${sum('r', rows)} dy_{r,c} · \\hat{x}_{r,c}` },
      {
        result: 'dx',
        formula: `dx_{r,c} = \\frac{${gamma === '' ? '1' : 'γ_c'}}{\\sqrt{σ_c^2 + ${epsilon}}} (dy_{r,c} - \\frac{dβ_c + \\hat{x}_{r,c} · dγ_c}{${rows}})`,
      },
    ],
    tensors: [
      { name: 'x, y', sides: [rows, output.at(-1) ?? 1] },
      { name: 'μ, σ², γ, β', sides: [output.at(-1) ?? 1] },
    ],
  };
};

const layerNorm: Writer = ({ layer, batch, output }) => {
  const width = output.at(-1) ?? 1;
  const rows = batch * product(output.slice(0, -1));
  const epsilon = figure(layer.config['epsilon'] ?? 1e-3);
  const mean = `\\frac{1}{${width}} ${sum('c', width)}`;
  return {
    forward: [
      { result: 'y', formula: `μ_r = ${mean} x_{r,c}` },
      { result: 'y', formula: `σ_r^2 = ${mean} (x_{r,c} - μ_r)^2` },
      { result: 'y', formula: `\\hat{x}_{r,c} = \\frac{x_{r,c} - μ_r}{\\sqrt{σ_r^2 + ${epsilon}}}` },
      { result: 'y', formula: 'y_{r,c} = γ_c · \\hat{x}_{r,c} + β_c' },
    ],
    backward: [
      { result: 'dbeta', formula: `dβ_c = ${sum('r', rows)} dy_{r,c}` },
      { result: 'dgamma', formula: `dγ_c = ${sum('r', rows)} dy_{r,c} · \\hat{x}_{r,c}` },
      {
        result: 'dx',
        formula: `dx_{r,c} = \\frac{g_{r,c} - ${mean} g_{r,c} - \\hat{x}_{r,c} · ${mean} g_{r,c} · \\hat{x}_{r,c}}{\\sqrt{σ_r^2 + ${epsilon}}}`,
      },
      { result: 'dx', formula: 'g_{r,c} = γ_c · dy_{r,c}' },
    ],
    tensors: [{ name: 'x, y', sides: [rows, width] }],
  };
};

const responseNorm: Writer = ({ layer, batch, output }) => {
  const { config } = layer;
  const [radius, bias, alpha, beta] = (
    [
      ['depth_radius', 5],
      ['bias', 1],
      ['alpha', 1],
      ['beta', 0.5],
    ] as const
  ).map(([name, usual]) => Number(config[name] ?? usual));
  const window = `∑_{j=c-${figure(radius)}}^{c+${figure(radius)}}`;
  const exponent = figure(beta);
  return {
    forward: [
      { result: 'base', formula: `base_c = ${figure(bias)} + ${figure(alpha)} · ${window} x_j^2` },
      { result: 'y', formula: `y_c = x_c · base_c^{-${exponent}}` },
    ],
    backward: [
      {
        result: 'dx',
        formula: `dx_c = dy_c · base_c^{-${exponent}} - ${figure(2 * (alpha ?? 1) * (beta ?? 1))} · x_c · ${window} dy_j · x_j · base_j^{-${figure((beta ?? 0) + 1)}}`,
      },
    ],
    tensors: [{ name: 'x, y', sides: [batch, ...output] }],
    notes: ['outside'],
  };
};

const WRITERS: Readonly<Record<string, Writer>> = {
  Conv2D: windowed,
  DepthwiseConv2D: windowed,
  MaxPooling2D: windowed,
  AveragePooling2D: windowed,
  GlobalAveragePooling2D: windowed,
  GlobalMaxPooling2D: windowed,
  Lambda: windowed,
  ZeroPadding2D: windowed,
  UpSampling2D: windowed,
  Dense: dense,
  Activation: elementwise,
  ReLU: elementwise,
  LeakyReLU: elementwise,
  ELU: elementwise,
  Softmax: elementwise,
  Add: add,
  Concatenate: concatenate,
  Flatten: flatten,
  Dropout: dropout,
  BatchNormalization: batchNorm,
  LayerNormalization: layerNorm,
  LocalResponseNormalization: responseNorm,
};

/** The symbols of the equations that a dispatch binds: `dx`, `dx4` and `dx2` are the same memory, read in ones, fours and twos. */
export function symbolsOf({ shader, pass, bindings }: DispatchInfo): Set<string> {
  // Where nobody did it on the way, a dispatch of its own makes dz of dy; all others only read it.
  const isSlope = bindings.some(({ name, buffer }) => name === 'dx' && buffer.endsWith(' sum gradient'));
  if (isSlope) return new Set(['dz']);
  const names = bindings.map(({ name }) => name.replace(/\d+$/, '')).filter((name) => name !== 'dz');
  // Winograd's transforms write the gradient of the input as they write outputs.
  const isTurned = shader === 'winograd.wgsl' && pass === 'backward';
  return new Set(names.map((name) => (isTurned && name === 'y' ? 'dx' : name)));
}

/** `null` for a class that has none here. */
export function equationsOf(network: NetworkInfo, layer: LayerInfo, batch: number): Equations | null {
  const writer = WRITERS[layer.class];
  if (writer === undefined) return null;
  const input = outputShape(network, layer.connected_to[0] ?? '');
  const written = writer({ layer, batch, input, output: layer.output_shape, network });
  const isOutput = network.outputs.includes(layer.name) && layer.config['activation'] === 'softmax';
  return { ...written, notes: ['gradient', ...(isOutput ? (['log'] as const) : []), ...(written.notes ?? [])] };
}
