import { describe, expect, it } from 'vitest';
import { decode } from '../../src/builder/code.js';
import { lessonMessages } from '../../src/lessons/i18n/index.js';
import { LESSONS, lessonOf } from '../../src/lessons/lessons.js';

describe('lessons', () => {
  it('have words in both languages, with as many tasks and choices', () => {
    const [en, ko] = [lessonMessages('en'), lessonMessages('ko')];
    expect(Object.keys(ko)).toEqual(Object.keys(en));
    expect(Object.keys(en.lessons)).toEqual(LESSONS.map(({ id }) => id));
    for (const { id, answer } of LESSONS) {
      const [a, b] = [en.lessons[id], ko.lessons[id]];
      expect(b?.title).toMatch(/[가-힣]/);
      for (const part of ['before', 'tasks', 'after', 'choices'] as const)
        expect(b?.[part].length, id).toBe(a?.[part].length);
      expect(a?.choices.length).toBeGreaterThan(answer);
      for (const words of [a, b]) {
        const texts = [...(words?.before ?? []), ...(words?.tasks ?? []), ...(words?.after ?? [])];
        // Asterisks come in pairs.
        for (const text of texts) expect(text.split('*').length % 2, text).toBe(1);
      }
    }
  });

  it('are named by the query', () => {
    expect(lessonOf('?lesson=dropout')).toBe(6);
    expect(lessonOf('?lesson=inception')).toBe(4);
    expect(lessonOf('?lesson=none')).toBe(0);
    expect(lessonOf('')).toBe(0);
  });

  it('carry networks that can be read', async () => {
    const nets = LESSONS.flatMap(({ widget }) => (widget.kind === 'two' ? widget.sides : []))
      .map(({ attributes }) => attributes['net'])
      .filter((net) => net !== undefined);
    const classes = await Promise.all(nets.map(async (net) => (await decode(net)).layers.map((layer) => layer.class)));
    expect(classes.map((list) => list.includes('Dropout'))).toEqual([false, true]);
  });
});
