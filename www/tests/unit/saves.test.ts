import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run } from '../../src/engine/run.js';
import { Savings } from '../../src/engine/savings.js';
import { likeliest, ranAway, sparkline } from '../../src/saves/offer-text.js';
import type { Offer, RunRecord } from '../../src/saves/saved.js';
import { inTheWay, surplus } from '../../src/saves/store.js';
import { completed, defaults, FIELDS } from '../../src/state.js';

const runs = (...steps: number[]): { step: number; bytes?: number }[] => steps.map((step) => ({ step }));
const stepsOf = (some: readonly { step: number }[]): number[] => some.map(({ step }) => step);

describe('saved runs', () => {
  it('make room from the oldest on, the longest last of all', () => {
    expect(stepsOf(inTheWay(runs(1, 900, 2, 3)))).toEqual([3, 2, 1, 900]);
    expect(inTheWay([])).toEqual([]);
  });

  it('are not pushed out by short trials', () => {
    expect(stepsOf(surplus(runs(1, 2, 3, 4, 5, 6, 7, 8)))).toEqual([]);
    expect(stepsOf(surplus(runs(1, 2, 3, 4, 5, 6, 7, 900)))).toEqual([]);
    expect(stepsOf(surplus(runs(1, 2, 3, 4, 5, 6, 7, 8, 9, 900)))).toEqual([8, 9]);
    expect(stepsOf(surplus(runs(900, 2, 3, 4, 5, 6, 7, 8, 9)))).toEqual([9]);
  });

  it('take a bounded share of the disk: the oldest go', () => {
    const large = [1, 900, 2, 3].map((step) => ({ step, bytes: 90 * 2 ** 20 }));
    expect(stepsOf(surplus(large))).toEqual([2, 3]);
  });

  it('are offered by their settings, and last of all by their time', () => {
    const offer = (id: string, batch: number): Offer =>
      ({ id, settings: { ...defaults(), batch }, curve: [2.3] }) as Offer;
    const [newest, fits] = [offer('newest', 8), offer('fits', 16)];
    expect(likeliest([newest, fits], { ...defaults(), theme: 'dark' })).toBe(fits);
    expect(likeliest([newest, fits], { ...defaults(), seed: 9 })).toBe(newest);
    expect(likeliest([], defaults())).toBeUndefined();
    // One that ran away only where there is no sound one.
    for (const last of [9000, Number.NaN, Infinity]) {
      const away = { ...fits, id: 'away', curve: [2.3, last] };
      expect(ranAway(away)).toBe(true);
      expect(likeliest([away, newest], defaults())).toBe(newest);
      expect(likeliest([away], defaults())).toBe(away);
    }
    expect([ranAway({ ...fits, curve: [] }), ranAway({ ...fits, curve: [2.3, 40, 3] })]).toEqual([false, false]);
  });

  it('show their loss as a line', () => {
    expect(sparkline([4, 2, 1], { width: 10, height: 20 })).toBe('0.0,0.0 5.0,10.0 10.0,15.0');
    expect(sparkline([], { width: 10, height: 20 })).toBe('');
    expect(sparkline([Number.NaN, 0], { width: 10, height: 20 })).toBe('0.0,20.0 10.0,20.0');
  });

  it('of an older page have the settings that there were not', () => {
    const old = { ...defaults(), lr: 0.5, label_smoothing: undefined, augment: undefined, gone: 1 } as never;
    expect(completed(old)).toEqual({ ...defaults(), lr: 0.5, label_smoothing: null, augment: FIELDS.augment.absent });
  });
});

const fake = vi.hoisted(() => ({
  put: [] as number[],
  open: [] as (() => void)[],
  refuse: '',
  claimed: 0,
  released: 0,
}));

vi.mock('../../src/saves/store.js', async (original) => ({
  ...(await original<object>()),
  Place: {
    claim: () => {
      fake.claimed += 1;
      return Promise.resolve({
        release: () => (fake.released += 1),
        put: async ({ step }: RunRecord) => {
          if (fake.refuse !== '') throw new Error(fake.refuse);
          fake.put.push(step);
          await new Promise<void>((resolve) => fake.open.push(resolve));
        },
      });
    },
  },
}));

beforeEach(() => Object.assign(fake, { put: [], open: [], refuse: '', claimed: 0, released: 0 }));

describe('the savings of a worker', () => {
  const record = (step: number): RunRecord => ({ step }) as RunRecord;
  const at = (step: number): Run & { told: string[] } => {
    const told: string[] = [];
    const keeper = { last: { step, words: new Uint32Array(1) }, paid: () => undefined };
    return { keeper, told, tellUnsaved: (message: string) => told.push(message) } as never;
  };

  it('write the newest of what came during a slow write', async () => {
    const savings = new Savings();
    const run = at(1);
    const saved = savings.save(7, run, record(1));
    await vi.waitFor(() => expect(fake.put).toEqual([1]));
    for (const step of [2, 3]) {
      Object.assign(run.keeper as object, { last: { step, words: new Uint32Array(1) } });
      await savings.save(7, run, record(step));
    }
    fake.open.shift()?.();
    await vi.waitFor(() => expect(fake.put).toEqual([1, 3]));
    fake.open.shift()?.();
    await saved;
    // And again when something new comes, but not what is no longer at hand.
    await savings.save(7, run, record(2));
    void savings.save(7, run, record(3));
    await vi.waitFor(() => expect(fake.put).toEqual([1, 3, 3]));
  });

  it('write a run that begins again in a place of its own, and the one before to its end', async () => {
    const savings = new Savings();
    const run = at(1);
    void savings.save(7, run, record(1));
    await vi.waitFor(() => expect(fake.put).toEqual([1]));
    Object.assign(run.keeper as object, { last: { step: 2, words: new Uint32Array(1) } });
    await savings.save(7, run, record(2));
    savings.close(7);
    Object.assign(run.keeper as object, { last: { step: 1, words: new Uint32Array(1) } });
    void savings.save(7, run, record(1));
    await vi.waitFor(() => expect(fake.put).toEqual([1, 1]));
    expect(fake.released).toBe(0);
    fake.open.shift()?.();
    await vi.waitFor(() => expect(fake.put).toEqual([1, 1, 2]));
    for (const open of fake.open.splice(0)) open();
    await vi.waitFor(() => expect([fake.claimed, fake.released]).toEqual([2, 1]));
  });

  it('tell once that a run is not saved', async () => {
    const savings = new Savings();
    const run = at(1);
    fake.refuse = 'no room';
    await savings.save(7, run, record(1));
    await savings.save(7, run, record(1));
    expect(run.told).toEqual(['no room']);
  });
});
