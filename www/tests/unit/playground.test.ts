import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunListener } from '../../src/engine/protocol.js';
import { Playground } from '../../src/playground.js';
import { defaults } from '../../src/state.js';

/** What the engine was asked, and what it answers. */
interface Fake {
  discarded: number;
  opened: number;
  closed: number;
  refuse: string;
  hear: unknown;
  rates: number[];
  start: Promise<unknown>;
}
const fake = vi.hoisted((): Fake => ({
  discarded: 0,
  opened: 0,
  closed: 0,
  refuse: '',
  hear: undefined,
  rates: [] as number[],
  start: Promise.resolve(),
}));

vi.mock('../../src/engine/client.js', () => {
  const engine = { start: { ok: true, adapter: {}, models: [] }, lost: new Promise(() => undefined) };
  const run = {
    description: {
      network: { input: { layer: 'input' }, layers: [] },
      samples: [],
      progress: { attempt: 0, state: { step: 0 } },
    },
    play: () => Promise.resolve(),
    aim: () => Promise.resolve(),
    pause: () => Promise.resolve(),
    reset: () => Promise.resolve({ attempt: 1, state: {} }),
    close: () => Promise.resolve((fake.closed += 1)),
    setLearningRate: (rate: number) => {
      if (fake.refuse !== '') return Promise.reject(new Error(fake.refuse));
      fake.rates.push(rate);
      return Promise.resolve();
    },
  };
  return {
    sharedEngine: () => fake.start.then(() => engine),
    discardEngine: () => (fake.discarded += 1),
    RunHandle: {
      open: (_engine: unknown, _config: unknown, listener: unknown) => {
        fake.opened += 1;
        fake.hear = listener;
        return fake.refuse === '' ? Promise.resolve(run) : Promise.reject(new Error(fake.refuse));
      },
    },
  };
});

beforeEach(() => {
  Object.assign(fake, { discarded: 0, opened: 0, closed: 0, refuse: '', rates: [], start: Promise.resolve() });
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
});
