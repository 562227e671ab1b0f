/** Which lines of a shader matter to one of its entry points: where it multiplies and adds, where it writes its result, and which
 * branch of a `switch` the pipeline's constants choose. What a pattern cannot tell, the shader says: a trailing comment that begins
 * with `//:` names what its line does, in the terms of the equation. */

export type Mark = 'entry' | 'sum' | 'store' | 'branch' | 'said';

/** First and last line of a function. */
interface Span {
  first: number;
  last: number;
}

function functionsOf(lines: readonly string[]): Map<string, Span> {
  const found = new Map<string, Span>();
  lines.forEach((line, first) => {
    const name = /^fn (\w+)/.exec(line)?.[1];
    if (name === undefined) return;
    const isWhole = /\}\s*(\/\/.*)?$/.test(line);
    const end = isWhole ? first : lines.findIndex((later, i) => i > first && later.startsWith('}'));
    found.set(name, { first, last: end < 0 ? lines.length - 1 : end });
  });
  return found;
}

const MULTIPLIES = /\bfma\(| \+= .* \* /;
/** Arithmetic of whole numbers, which is about places. */
const INDEX = /\b\d+u \*/;

/** Without comments and the heads of loops. */
const codeOf = (line: string): string => (line.split('//')[0] ?? '').replace(/\bfor \([^{]*\{/, '');

/** The entry point and all functions that it calls, directly or not. */
function reached(lines: readonly string[], entryPoint: string): Span[] {
  const functions = functionsOf(lines);
  const names = new Set([entryPoint]);
  // A set that grows while it is walked over is walked to its end.
  for (const name of names) {
    const span = functions.get(name);
    if (span === undefined) continue;
    for (const line of lines.slice(span.first, span.last + 1)) {
      for (const [, called = ''] of codeOf(line).matchAll(/(\w+)\s*\(/g)) if (functions.has(called)) names.add(called);
    }
  }
  return [...names].flatMap((name) => functions.get(name) ?? []);
}

/** Buffers that are written. */
function written(lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => /var<storage, read_write> (\w+)/.exec(line)?.[1] ?? []);
}

export function marks(
  source: string,
  entryPoint: string,
  constants: Readonly<Record<string, number>>,
): Map<number, Mark> {
  const lines = source.split('\n');
  const found = new Map<number, Mark>();
  const names = written(lines).join('|');
  const stores = new RegExp(`\\b(?:${names})(?:\\[.*\\])?(?:\\.\\w+)? [-+*/]?= |\\batomic\\w+\\(&(?:${names})\\b`);
  for (const { first, last } of reached(lines, entryPoint)) {
    let choice: number | undefined;
    for (let i = first; i <= last; i += 1) {
      const [line = '', code] = [lines[i], codeOf(lines[i] ?? '')];
      const chosen = /switch (\w+)/.exec(code)?.[1];
      if (chosen !== undefined) choice = constants[chosen] ?? 0;
      const branch = /case (\d+)u:/.exec(code)?.[1];
      if (line.includes('//:')) found.set(i, 'said');
      else if (stores.test(code)) found.set(i, 'store');
      else if (MULTIPLIES.test(code) && !INDEX.test(code)) found.set(i, 'sum');
      else if (branch !== undefined && Number(branch) === choice) found.set(i, 'branch');
    }
  }
  const entry = lines.findIndex((line) => new RegExp(`\\bfn ${entryPoint}\\s*\\(`).test(line));
  if (entry >= 0) found.set(entry, 'entry');
  return found;
}
