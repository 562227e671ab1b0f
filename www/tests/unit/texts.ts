import { readdirSync, readFileSync } from 'node:fs';

/** Paths of all texts. */
export function textsOf(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, entry]) => textsOf(entry, `${path}.${key}`));
}

/** Keys that no source in a folder of `src` reads as `name.key`. */
export function unusedIn(texts: object, folder: string, name: string): string[] {
  const url = new URL(`../../src/${folder}/`, import.meta.url);
  const sources = readdirSync(url)
    .filter((file) => file.endsWith('.ts'))
    .map((file) => readFileSync(new URL(file, url), 'utf8'))
    .join('\n');
  return Object.keys(texts).filter((key) => !new RegExp(`\\b${name}\\.${key}\\b`).test(sources));
}
