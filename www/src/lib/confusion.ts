/** Counting what the network got wrong. Every number comes from the engine's answers. */
import type { Verdicts } from '../engine/protocol.js';

export interface Mistake {
  index: number;
  label: number;
  answer: number;
  /** What the network gives its wrong answer. */
  share: number;
}

export interface Confusion {
  /** `counts[label][answer]` */
  counts: number[][];
  wrong: number;
  all: number;
  /** The most certain first. */
  mistakes: Mistake[];
}

const MOST_CLASSES = 2000;

export function confusion({ indices, labels, classes, probabilities }: Verdicts, names: number): Confusion {
  // Nobody reads a matrix of more, and it would fill the memory.
  const size = Math.min(Math.max(names, 1), MOST_CLASSES);
  const counts = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  const mistakes: Mistake[] = [];
  indices.forEach((index, at) => {
    const row = probabilities.subarray(at * classes, (at + 1) * classes);
    const answer = row.reduce((best, value, i) => (value > (row[best] ?? 0) ? i : best), 0);
    const label = labels[at] ?? 0;
    const line = counts[label];
    if (line !== undefined) line[answer] = (line[answer] ?? 0) + 1;
    if (answer !== label) mistakes.push({ index, label, answer, share: row[answer] ?? 0 });
  });
  mistakes.sort((a, b) => b.share - a.share);
  return { counts, wrong: mistakes.length, all: indices.length, mistakes };
}

/** Of many classes those that take part in the most mistakes, in the classes' own order. */
export function mostConfused(counts: readonly (readonly number[])[], most: number): number[] {
  const all = [...counts.keys()];
  if (all.length <= most) return all;
  const wrong = all.map((one) =>
    all.reduce(
      (sum, other) => (other === one ? sum : sum + (counts[one]?.[other] ?? 0) + (counts[other]?.[one] ?? 0)),
      0,
    ),
  );
  const worst = [...all].sort((a, b) => (wrong[b] ?? 0) - (wrong[a] ?? 0)).slice(0, most);
  return worst.sort((a, b) => a - b);
}
