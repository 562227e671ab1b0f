import { describe, expect, it } from 'vitest';
import type { DispatchInfo, LayerInfo, NetworkInfo } from '../../src/engine/api.js';
import { appearanceOf } from '../../src/lib/appearance.js';
import { messages } from '../../src/i18n/index.js';
import { ascend, blurred, noise } from '../../src/seeing/ascent.js';
import { seeing } from '../../src/seeing/i18n/index.js';
import { branchesOf, joints } from '../../src/seeing/branches.js';
import { channelsOf } from '../../src/seeing/norm.js';
import { heatAt, hottest } from '../../src/seeing/heat.js';
import { measure } from '../../src/seeing/measure.js';
import { floor, giga, operations, runners, time, traffic } from '../../src/seeing/race.js';
import type { Rival } from '../../src/seeing/questions.js';
import { covered, places } from '../../src/seeing/occlusion.js';
import { factorsOf } from '../../src/seeing/slopes.js';
import { textsOf, unusedIn } from './texts.js';

describe('occlusion', () => {
  it('centres patches on a grid that covers the picture', () => {
    expect(places(8, 8, 4, 4)).toEqual([
      [0, 0],
      [0, 4],
      [4, 0],
      [4, 4],
    ]);
    expect(places(5, 4, 4, 2)).toHaveLength(6);
  });

  it('covers all channels of what lies in the picture, and nothing else', () => {
    const picture = new Float32Array(3 * 3 * 2).fill(1);
    const result = covered(picture, [3, 3, 2], [-1, 1], 2, 0.5);
    expect([...result.slice(0, 6)]).toEqual([1, 1, 0.5, 0.5, 0.5, 0.5]);
    expect(result.slice(6).every((value) => value === 1)).toBe(true);
    expect(covered(picture, [3, 3, 2], [3, 3], 4, 0)).toEqual(picture);
    expect(picture.every((value) => value === 1)).toBe(true);
  });
});

describe('ascent', () => {
  it('starts from the same noise for the same seed', () => {
    expect(noise(12, 1)).toEqual(noise(12, 1));
    expect(noise(12, 1)).not.toEqual(noise(12, 2));
    expect(Math.max(...noise(1000, 3))).toBeLessThanOrEqual(0.55);
  });

  it('goes up the gradient, whatever its size, within black and white', () => {
    const picture = new Float32Array(16).fill(0.5);
    const up = ascend(picture, new Float32Array(16).fill(1e-6), [4, 4, 1]);
    expect(up[5]).toBeGreaterThan(0.53);
    let far: Float32Array = picture;
    for (let i = 0; i < 200; i += 1) far = ascend(far, new Float32Array(16).fill(9), [4, 4, 1]);
    expect(Math.max(...far)).toBeLessThanOrEqual(1);
    // A gradient of nothing, or of no number, leaves grey grey.
    for (const none of [0, Number.NaN]) {
      expect(ascend(picture, new Float32Array(16).fill(none), [4, 4, 1])[0]).toBeCloseTo(0.5);
    }
  });

  it('blurs within a channel and keeps the sum', () => {
    const picture = new Float32Array(2 * 9);
    picture[2 * 4] = 1;
    const result = blurred(picture, [3, 3, 2]);
    expect(result.filter((_, i) => i % 2 === 1).every((value) => value === 0)).toBe(true);
    expect(result[2 * 4]).toBeLessThan(1);
    expect(result.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1);
  });
});

describe('heat', () => {
  const heat = { values: Float32Array.of(0, 0, 3, 1, 0, 2), height: 2, width: 3 };
  it('knows where it is hottest, if anywhere', () => {
    expect(hottest(heat)).toEqual([0, 2]);
    expect(hottest({ ...heat, values: new Float32Array(6) })).toBeNull();
    expect(heatAt(heat, 0.9, 0.99)).toBe(2);
  });
});

describe('measuring', () => {
  it('takes the GPU’s clock where it runs, and the queue where it does not', async () => {
    const clocked = {
      time: (_: number, __: number, times: number) => Promise.resolve(Uint32Array.of(7, 1, 7 + times * 1e6, 1)),
    };
    expect(await measure(clocked, 0, 1)).toEqual({ seconds: expect.closeTo(1e-3) as number, clock: 'gpu' });
    const none = await measure({ time: () => Promise.resolve(new Uint32Array(4)) }, 0, 1);
    expect(none.clock).toBe('queue');
    expect(none.seconds).toBeGreaterThanOrEqual(0);
  });
});

describe('what gradients are of', () => {
  it('is a logit alone, or of the loss how far each probability is from its target', () => {
    const logits = Float32Array.from([0, Math.log(2), 0]);
    expect([...factorsOf(2, logits, null)]).toEqual([0, 0, 1]);
    expect([...factorsOf(-1, logits, 0)]).toEqual([0, 1, 0]);
    expect([...factorsOf('loss', logits, 0)].map((factor) => Number(factor.toFixed(5)))).toEqual([-0.75, 0.5, 0.25]);
    // A picture without a label counts as what it is taken for.
    expect([...factorsOf('loss', logits, null)].map((factor) => Number(factor.toFixed(5)))).toEqual([0.25, -0.5, 0.25]);
  });
});

