/** What page and worker say to each other. Everything here can be cloned by `postMessage`. */
import type {
  AdapterInfo,
  DatasetInfo,
  Evaluation,
  ModelInfo,
  NetworkInfo,
  LayerNorms,
  OptimizerConfig,
  PlanInfo,
  Sample,
  SessionConfig,
  SessionState,
  Statistics,
  StepMetrics,
  Tuning,
} from './api.js';
import type { LoadedWeights } from '../builder/api.js';
import type { TuningName } from '../state.js';
import type { DatasetName } from './datasets.js';

/** Why there is no engine. */
export type UnsupportedReason = 'insecure' | 'no-webgpu' | 'no-adapter' | 'limits';

/** Name of the error when a link's network cannot be read or run. */
export const UNUSABLE_NET = 'UnusableNet';
/** And of one when pictures of one's own cannot be had or read. */
export const UNUSABLE_DATA = 'UnusableData';

export type StartResult =
  | { ok: true; adapter: AdapterInfo; models: ModelInfo[] }
  | { ok: false; reason: UnsupportedReason | 'failed'; message: string };

/** Weights to start from, in place of those that the seed draws. */
export interface FirstWeights {
  /** Where they come from, for the reader. */
  name: string;
  /** A safetensors file. */
  bytes: Uint8Array;
  /** The output layers are drawn anew, whatever the file has for them. */
  replaceHead: boolean;
}

export interface RunConfig extends SessionConfig {
  /** An own network, as in a link; empty for the model of the registry. */
  net: string;
  dataset: DatasetName;
  /** So many of the last layers with weights learn, the others stay as they are; all learn where it is `null`. */
  freeze_all_but: number | null;
  first: FirstWeights | null;
  tuning: TuningName;
}

/** What the engine makes a session of: of the rest of a run it sees nothing, since it passes over what is undefined. */
export function sessionConfig(config: RunConfig): SessionConfig {
  const beside = { net: undefined, dataset: undefined, freeze_all_but: undefined, first: undefined, tuning: undefined };
  return { ...config, ...beside };
}

/** What came of measuring kernels before a run. */
export interface TuningReport extends Omit<Tuning, 'table'> {
  /** Why nothing could be measured; else empty. */
  failure: string;
}

/** What is to be reckoned: a network, its optimiser and its batch. */
export interface CostQuestion extends Pick<RunConfig, 'model' | 'net' | 'optimizer' | 'batch' | 'freeze_all_but'> {
  /** `[height, width, channels]` of the pictures; the network's own when `null`. */
  shape: readonly number[] | null;
  classes: number;
}

/** A state larger than this is not kept: reading it back takes longer than anybody waits. */
const MOST_BYTES = 96 * 2 ** 20;

/** Whether there are snapshots of a run: to save, and to go back to. */
export function isKept({ bytes }: PlanInfo): boolean {
  return bytes.parameters + bytes.optimizer <= MOST_BYTES;
}

/** All that stays the same while a run trains. */
export interface RunDescription {
  id: number;
  network: NetworkInfo;
  summary: string;
  plan: PlanInfo;
  /** Samples a training step. */
  batch: number;
  optimizer: OptimizerConfig;
  dataset: DatasetInfo;
  /** Pictures of every class. */
  counts: number[];
  /** Some pictures of every class, by class and then by index. */
  samples: Sample[];
  /** What came of the first weights, where some were given. */
  loaded: (LoadedWeights & { name: string }) | null;
  progress: Progress;
  /** `null` where the kernels are those that are expected to be fastest. */
  tuning: TuningReport | null;
}

export interface Progress {
  /** Counts the resets of the run: what was measured before the last one is stale. */
  attempt: number;
  state: SessionState;
  /** Training samples a second of wall time, pictures and validation included; 0 before the first step. */
  samplesPerSecond: number;
  /** GPU bytes the engine holds. */
  bytes: number;
  /** Step of the last snapshot that training may go back to. */
  good: number | null;
}

/** The engine counts the epoch that is being trained, from 1; the page shows those that are done. */
export function epochsDone(state: SessionState): number {
  return state.steps_per_epoch === 0 ? 0 : Math.floor(state.step / state.steps_per_epoch);
}

/** A snapshot: its step, and that of the newest one that training may go back to. */
export interface Kept {
  step: number;
  good: number | null;
}

export type RunEvent = { attempt: number } & RunEventBody;

export type RunEventBody =
  /** Before the run is there: kernels are being measured. */
  | { type: 'tuning'; done: number; all: number }
  | { type: 'steps'; metrics: StepMetrics[]; progress: Progress }
  | { type: 'epoch'; evaluation: Evaluation; step: number; epoch: number }
  | { type: 'observed'; probabilities: Float32Array }
  | { type: 'paused'; progress: Progress }
  /** A snapshot was taken; the page's record of the same moment makes it one that can be saved. */
  | ({ type: 'snapshot' } & Kept)
  /** Nothing more of this run is saved. */
  | { type: 'unsaved'; message: string }
  | { type: 'failed'; message: string; progress: Progress };

/** What is known of a layer's learning at one moment. */
export interface LearningRecord {
  /** Counts the resets of the run. */
  attempt: number;
  step: number;
  /** Every layer that has weights. */
  norms: LayerNorms[];
  /** Of the layer that is looked at: `null` where it has no such thing. */
  layer: string;
  weight: Statistics | null;
  gradient: Statistics | null;
  activation: Statistics | null;
}

/** What the network says of the validation pictures. */
export interface Verdicts {
  /** Counts the resets of the run. */
  attempt: number;
  step: number;
  indices: number[];
  labels: number[];
  /** Values of the main head: the classes of the data set, at least. */
  classes: number;
  /** `[samples, classes]` */
  probabilities: Float32Array;
}

/** What augmentation makes of one picture of the data set. */
export interface Augmented {
  part: 'train' | 'validation';
  /** `[count, h, w, c]` */
  pictures: Float32Array;
}

export type RunListener = (event: RunEvent) => void;
