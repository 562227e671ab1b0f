import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../../src/builder/fields.js';
import type { DispatchInfo, LayerInfo, NetworkInfo, OptimizerConfig } from '../../src/engine/api.js';
import { equationsOf, symbolsOf, type Equations } from '../../src/kernels/equations.js';
import { parse } from '../../src/kernels/formula.js';
import { marks } from '../../src/kernels/marks.js';
import { messages } from '../../src/i18n/index.js';
import { kernels } from '../../src/kernels/i18n/index.js';
import { stepEquations } from '../../src/kernels/step-equations.js';
import { textsOf, unusedIn } from './texts.js';

const layer = (given: Partial<LayerInfo>): LayerInfo => ({
  name: 'it',
  class: 'Flatten',
  output_shape: [8, 8, 6],
  params: 0,
  macs: 0,
  connected_to: ['input'],
  config: {},
  weights: [],
  receptive_field: 1,
  ...given,
});

const network = (layers: LayerInfo[], shape = [8, 8, 3]): NetworkInfo => ({
  name: 'net',
  kind: 'functional',
  input: { layer: 'input', shape },
  outputs: ['it'],
  totals: { params: 0, trainable: 0, non_trainable: 0, macs: 0, layers: layers.length },
  layers,
});

function of(given: Partial<LayerInfo>, shape?: number[]): Equations {
  const one = layer(given);
  const found = equationsOf(network([one], shape), one, 32);
  if (found === null) throw new Error(`${one.class} has no equations`);
  return found;
}

const said = (list: Equations['forward']): string[] => list.map(({ formula }) => formula.replace(/\s+/g, ' '));

