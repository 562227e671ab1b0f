import { describe, expect, it } from 'vitest';
import {
  checked,
  defaults,
  fromQuery,
  needsNewRun,
  optimizerConfig,
  parseField,
  toQuery,
  type Settings,
} from '../../src/state.js';

describe('settings in the URL', () => {
  it('come back as they went', () => {
    const settings: Settings = {
      model: 'lenet_tanh',
      dataset: 'shapes',
      optimizer: 'nesterov',
      lr: 0.00032,
      batch: 128,
      seed: 77,
      lang: 'ko',
      theme: 'dark',
    };
    expect({ ...defaults(), ...fromQuery(toQuery(settings)) }).toEqual(settings);
  });

  it('start with the version and leave taste out until it is chosen', () => {
    const query = toQuery(defaults());
    expect(query).toBe('?v=1&model=lenet&dataset=digits&optimizer=adam&lr=0.002&batch=32&seed=1');
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
    expect(() => checked({ epochs: 3 })).toThrow('There is no setting "epochs"; use model, dataset');
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

  it('starts over for everything but rate, language and theme', () => {
    const from = defaults();
    expect(needsNewRun(from, { ...from, lr: 0.5, lang: 'ko', theme: 'dark' })).toBe(false);
    expect(needsNewRun(from, { ...from, seed: 2 })).toBe(true);
    expect(needsNewRun(from, { ...from, batch: 8 })).toBe(true);
    expect(needsNewRun(from, { ...from, optimizer: 'sgd' })).toBe(true);
  });
});
