import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Asking } from '../../src/lib/asking.js';

/** A view without a page: it answers when it is told to. */
const view = () => {
  const asked: number[] = [];
  let answer: () => void = () => undefined;
  const host = {
    addController: vi.fn(),
    removeController: vi.fn(),
    requestUpdate: vi.fn(),
    updateComplete: Promise.resolve(true),
  };
  const asking = new Asking(host, () => {
    asked.push(performance.now());
    return new Promise((resolve) => (answer = resolve));
  });
  asking.hostConnected();
  const answered = async (): Promise<void> => {
    answer();
    await vi.advanceTimersByTimeAsync(0);
  };
  return { asking, asked, answered };
};

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

test('one question at a time; what changed meanwhile is asked about once, after a pause', async () => {
  const { asking, asked, answered } = view();
  asking.soon(true);
  await vi.advanceTimersByTimeAsync(0);
  for (let painting = 0; painting < 5; painting++) asking.soon();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(1);
  await answered();
  // It took ten seconds: asking takes at most a third of the time.
  await vi.advanceTimersByTimeAsync(19_999);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(asked).toHaveLength(2);
  await answered();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(2);
});

test('another layer need not wait', async () => {
  const { asking, asked, answered } = view();
  asking.soon(true);
  await vi.advanceTimersByTimeAsync(0);
  await vi.advanceTimersByTimeAsync(5_000);
  asking.soon(true);
  await answered();
  expect(asked).toEqual([asked[0], (asked[0] ?? 0) + 5_000]);
  await answered();
  asking.soon(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked).toHaveLength(3);
});

test('a view that is gone asks nothing', async () => {
  const { asking, asked, answered } = view();
  asking.soon(true);
  asking.hostDisconnected();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(0);
  asking.hostConnected();
  asking.soon(true);
  await vi.advanceTimersByTimeAsync(0);
  asking.soon();
  asking.hostDisconnected();
  await answered();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(1);
});