function expectSound({ forward, backward }: Equations, what: string): void {
  expect(forward.length, what).toBeGreaterThan(0);
  expect(backward.length, what).toBeGreaterThan(0);
  for (const formula of [...said(forward), ...said(backward)]) {
    expect(formula, what).not.toMatch(/undefined|NaN|null|Infinity|\[object/);
    expect(() => parse(formula), formula).not.toThrow();
  }
}

describe('formulae', () => {
  it('are read as they are written', () => {
    expect(parse('y_o = \\frac{1}{12} ∑_{i=0}^{3} x_i')).toEqual({
      kind: 'row',
      parts: [
        { kind: 'script', base: name('y'), below: name('o'), above: null },
        { kind: 'operator', text: '=' },
        { kind: 'fraction', above: number('1'), below: number('12') },
        {
          kind: 'script',
          base: { kind: 'operator', text: '∑' },
          below: { kind: 'row', parts: [name('i'), { kind: 'operator', text: '=' }, number('0')] },
          above: number('3'),
        },
        { kind: 'script', base: name('x'), below: name('i'), above: null },
      ],
    });
    expect(parse('\\cases{a & b > 0 ; 0 & c}')).toMatchObject({ kind: 'cases', lines: [{ length: 2 }, { length: 2 }] });
    expect(() => parse('\\frac{a}{b')).toThrow('ends too soon');
  });
});

const name = (text: string) => ({ kind: 'name', text });
const number = (text: string) => ({ kind: 'number', text });

describe('equations', () => {
  it('have the sizes of their layer in them', () => {
    const { forward, backward, tensors } = of({
      class: 'Conv2D',
      output_shape: [4, 4, 16],
      config: { kernel_size: [3, 3], strides: [2, 2], padding: 'same', filters: 16, activation: 'relu' },
    });
    expect(said(forward)).toEqual([
      'z_{n,oh,ow,co} = bias_{co} + ∑_{kh=0}^{2} ∑_{kw=0}^{2} ∑_{ci=0}^{2} x_{n,2 · oh + kh, 2 · ow + kw,ci} · kernel_{kh, kw,ci,co}',
      'y_{n,oh,ow,co} = max(0, z_{n,oh,ow,co})',
    ]);
    expect(said(backward)[1]).toBe(
      'dx_{n,h,w,ci} = ∑_{kh=0}^{2} ∑_{kw=0}^{2} ∑_{co=0}^{15} dz_{n,(h - kh) / 2, (w - kw) / 2,co} · kernel_{kh, kw,ci,co}',
    );
    expect(tensors.find((tensor) => tensor.name === 'kernel')?.sides).toEqual([3, 3, 3, 16]);
  });

  it('leave out sums over one place, and activations that are none', () => {
    const { forward, backward } = of(
      { class: 'Conv2D', config: { kernel_size: [1, 1], use_bias: false, activation: 'linear' } },
      [8, 8, 1],
    );
    expect(said(forward)).toEqual(['y_{n,oh,ow,co} = x_{n,oh, ow,0} · kernel_{0, 0,0,co}']);
    expect(said(backward)[0]).toBe('dx_{n,h,w,0} = ∑_{co=0}^{5} dy_{n,h, w,co} · kernel_{0, 0,0,co}');
  });

  it('count the channels of a group in the kernel, and all channels elsewhere', () => {
    const conv = (groups: number, channels: [number, number]): string[] => {
      const config = { kernel_size: [1, 1], groups, use_bias: false, activation: 'linear' };
      const one = of({ class: 'Conv2D', output_shape: [8, 8, channels[1]], config }, [8, 8, channels[0]]);
      return [...said(one.forward), ...said(one.backward).slice(0, 1)];
    };
    expect(conv(2, [4, 6])).toEqual([
      'y_{n,oh,ow,co} = ∑_{ci=0}^{1} x_{n,oh, ow,2 · ⌊co / 3⌋ + ci} · kernel_{0, 0,ci,co}',
      'dx_{n,h,w,ci} = ∑_{co=0}^{2} dy_{n,h, w,3 · ⌊ci / 2⌋ + co} · kernel_{0, 0,ci mod 2,3 · ⌊ci / 2⌋ + co}',
    ]);
    expect(conv(4, [4, 4])).toEqual([
      'y_{n,oh,ow,co} = x_{n,oh, ow,co} · kernel_{0, 0,0,co}',
      'dx_{n,h,w,ci} = dy_{n,h, w,ci} · kernel_{0, 0,0,ci}',
    ]);
  });

  it('of the layer ReLU have its ceiling, slope and threshold, forwards and back', () => {
    const relu = (config: Record<string, number | null>): string[] => {
      const one = of({ class: 'ReLU', output_shape: [6], config });
      expectSound(one, 'ReLU');
      return [...said(one.forward), ...said(one.backward)].map((formula) => formula.replaceAll('_{n,c}', ''));
    };
    expect(relu({ max_value: null, negative_slope: 0, threshold: 0 })).toEqual([
      'y = max(0, x)',
      'dx = \\cases{dy & y > 0 ; 0 & y = 0}',
    ]);
    expect(relu({ max_value: 6 })).toEqual([
      'y = min(max(0, x), 6)',
      'dx = \\cases{dy & 0 < y < 6 ; 0 & y = 6 ; 0 & y = 0}',
    ]);
    expect(relu({ max_value: 6, negative_slope: 0.1, threshold: 1 })).toEqual([
      'y = \\cases{6 & x ≥ 6 ; x & 1 < x < 6 ; 0.1 · (x - 1) & x ≤ 1}',
      'dx = \\cases{dy & 0 < y < 6 ; 0 & y = 6 ; 0.1 · dy & y ≤ 0}',
    ]);
    expect(relu({ threshold: 1 })[0]).toBe('y = \\cases{x & x > 1 ; 0 & x ≤ 1}');
  });

  it('are there for every class that can be built, with every activation', () => {
    for (const [kind, { fresh }] of Object.entries(KINDS)) {
      const config = { kernel_size: [3, 3], pool_size: [2, 2], padding: 'valid', size: [2, 2], ...fresh };
      const flat = /^Global|Dense|Flatten/.test(kind) ? [6] : [8, 8, 6];
      const padding =
        kind === 'ZeroPadding2D'
          ? {
              padding: [
                [1, 1],
                [2, 2],
              ],
            }
          : {};
      expectSound(of({ class: kind, output_shape: flat, config: { ...config, ...padding } }), kind);
    }
    for (const activation of ['relu', 'leaky_relu', 'elu', 'gelu', 'tanh', 'sigmoid', 'softmax', 'log_softmax']) {
      expectSound(of({ class: 'Dense', output_shape: [10], config: { activation } }, [20]), activation);
      expectSound(of({ class: 'Activation', config: { activation } }), activation);
    }
    for (const kind of ['ReLU', 'LeakyReLU', 'ELU', 'Lambda']) expectSound(of({ class: kind }), kind);
    expect(equationsOf(network([]), layer({ class: 'Nobody' }), 1)).toBeNull();
  });

  it('say where the inputs of a concatenation begin', () => {
    const left = layer({ name: 'left', output_shape: [8, 8, 4] });
    const it = layer({ class: 'Concatenate', connected_to: ['left', 'input'], output_shape: [8, 8, 7] });
    const { forward, backward } = equationsOf(network([left, it]), it, 2) ?? { forward: [], backward: [] };
    expect(said(forward)).toEqual(['y_{n,h,w,c} = \\cases{a_{n,h,w,c} & 0 ≤ c < 4 ; b_{n,h,w,c-4} & 4 ≤ c < 7}']);
    expect(said(backward)[1]).toBe('db_{n,h,w,c} = dy_{n,h,w,4+c}');
  });

  it('of a step are those of what it runs', () => {
    const dispatch = (shader: string, entry_point: string) => ({ shader, entry_point }) as DispatchInfo;
    const all = [
      dispatch('gather.wgsl', 'forward'),
      dispatch('cross_entropy.wgsl', 'forward'),
      dispatch('optimizer.wgsl', 'adam'),
    ];
    const step = stepEquations(network([layer({ output_shape: [10] })]), all, {
      batch: 32,
      scale: 1 / 16,
      optimizer: { algorithm: 'adam' },
    });
    expectSound(step, 'step');
    expect(said(step.forward)).toEqual(['x_{n,h,w,c} = \\frac{byte_{index_n,h,w,c}}{16}']);
    expect(step.backward).toHaveLength(6);
  });

  it('of an update are those of the optimiser that runs it', () => {
    const last = (entry_point: string, optimizer: OptimizerConfig): string => {
      const dispatches = [{ shader: 'optimizer.wgsl', entry_point } as DispatchInfo];
      const step = stepEquations(network([]), dispatches, { batch: 8, scale: 1, optimizer });
      return said(step.backward).at(-1) ?? '';
    };
    const adam = 'lr · \\frac{\\sqrt{1 - β_2^t}}{1 - β_1^t} · \\frac{m}{\\sqrt{v} + ε}';
    expect(last('adam', { algorithm: 'adam' })).toBe(`p ← p - ${adam}`);
    expect(last('adam', { algorithm: 'adamw' })).toBe(`p ← p - lr · decay · p - ${adam}`);
    expect(last('sgd_momentum', { algorithm: 'sgd', nesterov: false })).toBe('p ← p + m');
    expect(last('sgd_momentum', { algorithm: 'sgd', nesterov: true })).toBe('p ← p + momentum · m - lr · g');
    expect(last('rmsprop', { algorithm: 'rmsprop' })).toBe('p ← p - m');
  });

  it('stand for what a dispatch binds: the output of winograd’s way back is dx', () => {
    const dispatch = (shader: string, pass: DispatchInfo['pass'], names: string[]): DispatchInfo =>
      ({ shader, pass, bindings: names.map((name) => ({ name, buffer: '', bytes: 4 })) }) as unknown as DispatchInfo;
    expect([...symbolsOf(dispatch('conv2d_fours.wgsl', 'backward', ['dz4', 'dx4']))]).toEqual(['dx']);
    expect([...symbolsOf(dispatch('winograd.wgsl', 'forward', ['products4', 'y4']))]).toEqual(['products', 'y']);
    expect([...symbolsOf(dispatch('winograd.wgsl', 'backward', ['products4', 'y4']))]).toEqual(['products', 'dx']);
  });
});

describe('lines that matter', () => {
  const folder = new URL('../../../shaders/', import.meta.url);
  const sources = readdirSync(folder).map((file) => [file, readFileSync(new URL(file, folder), 'utf8')] as const);

  it('are found in every kernel: at least where it writes', () => {
    for (const [file, source] of sources) {
      const entries = [...source.matchAll(/@compute[^\n]*\nfn (\w+)/g)].map((match) => match[1] ?? '');
      for (const entry of entries) {
        const found = [...marks(source, entry, {}).values()];
        expect(found, `${file} ${entry}`).toContain('entry');
        expect(found.includes('store') || found.includes('said'), `${file} ${entry}`).toBe(true);
      }
    }
  });

  it('of winograd’s transforms are those where values change sides', () => {
    const source = sources.find(([file]) => file === 'winograd.wgsl')?.[1] ?? '';
    const lines = source.split('\n');
    const steps = (entry: string): string[] =>
      [...marks(source, entry, {})].flatMap(([line, mark]) =>
        mark === 'said' ? [lines[line]?.split('//: ')[1] ?? ''] : [],
      );
    expect(steps('transform_input')).toEqual(['Bᵀ x']);
    expect(steps('transform_kernel')).toEqual(['G k']);
    expect(steps('transform_output')).toEqual(['y = Aᵀ (V·U)']);
    expect(steps('transform_gradient')).toEqual(['A dz']);
    expect(steps('backward_kernel')).toEqual(['dkernel = Gᵀ (Vᵀ · A dz)']);
  });

  it('are the multiplication, the store, and the branch of the constant', () => {
    const source = sources.find(([file]) => file === 'conv2d.wgsl')?.[1] ?? '';
    const lines = source.split('\n');
    const found = marks(source, 'forward', { ACTIVATION: 2 });
    const at = (mark: string): string[] =>
      [...found].flatMap(([line, one]) => (one === mark ? [lines[line]?.trim() ?? ''] : []));
    expect(at('sum')).toEqual(['sum = fma(x[pixel + ci], kernel[tap + ci * dims.cout], sum);']);
    expect(at('store')).toEqual(['y[i] = finish(sum, co, i);']);
    expect(at('branch')).toEqual([expect.stringContaining('tanh')]);
  });

  it('stand in every kernel of a convolution and a dense layer where it multiplies', () => {
    for (const [file, source] of sources.filter(([name]) => /^(conv2d|dense|depthwise)/.test(name))) {
      for (const [, entry = ''] of source.matchAll(/@compute[^\n]*\nfn ((?:forward|backward)\w*)/g)) {
        expect([...marks(source, entry, {}).values()], `${file} ${entry}`).toContain('sum');
      }
    }
  });
});

describe('the texts of the kernel view', () => {
  it('have the same keys in both languages, all used', () => {
    const [en, ko] = [kernels(messages('en')), kernels(messages('ko'))];
    expect(textsOf(ko)).toEqual(textsOf(en));
    expect(JSON.stringify(en)).not.toMatch(/[가-힣]/);
    expect(unusedIn(en, 'kernels', 'k')).toEqual([]);
  });
});
