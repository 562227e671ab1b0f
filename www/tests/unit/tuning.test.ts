import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { DatasetInfo } from '../../src/engine/api.js';
import type { RunConfig } from '../../src/engine/protocol.js';
import { asKnown, joined, type Known } from '../../src/tuning/memory.js';

const full = {
  choose: vi.fn<(table?: string | null) => void>(),
  tune: vi.fn<(spec: object, batch: number, clock: (done: number, all: number) => number) => Promise<object>>(),
};
const kept = new Map<string, Known>();

vi.mock('../../src/builder/own.js', () => ({
  fullEngine: () => Promise.resolve(full),
  specOf: () => Promise.resolve({ name: 'net' }),
}));
vi.mock('../../src/tuning/memory.js', async (original) => ({
  ...(await original<object>()),
  recall: (adapter: string) => Promise.resolve(kept.get(adapter) ?? { table: '', networks: [] }),
  remember: (adapter: string, table: string, network: string) =>
    Promise.resolve(kept.set(adapter, joined(kept.get(adapter) ?? { table: '', networks: [] }, table, network))),
}));

const supplied: string[] = [];
vi.mock('../../src/tuning/shared.js', () => ({
  supplyShared: () => {
    supplied.push(`before ${chosen.length}`);
    return Promise.resolve();
  },
}));

const { tune } = await import('../../src/tuning/tuner.js');

const info = { shape: [32, 32, 1], classes: ['a', 'b'] } as unknown as DatasetInfo;
const config = (batch: number): RunConfig => ({ model: 'lenet', net: '', batch, freeze_all_but: null }) as RunConfig;
const chosen: (string | null | undefined)[] = [];
let told: string[] = [];

function run(batch = 16, device = 'one', version = '1'): ReturnType<typeof tune> {
  const adapter = { vendor: 'v', architecture: 'a', device, description: '' };
  const engine = {
    adapter: () => ({ ...adapter, limits: {}, features: [] }),
    choose: (table?: string | null) => chosen.push(table),
    supply: () => undefined,
  };
  return tune(engine, config(batch), info, version, (done, all) => told.push(`${done}/${all}`));
}

beforeEach(() => {
  kept.clear();
  chosen.length = 0;
  told = [];
  full.choose.mockReset();
  full.tune.mockReset().mockImplementation((_, batch, clock) => {
    for (const done of [0, 0, 1, 2, 2]) clock(done, 2);
    const before = full.choose.mock.lastCall?.[0] ?? '';
    return Promise.resolve({ table: `${before}k${batch}=rows\n`, shapes: 2, measured: 2, other: 1, seconds: 0.5 });
  });
});

describe('kernels', () => {
  it('are measured before the first run of a network, and then never again', async () => {
    expect(await run()).toEqual({ shapes: 2, measured: 2, other: 1, seconds: 0.5, failure: '' });
    expect(chosen.at(-1)).toBe('k16=rows\n');
    expect(told).toEqual(['0/2', '1/2', '2/2']);
    expect((await run()).shapes).toBe(0);
    expect(full.tune).toHaveBeenCalledTimes(1);
    expect(chosen.at(-1)).toBe('k16=rows\n');
    // Another batch has other shapes; what is known stays.
    await run(32);
    expect(full.choose).toHaveBeenLastCalledWith('k16=rows\n');
    expect(chosen.at(-1)).toBe('k16=rows\nk32=rows\n');
  });

  it('come with their text where those that share memory won, before the engine takes them', async () => {
    await run();
    expect(supplied).toEqual([]);
    full.tune.mockResolvedValueOnce({ table: 'k8=rows\nk32=shared\n', shapes: 1, measured: 1, other: 1, seconds: 0.5 });
    const before = chosen.length;
    await run(32);
    expect(supplied).toEqual([`before ${before + 1}`]);
    expect(chosen.at(-1)).toContain('k32=shared');
  });

  it('are measured anew on another adapter and by another version', async () => {
    await run();
    await run(16, 'two');
    await run(16, 'one', '2');
    expect(full.tune).toHaveBeenCalledTimes(3);
    expect(kept.size).toBe(3);
  });

  it('are those that are known where measuring fails, which is told and tried again', async () => {
    await run();
    full.tune.mockRejectedValueOnce(new Error('no room'));
    expect(await run(32)).toMatchObject({ shapes: 0, failure: 'no room' });
    expect(chosen.at(-1)).toBe('k16=rows\n');
    expect((await run(32)).shapes).toBe(2);
  });

  it('are not remembered where not one could be timed', async () => {
    full.tune.mockResolvedValueOnce({ table: 'k=expected\n', shapes: 2, measured: 0, other: 0, seconds: 3 });
    expect(await run()).toMatchObject({ shapes: 2, measured: 0 });
    expect(kept.size).toBe(0);
    expect(await run()).toMatchObject({ shapes: 2, measured: 2 });
    expect(kept.size).toBe(1);
  });

  it('of two tabs are all remembered, the later of two for the same shape', () => {
    const known = { table: 'a=x\nb=y=1\n', networks: ['one'] };
    expect(joined(known, 'a=z\nc=x\n', 'two')).toEqual({ table: 'a=z\nb=y=1\nc=x\n', networks: ['one', 'two'] });
    expect(joined(known, '', 'one')).toEqual(known);
  });

  it('are measured without a word where the browser has no memory', async () => {
    const { recall, remember } =
      await vi.importActual<typeof import('../../src/tuning/memory.js')>('../../src/tuning/memory.js');
    expect(typeof indexedDB).toBe('undefined');
    await remember('adapter', 'a=x\n', 'one');
    expect(await recall('adapter')).toEqual({ table: '', networks: [] });
  });

  it('take nothing from a memory that is something else', () => {
    const nothing = { table: '', networks: [] };
    for (const found of [undefined, null, 7, 'table', {}, { table: 1, networks: [] }, { table: '', networks: [1] }]) {
      expect(asKnown(found)).toEqual(nothing);
    }
    expect(asKnown({ table: 'a=b', networks: ['c'] })).toEqual({ table: 'a=b', networks: ['c'] });
  });
});
