/** What the check page and its worker say to each other, and what the page makes of it. */
import type { AdapterInfo, ConformResult, GradientLayer, GradientResult, ModelInfo } from './api.js';
import type { UnsupportedReason } from '../engine/protocol.js';

export type CheckStart =
  | { ok: true; adapter: AdapterInfo; models: ModelInfo[]; version: string }
  | { ok: false; reason: UnsupportedReason | 'failed'; message: string };

/** A reference case on its way through the GPU. */
export interface CaseRow {
  readonly name: string;
  /** From the file's own metadata; empty until it is loaded, and for files that have none. */
  readonly op: string;
  /** Dropped by the visitor, not shipped with the page. */
  readonly own: boolean;
  readonly status: 'waiting' | 'running' | 'passed' | 'failed';
  readonly result: ConformResult | null;
}

/** A layer whose gradient is checked. */
export interface GradientRow {
  readonly layer: GradientLayer;
  readonly result: GradientResult | null;
}

export interface GradientRun {
  readonly model: string;
  readonly seed: number;
  readonly rows: readonly GradientRow[];
}
