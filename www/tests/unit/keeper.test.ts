import { describe, expect, it } from 'vitest';
import type { Evaluation, Session, StepMetrics } from '../../src/engine/api.js';
import { Keeper } from '../../src/engine/keeper.js';
import { asCsv, asJson } from '../../src/lib/export.js';
import { History } from '../../src/lib/history.js';
import { remember } from '../../src/lib/own-name.js';
import { differing, settingName, settingsDiff, settingValue, worded } from '../../src/runs/diff.js';
import { runsMessages } from '../../src/runs/i18n/index.js';
import { results } from '../../src/runs/results.js';
import { messages } from '../../src/i18n/index.js';
import { defaults, FIELDS, sameRun, type Settings } from '../../src/state.js';
import { textsOf } from './texts.js';

const measured = (step: number, loss: number): StepMetrics => ({ step, loss, accuracy: 0.5 }) as StepMetrics;

const fails = (error: unknown): void => {
  throw error;
};

function make(): Keeper {
  return new Keeper({ snapshot: () => Promise.resolve(new Uint32Array(4)) } as unknown as Session);
}

describe('a keeper', () => {
  it('keeps what is new: soon when asked, now and then while the run moves, never too often', async () => {
    const keeper = make();
    const now = performance.now();
    expect(keeper.wait(0, true, now)).toBeNull();
    expect(keeper.wait(5, false, now)).toBeNull();
    expect(keeper.wait(5, true, 0)).toBeGreaterThan(5000);
    keeper.want();
    expect(keeper.wait(5, false, now + 60_000)).toBe(0);
    await keeper.take(5, fails);
    keeper.want();
    expect(keeper.wait(5, true, now + 60_000)).toBeNull();
    expect(keeper.wait(6, true, performance.now())).toBeGreaterThan(500);
    keeper.want(true);
    expect(keeper.wait(6, false, performance.now())).toBe(0);
    await keeper.take(6, fails);
    keeper.paid(10_000);
    expect(keeper.wait(7, true, performance.now() + 60_000)).toBeGreaterThan(100_000);
  });

  it('saves no trial: a run that has just begun waits, whatever time it is', () => {
    const keeper = make();
    const now = performance.now();
    expect(keeper.wait(1, true, now)).toBeGreaterThan(11_000);
    keeper.want();
    expect(keeper.wait(1, false, now)).toBeGreaterThan(500);
    expect(keeper.wait(1, false, now + 4000)).toBe(0);
  });

  it('goes on without snapshots where none can be taken, and says so once', async () => {
    const keeper = new Keeper({ snapshot: () => Promise.reject(new Error('no memory')) } as unknown as Session);
    const told: unknown[] = [];
    const tell = (error: unknown): unknown => told.push(error);
    keeper.want();
    expect(await keeper.take(5, tell)).toBeNull();
    expect(keeper.wait(5, false, Infinity)).toBeNull();
    expect(keeper.wait(6, true, performance.now())).toBeGreaterThan(5000);
    expect(await keeper.take(6, tell)).toBeNull();
    expect(told).toEqual([new Error('no memory')]);
  });

  it('goes back only to weights whose loss was sound in the step after them', async () => {
    const keeper = make();
    keeper.judge([measured(1, 2.3)]);
    await keeper.take(1, fails);
    expect(keeper.good).toBeNull();
    keeper.judge([measured(2, 2.5)]);
    expect(keeper.good?.step).toBe(1);
    for (const [step, loss] of [
      [10, 90],
      [20, Number.NaN],
    ] as const) {
      await keeper.take(step, fails);
      keeper.judge([measured(step + 1, loss)]);
      expect(keeper.good?.step).toBe(1);
    }
    keeper.stop(21);
    keeper.want();
    expect(keeper.wait(21, true, Infinity)).toBeNull();
    // A step that was in flight then, one that is not sound, and one that is.
    for (const [step, loss] of [
      [21, 1],
      [22, Number.NaN],
    ] as const) {
      keeper.judge([measured(step, loss)]);
      expect(keeper.wait(22, true, Infinity)).toBeNull();
    }
    keeper.judge([measured(23, 1)]);
    expect(keeper.wait(23, true, Infinity)).not.toBeNull();
    keeper.begin(null);
    expect(keeper.good).toBeNull();
  });
});

describe('a history as data', () => {
  it('goes on as if it had never been away', () => {
    const points = Array.from({ length: 3 * History.capacity + 7 }, (_, i) => measured(i + 1, Math.sin(i)));
    const whole = new History();
    const first = new History();
    whole.pushSteps(points);
    whole.pushValidation(9, 1, { loss: 1 } as Evaluation);
    first.pushSteps(points.slice(0, 5001));
    const second = History.from(first.toData());
    second.pushSteps(points.slice(5001));
    second.pushValidation(9, 1, { loss: 1 } as Evaluation);
    expect(second.toData()).toEqual(whole.toData());
    expect(first.loss.steps.at(-1)).toBeLessThanOrEqual(5001);
  });
});

