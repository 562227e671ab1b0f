import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UNUSABLE_NET, type RunListener } from '../../src/engine/protocol.js';
import { Playground } from '../../src/playground.js';
import { defaults } from '../../src/state.js';

/** What the engine was asked, and what it answers. */
interface Fake {
  discarded: number;
  opened: number;
  closed: number;
  refuse: string;
  /** Name of the error with which it refuses. */
  refusal: string;
  /** Networks that were asked for, and what was done to the runs, as `run:what`. */
  nets: unknown[];
  done: string[];
  hear: unknown;
  rates: number[];
  start: Promise<unknown>;
  kept: unknown;
  offers: unknown[];
  saved: { settings: { batch: number; lr: number } }[];
  lose: (loss: unknown) => void;
}
const fake = vi.hoisted((): Fake => ({
  discarded: 0,
  opened: 0,
  closed: 0,
  refuse: '',
  refusal: 'Error',
  nets: [],
  done: [],
  hear: undefined,
  rates: [] as number[],
  start: Promise.resolve(),
  kept: null,
  offers: [],
  saved: [],
  lose: () => undefined,
}));

vi.mock('../../src/engine/client.js', () => {
  const engine = () => ({
    start: { ok: true, adapter: {}, models: [] },
    lost: new Promise((resolve) => (fake.lose = resolve)),
    host: { offers: () => Promise.resolve(fake.offers), discard: () => Promise.resolve() },
  });
  let shared: ReturnType<typeof engine> | null = null;
  const run = (id: number) => ({
    description: {
      network: { input: { layer: 'input' }, layers: [] },
      samples: [],
      progress: { attempt: 0, state: { step: 0 } },
    },
    play: () => Promise.resolve(fake.done.push(`${id}:play`)),
    step: () => Promise.resolve(fake.done.push(`${id}:step`)),
    aim: () => Promise.resolve(),
    save: (record: Fake['saved'][0]) => {
      fake.saved.push(record);
      return Promise.resolve(fake.done.push(`${id}:save`));
    },
    part: () => {
      fake.done.push(`${id}:part`);
      return Promise.resolve(fake.kept);
    },
    pause: () => Promise.resolve(),
    reset: () => {
      fake.done.push(`${id}:reset`);
      return Promise.resolve({ attempt: 1, state: {} });
    },
    close: () => Promise.resolve((fake.closed += 1)),
    setLearningRate: (rate: number) => {
      if (fake.refuse !== '') return Promise.reject(new Error(fake.refuse));
      fake.rates.push(rate);
      return Promise.resolve();
    },
  });
  return {
    sharedEngine: () => fake.start.then(() => (shared ??= engine())),
    discardEngine: () => {
      shared = null;
      fake.discarded += 1;
    },
    RunHandle: {
      open: (_engine: unknown, config: { net: string }, listener: unknown) => {
        fake.opened += 1;
        fake.hear = listener;
        fake.nets.push(config.net);
        const refused = fake.refuse !== '' && (fake.refusal === 'Error' || config.net !== '');
        if (refused) return Promise.reject(Object.assign(new Error(fake.refuse), { name: fake.refusal }));
        return Promise.resolve(run(fake.opened));
      },
    },
  };
});

beforeEach(() => {
  Object.assign(fake, { discarded: 0, opened: 0, closed: 0, refuse: '', refusal: 'Error', nets: [], done: [] });
  Object.assign(fake, { rates: [], saved: [], kept: { step: 5, good: null }, start: Promise.resolve() });
});

