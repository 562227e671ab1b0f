/** The page's side of the worker: one for the whole document, started at first use. */
import * as Comlink from 'comlink';
import type { CostInfo, ModelSpec, NetworkDescription } from '../builder/api.js';
import type { DatasetInfo, ModelInfo, OptimizerConfig, Sample, Schedule, ViewLayout } from './api.js';
import type { PaintOptions } from './canvases.js';
import type { Questions } from '../seeing/questions.js';
import { missingSupport } from '../lib/support.js';
import type { RunRecord } from '../saves/saved.js';
import type { Host } from './host.js';
import type {
  Augmented,
  CostQuestion,
  Kept,
  LearningRecord,
  Progress,
  RunConfig,
  RunDescription,
  RunListener,
  StartResult,
  Verdicts,
} from './protocol.js';
import type { Resumed } from './savings.js';

type RemoteHost = Comlink.Remote<Host>;

export interface SharedEngine {
  readonly host: RemoteHost;
  readonly start: StartResult;
  /** Resolves when the engine can do no more: the GPU is gone, or the worker died of a fault of its own. */
  readonly lost: Promise<Loss>;
}

export interface Loss {
  kind: 'lost' | 'crashed';
  message: string;
}

let shared: Promise<SharedEngine> | null = null;
/** What becomes of an engine that is broken. */
const retire = new WeakMap<SharedEngine, () => void>();

export function sharedEngine(): Promise<SharedEngine> {
  if (shared !== null) return shared;
  const forget = (): void => {
    if (shared === launched) shared = null;
  };
  const launched = launch(forget);
  shared = launched;
  launched.catch(forget);
  return launched;
}

/** Ends a broken engine: the next `sharedEngine()` starts a fresh worker, unless somebody has done so already. */
export function discardEngine(engine: SharedEngine): void {
  retire.get(engine)?.();
}

async function launch(forget: () => void): Promise<SharedEngine> {
  const never = new Promise<Loss>(() => undefined);
  const reason = await missingSupport();
  if (reason !== null) {
    const none = {
      host: null as unknown as RemoteHost,
      start: { ok: false, reason, message: '' },
      lost: never,
    } as const;
    retire.set(none, forget);
    return none;
  }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'cnn-playground' });
  // A panic of the engine comes here as well: what it had promised would stay open for ever.
  const died = new Promise<string>((resolve) => {
    worker.addEventListener('error', (event) => {
      resolve(event.message || 'The engine’s worker could not be loaded.');
    });
  });
  const broken = died.then((message): StartResult => ({ ok: false, reason: 'failed', message }));
  const crashed = died.then((message): Loss => ({ kind: 'crashed', message }));
  const host = Comlink.wrap<Host>(worker);
  const start = await Promise.race([host.start(), broken]);
  const gone = (): Promise<Loss> => host.lost().then((message) => ({ kind: 'lost', message }));
  const engine: SharedEngine = { host, start, lost: start.ok ? Promise.race([gone(), crashed]) : never };
  retire.set(engine, () => {
    worker.terminate();
    forget();
  });
  return engine;
}

let nextView = 1;

/** One run, seen from the page. */
export class RunHandle {
  /** Counts the resets: what was measured at an earlier one is stale. */
  attempt: number;

  private constructor(
    private readonly host: RemoteHost,
    readonly description: RunDescription,
    /** The registry, for what else there is. */
    readonly models: readonly ModelInfo[],
  ) {
    this.attempt = description.progress.attempt;
  }

  static async open(engine: SharedEngine, config: RunConfig, listener: RunListener): Promise<RunHandle> {
    const models = engine.start.ok ? engine.start.models : [];
    return new RunHandle(engine.host, await engine.host.open(config, Comlink.proxy(listener)), models);
  }

  private get id(): number {
    return this.description.id;
  }

  play(): Promise<void> {
    return this.host.play(this.id);
  }

  /** How the rate goes on, and the step at which the run stops by itself. */
  aim(schedule: Schedule, limit: number | null): Promise<void> {
    return this.host.aim(this.id, schedule, limit);
  }

