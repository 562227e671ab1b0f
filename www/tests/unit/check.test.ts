import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CASES, failuresFirst, nameOf, opOf } from '../../src/check/cases.js';
import { checkMessages } from '../../src/check/i18n/index.js';
import type { CaseRow } from '../../src/check/protocol.js';
import { adapterName, reportOf, scientific, shareOf, verdictOf } from '../../src/check/report.js';

const FIXTURES = new URL('../../../tests/fixtures/ops/', import.meta.url);

function row(name: string, status: CaseRow['status'], worst = 0.5, message = ''): CaseRow {
  const passed = status === 'passed';
  const result = { name, passed, worst, worst_at: 'y[3]', error: 1e-6, tolerance: 2e-6, message, milliseconds: 12 };
  return { name, op: 'relu', own: false, status, result: status === 'waiting' ? null : result };
}

const ADAPTER = {
  vendor: 'maker',
  architecture: 'kind',
  device: '',
  description: 'maker',
  limits: { maxBufferSize: 1024 },
  features: ['subgroups'],
};

describe('cases', () => {
  it('are all that the repository has', () => {
    const files = readdirSync(FIXTURES).filter((name) => name.endsWith('.safetensors'));
    expect(CASES.length).toBe(files.length);
    expect(CASES.map(({ name }) => `${name}.safetensors`).sort()).toEqual(files.sort());
  });

  it('tell their op, and nothing where there is none', () => {
    expect(opOf(new Uint8Array(readFileSync(new URL('gelu_tanh.safetensors', FIXTURES))))).toBe('gelu');
    expect(opOf(new Uint8Array([1, 2, 3]))).toBe('');
    expect(opOf(new TextEncoder().encode('{"curves": 1}'))).toBe('');
    expect(nameOf('some/where/add_two.safetensors')).toBe('add_two');
  });

  it('are sorted by failures, each kind in its order', () => {
    const rows = [row('a', 'passed'), row('b', 'failed'), row('c', 'waiting'), row('d', 'failed')];
    expect(failuresFirst(rows).map(({ name }) => name)).toEqual(['b', 'd', 'a', 'c']);
  });
});

describe('the verdict', () => {
  it('is good only when all is done', () => {
    expect(verdictOf([row('a', 'waiting')], false).kind).toBe('none');
    expect(verdictOf([row('a', 'passed'), row('b', 'waiting')], true).kind).toBe('running');
    expect(verdictOf([row('a', 'passed'), row('b', 'waiting')], false).kind).toBe('partial');
    expect(verdictOf([row('a', 'failed'), row('b', 'waiting')], true).kind).toBe('failed');
    const { kind, closest } = verdictOf([row('a', 'passed', 0.1), row('b', 'passed', 0.4)], false);
    expect([kind, closest?.name]).toEqual(['passed', 'b']);
  });

  it('writes errors so that they can be read', () => {
    expect([scientific(0), scientific(1.26e-7), scientific(Number.MAX_VALUE)]).toEqual(['0', '1.3e-7', '∞']);
    expect([shareOf(0.012), shareOf(0.5), shareOf(3), shareOf(1e6)]).toEqual(['1.2%', '50%', '300%', '1.0e+6×']);
    expect(adapterName(ADAPTER)).toBe('maker · kind');
  });
});

describe('the report', () => {
  const input = {
    adapter: ADAPTER,
    version: '1.2.3',
    userAgent: 'Browser/1',
    rows: [row('good', 'passed'), row('bad', 'failed', 9, 'y[3]: got 1 | 2,\nwant 3')],
    seconds: 1.25,
    gradient: null,
    date: new Date(0),
  };

  it('names all that a bug report needs, in cells that hold', () => {
    const report = reportOf(input);
    expect(report).toContain('## GPU check: FAIL, 1 of 2 cases');
    expect(report).toContain('- Adapter: maker · kind');
    expect(report).toContain('- maxBufferSize: 1024');
    expect(report).toContain('- User agent: Browser/1');
    expect(report).toContain('- Engine: 1.2.3');
    expect(report).toContain('| relu | bad | 1.0e-6 | 2.0e-6 | y[3] | 12 | FAIL: y[3]: got 1 \\| 2, want 3 |');
    expect(report.indexOf('| bad |')).toBeLessThan(report.indexOf('| good |'));
  });

  it('says what did not run', () => {
    const rows = [row('good', 'passed'), row('left', 'waiting')];
    expect(reportOf({ ...input, rows })).toContain('## GPU check: pass, 1 of 2 cases, 1 not run');
    expect(reportOf({ ...input, rows: [row('left', 'waiting')] })).toContain('## GPU check: not run');
  });

  it('holds the gradient, layer by layer', () => {
    const layer = { index: 0, layer: 'conv2d', class: 'Conv2D' };
    const numbers = { backward: 0.5, measured: 0.25, error: 0.25, tolerance: 0.01 };
    const result = {
      layer: 'conv2d',
      class: 'Conv2D',
      parameters: 9,
      tensor: 'kernel',
      ...numbers,
      passed: false,
      milliseconds: 1,
    };
    const rows = [
      { layer, result },
      { layer: { ...layer, layer: 'dense' }, result: null },
    ];
    const report = reportOf({ ...input, gradient: { model: 'lenet', seed: 3, rows } });
    expect(report).toContain('### Gradient of lenet, seed 3');
    expect(report).toContain('| conv2d | kernel | 5.00e-1 | 2.50e-1 | 2.50e-1 | 1.00e-2 | FAIL |');
    expect(report).toContain('| dense | | | | | | not run |');
  });
});

describe('the languages of the check page', () => {
  it('are written in their own script, and every text is used', () => {
    const [en, ko] = [checkMessages('en'), checkMessages('ko')];
    expect(JSON.stringify({ ...en, switchLanguage: '' })).not.toMatch(/[가-힣]/);
    for (const [key, text] of Object.entries(ko)) {
      if (typeof text === 'string' && key !== 'switchLanguage') expect(text, key).toMatch(/[가-힣]/);
    }
    const folder = new URL('../../src/check/', import.meta.url);
    const sources = readdirSync(folder)
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(new URL(name, folder), 'utf8'))
      .join('\n');
    expect(Object.keys(en).filter((key) => !new RegExp(`\\b${key}\\b`).test(sources))).toEqual([]);
  });
});
