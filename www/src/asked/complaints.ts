/** What a link or an attribute asks for and cannot have, said with what could be there instead. Loaded when there is something to say;
 * the Korean stands with the engine's messages. */
import type { ModelInfo } from '../engine/api.js';
import { entryOf, modelsFor } from '../engine/datasets.js';
import { LOOK_WORDS } from '../lib/arrangement.js';
import { OTHER_ATTRIBUTES } from '../lib/placing.js';
import { LESSONS } from '../lessons/lessons.js';
import { FIELD_NAMES, FIELDS, type Settings } from '../state.js';

export interface Asked {
  name: string;
  value: string;
  /** Why, where somebody else has said. */
  reason?: string;
}

export interface Surroundings {
  /** It stands in the page's link, not at an element. */
  linked: boolean;
  models: readonly ModelInfo[];
  /** Those that are taken instead. */
  settings: Settings;
}

/** What was probably meant, and how to have it. */
export interface Hint {
  /** As a link or an element writes it. */
  text: string;
  name: string;
  value: string;
  /** The page's link with that in place of what was asked for; `null` at an element, whose attribute is to be set. */
  link: string | null;
}

interface Complaint {
  message: string;
  /** Values that come near, the nearest first, each with its attribute. */
  near: readonly (readonly [name: string, value: string])[];
}

/** Lists longer than this are cut: what comes nearest is named as well. */
const NAMED = 8;
const SHORTER = 6;

/** All that is wrong, a line each, with what may be pressed instead. */
export function complaints(
  asked: readonly Asked[],
  around: Surroundings,
  query = typeof location === 'undefined' ? '' : location.search,
): { message: string; hints: Hint[] } {
  const all = asked.map((one) => ({ one, ...complain(one, around) }));
  const hints = all.flatMap(({ one, near }) =>
    near.map(([name, value]) => {
      const parameters = new URLSearchParams(query);
      parameters.delete(one.name);
      parameters.set(name, value);
      const link = around.linked ? `?${parameters.toString()}` : null;
      return { text: written(around, name, value), name, value, link };
    }),
  );
  return { message: all.map(({ message }) => message).join('\n'), hints };
}

export function complaint(asked: Asked, around: Surroundings): string {
  return complain(asked, around).message;
}

function written({ linked }: Surroundings, name: string, value: string): string {
  return linked ? `${name}=${value}` : `${name}="${value}"`;
}

function complain(asked: Asked, around: Surroundings): Complaint {
  const { name, value, reason } = asked;
  // The network in a link is too long to be shown.
  if (name === 'net') return { message: `net: ${reason ?? FIELDS.net.choices}`, near: [] };
  const subject = around.linked ? `In the link, ${name}=${value}` : `The attribute ${name}="${value}"`;
  const field = FIELD_NAMES.find((known) => known === name);
  if (name === 'model') return aboutModel(subject, value, around);
  if (field !== undefined) {
    const used = String(around.settings[field] ?? '');
    if (reason !== undefined) {
      return { message: `${subject} cannot be used: ${reason}; ${used} is used instead.`, near: [] };
    }
    const takes = choicesOf(field);
    const said =
      used === ''
        ? `${subject} does not work: ${name} takes ${takes}.`
        : `${subject} does not work: ${name} takes ${takes}; ${used} is used instead.`;
    return hinted(around, said, value, FIELDS[field].choices.split(', '), (word) => [name, word]);
  }
  const known = name === 'lesson' ? LESSONS.map(({ id }) => id) : LOOK_WORDS[name];
  if (known === undefined) {
    const names = [...FIELD_NAMES, ...OTHER_ATTRIBUTES];
    return hinted(around, `${subject} says nothing to this page.`, name, names, (word) => [word, value]);
  }
  const several = name === 'hide' || name === 'lock';
  const unknown = (several ? value.split(/[\s,]+/).find((word) => !known.includes(word)) : value) ?? '';
  const takes = `${several ? 'some' : 'one'} of ${shortened(known)}`;
  const said = aboutLook(subject, name, takes, unknown);
  // Of several words only the wrong one is another.
  const whole = (word: string): string =>
    several
      ? value
          .split(/([\s,]+)/)
          .map((one) => (one === unknown ? word : one))
          .join('')
      : word;
  return hinted(around, said, unknown, known, (word) => [name, whole(word)]);
}

