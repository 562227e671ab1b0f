/** The reference cases that the page brings along: `tests/fixtures/ops`, each a file of its own that is loaded when its turn
 * comes. */
import type { CaseRow } from './protocol.js';

const FILES = import.meta.glob<string>('../../../tests/fixtures/ops/*.safetensors', {
  query: '?url',
  import: 'default',
  eager: true,
});

/** Name and address of every case, in the order of their names. */
export const CASES: readonly { name: string; url: string }[] = Object.entries(FILES)
  .map(([path, url]) => ({ name: nameOf(path), url }))
  .sort((a, b) => a.name.localeCompare(b.name, 'en'));

export function nameOf(path: string): string {
  return path.replace(/^.*\//, '').replace(/\.(safetensors|json)$/, '');
}

/** The op that a safetensors file says it is about; empty where it says nothing or is no such file. */
export function opOf(bytes: Uint8Array): string {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
    const header: unknown = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)));
    const op = (header as { __metadata__?: { op?: unknown } }).__metadata__?.op;
    return typeof op === 'string' ? op : '';
  } catch {
    return '';
  }
}

/** Failures first, then what runs, each in its own order. */
export function failuresFirst(rows: readonly CaseRow[]): CaseRow[] {
  const rank = { failed: 0, running: 1, passed: 2, waiting: 2 } as const;
  return [...rows].sort((a, b) => rank[a.status] - rank[b.status]);
}
