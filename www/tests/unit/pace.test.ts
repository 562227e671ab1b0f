import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/engine/pace.js';

/** Paintings and steps of a run that trains for so long, as the loop does them, and the share of the time that painting took. */
function train(paint: number, step: number, after: number): { paintings: number; share: number } {
  const pace = new Pace();
  let [now, paintings, isFirst] = [0, 0, false];
  while (now < 20_000) {
    const start = now;
    if (pace.isDue(now)) {
      now += paint;
      pace.painted(start, now);
      [paintings, isFirst] = [paintings + 1, true];
    } else {
      now += step + (isFirst ? after : 0);
      pace.stepped(start, now);
      isFirst = false;
    }
  }
  return { paintings, share: (paintings * (paint + after)) / now };
}

describe('the pace of painting', () => {
  it('stays at a quarter of the time on a slow GPU, what it does to the next step included', () => {
    expect(train(200, 250, 0).share).toBeLessThan(0.26);
    expect(train(200, 250, 400).share).toBeLessThan(0.26);
    expect(train(200, 250, 400).share).toBeGreaterThan(0.18);
    expect(train(20, 100, 60).share).toBeLessThan(0.26);
  });

  it('is six paintings a second on a fast one', () => {
    const { paintings } = train(4, 3, 1);
    expect(paintings).toBeGreaterThan(115);
    expect(paintings).toBeLessThan(126);
  });

  it('goes on where every step is longer than the pause', () => {
    expect(train(10, 5000, 0).paintings).toBeGreaterThan(2);
  });
});
