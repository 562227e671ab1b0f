import { describe, expect, it } from 'vitest';
import type { StepMetrics } from '../../src/engine/api.js';
import { axisText, decadeRange, decades, wantsLog } from '../../src/lib/axis.js';
import * as format from '../../src/lib/format.js';
import { History } from '../../src/lib/history.js';
import { runsAway } from '../../src/lib/runaway.js';

/** At which step a loss is first said to run away; 0 for never. */
function told(steps: number, loss: (step: number) => number): number {
  const history = new History();
  for (let step = 1; step <= steps; step += 1) {
    history.pushSteps([{ step, loss: loss(step), accuracy: 0 } as StepMetrics]);
    if (runsAway(history.loss, Math.log(10))) return step;
  }
  return 0;
}

describe('a loss that runs away', () => {
  it('is told long before it is NaN', () => {
    expect(told(20, (step) => (step === 1 ? 2.3 : 10 ** (6 * step)))).toBe(2);
    const slow = told(400, (step) => 2.3 * 1.01 ** step);
    expect(slow).toBeGreaterThan(50);
    expect(slow).toBeLessThan(150);
  });

  it('is none where it falls, stands still, is spiky, or begins high', () => {
    for (const loss of [
      (step: number) => 2.3 / step,
      () => 2.4,
      (step: number) => (step % 20 === 7 ? 20 : 2),
      (step: number) => 50 / step,
      // A warm-up's bump.
      (step: number) => 2.3 + 0.8 * Math.sin(step / 40),
    ])
      expect(told(400, loss)).toBe(0);
  });

  it('is written short', () => {
    expect([3.39e24, 123456, 99_999, 12.34, 2.3, 0.0001].map(format.loss)).toEqual([
      '3.4e24',
      '1.2e5',
      '99999.0',
      '12.3',
      '2.300',
      '1.0e-4',
    ]);
    expect([0, 0.5, 250, 25_000, 3e24, 1e-4].map(axisText)).toEqual(['0', '0.5', '250', '2.5e4', '3e24', '1e-4']);
    for (const value of [2.5e24, 1e300, 123_456, 0.1 + 0.2]) expect(axisText(value).length).toBeLessThan(7);
  });

  it('is drawn by powers of ten', () => {
    expect([wantsLog([2.3, 0.001, null]), wantsLog([2.3, 200]), wantsLog([null, 2.3, 5e6]), wantsLog([])]).toEqual([
      false,
      false,
      true,
      false,
    ]);
    expect(decadeRange(0.3, 4e24)).toEqual([0.1, 1e25]);
    expect(decadeRange(1, 1)).toEqual([1, 10]);
    expect(decades(0.1, 1000, 9)).toEqual([0.1, 1, 10, 100, 1000]);
    expect(decades(1, 1e24, 5)).toHaveLength(5);
  });
});
