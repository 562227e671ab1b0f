import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunRecord } from '../../src/saves/saved.js';
import { FakeBrowser } from './fake-browser.js';

const record = (step: number): RunRecord => {
  const smooth = Array.from({ length: step }, (_, i) => step - i);
  const validation = [0.5, 0.75, 0.25].map((accuracy) => ({ evaluation: { accuracy } }));
  const history = { loss: { smooth }, validation: step === 7 ? validation : [] };
  return { step, epoch: 1, settings: { model: 'lenet' }, history } as unknown as RunRecord;
};
const words = new Uint32Array([1, 2]);
let browser: FakeBrowser;
let store: typeof import('../../src/saves/store.js');
let now = 0;

beforeEach(async () => {
  browser = new FakeBrowser();
  browser.install();
  // Every run is saved at a later time.
  vi.spyOn(Date, 'now').mockImplementation(() => (now += 1));
  vi.resetModules();
  store = await import('../../src/saves/store.js');
});

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A run of a tab that was closed since. */
async function left(id: string, step: number): Promise<void> {
  const place = await store.Place.claim(id);
  await place.put(record(step), words);
  place.release();
  await vi.waitFor(() => expect(browser.held.size).toBe(0));
}

describe('the store of saved runs', () => {
  it('gives back what was put, and offers it once its tab is closed', async () => {
    const place = await store.Place.claim('a');
    await place.put(record(7), words);
    expect(await store.offers()).toEqual([]);
    expect((await store.read('a')).run.step).toBe(7);
    place.release();
    await vi.waitFor(async () => expect((await store.offers()).map(({ id, step }) => [id, step])).toEqual([['a', 7]]));
    await expect(store.read('b')).rejects.toThrow('no longer there');
  });

  it('takes another name where a tab trains that run already', async () => {
    const first = await store.Place.claim('a');
    const second = await store.Place.claim('a');
    expect(second.id).not.toBe('a');
    first.release();
    await vi.waitFor(() => expect([...browser.held]).toEqual([`cnn-playground run ${second.id}`]));
    expect((await store.Place.claim('a')).id).toBe('a');
  });

  it('makes room from the oldest closed run on, the longest last, and never from an open one', async () => {
    for (const [id, step] of [
      ['long', 900],
      ['old', 1],
    ] as const)
      await left(id, step);
    const open = await store.Place.claim('open');
    await open.put(record(2), words);
    browser.room = 2;
    const place = await store.Place.claim('new');
    await place.put(record(3), words);
    // Two had to go: with the old one alone there was not room enough.
    expect(browser.keys('runs')).toEqual(['open', 'new']);
    expect(browser.keys('states')).toEqual(['open', 'new']);
  });

  it('says that there is no room where only open runs are left', async () => {
    const open = await store.Place.claim('open');
    await open.put(record(2), words);
    browser.room = 1;
    const place = await store.Place.claim('new');
    await expect(place.put(record(3), words)).rejects.toMatchObject({ name: 'QuotaExceededError' });
    expect(browser.keys('runs')).toEqual(['open']);
  });

  it('takes nothing away for any other fault', async () => {
    await left('old', 1);
    browser.broken = new Error('disk');
    const place = await store.Place.claim('new');
    await expect(place.put(record(3), words)).rejects.toThrow('disk');
    expect(browser.keys('runs')).toEqual(['old']);
  });

  it('writes all of a run or nothing', async () => {
    browser.unclonable = new DOMException('could not be cloned', 'DataCloneError');
    const place = await store.Place.claim('a');
    await expect(place.put(record(1), words)).rejects.toThrow('cloned');
    expect(browser.keys('runs')).toEqual([]);
  });

  it('keeps eight closed runs, the longest among them, besides the one that is written', async () => {
    for (const [i, id] of ['long', ...Array.from('abcdefghij')].entries()) await left(id, i === 0 ? 900 : i);
    expect(browser.keys('runs').sort()).toEqual(['c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'long']);
  });

  it('offers each with the best of its epochs and the shape of its curve', async () => {
    await left('a', 7);
    await left('b', 900);
    const [b, a] = await store.offers();
    expect([a?.best, a?.curve, b?.best]).toEqual([0.75, [7, 6, 5, 4, 3, 2, 1], null]);
    expect([b?.curve.length, b?.curve[0], b?.curve.at(-1)]).toEqual([49, 900, 1]);
  });

  it('does not discard what an open tab trains', async () => {
    const place = await store.Place.claim('a');
    await place.put(record(1), words);
    await store.discard('a');
    expect(browser.keys('runs')).toEqual(['a']);
    place.release();
    await vi.waitFor(() => expect(browser.held.size).toBe(0));
    await store.discard('a');
    expect(browser.keys('runs')).toEqual([]);
  });

  it('can be opened again: after a refusal, a newer version in another tab, and cleared data', async () => {
    browser.refuses = new Error('private window');
    await expect(store.offers()).rejects.toThrow('private window');
    expect(await store.offers()).toEqual([]);
    await store.offers();
    expect(browser.opens).toBe(2);
    browser.database.onversionchange?.();
    await store.offers();
    browser.database.onclose?.();
    await store.offers();
    expect(browser.opens).toBe(4);
  });
});
