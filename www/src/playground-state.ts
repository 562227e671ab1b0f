/** What there is to know of one playground. */
import type { Hint } from './asked/complaints.js';
import type { AdapterInfo, ColorMap, Evaluation, LayerNorms, ModelInfo, Sample, ViewOptions } from './engine/api.js';
import type { Loss, RunHandle } from './engine/client.js';
import type { FirstWeights, Progress, UnsupportedReason } from './engine/protocol.js';
import { History } from './lib/history.js';
import type { KeptMaps } from './runs/kept-maps.js';
import type { Offer } from './saves/saved.js';
import type { Settings } from './state.js';

export type Phase = 'idle' | 'starting' | 'building' | 'ready' | 'unsupported' | 'failed' | 'lost';

/** The picture whose activations are shown. */
export type Probe = { kind: 'sample'; sample: Sample } | { kind: 'drawing'; pixels: Float32Array } | { kind: 'none' };

export type Problem =
  | { kind: 'setting' | 'engine' | 'unsaved' | Loss['kind']; message: string }
  | { kind: 'link'; message: string; hints: readonly Hint[] }
  /** `good`: what one may go back to, and the rate to go on with. */
  | { kind: 'training' | 'diverging'; message: string; good: { step: number; rate: number } | null };

/** What the screen reader is told about training. */
export type Status =
  | { kind: 'idle' | 'reset' }
  | { kind: 'running'; epoch: number }
  | { kind: 'epoch' | 'finished' | 'stopped'; epoch: number; accuracy: number }
  | { kind: 'paused' | 'resumed'; step: number };

export interface Look {
  colorMap: ColorMap;
  scale: ViewOptions['scale'];
}

/** A run whose curves stay, to compare others with. */
export interface PinnedRun {
  /** 1, 2 or 3: its colour. */
  slot: number;
  settings: Settings;
  history: History;
  /** Of its last step's gradient; `null` until the engine has said. */
  norms: readonly LayerNorms[] | null;
  /** Feature maps of its last step; `null` until the engine has said. */
  maps: KeptMaps | null;
}

/** So many runs besides the present one can still be told apart in a chart. */
export const MOST_PINNED = 3;

export interface PlaygroundState {
  readonly phase: Phase;
  readonly unsupported: { reason: UnsupportedReason; message: string } | null;
  readonly settings: Settings;
  readonly adapter: AdapterInfo | null;
  readonly models: readonly ModelInfo[];
  readonly run: RunHandle | null;
  /** Kernels that have been measured for the run that is on its way. */
  readonly measuring: { done: number; all: number } | null;
  readonly playing: boolean;
  /** It shall train as soon as the run that is on its way is there. */
  readonly wanted: boolean;
  /** Epoch at whose end the run stops. */
  readonly goal: number | null;
  readonly progress: Progress | null;
  readonly history: History;
  readonly evaluation: Evaluation | null;
  readonly probe: Probe;
  readonly probabilities: Float32Array | null;
  readonly layer: string;
  readonly look: Look;
  /** What a run starts from in place of weights that the seed draws. */
  readonly first: FirstWeights | null;
  readonly problem: Problem | null;
  readonly status: Status;
  /** Saved runs that no open tab trains, newest first, as far as somebody has looked; `null` where none are saved. */
  readonly saved: readonly Offer[] | null;
  /** They are offered to somebody who has just come. */
  readonly offering: boolean;
  readonly pinned: readonly PinnedRun[];
}

/** Before the engine has been asked for. */
export function initialState(settings: Settings): PlaygroundState {
  return {
    phase: 'idle',
    unsupported: null,
    settings,
    adapter: null,
    models: [],
    run: null,
    measuring: null,
    playing: false,
    wanted: false,
    goal: settings.epochs,
    progress: null,
    history: new History(),
    evaluation: null,
    probe: { kind: 'none' },
    probabilities: null,
    layer: '',
    look: { colorMap: 'viridis', scale: 'map' },
    first: null,
    problem: null,
    status: { kind: 'idle' },
    saved: null,
    offering: false,
    pinned: [],
  };
}
