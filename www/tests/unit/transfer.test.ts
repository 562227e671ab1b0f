import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { messages } from '../../src/i18n/index.js';
import { fromQuery, needsNewRun, toQuery, defaults } from '../../src/state.js';
import { transfer } from '../../src/transfer/i18n/index.js';
import { half, writeWeights } from '../../src/transfer/safetensors.js';

interface Header {
  __metadata__: Record<string, string>;
  [name: string]: unknown;
}

function read(file: Uint8Array): { header: Header; begin: number } {
  const begin = 8 + Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  return { header: JSON.parse(new TextDecoder().decode(file.subarray(8, begin))) as Header, begin };
}

describe('weights as a file', () => {
  it('lie one after the other behind an aligned header', () => {
    const file = writeWeights(
      [
        { name: 'a/kernel', shape: [2, 1], values: Float32Array.of(1, 2) },
        { name: 'a/bias', shape: [1], values: Float32Array.of(3) },
      ],
      { model: 'lenet', input: [32, 32, 1], classes: ['0', '영'] },
    );
    const { header, begin } = read(file);
    expect(begin % 8).toBe(0);
    expect(header.__metadata__).toEqual({ model: 'lenet', input: '[32,32,1]', classes: '["0","영"]' });
    expect(header['a/bias']).toEqual({ dtype: 'F32', shape: [1], data_offsets: [8, 12] });
    expect([...new Float32Array(file.buffer, begin)]).toEqual([1, 2, 3]);
  });
});

describe('half of the digits', () => {
  it('has the pictures of five classes, in their order', () => {
    const file = readFileSync(new URL('../../public/data/digits.safetensors', import.meta.url));
    const counts = (
      [
        [0, 4],
        [5, 9],
      ] as const
    ).map((classes) => {
      const part = half(file, classes);
      const { header, begin } = read(part);
      const { shape, data_offsets: at } = header['labels'] as { shape: [number]; data_offsets: [number, number] };
      const labels = part.subarray(begin + at[0], begin + at[1]);
      expect(new Set(labels)).toEqual(new Set([0, 1, 2, 3, 4].map((label) => label + classes[0])));
      // The first zero's top row.
      if (classes[0] === 0) expect([...part.subarray(begin, begin + 8)]).toEqual([0, 0, 5, 13, 9, 1, 0, 0]);
      return shape[0];
    });
    expect(counts).toEqual([901, 896]);
  });
});

describe('freezing', () => {
  it('stands in the link and starts a new run', () => {
    const settings = { ...defaults(), freeze_all_but: 1 };
    expect(toQuery(settings)).toContain('freeze_all_but=1');
    expect(toQuery(defaults())).not.toContain('freeze');
    expect(fromQuery('?v=1&freeze_all_but=2').freeze_all_but).toBe(2);
    expect(fromQuery('?v=1&freeze_all_but=0').freeze_all_but).toBeUndefined();
    expect(needsNewRun(defaults(), settings)).toBe(true);
  });
});

describe('the words of transfer learning', () => {
  it('are there in both languages, all used', () => {
    const [en, ko] = [transfer(messages('en')), transfer(messages('ko'))];
    expect(Object.keys(ko)).toEqual(Object.keys(en));
    expect(Object.keys(ko.rows)).toEqual(Object.keys(en.rows));
    expect(ko.freeze).toMatch(/[가-힣]/);
    const sources = ['weights-panel', 'cost-ledger']
      .map((name) => readFileSync(new URL(`../../src/transfer/${name}.ts`, import.meta.url), 'utf8'))
      .join('\n');
    for (const key of Object.keys(en)) expect(sources, key).toContain(`m.${key}`);
  });
});
