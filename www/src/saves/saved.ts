/** What is kept of a run, so that it can go on in another tab or on another day. */
import type { Evaluation } from '../engine/api.js';
import type { HistoryData } from '../lib/history.js';
import type { Settings } from '../state.js';

/** The page's share of a snapshot: what the engine does not know. */
export interface RunRecord {
  settings: Settings;
  step: number;
  epoch: number;
  /** Epoch at whose end it stops. */
  goal: number | null;
  history: HistoryData;
  evaluation: Evaluation | null;
}

/** A run that can be taken up again, as the page offers it. */
export interface Offer extends Pick<RunRecord, 'settings' | 'step' | 'epoch'> {
  id: string;
  /** Milliseconds since 1970. */
  saved: number;
}

export interface SavedRun extends Offer, RunRecord {}
