/** Convolutions, poolings and what else moves values about on the plane, as formulae. */
import { windowsOf, type Windows } from '../lib/windows.js';
import { activated, slopeOf } from './activations.js';
import { only, sum, type Equation, type Equations, type Note, type Subject } from './equations.js';

type Written = Omit<Equations, 'notes'> & { notes?: readonly Note[] };

/** `2 · oh + kh - 1`, as short as it can be said. */
function met(out: string, tap: string, count: number, stride: number, dilation: number, before: number): string {
  const step = stride === 1 ? out : `${stride} · ${out}`;
  const move = count === 1 ? '' : ` + ${dilation === 1 ? '' : `${dilation} · `}${tap}`;
  return `${step}${move}${before === 0 ? '' : ` - ${before}`}`;
}

/** The other way round: which output a tap of its window laid on this input. */
function from(own: string, tap: string, count: number, stride: number, dilation: number, before: number): string {
  const move = count === 1 ? '' : ` - ${dilation === 1 ? '' : `${dilation} · `}${tap}`;
  const start = `${own}${before === 0 ? '' : ` + ${before}`}${move}`;
  if (stride === 1) return start;
  return start === own ? `${own} / ${stride}` : `(${start}) / ${stride}`;
}

interface Places {
  /** Sums over the window. */
  taps: string;
  /** Row and column of the input that an output meets, and of the output that an input went into. */
  met: string;
  from: string;
  /** The tap, as the kernel counts it. */
  tap: string;
}

function places({ size, strides, dilation, before }: Windows): Places {
  const both = (say: typeof met, own: readonly [string, string]): string =>
    ([0, 1] as const)
      .map((axis) => say(own[axis], axis === 0 ? 'kh' : 'kw', size[axis], strides[axis], dilation[axis], before[axis]))
      .join(', ');
  return {
    taps: sum('kh', size[0]) + sum('kw', size[1]),
    met: both(met, ['oh', 'ow']),
    from: both(from, ['h', 'w']),
    tap: `${only('kh', size[0])}, ${only('kw', size[1])}`,
  };
}

/** Sums over all that an output has, but its channels. */
const everywhere = (batch: number, output: readonly number[]): string =>
  sum('n', batch) + sum('oh', output[0] ?? 1) + sum('ow', output[1] ?? 1);

function notesOf({ before, strides }: Windows): Note[] {
  return [
    ...(before[0] + before[1] > 0 ? (['outside'] as const) : []),
    ...(strides[0] + strides[1] > 2 ? (['whole'] as const) : []),
  ];
}

/** The channel of the other side: the run of `count` that belongs to the group of this channel, and the place in it. */
function across(channel: string, perGroup: number, other: string, count: number): string {
  const group = perGroup === 1 ? channel : `⌊${channel} / ${perGroup}⌋`;
  return count === 1 ? group : `${count} · ${group} + ${other}`;
}

function convolution({ layer, batch, input, output }: Subject, windows: Windows): Written {
  const at = places(windows);
  const [cin, cout] = [(input[2] ?? 1) / windows.groups, (output[2] ?? 1) / windows.groups];
  const { activation, use_bias: bias } = layer.config;
  // With groups, each run of output channels reads its own run of input channels, which the kernel counts from 0.
  const grouped = windows.groups > 1;
  const read = grouped ? across('co', cout, 'ci', cin) : only('ci', cin);
  const wrote = grouped ? across('ci', cin, 'co', cout) : only('co', cout);
  const own = only('ci', cin);
  const within = grouped && cin > 1 ? `ci mod ${cin}` : own;
  const [each, filter] = [only('ci', input[2] ?? 1), only('co', output[2] ?? 1)];
  const y = `n,oh,ow,${filter}`;
  const slope = slopeOf(activation, y, batch);
  const z = `${bias === false ? '' : `bias_{${filter}} + `}${at.taps}${sum('ci', cin)} x_{n,${at.met},${read}} · kernel_{${at.tap},${own},${filter}}`;
  const gradient = `${slope.name}_{n,${at.from},${wrote}}`;
  const all = everywhere(batch, output);
  return {
    forward: activated(activation, y, z),
    backward: [
      ...slope.equations,
      {
        result: 'dx',
        formula: `dx_{n,h,w,${each}} = ${at.taps}${sum('co', cout)} ${gradient} · kernel_{${at.tap},${within},${wrote}}`,
      },
      {
        result: 'dkernel',
        formula: `dkernel_{${at.tap},${own},${filter}} = ${all} x_{n,${at.met},${read}} · ${slope.name}_{${y}}`,
      },
      ...(bias === false ? [] : [{ result: 'dbias', formula: `dbias_{${filter}} = ${all} ${slope.name}_{${y}}` }]),
    ],
    tensors: [
      { name: 'x', sides: [batch, ...input] },
      { name: 'kernel', sides: [...windows.size, cin, output[2] ?? 1] },
      { name: 'y', sides: [batch, ...output] },
    ],
    notes: notesOf(windows),
  };
}

