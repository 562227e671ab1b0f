/** What came of two runs, in words and with their difference. */
import * as format from '../lib/format.js';
import type { History } from '../lib/history.js';
import type { RunsMessages } from './i18n/index.js';

export interface Result {
  id: 'steps' | 'epochs' | 'loss' | 'top1' | 'top5' | 'training' | 'time';
  name: string;
  a: string;
  b: string;
  /** Empty while one of them is not known. */
  difference: string;
}

const NOTHING = '–';

/** With its sign, a real minus. */
function signed(value: number, text: (size: number) => string): string {
  const size = text(Math.abs(value));
  if (Number(size.replace(/[^\d.]/g, '')) === 0) return '0';
  return `${value < 0 ? '−' : '+'}${size}`;
}

/** Of the last epoch's end; time and training loss up to the last step. */
export function results(a: History, b: History, t: RunsMessages): Result[] {
  const row = (
    id: Result['id'],
    name: string,
    value: (history: History) => number | undefined,
    text: (value: number) => string,
    difference = (by: number): string => signed(by, text),
  ): Result => {
    const [before, after] = [value(a), value(b)];
    const said = (one: number | undefined): string => (one === undefined ? NOTHING : text(one));
    const known = before !== undefined && after !== undefined;
    return { id, name, a: said(before), b: said(after), difference: known ? difference(after - before) : '' };
  };
  const points = (by: number): string => t.points(signed(by, (size) => (100 * size).toFixed(1)));
  const last = (history: History): History['validation'][number] | undefined => history.validation.at(-1);
  const share = (value: number): string => format.percent(value);
  return [
    row(
      'steps',
      t.steps,
      (of) => of.loss.steps.at(-1),
      (value) => format.integer(value, 'en'),
    ),
    row('epochs', t.epochs, (of) => last(of)?.epoch, String),
    row('loss', t.validationLoss, (of) => last(of)?.evaluation.loss, format.loss),
    row('top1', t.top1, (of) => last(of)?.evaluation.error, share, points),
    row('top5', t.top5, (of) => last(of)?.evaluation.top5_error, share, points),
    row('training', t.trainingLoss, (of) => of.loss.smooth.at(-1), format.loss),
    row('time', t.time, (of) => (of.last === null ? undefined : of.seconds), format.duration),
  ];
}
