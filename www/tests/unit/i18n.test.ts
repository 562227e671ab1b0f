import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messages, preferredLanguage } from '../../src/i18n/index.js';
import { more } from '../../src/i18n/more/index.js';
import { unsupportedMessages } from '../../src/i18n/unsupported/index.js';

function keys(value: unknown, path = ''): string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, entry]) => keys(entry, `${path}.${key}`));
}

describe('languages', () => {
  it('have the same keys', () => {
    const en = keys(messages('en'));
    const ko = keys(messages('ko'));
    expect(ko).toEqual(en);
    // What is advised may take more lines in one of them.
    const later = (language: 'en' | 'ko'): string[] =>
      keys(unsupportedMessages(messages(language))).filter((key) => !key.startsWith('.advice'));
    expect(later('ko')).toEqual(later('en'));
  });

  it('are written in their own script', () => {
    const { title, learningRate, train } = messages('ko');
    const { reasons } = unsupportedMessages(messages('ko'));
    for (const text of [title, learningRate, train, ...Object.values(reasons)]) expect(text).toMatch(/[가-힣]/);
    const foreign = keys(messages('en')).length;
    expect(foreign).toBeGreaterThan(100);
    expect(JSON.stringify(messages('en')).replace('"switchLanguage":"한국어"', '')).not.toMatch(/[가-힣]/);
  });

  it('are all used', () => {
    const folder = new URL('../../src/', import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('i18n'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .join('\n');
    // `t.key`, or `{ key } = this.t`.
    const read = new Set([...sources.matchAll(/\bt\.(\w+)/g)].map((match) => match[1]));
    for (const [, names = ''] of sources.matchAll(/\{([^{}]*)\} = (?:this\.t|messages\([^)]*\))[;.]/g)) {
      for (const name of names.split(',')) read.add(name.trim().replace(/:.*/, ''));
    }
    for (const [, key] of sources.matchAll(/\bmessages\([^)]*\)\.(\w+)/g)) read.add(key);
    const unused = Object.keys(messages('en')).filter((key) => !read.has(key));
    expect(unused).toEqual([]);
  });

  it('follow the browser', () => {
    expect(preferredLanguage(['ko-KR', 'en'])).toBe('ko');
    expect(preferredLanguage(['de', 'KO'])).toBe('ko');
    expect(preferredLanguage(['fr'])).toBe('en');
    expect(preferredLanguage([])).toBe('en');
  });
});

describe('the later texts', () => {
  it('have the same keys in both languages, all used', () => {
    const [en, ko] = [more(messages('en')), more(messages('ko'))];
    expect(keys(ko)).toEqual(keys(en));
    expect(JSON.stringify(en)).not.toMatch(/[가-힣]/);
    expect(ko.mistakesNone).toMatch(/[가-힣]/);
    const sources = ['more-settings', 'arithmetic-view', 'layer-cost', 'learning-view', 'mistakes-view']
      .map((name) => readFileSync(new URL(`../../src/components/${name}.ts`, import.meta.url), 'utf8'))
      .join('\n');
    const unused = Object.keys(en).filter((key) => !sources.includes(`m.${key}`));
    expect(unused).toEqual([]);
  });
});

describe('templates', () => {
  it('hold no text of their own', () => {
    const folder = new URL('../../src/', import.meta.url);
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
    const found = names
      .filter((name) => /^(components|check|builder|lessons)\/[^/]*\.ts$/.test(name) && name !== 'check/report.ts')
      .flatMap((name) => {
        const source = readFileSync(new URL(name, folder), 'utf8').replace(/css`[^`]*`/g, '');
        // Words between two tags of a template.
        return [...source.matchAll(/>\s*([A-Za-z가-힣][A-Za-z가-힣 ,.]{2,})\s*<\//g)].map(
          (match) => `${name}: ${match[1] ?? ''}`,
        );
      });
    expect(found).toEqual([]);
  });
});