/** What such an attribute takes, and what happens instead. */
function aboutLook(subject: string, name: string, takes: string, word: string): string {
  switch (name) {
    case 'view':
      return `${subject} does not work: ${name} takes ${takes}; all panels are shown instead.`;
    case 'hide':
      return `${subject} does not work: ${name} takes ${takes}; "${word}" hides nothing.`;
    case 'lock':
      return `${subject} does not work: ${name} takes ${takes}; "${word}" locks nothing.`;
    default:
      return `${subject} does not work: ${name} takes ${takes}; no lesson is taken.`;
  }
}

/** A model that is unknown, or made for other pictures than the page has. */
function aboutModel(subject: string, value: string, around: Surroundings): Complaint {
  const { models, settings } = around;
  const { quick, large } = modelsFor(models, entryOf(settings.dataset));
  const names = [...quick, ...large].map(({ name }) => name);
  const known = models.find(({ name }) => name === value);
  const nearest = ranked(value, names).slice(0, 3);
  const rest = names.length - nearest.length;
  const all = rest > 0 ? `${nearest.join(', ')} and ${rest} more in the model menu` : nearest.join(', ');
  const used = settings.model;
  const near = nearest.map((name) => ['model', name] as const);
  if (known === undefined) {
    return { message: `${subject} names no model; ${used} is used instead. What comes nearest: ${all}.`, near };
  }
  const theirs = known.input.join('×');
  const ours = (entryOf(settings.dataset).shape ?? []).slice(0, 2).join('×');
  return {
    message: `${subject} cannot be trained here: it takes pictures of ${theirs}, and those of this page are ${ours}; ${used} is used instead. What comes nearest: ${all}.`,
    near,
  };
}

/** By the share of their letters in which they differ. */
function ranked(word: string, names: readonly string[]): string[] {
  const given = word.toLowerCase();
  return names
    .map((name) => ({ name, far: distance(given, name) / Math.max(given.length, name.length) }))
    .sort((a, b) => a.far - b.far)
    .map(({ name }) => name);
}

function shortened(names: readonly string[]): string {
  if (names.length <= NAMED) return names.join(', ');
  return `${names.slice(0, SHORTER).join(', ')} and ${names.length - SHORTER} more`;
}

function choicesOf(name: keyof Settings): string {
  const { choices } = FIELDS[name];
  if (/^(a|the) /.test(choices)) return choices;
  return name === 'augment' ? `some of ${choices}` : `one of ${choices}`;
}

/** With the word that was probably meant, of which at most a third of the letters are others. */
function hinted(
  around: Surroundings,
  said: string,
  word: string,
  known: readonly string[],
  write: (word: string) => readonly [string, string],
): Complaint {
  const [best] = ranked(word, known);
  const near = best !== undefined && distance(word.toLowerCase(), best) <= Math.max(1, Math.floor(best.length / 3));
  if (!near) return { message: said, near: [] };
  const meant = write(best);
  return { message: `${said} Did you mean ${written(around, ...meant)}?`, near: [meant] };
}

/** Letters to put in, to take out, to change or to swap with their neighbour. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, at) => at)];
  const at = (i: number, j: number): number => rows[i]?.[j] ?? 0;
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    rows.push(row);
    for (let j = 1; j <= b.length; j += 1) {
      const change = at(i - 1, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row.push(Math.min(change, at(i - 1, j) + 1, at(i, j - 1) + 1, swapped ? at(i - 2, j - 2) + 1 : change));
    }
  }
  return at(a.length, b.length);
}
