/** The verdict, and the text that goes into a bug report. The text is English and Markdown whatever the page's language. */
import type { AdapterInfo } from './api.js';
import type { CaseRow, GradientRun } from './protocol.js';

export interface Verdict {
  kind: 'none' | 'running' | 'partial' | 'passed' | 'failed';
  all: number;
  done: number;
  passed: number;
  failed: number;
  /** The case that passed with the least to spare. */
  closest: CaseRow | null;
}

export function verdictOf(rows: readonly CaseRow[], running: boolean): Verdict {
  const passed = rows.filter(({ status }) => status === 'passed');
  const failed = rows.filter(({ status }) => status === 'failed').length;
  const done = passed.length + failed;
  const closest = passed.reduce<CaseRow | null>(
    (best, row) => ((row.result?.worst ?? 0) > (best?.result?.worst ?? 0) ? row : best),
    null,
  );
  let kind: Verdict['kind'] = done === rows.length ? 'passed' : 'partial';
  if (failed > 0) kind = 'failed';
  else if (running) kind = 'running';
  else if (done === 0) kind = 'none';
  return { kind, all: rows.length, done, passed: passed.length, failed, closest };
}

/** A number with as many digits as an error deserves; what is no number came as the largest one. */
export function scientific(value: number): string {
  if (value === 0) return '0';
  return value >= 1e300 ? '∞' : value.toExponential(1);
}

/** An error as a share of what is allowed. */
export function shareOf(worst: number): string {
  if (worst >= 1e300) return '∞';
  return worst > 10 ? `${worst.toExponential(1)}×` : `${(worst * 100).toFixed(worst < 0.1 ? 1 : 0)}%`;
}

/** What an adapter is called, as far as the browser tells. */
export function adapterName(adapter: AdapterInfo): string {
  const { vendor, architecture, device, description } = adapter;
  const parts = [description, vendor, architecture, device].filter((part) => part !== '');
  return [...new Set(parts)].join(' · ');
}

export interface ReportInput {
  adapter: AdapterInfo;
  version: string;
  userAgent: string;
  rows: readonly CaseRow[];
  seconds: number;
  gradient: GradientRun | null;
  date: Date;
}

export function reportOf(input: ReportInput): string {
  const { adapter, rows, gradient } = input;
  const verdict = verdictOf(rows, false);
  const failures = rows.filter(({ status }) => status === 'failed');
  const others = rows.filter(({ status }) => status === 'passed');
  return [
    `## GPU check: ${verdictLine(verdict)}`,
    '',
    `- Adapter: ${adapterName(adapter) || 'not told'}`,
    `- Backend: WebGPU`,
    `- Features: ${adapter.features.join(', ') || 'none'}`,
    ...Object.entries(adapter.limits).map(([name, value]) => `- ${name}: ${value}`),
    `- User agent: ${input.userAgent}`,
    `- Engine: ${input.version}`,
    `- Date: ${input.date.toISOString()}`,
    ...(verdict.done === 0 ? [] : [`- Time: ${input.seconds.toFixed(1)} s`]),
    ...(failures.length === 0 ? [] : ['', '### Failures', '', ...caseTable(failures)]),
    ...(gradient === null || gradient.rows.length === 0 ? [] : ['', ...gradientPart(gradient)]),
    ...(others.length === 0
      ? []
      : ['', '<details><summary>Cases that pass</summary>', '', ...caseTable(others), '', '</details>']),
    '',
  ].join('\n');
}

function verdictLine({ all, done, passed, failed }: Verdict): string {
  if (done === 0) return 'not run';
  const unfinished = done < all ? `, ${all - done} not run` : '';
  return failed > 0 ? `FAIL, ${failed} of ${all} cases${unfinished}` : `pass, ${passed} of ${all} cases${unfinished}`;
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function caseTable(rows: readonly CaseRow[]): string[] {
  const lines = rows.map(({ op, name, status, result }) => {
    const { error = 0, tolerance = 0, worst_at = '', milliseconds = 0, message = '' } = result ?? {};
    const words = status === 'failed' ? `FAIL: ${message}` : 'pass';
    const numbers = [scientific(error), scientific(tolerance), worst_at, milliseconds.toFixed(0), words];
    return `| ${[op, name, ...numbers].map(cell).join(' | ')} |`;
  });
  return ['| op | case | worst error | tolerance | at | ms | result |', '|---|---|---|---|---|---|---|', ...lines];
}

function gradientPart({ model, seed, rows }: GradientRun): string[] {
  const lines = rows.map(({ layer, result }) => {
    if (result === null) return `| ${layer.layer} | | | | | | not run |`;
    const { tensor, backward, measured, error, tolerance, passed } = result;
    const numbers = [backward, measured, error, tolerance].map((value) => value.toExponential(2));
    return `| ${[layer.layer, tensor, ...numbers, passed ? 'pass' : 'FAIL'].map(cell).join(' | ')} |`;
  });
  return [
    `### Gradient of ${model}, seed ${seed}`,
    '',
    '| layer | weights | backward | measured | error | tolerance | result |',
    '|---|---|---|---|---|---|---|',
    ...lines,
  ];
}
