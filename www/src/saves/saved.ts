/** What is kept of a run, so that it can go on in another tab or on another day. */
import type { Evaluation } from '../engine/api.js';
import type { HistoryData } from '../lib/history.js';
import type { Settings } from '../state.js';

/** The page's share of a snapshot: what the engine does not know. */
export interface RunRecord {
  settings: Settings;
  /** Of an own network; older records do not say. */
  name?: string | undefined;
  step: number;
  epoch: number;
  /** Epoch at whose end it stops. */
  goal: number | null;
  history: HistoryData;
  evaluation: Evaluation | null;
}

/** What lies in the browser, beside the weights. */
export interface SavedRun extends RunRecord {
  id: string;
  /** Milliseconds since 1970. */
  saved: number;
  /** Of the weights and the optimiser's memory; older records do not say. */
  bytes?: number;
}

/** A run that can be taken up again, as the page lists it. */
export interface Offer extends Pick<SavedRun, 'id' | 'saved' | 'settings' | 'name' | 'step' | 'epoch'> {
  /** Best validation accuracy of any epoch; `null` before the first epoch's end. */
  best: number | null;
  /** Its smoothed training loss, thinned out. */
  curve: number[];
}