function depthwise({ layer, batch, input, output }: Subject, windows: Windows): Written {
  const at = places(windows);
  const [channels, outputs] = [input[2] ?? 1, output[2] ?? 1];
  const many = outputs / channels;
  const { activation, use_bias: bias } = layer.config;
  const to = many === 1 ? 'c' : `${many} · c + m`;
  const kernel = `kernel_{${at.tap},c,${only('m', many)}}`;
  const y = `n,oh,ow,${to}`;
  const slope = slopeOf(activation, y, batch);
  const all = everywhere(batch, output);
  return {
    forward: activated(
      activation,
      y,
      `${bias === false ? '' : `bias_{${to}} + `}${at.taps} x_{n,${at.met},c} · ${kernel}`,
    ),
    backward: [
      ...slope.equations,
      {
        result: 'dx',
        formula: `dx_{n,h,w,c} = ${at.taps}${sum('m', many)} ${slope.name}_{n,${at.from},${to}} · ${kernel}`,
      },
      { result: 'dkernel', formula: `d${kernel} = ${all} x_{n,${at.met},c} · ${slope.name}_{${y}}` },
      ...(bias === false ? [] : [{ result: 'dbias', formula: `dbias_{${to}} = ${all} ${slope.name}_{${y}}` }]),
    ],
    tensors: [
      { name: 'x', sides: [batch, ...input] },
      { name: 'kernel', sides: [...windows.size, channels, many] },
      { name: 'y', sides: [batch, ...output] },
    ],
    notes: notesOf(windows),
  };
}

function pooling({ batch, input, output }: Subject, windows: Windows): Written {
  const at = places(windows);
  const cells = windows.size[0] * windows.size[1];
  const padded = windows.before[0] + windows.before[1] > 0;
  // Where windows reach beyond the picture, only the cells inside count.
  const share = padded ? 'cells_{oh,ow}' : String(cells);
  const range = `0≤kh<${windows.size[0]}, 0≤kw<${windows.size[1]}`;
  const won = 'argmax_{n,oh,ow,c} = (h,w)';
  const [forward, backward]: [Equation[], Equation[]] =
    windows.kind === 'max'
      ? [
          [{ result: 'y', formula: `y_{n,oh,ow,c} = max_{${range}} x_{n,${at.met},c}` }],
          [{ result: 'dx', formula: `dx_{n,h,w,c} = ∑_{oh,ow : ${won}} dy_{n,oh,ow,c}` }],
        ]
      : [
          [{ result: 'y', formula: `y_{n,oh,ow,c} = \\frac{1}{${share}} ${at.taps} x_{n,${at.met},c}` }],
          [
            {
              result: 'dx',
              formula: padded
                ? `dx_{n,h,w,c} = ${at.taps} \\frac{dy_{n,${at.from},c}}{cells}`
                : `dx_{n,h,w,c} = \\frac{1}{${share}} ${at.taps} dy_{n,${at.from},c}`,
            },
          ],
        ];
  return {
    forward,
    backward,
    tensors: [
      { name: 'x', sides: [batch, ...input] },
      { name: 'y', sides: [batch, ...output] },
    ],
    notes: windows.kind === 'max' ? [] : notesOf(windows),
  };
}

function wholeMaps({ layer, batch, input, output }: Subject): Written {
  const [height = 1, width = 1] = input;
  const tensors = [
    { name: 'x', sides: [batch, ...input] },
    { name: 'y', sides: [batch, ...output] },
  ];
  if (layer.class === 'GlobalMaxPooling2D') {
    return {
      forward: [{ result: 'y', formula: `y_{n,c} = max_{0≤h<${height}, 0≤w<${width}} x_{n,h,w,c}` }],
      backward: [
        { result: 'dx', formula: 'dx_{n,h,w,c} = \\cases{dy_{n,c} & argmax_{n,c} = (h,w) ; 0 & argmax_{n,c} ≠ (h,w)}' },
      ],
      tensors,
    };
  }
  return {
    forward: [
      {
        result: 'y',
        formula: `y_{n,c} = \\frac{1}{${height * width}} ${sum('h', height)}${sum('w', width)} x_{n,h,w,c}`,
      },
    ],
    backward: [{ result: 'dx', formula: `dx_{n,h,w,c} = \\frac{dy_{n,c}}{${height * width}}` }],
    tensors,
  };
}

const first = (value: unknown): number => Number(Array.isArray(value) ? (value[0] as unknown) : value);

function moved({ layer, batch, input, output }: Subject): Written {
  const { config } = layer;
  const tensors = [
    { name: 'x', sides: [batch, ...input] },
    { name: 'y', sides: [batch, ...output] },
  ];
  if (layer.class === 'UpSampling2D') {
    const [rows, columns] = Array.isArray(config['size']) ? config['size'].map(Number) : [2, 2];
    const [i, j] = [rows ?? 2, columns ?? 2];
    return {
      forward: [{ result: 'y', formula: `y_{n,h,w,c} = x_{n,⌊h / ${i}⌋,⌊w / ${j}⌋,c}` }],
      backward: [
        { result: 'dx', formula: `dx_{n,h,w,c} = ${sum('i', i)}${sum('j', j)} dy_{n,${i} · h + i,${j} · w + j,c}` },
      ],
      tensors,
    };
  }
  const { padding } = config;
  const [top, left] = Array.isArray(padding)
    ? [first(padding[0]), first(padding[1])]
    : [first(padding), first(padding)];
  return {
    forward: [{ result: 'y', formula: `y_{n,h,w,c} = x_{n,h-${top},w-${left},c}` }],
    backward: [{ result: 'dx', formula: `dx_{n,h,w,c} = dy_{n,h + ${top},w + ${left},c}` }],
    tensors,
    notes: ['outside'],
  };
}

export function windowed(subject: Subject): Written {
  const windows = windowsOf(subject.network, subject.layer);
  if (windows === null) {
    return /^Global|^Lambda/.test(subject.layer.class) ? wholeMaps(subject) : moved(subject);
  }
  if (windows.kind === 'conv') return convolution(subject, windows);
  return windows.kind === 'depthwise' ? depthwise(subject, windows) : pooling(subject, windows);
}
