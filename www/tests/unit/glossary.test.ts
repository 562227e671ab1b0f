import { describe, expect, it } from 'vitest';
import { linkTerms, termOf } from '../../src/glossary/link.js';
import { TERMS } from '../../src/glossary/terms.js';
import { LANGUAGES } from '../../src/i18n/languages.js';
import { lessonMessages } from '../../src/lessons/i18n/index.js';

const textsOf = (language: (typeof LANGUAGES)[number]): [string, string[]][] =>
  Object.entries(lessonMessages(language).lessons).map(([id, { before, tasks, after }]) => [
    id,
    [...before, ...tasks, ...after],
  ]);

describe('the glossary', () => {
  it('has every term in both languages, with a sentence in each', () => {
    expect(TERMS.length).toBeGreaterThanOrEqual(40);
    expect(new Set(TERMS.map(({ id }) => id)).size).toBe(TERMS.length);
    for (const { id, en, ko } of TERMS) {
      expect(en.word, id).not.toMatch(/[가-힣]/);
      expect(en.about, id).toMatch(/^[^가-힣]+\.$/);
      expect(ko.about, id).toMatch(/[가-힣].*니다\.$/);
    }
  });

  it('gives no form to two terms', () => {
    for (const language of LANGUAGES) {
      const forms = TERMS.flatMap((term) => [term[language].word, ...(term[language].forms ?? [])]);
      expect(new Set(forms.map((form) => form.toLowerCase())).size).toBe(forms.length);
    }
  });

  it.each(LANGUAGES)('has every term that a lesson sets off (%s)', (language) => {
    const missing = textsOf(language).flatMap(([id, texts]) =>
      texts.flatMap((text) =>
        text
          .split('*')
          .filter((part, at) => at % 2 === 1 && termOf(part, language) === undefined)
          .map((part) => `${id}: ${part}`),
      ),
    );
    expect(missing).toEqual([]);
  });

  it.each(LANGUAGES)('is linked from every lesson, each term once (%s)', (language) => {
    for (const [id, texts] of textsOf(language)) {
      const pieces = linkTerms(texts, language);
      expect(pieces.map((some) => some.map(({ text }) => text).join(''))).toEqual(
        texts.map((text) => text.replaceAll('*', '')),
      );
      const linked = pieces.flat().flatMap(({ term }) => (term === undefined ? [] : [term.id]));
      expect(linked.length, id).toBeGreaterThanOrEqual(2);
      expect(new Set(linked).size).toBe(linked.length);
    }
  });

  it('takes the longest word, and no part of another one', () => {
    const linked = (text: string, language: 'en' | 'ko'): string[] =>
      linkTerms([text], language)
        .flat()
        .flatMap(({ term, text: word }) => (term === undefined ? [] : [`${word}=${term.id}`]));
    expect(linked('Feature maps have features; a feature map is a map.', 'en')).toEqual([
      'Feature maps=feature-map',
      'features=feature',
    ]);
    expect(linked('The overweight batch was outpadding.', 'en')).toEqual(['batch=batch']);
    expect(linked('특징 맵에서 특징을 재배치하고 배치 정규화를 합니다.', 'ko')).toEqual([
      '특징 맵=feature-map',
      '특징=feature',
      '배치 정규화=batch-normalization',
    ]);
    expect(linked('세 가지 방법, 곧 *가지*', 'ko')).toEqual(['가지=branch']);
  });
});
