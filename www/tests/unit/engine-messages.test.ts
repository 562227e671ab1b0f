import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ENGLISH, inKorean, OUR_ENGLISH } from '../../src/i18n/engine-ko.js';
import { ENGLISH_NOTES, noteInKorean } from '../../src/i18n/notes-ko.js';
import { messages } from '../../src/i18n/index.js';
import { withRate } from '../../src/i18n/problems/index.js';
import { sourceInKorean } from '../../src/i18n/sources-ko.js';
import { put, told } from '../../src/i18n/worded.js';
import { registered, registry } from './registry.js';

describe('the engine’s messages in Korean', () => {
  it('translate what the engine says today', () => {
    const folder = new URL('../../../src/', import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.rs'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .join('\n')
      .replace(/\\\n\s*/g, '')
      .replace(/\\"/g, '"')
      .replace(/\{[\w:.?]*\}/g, '{}');
    for (const text of ENGLISH) expect(sources, text).toContain(text);
  });

  it('translate what the page says in its place', () => {
    const folder = new URL('../../src/', import.meta.url);
    const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.startsWith('i18n'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .join('\n')
      .replace(/\$\{[^{}]*\}/g, '{}');
    for (const text of OUR_ENGLISH) expect(sources, text).toContain(text);
  });

  it('say what a browser says of a file', () => {
    expect(inKorean('Failed to fetch')).toMatch(/네트워크/);
    const broken = 'This is not JSON: Unexpected token \'h\', "hello" is not valid JSON.';
    expect(inKorean(broken)).toBe("JSON 파일이 아닙니다. ('h'에서 문법이 어긋납니다)");
    expect(inKorean('This is not JSON: Unexpected end of JSON input.')).toBe(
      'JSON 파일이 아닙니다. (파일이 중간에 끊겼습니다)',
    );
    expect(
      inKorean('A requested file or directory could not be found at the time an operation was processed.'),
    ).toMatch(/^파일이 없습니다/);
  });

  it('say where every model comes from', () => {
    for (const name of registry()) {
      const { source = '' } = registered(name);
      if (!source.startsWith('keras.')) expect(sourceInKorean(source), name).toMatch(/[가-힣]/);
      expect(sourceInKorean(source).replace(/He|keras\.applications\S+/g, ''), name).not.toMatch(/[a-z]{2}/i);
    }
    expect(sourceInKorean('course note 001, last section')).toBe('강의 노트 001, 마지막 절');
    expect(sourceInKorean('He et al. 2015, section 4.2')).toBe('He 외(2015), 4.2절');
  });

  it('say what is noted of every model, and nothing that is noted no more', () => {
    const notes = new Set(registry().flatMap((name) => registered(name).notes ?? []));
    expect(notes.size).toBeGreaterThan(20);
    for (const note of notes) expect(noteInKorean(note), note).toMatch(/[가-힣].*[.)]$/);
    expect(ENGLISH_NOTES.filter((note) => !notes.has(note))).toEqual([]);
    // Every number of a note stands in its translation; sides are joined by ×.
    for (const note of notes) {
      const numbers = note.match(/\d+(?:\.\d+)?(?:e-\d)?/g) ?? [];
      const said = noteInKorean(note);
      expect(
        numbers.filter((number) => Number(number) > 10 && !said.includes(number)),
        note,
      ).toEqual([]);
    }
  });

  it('carry the numbers over, and messages within messages', () => {
    const message =
      'training stopped at step 7: the output of layer "conv2d" is the first that is out of range (12 of 4704 values are NaN or infinite). The learning rate of 0.5 is probably too large: try a tenth of it, and reset';
    expect(inKorean(message)).toBe(
      '7 스텝에서 학습이 멈췄습니다. 층 "conv2d"의 출력이 처음으로 범위를 벗어났습니다. (값 4704개 중 12개가 NaN 또는 무한대). 학습률 0.5가 너무 큰 것 같습니다. 10분의 1로 줄여 처음부터 다시 해 보세요.',
    );
    expect(inKorean('window 50×5 exceeds input 32×32; add padding, use padding "same" or drop a pooling layer')).toBe(
      '창(50×5)이 입력(32×32)보다 큽니다. 패딩을 더하거나, 패딩을 "same"으로 하거나, 풀링층을 빼세요.',
    );
    expect(inKorean('the snapshot belongs to other training settings; open it with those that it was saved with')).toBe(
      '저장된 실행의 설정이 지금과 다릅니다(학습 설정). 저장할 때의 설정으로 여세요.',
    );
    expect(inKorean('the snapshot has 12 bytes of state, the network needs 40; it is not whole')).toBe(
      '저장된 실행이 온전하지 않습니다. 상태가 12바이트인데 이 신경망에는 40바이트가 필요합니다.',
    );
    expect(inKorean('model=nope: something else')).toBe('model=nope: something else');
    expect(inKorean('net: The network in the link cannot be read; copy the link again, whole. (bad)')).toBe(
      'net: 링크에 담긴 신경망을 읽을 수 없습니다. 링크를 빠짐없이 다시 복사하세요. (bad)',
    );
  });

  it('name the rate to try, in either language', () => {
    const advised = [
      'The learning rate of 0.5 is probably too large: try a tenth of it, and reset',
      'are too large. Try a tenth of the learning rate 5e-1, and reset',
      'out of range. Try a tenth of the learning rate, and reset',
      '학습률 0.5가 너무 큰 것 같습니다. 10분의 1로 줄여 처음부터',
      '학습률 0.5의 10분의 1로 처음부터',
    ];
    expect(advised.map((message) => withRate(message, '0.05'))).toEqual([
      'The learning rate of 0.5 is probably too large: try a learning rate of 0.05, and reset',
      'are too large. Try a learning rate of 0.05, and reset',
      'out of range. Try a learning rate of 0.05, and reset',
      '학습률 0.5가 너무 큰 것 같습니다. 0.05로 줄여 처음부터',
      '학습률 0.5 대신 0.05로 처음부터',
    ]);
    for (const message of ENGLISH.filter((text) => /tenth/i.test(text))) {
      expect(withRate(message.replace('{}', '0.5'), '0.05')).toContain('0.05');
      expect(withRate(inKorean(message), '0.05')).toContain('0.05로');
    }
  });

  it('tell a host page in the language of the page, line by line', async () => {
    const problem = { kind: 'link', message: 'there is no model "x"\nthere is no model "y"' };
    expect([told(null), told(problem)]).toEqual([null, problem.message]);
    expect((await put(problem, messages('en'))).message).toBe(problem.message);
    const message = '"x"이라는 모델이 없습니다.\n"y"이라는 모델이 없습니다.';
    expect(await put(problem, messages('ko'))).toEqual({ kind: 'link', message });
    expect(told(problem)).toBe(message);
  });
});