describe('the texts of what explains', () => {
  it('have the same keys in both languages, all used', () => {
    const [en, ko] = [seeing(messages('en')), seeing(messages('ko'))];
    expect(textsOf(ko)).toEqual(textsOf(en));
    expect(JSON.stringify(en)).not.toMatch(/[가-힣]/);
    expect(unusedIn(en, 'seeing', 's')).toEqual([]);
  });
});

describe('branches', () => {
  const layer = (name: string, of: string, inputs: string[], params = 1): LayerInfo => ({
    name,
    class: of,
    output_shape: [4, 4, 2],
    params,
    macs: 10 * params,
    connected_to: inputs,
    config: {},
    weights: [],
    receptive_field: 1,
  });
  const joint = layer('joined', 'Concatenate', ['a2', 'b', 'stem'], 0);
  const network: NetworkInfo = {
    name: 'n',
    kind: 'functional',
    input: { layer: 'x', shape: [4, 4, 1] },
    outputs: ['end'],
    totals: { params: 0, trainable: 0, non_trainable: 0, macs: 0, layers: 0 },
    layers: [
      layer('stem', 'Conv2D', ['x']),
      layer('a1', 'Conv2D', ['stem'], 2),
      layer('a2', 'Conv2D', ['a1'], 4),
      layer('b', 'Conv2D', ['stem'], 8),
      joint,
      layer('end', 'Dense', ['joined']),
    ],
  };

  it('own what nothing else needs', () => {
    const [a, b, skip] = branchesOf(network, joint);
    expect([a?.layers, a?.params, a?.macs]).toEqual([['a1', 'a2'], 6, 60]);
    expect([b?.layers, b?.params]).toEqual([['b'], 8]);
    expect([skip?.end, skip?.layers, skip?.params]).toEqual(['stem', [], 0]);
    expect(joints(network).map(({ name }) => name)).toEqual(['joined']);
  });
});

describe('a batch normalisation', () => {
  it('gives what it would with either statistics', () => {
    const [one, two] = channelsOf(
      {
        step: 1,
        gamma: Float32Array.of(2, 1),
        beta: null,
        movingMean: Float32Array.of(0, 1),
        movingVariance: Float32Array.of(1, 4),
        batch: { mean: Float32Array.of(3, 1), variance: Float32Array.of(4, 4) },
        input: Float32Array.of(1, 1, 5, 1),
      },
      0,
    );
    expect(one?.withMoving).toEqual({ mean: 6, deviation: 4 });
    expect(one?.withBatch).toEqual({ mean: 0, deviation: 2 });
    expect(two?.withMoving).toEqual(two?.withBatch);
    expect(two?.withMoving.deviation).toBe(0);
  });
});

describe('kernels in a race', () => {
  const dispatch = (entry_point: string, bytes: number, shader = 'conv2d.wgsl'): DispatchInfo => ({
    layer: '',
    pass: entry_point.startsWith('forward') ? 'forward' : 'backward',
    shader,
    entry_point,
    workgroups: [1, 1, 1],
    workgroup_size: [64, 1, 1],
    macs: 0,
    constants: {},
    bindings: [
      { name: 'x', buffer: 'a', bytes },
      { name: 'y', buffer: 'b', bytes: 4 },
    ],
  });

  it('are counted by what they multiply and move', () => {
    const [one, part] = [dispatch('forward', 8), dispatch('forward', 8, 'dense_tiled.wgsl')];
    expect(operations([{ ...one, macs: 400 }])).toBe(800);
    expect(operations([dispatch('backward_kernel_total', 8)])).toBe(0);
    expect(operations([{ ...part, macs: 300 }, { ...part, macs: 100 }, one])).toBe(800);
    expect(traffic([dispatch('forward', 8), dispatch('backward_input', 8)])).toBe(12);
    expect(floor(10, 100, { flops: 10, bytesPerSecond: 50 })).toBe(2);
  });

  it('come in by their time, those that were not timed not at all', () => {
    const rival = (variant: string, seconds: number | null): Rival => ({
      variant,
      dispatches: [dispatch('forward', 8)],
      forward: seconds === null ? null : { seconds, clock: 'gpu' },
      backward: null,
    });
    const all = [rival('plain', 2), rival('fours', 1), rival('rows', null)];
    expect(runners(all, 'forward').map(({ variant }) => variant)).toEqual(['fours', 'plain']);
    expect(runners(all, 'backward')).toEqual([]);
    expect([time(1.5), time(0.00123), time(4.56e-5), giga(1.234e9), giga(123.4e9)]).toEqual([
      '1.5 s',
      '1.23 ms',
      '45.6 µs',
      '1.23',
      '123',
    ]);
  });
});

describe('the appearance', () => {
  it('follows the theme, and the system where it is left to it', () => {
    const none = (): boolean => false;
    const all = (): boolean => true;
    expect(appearanceOf('auto', none)).toEqual({ dark: false, contrast: false });
    expect(appearanceOf('auto', all)).toEqual({ dark: true, contrast: true });
    expect(appearanceOf('light', all)).toEqual({ dark: false, contrast: true });
    expect(appearanceOf('dark', none)).toEqual({ dark: true, contrast: false });
    expect(appearanceOf('contrast', none)).toEqual({ dark: false, contrast: true });
  });
});