const make = (): Playground => new Playground(defaults(), () => undefined);
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe('a playground', () => {
  it('tries again on the engine that others share', async () => {
    fake.refuse = 'HTTP 404';
    const playground = make();
    await playground.start();
    expect(playground.state).toMatchObject({ phase: 'failed', problem: { kind: 'engine', message: 'HTTP 404' } });
    fake.refuse = '';
    await playground.restart();
    expect(playground.state).toMatchObject({ phase: 'ready', problem: null });
    expect([fake.opened, fake.discarded]).toEqual([2, 0]);
  });

  it('opens no run when it is disposed of while it starts', async () => {
    let go = (): void => undefined;
    fake.start = new Promise<void>((resolve) => (go = resolve));
    const playground = make();
    const started = playground.start();
    await playground.dispose();
    go();
    await started;
    expect(fake.opened).toBe(0);
    expect(playground.state.phase).toBe('idle');
    // And one when it comes back.
    await playground.start();
    expect([fake.opened, playground.state.phase]).toEqual([1, 'ready']);
  });

  it('keeps the old rate when the engine refuses the new one', async () => {
    const playground = make();
    await playground.start();
    playground.update({ lr: 0.5 });
    await turn();
    fake.refuse = 'too much';
    playground.update({ lr: 0.75 });
    await turn();
    expect(playground.state.settings.lr).toBe(0.5);
    expect(playground.state.problem).toEqual({ kind: 'setting', message: 'too much' });
    expect(fake.rates).toEqual([0.5]);
  });

  it('refuses settings that cannot be, and stays as it was', () => {
    const playground = make();
    expect(() => playground.update({ batch: 1.5 })).toThrow(/"batch" cannot be 1.5; use a whole number from 1 to 1024/);
    expect(playground.state.settings).toEqual(defaults());
  });

  it('plays on when the answer to an older pause comes late', async () => {
    const playground = make();
    await playground.start();
    playground.play();
    (fake.hear as RunListener)({ type: 'paused', attempt: 0, progress: { attempt: 0 } as never });
    expect(playground.state.playing).toBe(true);
  });

  it('opens the default when the network of a link cannot be', async () => {
    Object.assign(fake, { refuse: 'cannot be read', refusal: UNUSABLE_NET });
    const playground = new Playground({ ...defaults(), net: 'abc' }, () => undefined);
    await playground.start();
    await vi.waitFor(() => expect(playground.state.phase).toBe('ready'));
    expect(fake.nets).toEqual(['abc', '']);
    expect(playground.state.settings.net).toBe('');
    await vi.waitFor(() =>
      expect(playground.state.problem).toMatchObject({ kind: 'link', message: 'net: cannot be read' }),
    );
  });

  it('keeps the network of a link that could only not be loaded', async () => {
    fake.refuse = 'Failed to fetch';
    const playground = new Playground({ ...defaults(), net: 'abc' }, () => undefined);
    await playground.start();
    expect(playground.state).toMatchObject({ phase: 'failed', problem: { kind: 'engine' }, settings: { net: 'abc' } });
  });

  it('does with the run that is on its way what is asked for meanwhile', async () => {
    const playground = make();
    const started = playground.start();
    await playground.step();
    await started;
    expect(fake.done).toEqual(['1:step']);
    playground.update({ model: 'mlp' });
    playground.play();
    expect(playground.state.playing).toBe(false);
    await vi.waitFor(() => expect(playground.state.playing).toBe(true));
    expect(fake.done).toEqual(['1:step', '2:play']);
    // The last word counts, and a new run need not be reset.
    playground.update({ model: 'lenet' });
    playground.play();
    await playground.reset();
    expect([fake.opened, playground.state.playing]).toEqual([3, false]);
    playground.update({ model: 'mlp' });
    playground.play();
    await playground.step();
    expect(fake.done).toEqual(['1:step', '2:play', '4:step']);
  });

  it('goes on listening to the run that stays when another is refused', async () => {
    const playground = make();
    await playground.start();
    const hear = fake.hear as RunListener;
    const at = (step: number): Parameters<RunListener>[0] => {
      const progress = { attempt: 0, state: { step } } as never;
      return { type: 'steps', attempt: 0, metrics: [], progress };
    };
    fake.refuse = 'no such model';
    playground.update({ model: 'nope' });
    await vi.waitFor(() => expect(playground.state.problem?.kind).toBe('setting'));
    hear(at(7));
    expect(playground.state.progress?.state.step).toBe(7);
    // What the refused one would say is nobody's.
    playground.play();
    hear({ type: 'failed', attempt: 0, message: 'NaN', progress: playground.state.progress as never });
    expect(playground.state).toMatchObject({ playing: false, problem: { kind: 'training', message: 'NaN' } });
    // That it is not saved either is no reason to hide it.
    hear({ type: 'unsaved', attempt: 0, message: 'no room' });
    expect(playground.state.problem?.kind).toBe('training');

    fake.refuse = '';
    playground.update({ model: 'mlp' });
    await vi.waitFor(() => expect(playground.state.problem).toBeNull());
    hear(at(8));
    expect(playground.state.progress?.state.step).toBe(0);
    await playground.dispose();
    (fake.hear as RunListener)(at(9));
    expect(playground.state.progress?.state.step).toBe(0);
  });

  it('offers what was saved after the engine was lost; saves nothing under settings it was not trained with', async () => {
    for (const name of ['document', 'window']) vi.stubGlobal(name, new EventTarget());
    const playground = make();
    playground.saves = true;
    const old = { ...defaults(), model: undefined };
    fake.offers = [{ id: 'a', step: 5, epoch: 1, saved: 0, settings: { ...old, epsilon: undefined, gone: 1 } }];
    await playground.start();
    await vi.waitFor(() => expect(playground.state.offering).toBe(true));
    expect(playground.state.saved?.[0]?.settings).toEqual(defaults());
    const hear = fake.hear as RunListener;
    playground.update({ batch: 8 });
    hear({ type: 'snapshot', attempt: 0, step: 5, good: null });
    expect(fake.done).toEqual(['1:save']);
    await vi.waitFor(() => expect(fake.opened).toBe(2));
    await turn();
    // The rest of the run that was replaced is saved with what it was trained with, too.
    (fake.hear as RunListener)({ type: 'snapshot', attempt: 0, step: 5, good: null });
    expect(fake.done).toEqual(['1:save', '1:part', '1:save', '2:save']);
    expect(fake.saved.map(({ settings }) => settings.batch)).toEqual([16, 16, 8]);
    await playground.discard(['b']);
    expect(playground.state.offering).toBe(true);
    await playground.discard(['a']);
    expect([playground.state.offering, playground.state.saved]).toEqual([false, []]);
    fake.lose({ kind: 'lost', message: 'gone' });
    await vi.waitFor(() => expect(playground.state.phase).toBe('lost'));
    await playground.restart();
    await vi.waitFor(() => expect(playground.state.offering).toBe(true));
    // A value that cannot be any more is told.
    fake.offers = [{ id: 'a', step: 5, epoch: 1, saved: 0, settings: { ...old, batch: -1 } }];
    await playground.dispose();
    await playground.start();
    await vi.waitFor(() => expect(playground.state.saved?.[0]?.settings.batch).toBe(-1));
    // Who closes the offer has it closed, whatever becomes of the engine.
    expect(playground.state.offering).toBe(true);
    playground.unoffer();
    fake.lose({ kind: 'lost', message: 'gone' });
    await vi.waitFor(() => expect(playground.state.phase).toBe('lost'));
    await playground.restart();
    await turn();
    expect([playground.state.offering, playground.state.saved?.length]).toEqual([false, 1]);
    await playground.resume('a');
    expect(playground.state.problem?.message).toMatch(/"batch" cannot be -1/);
    playground.saves = false;
    vi.unstubAllGlobals();
  });

  it('keeps what a reset ends, and plays after it where play was pressed meanwhile', async () => {
    for (const name of ['document', 'window']) vi.stubGlobal(name, new EventTarget());
    const playground = make();
    playground.saves = true;
    await playground.start();
    playground.play();
    const reset = playground.reset();
    playground.play();
    expect(playground.state.playing).toBe(false);
    await reset;
    expect(playground.state.playing).toBe(true);
    expect(fake.done).toEqual(['1:play', '1:part', '1:save', '1:reset', '1:play']);
    playground.saves = false;
    vi.unstubAllGlobals();
  });

  it('files a run that ran away under the rate it was trained with, and starts over at one that is sound', async () => {
    for (const name of ['document', 'window']) vi.stubGlobal(name, new EventTarget());
    const playground = make();
    playground.saves = true;
    await playground.start();
    playground.update({ lr: 1000 });
    playground.play();
    await playground.resetSlower();
    expect(fake.done).toEqual(['1:play', '1:part', '1:save', '1:reset']);
    expect(fake.saved.map(({ settings }) => settings.lr)).toEqual([1000]);
    expect([playground.state.settings.lr, fake.rates.at(-1)]).toEqual([0.002, 0.002]);
    playground.update({ lr: 0.1 });
    await playground.resetSlower();
    expect(playground.state.settings.lr).toBe(0.01);
    playground.saves = false;
    vi.unstubAllGlobals();
  });

  it('does not train the old run when the new one is refused', async () => {
    const playground = make();
    await playground.start();
    fake.refuse = 'no such model';
    playground.update({ model: 'nope' });
    playground.play();
    await vi.waitFor(() => expect(playground.state.problem?.kind).toBe('setting'));
    expect([playground.state.playing, fake.done]).toEqual([false, []]);
    playground.play();
    expect(fake.done).toEqual(['1:play']);
  });
});