describe('the difference of two runs', () => {
  it('is told in words, without the reader’s taste', () => {
    const a = defaults();
    const b = { ...a, lr: 0.01, optimizer: 'sgd', l2: 0.1, theme: 'dark' } as const;
    expect(sameRun(a, { ...a, lang: 'ko', theme: 'dark' })).toBe(true);
    expect(sameRun(a, b)).toBe(false);
    const said = (language: 'en' | 'ko'): string[] => settingsDiff(a, b).map((one) => worded(one, messages(language)));
    expect(said('en')).toEqual(['Optimiser Adam → SGD', 'Learning rate 0.002 → 0.01', 'L2 on kernels none → 0.1']);
    expect(said('ko').join()).toMatch(/학습률 0.002 → 0.01/);
  });

  it('calls an own network by the name it was given, in place of any model', () => {
    const a = { ...defaults(), net: 'packed' };
    const said = (): string[] =>
      settingsDiff(a, { ...a, model: 'mlp', net: '' }).map((one) => worded(one, messages('en')));
    expect(said()).toEqual(['Network: Own network → mlp']);
    remember('packed', 'lenet, edited');
    expect(said()).toEqual(['Network: lenet, edited → mlp']);
    expect(differing([a, { ...a, net: '' }, { ...a, model: 'mlp' }])).toEqual(['net']);
    expect(settingValue('model', a, messages('ko'))).toBe('lenet, edited');
  });

  it('names halves of the digits, frozen layers and every other number in both languages', () => {
    const a = { ...defaults(), dataset: 'digits_0_4' } as const;
    const changed = settingsDiff(a, { ...a, dataset: 'digits_5_9', freeze_all_but: 2 });
    const said = (language: 'en' | 'ko'): string => changed.map((one) => worded(one, messages(language))).join('; ');
    expect(said('en')).toContain('5–9');
    expect(said('en')).not.toContain(messages('en').datasetShapes);
    expect(said('en')).toContain('Layers trained, from the end none → 2');
    expect(said('ko')).toContain('학습할 층 수 (끝에서부터) 없음 → 2');
    for (const language of ['en', 'ko'] as const) {
      const numbers = (Object.keys(a) as (keyof Settings)[]).filter((name) => FIELDS[name].part === 'more');
      for (const name of numbers) expect(settingName(name, messages(language)), name).not.toBe(name);
    }
  });
});

describe('runs that are compared', () => {
  it('stand side by side with what they came to, and the difference', () => {
    const [a, b] = [new History(), new History()];
    const evaluation = (error: number): Evaluation => ({
      loss: 10 * error,
      accuracy: 1 - error,
      error,
      top5_accuracy: 1,
      top5_error: 0,
      samples: 100,
    });
    a.begin(1000);
    a.pushSteps([measured(1, 2)]);
    a.tick(66_000);
    a.rest();
    a.tick(99_000);
    a.pushValidation(1, 1, evaluation(0.08));
    const t = runsMessages(messages('en'));
    const said = (): Record<string, string[]> =>
      Object.fromEntries(results(a, b, t).map(({ id, a, b, difference }) => [id, [a, b, difference]]));
    expect(said()).toMatchObject({ top1: ['8.0%', '–', ''], time: ['1:05', '–', ''] });
    b.pushSteps([measured(1, 2)]);
    b.pushValidation(1, 1, evaluation(0.05));
    expect(said()).toEqual({
      steps: ['1', '1', '0'],
      epochs: ['1', '1', '0'],
      loss: ['0.800', '0.500', '−0.300'],
      top1: ['8.0%', '5.0%', '−3.0 pts'],
      top5: ['0.0%', '0.0%', '0 pts'],
      training: ['2.000', '2.000', '0'],
      time: ['1:05', '0:00', '−1:05'],
    });
    expect(History.from(a.toData()).seconds).toBe(65);
    const [en, ko] = (['en', 'ko'] as const).map((language) => runsMessages(messages(language)));
    expect(textsOf(ko)).toEqual(textsOf(en));
  });

  it('are exported with the present one', () => {
    const [now, then] = [new History(), new History()];
    now.pushSteps([measured(1, 2)]);
    then.pushSteps([measured(1, 3)]);
    const settings = { ...defaults(), lr: 0.5 };
    const pinned = [{ slot: 2, settings, history: then, norms: null, maps: null }];
    expect(asCsv(now, pinned).split('\n').slice(0, 3)).toEqual([
      'run,step,epoch,loss,accuracy,val_loss,val_accuracy,val_top5_accuracy',
      'now,1,,2,0.5,,,',
      '2,1,,3,0.5,,,',
    ]);
    expect(asCsv(now).split('\n')[1]).toBe('1,,2,0.5,,,');
    const { compared } = JSON.parse(asJson(now, defaults(), pinned)) as { compared: { run: number; link: string }[] };
    expect(compared[0]?.run).toBe(2);
    expect(compared[0]?.link).toContain('lr=0.5');
    expect(asJson(now, defaults())).not.toContain('compared');
    expect(differing([defaults(), settings, { ...settings, seed: 9 }])).toEqual(['lr', 'seed']);
  });
});
