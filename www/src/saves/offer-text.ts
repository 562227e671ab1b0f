/** What is said of a saved run. */
import { entryOf } from '../engine/datasets.js';
import { messages, type Messages } from '../i18n/index.js';
import * as format from '../lib/format.js';
import { networkName } from '../lib/own-name.js';
import { LONG } from '../lib/runaway.js';
import { sameRun, type Settings } from '../state.js';
import { savesMessages } from './i18n/index.js';
import type { Offer } from './saved.js';

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

export const whole = (value: number): string => format.integer(value, 'en');

export function modelOf({ settings }: Offer, t: Messages): string {
  return networkName(settings, t);
}

/** "saved 5 minutes ago" */
export function ago(time: number, t: Messages): string {
  const language = t === messages('ko') ? 'ko' : 'en';
  const past = Date.now() - time;
  const s = savesMessages(t);
  const found = UNITS.find(([, milliseconds]) => past >= milliseconds);
  if (found === undefined) return s.justNow;
  const [unit, length] = found;
  return s.ago(new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.floor(past / length), unit));
}

/** Whether its loss had run away: such a run leads nowhere. */
export function ranAway({ curve, settings }: Pick<Offer, 'curve' | 'settings'>): boolean {
  const [first = 0, last = 0] = [curve[0], curve.at(-1)];
  return !(last <= LONG.times * Math.max(first, Math.log(entryOf(settings.dataset).classes)));
}

/** The run that somebody who opens this page most likely means: of the same settings, or else the last one; before all others
 * one whose loss is sound. */
export function likeliest(runs: readonly Offer[], settings: Settings): Offer | undefined {
  const sound = runs.filter((run) => !ranAway(run));
  const some = sound.length > 0 ? sound : runs;
  return some.find((run) => sameRun(run.settings, settings)) ?? some[0];
}

/** A run's loss as the points of a line in a box. */
export function sparkline(curve: readonly number[], { width, height }: { width: number; height: number }): string {
  const finite = curve.map((value) => (Number.isFinite(value) ? value : 0));
  const top = Math.max(...finite, Number.MIN_VALUE);
  const [last, at] = [Math.max(1, finite.length - 1), (value: number): string => value.toFixed(1)];
  return finite.map((value, i) => `${at((i / last) * width)},${at(height - (value / top) * height)}`).join(' ');
}
