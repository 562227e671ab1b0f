/** What a screen reader is told. */
import type { Messages } from '../i18n/index.js';
import * as format from '../lib/format.js';
import type { PlaygroundState } from '../playground-state.js';

export function statusText(t: Messages, { status, phase }: PlaygroundState): string {
  if (phase === 'starting') return t.loading;
  if (phase === 'building') return t.building;
  if (phase !== 'ready') return '';
  switch (status.kind) {
    case 'idle':
      return t.statusIdle;
    case 'reset':
      return t.statusReset;
    case 'running':
      return t.statusRunning(status.epoch);
    case 'epoch':
      return t.statusEpoch(status.epoch, format.percent(status.accuracy));
    case 'finished':
      return t.statusFinished(status.epoch, format.percent(status.accuracy));
    case 'stopped':
      return t.statusStopped(status.epoch, format.percent(status.accuracy));
    case 'resumed':
      return t.statusResumed(format.integer(status.step, 'en'));
    case 'paused':
      return t.statusPaused(format.integer(status.step, 'en'));
  }
}

/** What is seen while a network is on its way. */
export function buildingText(t: Messages, measuring: PlaygroundState['measuring']): string {
  return measuring === null ? t.building : t.measuring(measuring.done, measuring.all);
}
