/** What page and worker say to each other. Everything here can be cloned by `postMessage`. */
import type {
  AdapterInfo,
  DatasetInfo,
  Evaluation,
  ModelInfo,
  NetworkInfo,
  OptimizerConfig,
  PlanInfo,
  Sample,
  SessionState,
  StepMetrics,
} from './api.js';
import type { DatasetName } from './datasets.js';

/** Why there is no engine. */
export type UnsupportedReason = 'insecure' | 'no-webgpu' | 'no-adapter' | 'limits';

export type StartResult =
  | { ok: true; adapter: AdapterInfo; models: ModelInfo[] }
  | { ok: false; reason: UnsupportedReason | 'failed'; message: string };

export interface RunConfig {
  model: string;
  dataset: DatasetName;
  optimizer: OptimizerConfig;
  batch: number;
  seed: number;
}

/** All that stays the same while a run trains. */
export interface RunDescription {
  id: number;
  network: NetworkInfo;
  summary: string;
  plan: PlanInfo;
  dataset: DatasetInfo;
  /** Some pictures of every class, by class and then by index. */
  samples: Sample[];
  progress: Progress;
}

export interface Progress {
  /** Counts the resets of the run: what was measured before the last one is stale. */
  attempt: number;
  state: SessionState;
  /** Training samples a second of wall time, pictures and validation included; 0 before the first step. */
  samplesPerSecond: number;
  /** GPU bytes the engine holds. */
  bytes: number;
}

/** The engine counts the epoch that is being trained, from 1; the page shows those that are done. */
export function epochsDone(state: SessionState): number {
  return state.steps_per_epoch === 0 ? 0 : Math.floor(state.step / state.steps_per_epoch);
}

export type RunEvent = { attempt: number } & RunEventBody;

export type RunEventBody =
  | { type: 'steps'; metrics: StepMetrics[]; progress: Progress }
  | { type: 'epoch'; evaluation: Evaluation; step: number; epoch: number }
  | { type: 'observed'; probabilities: Float32Array }
  | { type: 'paused'; progress: Progress }
  | { type: 'failed'; message: string; progress: Progress };

export type RunListener = (event: RunEvent) => void;
