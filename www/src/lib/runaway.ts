import type { Curve } from './history.js';

/** A loss this many times its start is far from anything that training goes through; one that has been rising for so many steps
 * to this many times its start will not come back either. */
const FAR = 10;
export const LONG = { points: 50, times: 2 };

/** Whether a smoothed loss runs away: it is far above where it began, or where guessing is, and still rising. */
export function runsAway({ raw, smooth }: Curve, guessing: number): boolean {
  const start = Math.max(raw[0] ?? 0, guessing);
  const now = smooth.at(-1) ?? 0;
  const rises = (over: number): boolean => now > 1.1 * (smooth.at(-1 - over) ?? (over < LONG.points ? 0 : Infinity));
  return (now > FAR * start && rises(5)) || (now > LONG.times * start && rises(LONG.points));
}
