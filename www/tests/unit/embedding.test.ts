import { describe, expect, it, vi } from 'vitest';
import { isWhole, lockedSettings, shownColumns, shownParts } from '../../src/lib/arrangement.js';
import { allowedOrigin, connect, type Commanded } from '../../src/lib/messenger.js';

describe('what is shown', () => {
  it('is everything unless the host page says otherwise', () => {
    const parts = shownParts(null, null);
    expect(isWhole(parts)).toBe(true);
    expect(shownColumns(parts)).toEqual(['left', 'middle', 'right']);
    expect(shownParts('no such view', 'nor such a part')).toEqual(parts);
  });

  it('follows view and hide', () => {
    const parts = shownParts('network', 'title, inspector');
    expect([...parts]).toEqual(['network', 'controls', 'header', 'settings']);
    expect(isWhole(parts)).toBe(false);
    expect(shownColumns(shownParts('training', null))).toEqual(['right']);
  });

  it('locks what is named, or everything', () => {
    expect([...lockedSettings(null)]).toEqual([]);
    expect([...lockedSettings('seed lr nonsense')]).toEqual(['lr', 'seed']);
    expect(lockedSettings('')).toEqual(lockedSettings('all'));
    for (const name of ['model', 'epochs', 'schedule', 'weight_decay']) {
      expect(lockedSettings('all').has(name)).toBe(true);
      expect([...lockedSettings(name)]).toEqual([name]);
    }
    // What is the reader's taste stays so.
    expect(lockedSettings('all').has('lang')).toBe(false);
  });
});

class Fake extends EventTarget implements Commanded {
  readonly done: string[] = [];
  play = (): unknown => this.done.push('play');
  pause = (): unknown => this.done.push('pause');
  step = (): unknown => this.done.push('step');
  reset = (): unknown => this.done.push('reset');
  getState = (): Record<string, unknown> => ({ step: 7 });
  setState(change: Record<string, unknown>): void {
    if ('lr' in change) this.done.push(`lr ${String(change['lr'])}`);
    else throw new Error('no such setting');
  }
}

describe('messages of a frame', () => {
  const origin = 'https://course.example';
  const setUp = (): {
    element: Fake;
    posted: unknown[][];
    say: (data: unknown, from?: string, whole?: boolean) => Promise<void>;
  } => {
    const element = new Fake();
    const posted: unknown[][] = [];
    const parent = { postMessage: (...words: unknown[]): unknown => posted.push(words) } as unknown as Window;
    const inbox = new EventTarget();
    connect(element, { origin, parent, inbox });
    const say = async (data: unknown, from = origin, fromParent = true): Promise<void> => {
      const event = Object.assign(new Event('message'), { data, origin: from, source: fromParent ? parent : {} });
      inbox.dispatchEvent(event);
      await vi.waitFor(() => undefined);
      await Promise.resolve();
    };
    return { element, posted, say };
  };
  const command = (type: string, more: object = {}): object => ({ source: 'cnn-playground', v: 1, type, ...more });

  it('go to the configured origin only', () => {
    const { element, posted } = setUp();
    element.dispatchEvent(new CustomEvent('step', { detail: { step: 3 } }));
    expect(posted).toEqual([[{ source: 'cnn-playground', v: 1, type: 'step', step: 3 }, origin]]);
  });

  it('are obeyed from it only, and answered', async () => {
    const { element, posted, say } = setUp();
    await say(command('play'), 'https://evil.example');
    await say(command('play'), origin, false);
    await say({ type: 'play' });
    await say(command('play', { v: 2 }));
    await say('play');
    expect(element.done).toEqual([]);
    await say(command('play', { id: 5 }));
    await say(command('setState', { settings: { lr: 0.1 } }));
    expect(element.done).toEqual(['play', 'lr 0.1']);
    expect(posted[0]).toEqual([
      { source: 'cnn-playground', v: 1, type: 'state', id: 5, command: 'play', step: 7 },
      origin,
    ]);
    await say(command('setState', { settings: { no: 1 }, id: 6 }));
    await say(command('explode'));
    expect(posted.slice(-2).map(([message]) => message)).toMatchObject([
      { type: 'error', id: 6, message: 'no such setting' },
      { type: 'error', message: expect.stringContaining('no such command') as unknown },
    ]);
  });

  it('know their origin from the query', () => {
    expect(allowedOrigin('', 'https://a.example')).toBe('https://a.example');
    expect(allowedOrigin('?origin=https://b.example/course/', 'https://a.example')).toBe('https://b.example');
    for (const bad of ['*', 'null', 'data:text/html,x']) {
      expect(allowedOrigin(`?origin=${bad}`, 'https://a.example')).toBe('https://a.example');
    }
  });
});
