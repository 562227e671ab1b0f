import { describe, expect, it, vi } from 'vitest';
import type { Engine, Session, SessionState, View, ViewLayout } from '../../src/engine/api.js';
import type { RunEvent } from '../../src/engine/protocol.js';
import { Run } from '../../src/engine/run.js';

const later = (milliseconds = 0): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** A run whose session counts its steps, and whose promises are kept when the test says so. */
function make(stepsPerEpoch = 1000): {
  run: Run;
  events: RunEvent[];
  done: string[];
  hold: Map<string, Promise<void>>;
} {
  const done: string[] = [];
  const hold = new Map<string, Promise<void>>();
  let step = 0;
  const act = async <T>(name: string, value: T): Promise<T> => {
    await hold.get(name);
    done.push(name);
    return value;
  };
  const session: Partial<Session> = {
    trainStep: () => {
      step += 1;
      return act('step', []);
    },
    drain: () => act('drain', []),
    observe: () => act('observe', new Float32Array()),
    evaluate: () => act('evaluate', { accuracy: 1 } as Awaited<ReturnType<Session['evaluate']>>),
    state: () => ({ step, steps_per_epoch: stepsPerEpoch }) as SessionState,
    monitor: () => undefined,
    setSchedule: () => undefined,
    reset: () => {
      step = 0;
    },
    createView: (canvas) =>
      ({ layout: () => ({ tile_width: canvas.width }) as ViewLayout, free: () => undefined }) as unknown as View,
    free: () => undefined,
  };
  const events: RunEvent[] = [];
  const run = new Run({ bytes: () => 0 } as unknown as Engine, session as unknown as Session, 32, (event) =>
    events.push(event),
  );
  return { run, events, done, hold };
}

/** A promise and what keeps it. */
function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
}

describe('a run', () => {
  it('says that it paused, and not after play was pressed again', async () => {
    const { run, events, done, hold } = make();
    const { opened, open } = gate();
    hold.set('drain', opened);
    run.play();
    await vi.waitFor(() => expect(done).toContain('step'));
    const paused = run.pause();
    await later(20);
    run.play();
    open();
    await paused;
    expect(events.map(({ type }) => type)).not.toContain('paused');
    const steps = done.length;
    await vi.waitFor(() => expect(done.length).toBeGreaterThan(steps));

    await run.pause();
    expect(events.at(-1)?.type).toBe('paused');
  });

  it('pauses after the step in flight; validation and painting come after that', async () => {
    const { run, events, done, hold } = make(1);
    const { opened, open } = gate();
    hold.set('step', opened);
    run.play();
    // The first painting is before everything else, so that no step waits for shaders to compile.
    await vi.waitFor(() => expect(done).toEqual(['observe']));
    await later(20);
    const paused = run.pause();
    await later(20);
    open();
    await paused;
    // A step whose length is unknown is waited for before another is submitted.
    expect(done).toEqual(['observe', 'step', 'drain', 'drain']);
    const told = (): string[] => events.map(({ type }) => type);
    await vi.waitFor(() => expect(told()).toEqual(['observed', 'paused', 'observed', 'epoch']));
    expect(done.filter((name) => name === 'step')).toHaveLength(1);
  });

  it('does not wait for a painting or a validation when it pauses', async () => {
    const { run, done, hold } = make(1);
    const { opened, open } = gate();
    hold.set('evaluate', opened);
    run.play();
    await vi.waitFor(() => expect(done).toContain('step'));
    await later(20);
    await run.pause();
    expect(done).not.toContain('evaluate');
    open();
    await vi.waitFor(() => expect(done).toContain('evaluate'));
  });

  it('evaluates an epoch before the next one begins', async () => {
    const { run, done } = make(1);
    run.step();
    run.step();
    await vi.waitFor(() => expect(done.filter((name) => name === 'evaluate')).toHaveLength(2));
    expect(done.filter((name) => name === 'step' || name === 'evaluate')).toEqual([
      'step',
      'evaluate',
      'step',
      'evaluate',
    ]);
  });

  it('is asked between two steps: training waits for the answer, a pause does not', async () => {
    const { run, done } = make();
    const { opened, open } = gate();
    run.play();
    await vi.waitFor(() => expect(done).toContain('step'));
    let atStep = 0;
    const answer = run.ask(async () => {
      atStep = run.session.state().step;
      await opened;
      return run.session.state().step;
    });
    await vi.waitFor(() => expect(atStep).toBeGreaterThan(0));
    // Nothing was in flight.
    expect(done.at(-1)).toBe('drain');
    await run.pause();
    run.play();
    await later(20);
    open();
    expect(await answer).toBe(atStep);
    await vi.waitFor(() => expect(run.session.state().step).toBeGreaterThan(atStep));
    await expect(run.ask(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    await run.close();
  });

  it('refuses what it was asked and cannot answer', async () => {
    const { run, events, hold } = make();
    const gone = Promise.reject(new Error('gone'));
    gone.catch(() => undefined);
    hold.set('drain', gone);
    await expect(run.ask(() => Promise.resolve(1))).rejects.toThrow('gone');
    await vi.waitFor(() => expect(events.at(-1)?.type).toBe('failed'));
    hold.delete('drain');
    const open = run.ask(() => Promise.resolve(1));
    await Promise.all([expect(open).rejects.toThrow('closed'), run.close()]);
    await expect(run.ask(() => Promise.resolve(1))).rejects.toThrow('closed');
  });

  it('answers a reset at once, whatever is pressed meanwhile', async () => {
    const { run } = make();
    run.play();
    await later(20);
    const reset = run.reset(2);
    run.play();
    expect((await reset).attempt).toBe(1);
    await run.close();
  });

  it('tells the layout of a view that was resized out of sight', () => {
    const { run } = make();
    run.canvases.add(1, { width: 10, height: 10 } as OffscreenCanvas, {} as never);
    expect(run.canvases.show(1, false)).toBeNull();
    expect(run.canvases.set(1, {} as never, 30, 30)).toBeNull();
    expect(run.canvases.show(1, true)).toMatchObject({ tile_width: 30 });
    expect(run.canvases.show(1, true)).toBeNull();
  });
});
