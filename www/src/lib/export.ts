/** The history of a run as a file. */
import { stem } from '../engine/datasets.js';
import type { Settings } from '../state.js';
import type { PinnedRun } from '../playground-state.js';
import { toQuery } from '../state.js';
import { download } from './download.js';
import type { History } from './history.js';

const COLUMNS = ['step', 'epoch', 'loss', 'accuracy', 'val_loss', 'val_accuracy', 'val_top5_accuracy'] as const;
type Row = Record<(typeof COLUMNS)[number], number | null> & { step: number };

/** One row for each point of the curves, and one for each epoch's end; by step. */
export function rows(history: History): Row[] {
  const empty: Row = {
    step: 0,
    epoch: null,
    loss: null,
    accuracy: null,
    val_loss: null,
    val_accuracy: null,
    val_top5_accuracy: null,
  };
  const byStep = new Map<number, Row>();
  const at = (step: number): Row => {
    const row = byStep.get(step) ?? { ...empty, step };
    byStep.set(step, row);
    return row;
  };
  history.loss.steps.forEach((step, i) => {
    Object.assign(at(step), { loss: history.loss.raw[i], accuracy: history.accuracy.raw[i] });
  });
  for (const { step, epoch, evaluation } of history.validation) {
    Object.assign(at(step), {
      epoch,
      val_loss: evaluation.loss,
      val_accuracy: evaluation.accuracy,
      val_top5_accuracy: evaluation.top5_accuracy,
    });
  }
  return [...byStep.values()].sort((a, b) => a.step - b.step);
}

const lines = (history: History): string[] =>
  rows(history).map((row) => COLUMNS.map((column) => row[column] ?? '').join(','));

/** With runs to compare, a first column says which run a row is of: `now`, or the number of its colour. */
export function asCsv(history: History, pinned: readonly PinnedRun[] = []): string {
  if (pinned.length === 0) return [COLUMNS.join(','), ...lines(history), ''].join('\n');
  const all: [string, History][] = [
    ['now', history],
    ...pinned.map((run): [string, History] => [`${run.slot}`, run.history]),
  ];
  const body = all.flatMap(([name, one]) => lines(one).map((line) => `${name},${line}`));
  return [`run,${COLUMNS.join(',')}`, ...body, ''].join('\n');
}

export function asJson(history: History, settings: Settings, pinned: readonly PinnedRun[] = []): string {
  const run = (of: Pick<PinnedRun, 'settings' | 'history'>): object => ({
    settings: of.settings,
    link: toQuery(of.settings),
    seconds: of.history.seconds,
    rates: of.history.rates,
    history: rows(of.history),
  });
  const compared = pinned.length === 0 ? {} : { compared: pinned.map((one) => ({ run: one.slot, ...run(one) })) };
  return JSON.stringify({ ...run({ settings, history }), ...compared }, null, 1);
}

/** Hands the file to the browser's downloads. */
export function saveHistory(
  kind: 'csv' | 'json',
  history: History,
  settings: Settings,
  pinned: readonly PinnedRun[],
): void {
  const text = kind === 'csv' ? asCsv(history, pinned) : asJson(history, settings, pinned);
  const name = `${settings.model}-${stem(settings.dataset)}-seed${settings.seed}.${kind}`;
  download(name, text, kind === 'csv' ? 'text/csv' : 'application/json');
}
