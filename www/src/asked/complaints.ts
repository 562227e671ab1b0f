/** What a link or an attribute asks for and cannot have, said with what could be there instead. Loaded when there is something to say;
 * the Korean stands with the engine's messages. */
import type { ModelInfo } from '../engine/api.js';
import { DATASETS, modelsFor } from '../engine/datasets.js';
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

export function complaint(asked: Asked, around: Surroundings): string {
  const { name, value, reason } = asked;
  // The network in a link is too long to be shown.
  if (name === 'net') return reason === undefined ? `net: ${FIELDS.net.choices}` : `net: ${reason}`;
  const written = (key: string, text: string): string => (around.linked ? `${key}=${text}` : `${key}="${text}"`);
  const subject = around.linked ? `In the link, ${name}=${value}` : `The attribute ${name}="${value}"`;
  const other = (text: string): string => written(name, text);
  const field = FIELD_NAMES.find((known) => known === name);
  if (name === 'model') return aboutModel(subject, value, around, other);
  if (field !== undefined) {
    const used = String(around.settings[field] ?? '');
    const takes = choicesOf(field);
    const said =
      used === ''
        ? `${subject} does not work: ${name} takes ${takes}.`
        : `${subject} does not work: ${name} takes ${takes}; ${used} is used instead.`;
    return hinted(said, value, FIELDS[field].choices.split(', '), other);
  }
  const known = name === 'lesson' ? LESSONS.map(({ id }) => id) : LOOK_WORDS[name];
  if (known === undefined) {
    const names = [...FIELD_NAMES, ...OTHER_ATTRIBUTES];
    return hinted(`${subject} says nothing to this page.`, name, names, (key) => written(key, value));
  }
  const several = name === 'hide' || name === 'lock';
  const unknown = several ? value.split(/[\s,]+/).find((word) => !known.includes(word)) : value;
  const takes = `${several ? 'some' : 'one'} of ${known.join(', ')}`;
  return hinted(`${subject} does not work: ${name} takes ${takes}.`, unknown ?? '', known, other);
}

/** A model that is unknown, or made for other pictures than the page has. */
function aboutModel(
  subject: string,
  value: string,
  { models, settings }: Surroundings,
  other: (text: string) => string,
): string {
  const { quick, large } = modelsFor(models, DATASETS[settings.dataset]);
  const names = [...quick, ...large].map(({ name }) => name);
  const known = models.find(({ name }) => name === value);
  const all = names.join(', ');
  const used = settings.model;
  if (known === undefined) {
    return hinted(`${subject} names no model: choose one of ${all}; ${used} is used instead.`, value, names, other);
  }
  const theirs = known.input.join('×');
  const ours = DATASETS[settings.dataset].shape.slice(0, 2).join('×');
  return `${subject} cannot be trained here: it takes pictures of ${theirs}, and those of this page are ${ours}. Choose one of ${all}; ${used} is used instead.`;
}

function choicesOf(name: keyof Settings): string {
  const { choices } = FIELDS[name];
  if (/^(a|the) /.test(choices)) return choices;
  return name === 'augment' ? `some of ${choices}` : `one of ${choices}`;
}

/** With the word that was probably meant, of which at most a third of the letters are others. */
function hinted(said: string, word: string, known: readonly string[], write: (word: string) => string): string {
  const given = word.toLowerCase();
  const [best] = known
    .map((name) => ({ name, far: distance(given, name) }))
    .filter(({ name, far }) => far <= Math.max(1, Math.floor(name.length / 3)))
    .sort((a, b) => a.far - b.far);
  return best === undefined ? said : `${said} Did you mean ${write(best.name)}?`;
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
