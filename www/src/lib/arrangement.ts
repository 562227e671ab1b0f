/** Which parts of the playground a host page wants to be seen, and which settings its readers may not change. */
import { FIELD_NAMES } from '../state.js';

/** Panels, by the column they stand in. */
export const COLUMNS = {
  left: ['data', 'draw'],
  middle: ['network', 'inspector'],
  right: ['controls', 'training'],
} as const;

type Column = keyof typeof COLUMNS;
export type Panel = (typeof COLUMNS)[Column][number];
/** What can be hidden: a panel, the header, the header's title, the settings of the training panel. */
export type Part = Panel | 'header' | 'title' | 'settings';

const PANELS: readonly Panel[] = Object.values(COLUMNS).flat();
const PARTS: readonly Part[] = [...PANELS, 'header', 'title', 'settings'];

/** Values of the attribute `view`: the panels that each shows. */
export const VIEWS = {
  full: PANELS,
  network: ['network', 'inspector', 'controls'],
  training: ['controls', 'training'],
  draw: ['draw', 'network', 'controls'],
  maps: ['network', 'controls'],
} as const satisfies Record<string, readonly Panel[]>;

/** Settings that `lock` may name: all that define a run. `all` is all of them; an own network is locked with the model. */
const LOCKABLE: readonly string[] = FIELD_NAMES.filter((name) => !['net', 'lang', 'theme'].includes(name));

/** Words that each of these attributes takes. */
export const LOOK_WORDS: Readonly<Record<string, readonly string[]>> = {
  view: Object.keys(VIEWS),
  hide: PARTS,
  lock: [...LOCKABLE, 'all'],
};

/** `"data, draw"` → `['data', 'draw']`. */
const words = (text: string | null): string[] => (text ?? '').split(/[\s,]+/).filter(Boolean);

/** Whether all that an attribute says means something. */
export function meansSomething(name: string, text: string | null): boolean {
  return words(text).every((word) => LOOK_WORDS[name]?.includes(word));
}

/** Parts that are shown. Words that mean nothing are passed over: a link of a newer version still shows something. */
export function shownParts(view: string | null, hide: string | null): ReadonlySet<Part> {
  const panels: readonly Part[] = Object.entries(VIEWS).find(([name]) => name === view)?.[1] ?? VIEWS.full;
  const hidden = words(hide);
  const others: Part[] = ['header', 'title', 'settings'];
  return new Set(PARTS.filter((part) => [...panels, ...others].includes(part) && !hidden.includes(part)));
}

/** Columns of which something is shown, in order. */
export function shownColumns(parts: ReadonlySet<Part>): readonly Column[] {
  return (Object.keys(COLUMNS) as Column[]).filter((column) => COLUMNS[column].some((panel) => parts.has(panel)));
}

/** Whether every panel is there, so that the playground stands as on its own page. */
export function isWhole(parts: ReadonlySet<Part>): boolean {
  return PANELS.every((panel) => parts.has(panel));
}

export function lockedSettings(lock: string | null): ReadonlySet<string> {
  if (lock === null) return new Set();
  const named = words(lock);
  // Without a word, as in `<cnn-playground lock>`, everything.
  if (named.length === 0 || named.includes('all')) return new Set(LOCKABLE);
  return new Set(LOCKABLE.filter((name) => named.includes(name)));
}
