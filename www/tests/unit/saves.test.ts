import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Run } from '../../src/engine/run.js';
import { Savings } from '../../src/engine/savings.js';
import type { RunRecord } from '../../src/saves/saved.js';
import { inTheWay, surplus } from '../../src/saves/store.js';
import { completed, defaults, FIELDS } from '../../src/state.js';

const runs = (...steps: number[]): { step: number }[] => steps.map((step) => ({ step }));
const stepsOf = (some: readonly { step: number }[]): number[] => some.map(({ step }) => step);

describe('saved runs', () => {
  it('make room from the oldest on, the longest last of all', () => {
    expect(stepsOf(inTheWay(runs(1, 900, 2, 3)))).toEqual([3, 2, 1, 900]);
    expect(inTheWay([])).toEqual([]);
  });

  it('are not pushed out by short trials', () => {
    expect(stepsOf(surplus(runs(1, 2, 3)))).toEqual([]);
    expect(stepsOf(surplus(runs(1, 2, 3, 900)))).toEqual([]);
    expect(stepsOf(surplus(runs(1, 2, 3, 4, 900)))).toEqual([4]);
    expect(stepsOf(surplus(runs(900, 2, 3, 4)))).toEqual([4]);
  });

  it('of an older page have the settings that there were not', () => {
    const old = { ...defaults(), lr: 0.5, label_smoothing: undefined, augment: undefined, gone: 1 } as never;
    expect(completed(old)).toEqual({ ...defaults(), lr: 0.5, label_smoothing: null, augment: FIELDS.augment.absent });
  });
});

const fake = vi.hoisted(() => ({ put: [] as number[], open: [] as (() => void)[], refuse: '' }));

vi.mock('../../src/saves/store.js', async (original) => ({
  ...(await original<object>()),
  Place: {
    claim: () =>
      Promise.resolve({
        release: () => undefined,
        put: async ({ step }: RunRecord) => {
          if (fake.refuse !== '') throw new Error(fake.refuse);
          fake.put.push(step);
          await new Promise<void>((resolve) => fake.open.push(resolve));
        },
      }),
  },
}));

beforeEach(() => Object.assign(fake, { put: [], open: [], refuse: '' }));

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

  it('tell once that a run is not saved', async () => {
    const savings = new Savings();
    const run = at(1);
    fake.refuse = 'no room';
    await savings.save(7, run, record(1));
    await savings.save(7, run, record(1));
    expect(run.told).toEqual(['no room']);
  });
});
