import { describe, expect, it } from 'vitest';
import {
  checked,
  defaults,
  fromQuery,
  goalEpoch,
  needsNewRun,
  optimizerConfig,
  parseField,
  regularisers,
  scheduleConfig,
  toQuery,
  unusable,
  type Settings,
} from '../../src/state.js';

describe('settings in the URL', () => {
  it('come back as they went', () => {
    const settings: Settings = {
      ...defaults(),
      model: 'lenet_tanh',
      net: 'tVfbb-_0',
      dataset: 'shapes',
      optimizer: 'nesterov',
      lr: 0.00032,
      batch: 128,
      seed: 77,
      schedule: 'plateau',
      patience: 3,
      momentum: 0.5,
      epochs: null,
      label_smoothing: 0.05,
      lang: 'ko',
      theme: 'dark',
    };
    expect({ ...defaults(), ...fromQuery(toQuery(settings)) }).toEqual(settings);
  });

  it('start with the version and leave taste out until it is chosen', () => {
    const query = toQuery(defaults());
    expect(query).toBe(
      '?v=1&model=lenet&dataset=digits&optimizer=adam&lr=0.002&batch=16&seed=1&schedule=cosine&label_smoothing=0.1&epochs=10',
    );
    expect(toQuery({ ...defaults(), theme: 'dark' })).toContain('theme=dark');
  });

  it('keep parameters that are not settings', () => {
    expect(toQuery(defaults(), '?hide=data&model=x')).toContain('hide=data');
  });

  it('pass over what cannot be used', () => {
    const query = '?model=../x&dataset=cats&optimizer=magic&lr=NaN&batch=1.5&seed=-1&lang=fr&theme=blue&lr=Infinity';
    expect(fromQuery(query)).toEqual({});
    for (const lr of ['0', '', ' ', '1e999', '-0.1']) expect(parseField('lr', lr)).toEqual({});
  });

  it('of a link from before a setting was there mean what they meant', () => {
    const old = {
      ...defaults(),
      ...fromQuery('?v=1&model=lenet&dataset=digits&optimizer=adam&lr=0.002&batch=32&seed=1'),
    };
    expect(old).toMatchObject({ batch: 32, schedule: 'constant', label_smoothing: null, epochs: null });
    expect(scheduleConfig(old, 900)).toEqual({ class: 'Constant', warmup_steps: 0 });
    expect(regularisers(old)).toEqual({});
    // Written by hand: what is not said is as on a fresh page.
    expect(fromQuery('?model=vgg_32')).toEqual({ model: 'vgg_32' });
  });

  it('that cannot be used are named', () => {
    expect(unusable('?v=1&lr=abc&batch=0&seed=4&hide=data&epochs=')).toEqual([
      ['lr', 'abc'],
      ['batch', '0'],
    ]);
  });

  it('an optimiser without a rate brings its own', () => {
    expect(fromQuery('?optimizer=sgd').lr).toBe(0.01);
    expect(fromQuery('?optimizer=sgd&lr=0.5').lr).toBe(0.5);
  });
});

describe('settings from a host page', () => {
  it('are taken as numbers or texts', () => {
    expect(checked({ batch: '64', lr: 0.5, theme: 'dark', seed: undefined })).toEqual({
      batch: 64,
      lr: 0.5,
      theme: 'dark',
    });
  });

  it('are refused with their name, the value and the choices', () => {
    expect(() => checked({ batch: 100_000 })).toThrow('Setting "batch" cannot be 100000; use a whole number from 1 to');
    expect(() => checked({ lr: Number.NaN })).toThrow('"lr" cannot be NaN; use a number from 1e-9 to 1e+30');
    expect(() => checked({ optimizer: 'magic' })).toThrow('use sgd, momentum, nesterov, rmsprop, adam, adamw');
    expect(() => checked({ dataset: null })).toThrow('"dataset" cannot be null; use digits, shapes');
    expect(() => checked({ model: {} })).toThrow('"model" cannot be');
    expect(() => checked({ epoch: 3 })).toThrow('There is no setting "epoch"; use model, net, dataset');
    expect(checked({ epochs: null })).toEqual({ epochs: null });
  });
});

describe('what the engine is told', () => {
  it('names momentum and Nesterov as kinds of SGD', () => {
    expect(optimizerConfig({ optimizer: 'sgd', lr: 0.1 })).toMatchObject({ algorithm: 'sgd', momentum: 0 });
    expect(optimizerConfig({ optimizer: 'momentum', lr: 0.1 })).toMatchObject({ momentum: 0.9, nesterov: false });
    expect(optimizerConfig({ optimizer: 'adamw', lr: 0.1 })).toEqual({ algorithm: 'adamw', learning_rate: 0.1 });
    expect(optimizerConfig({ optimizer: 'nesterov', lr: 0.1 })).toMatchObject({ momentum: 0.9, nesterov: true });
    expect(optimizerConfig({ optimizer: 'adam', lr: 0.1 })).toEqual({ algorithm: 'adam', learning_rate: 0.1 });
  });

  it('has the optimiser’s own numbers, and no others', () => {
    const all = { ...defaults(), rho: 0.8, beta_1: 0.7, momentum: 0.3 };
    expect(optimizerConfig({ ...all, optimizer: 'rmsprop' })).toEqual({
      algorithm: 'rmsprop',
      learning_rate: 0.002,
      rho: 0.8,
      momentum: 0.3,
    });
    expect(optimizerConfig({ ...all, optimizer: 'adam' })).toMatchObject({ beta_1: 0.7 });
    expect(regularisers({ ...all, clipnorm: 1 })).toEqual({ clipnorm: 1, label_smoothing: 0.1 });
  });

  it('has schedules as long as the run, as the runner has', () => {
    const all = { ...defaults(), warmup_steps: 100 };
    expect(scheduleConfig(all, 1000)).toEqual({ class: 'CosineDecay', decay_steps: 900, warmup_steps: 100 });
    expect(scheduleConfig({ ...all, schedule: 'step' }, 1000)).toMatchObject({ decay_steps: 300, staircase: true });
    expect(scheduleConfig({ ...all, schedule: 'exponential', decay_steps: 7 }, 10)).toMatchObject({ decay_steps: 7 });
    expect(scheduleConfig({ ...all, schedule: 'plateau', factor: 0.5 }, 10)).toMatchObject({ factor: 0.5 });
  });

  it('stops at the next multiple of the epochs', () => {
    expect([0, 3, 10].map((done) => goalEpoch({ epochs: 10 }, done))).toEqual([10, 10, 20]);
    expect(goalEpoch({ epochs: null }, 3)).toBeNull();
  });

  it('starts over for everything but rate, language and theme', () => {
    const from = defaults();
    expect(needsNewRun(from, { ...from, lr: 0.5, lang: 'ko', theme: 'dark' })).toBe(false);
    expect(needsNewRun(from, { ...from, seed: 2 })).toBe(true);
    expect(needsNewRun(from, { ...from, batch: 8 })).toBe(true);
    expect(needsNewRun(from, { ...from, schedule: 'step', epochs: 3, alpha: 0.1 })).toBe(false);
    expect(needsNewRun(from, { ...from, beta_1: 0.8 })).toBe(true);
    expect(needsNewRun(from, { ...from, rho: 0.8 })).toBe(false);
    expect(needsNewRun(from, { ...from, optimizer: 'sgd' })).toBe(true);
  });
});