  /** Where learning stands, seen from one layer. */
  learning(layer: string, weight: string | null): Promise<LearningRecord> {
    return this.host.learning(this.id, layer, weight);
  }

  verdicts(): Promise<Verdicts> {
    return this.host.verdicts(this.id);
  }

  sample(index: number): Promise<Sample> {
    return this.host.sample(this.id, index);
  }

  weights(layer: string, name: string): Promise<Float32Array> {
    return this.host.weights(this.id, layer, name);
  }

  pause(): Promise<void> {
    return this.host.pause(this.id);
  }

  step(): Promise<void> {
    return this.host.step(this.id);
  }

  async reset(seed: number): Promise<Progress> {
    const progress = await this.host.reset(this.id, seed);
    this.attempt = progress.attempt;
    return progress;
  }

  /** What augmentation makes of a picture, so many times, and whether the network learns from it. */
  augmented(index: number, count: number): Promise<Augmented> {
    return this.host.augmented(this.id, index, count);
  }

  part(): Promise<Kept | null> {
    return this.host.part(this.id);
  }

  keepSoon(): Promise<void> {
    return this.host.keepSoon(this.id);
  }

  save(record: RunRecord): Promise<void> {
    return this.host.save(this.id, record);
  }

  async resume(saved: string): Promise<Resumed> {
    const resumed = await this.host.resume(this.id, saved);
    this.attempt = resumed.progress.attempt;
    return resumed;
  }

  async goBack(): Promise<Progress> {
    const progress = await this.host.goBack(this.id);
    this.attempt = progress.attempt;
    return progress;
  }

  setLearningRate(rate: number): Promise<void> {
    return this.host.setLearningRate(this.id, rate);
  }

  probeSample(index: number): Promise<void> {
    return this.host.probeSample(this.id, index);
  }

  probePixels(pixels: Float32Array): Promise<void> {
    return this.host.probePixels(this.id, pixels);
  }

  activation(layer: string): Promise<Float32Array> {
    return this.host.activation(this.id, layer);
  }

  /** What a safetensors file of pictures holds; throws the engine's reason why it cannot be read. */
  inspect(title: string, file: Uint8Array): Promise<DatasetInfo> {
    return this.host.inspect(title, file);
  }

  modelSpec(name: string, channels: number, classes: number): Promise<ModelSpec> {
    return this.host.modelSpec(name, channels, classes);
  }

  describe(spec: ModelSpec, optimizer: OptimizerConfig, batch: number): Promise<NetworkDescription> {
    return this.host.describe(spec, optimizer, batch);
  }

  /** Asks between two steps; training waits for the answer. */
  ask<K extends keyof Questions>(name: K, ...rest: Parameters<Questions[K]>): ReturnType<Questions[K]> {
    return this.host.ask(this.id, name, ...rest) as ReturnType<Questions[K]>;
  }

  cost(question: CostQuestion): Promise<CostInfo> {
    return this.host.cost(question);
  }

  /** All weights as a safetensors file. */
  weightsFile(): Promise<Uint8Array> {
    return this.host.weightsFile(this.id);
  }

  close(): Promise<void> {
    return this.host.close(this.id);
  }

  /** Hands the canvas over to the worker for good. */
  addView(canvas: HTMLCanvasElement, options: PaintOptions): ViewHandle {
    const view = nextView;
    nextView += 1;
    const offscreen = canvas.transferControlToOffscreen();
    const layout = this.host.addView(this.id, view, Comlink.transfer(offscreen, [offscreen]), options);
    return {
      layout,
      set: (next, width, height) => this.host.setView(this.id, view, next, width, height),
      painted: () => this.host.painted(this.id),
      show: (visible) => this.host.showView(this.id, view, visible),
      remove: () => this.host.removeView(this.id, view),
    };
  }
}

export interface ViewHandle {
  readonly layout: Promise<ViewLayout>;
  /** `null` while the view is out of sight. */
  set(options: PaintOptions, width: number, height: number): Promise<ViewLayout | null>;
  /** `null` while the view is out of sight, and where it has been in sight all along. */
  show(visible: boolean): Promise<ViewLayout | null>;
  painted(): Promise<void>;
  remove(): Promise<void>;
}
