/** What there is to know of one playground. */
import type { AdapterInfo, ColorMap, Evaluation, ModelInfo, Sample, ViewOptions } from './engine/api.js';
import type { Loss, RunHandle } from './engine/client.js';
import type { Progress, UnsupportedReason } from './engine/protocol.js';
import { History } from './lib/history.js';
import type { Settings } from './state.js';

export type Phase = 'idle' | 'starting' | 'building' | 'ready' | 'unsupported' | 'failed' | 'lost';

/** The picture whose activations are shown. */
export type Probe = { kind: 'sample'; sample: Sample } | { kind: 'drawing'; pixels: Float32Array } | { kind: 'none' };

export type Problem = { kind: 'training' | 'setting' | 'link' | 'engine' | Loss['kind']; message: string };

/** What the screen reader is told about training. */
export type Status =
  | { kind: 'idle' | 'reset' }
  | { kind: 'running'; epoch: number }
  | { kind: 'epoch' | 'finished' | 'stopped'; epoch: number; accuracy: number }
  | { kind: 'paused'; step: number };

export interface Look {
  colorMap: ColorMap;
  scale: ViewOptions['scale'];
}

export interface PlaygroundState {
  readonly phase: Phase;
  readonly unsupported: { reason: UnsupportedReason; message: string } | null;
  readonly settings: Settings;
  readonly adapter: AdapterInfo | null;
  readonly models: readonly ModelInfo[];
  readonly run: RunHandle | null;
  readonly playing: boolean;
  /** Epoch at whose end the run stops. */
  readonly goal: number | null;
  readonly progress: Progress | null;
  readonly history: History;
  readonly evaluation: Evaluation | null;
  readonly probe: Probe;
  readonly probabilities: Float32Array | null;
  readonly layer: string;
  readonly look: Look;
  readonly problem: Problem | null;
  readonly status: Status;
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
    playing: false,
    goal: settings.epochs,
    progress: null,
    history: new History(),
    evaluation: null,
    probe: { kind: 'none' },
    probabilities: null,
    layer: '',
    look: { colorMap: 'viridis', scale: 'map' },
    problem: null,
    status: { kind: 'idle' },
  };
}
