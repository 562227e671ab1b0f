/** The state of one playground and all that can be done to it. Components get the state as properties and send events;
 * nothing else writes here. */
import type { AdapterInfo, ColorMap, Evaluation, ModelInfo, Sample, ViewOptions } from './engine/api.js';
import { discardEngine, RunHandle, sharedEngine, type Loss, type SharedEngine } from './engine/client.js';
import { DATASETS, modelsFor } from './engine/datasets.js';
import { epochsDone, UNUSABLE_NET, type Progress, type RunEvent, type UnsupportedReason } from './engine/protocol.js';
import { History } from './lib/history.js';
import {
  checked,
  FIELDS,
  goalEpoch,
  LOWEST_RATE,
  needsNewRun,
  optimizerConfig,
  regularisers,
  scheduleConfig,
  type Settings,
} from './state.js';

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

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

export class Playground {
  private current: PlaygroundState;
  private engine: SharedEngine | null = null;
  /** Grows with every opened run; answers that belong to an older one are dropped. */
  private generation = 0;
  private rebuildTimer: ReturnType<typeof setTimeout> | undefined;
  /** Open while a run is on its way: what is asked for meanwhile is meant for that one. */
  private coming: Promise<void> | null = null;
  private arrived = (): void => undefined;
  /** It shall train as soon as it is there. */
  private wanted = false;
  /** What a link asks for and cannot have: to be said once something else stands in for it. */
  private misread: string[] = [];
  /** The settings of the run that is open: what a setting that does not work falls back to. */
  private opened: Settings | null = null;

  constructor(
    settings: Settings,
    private readonly changed: (state: PlaygroundState, event?: RunEvent) => void,
  ) {
    this.current = {
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

  get state(): PlaygroundState {
    return this.current;
  }

  async start(): Promise<void> {
    if (this.current.phase !== 'idle') return;
    this.set({ phase: 'starting', problem: null, unsupported: null });
    this.expect();
    const { generation } = this;
    let engine: SharedEngine;
    try {
      engine = await sharedEngine();
    } catch (error) {
      if (generation !== this.generation) return;
      this.set({ phase: 'failed', problem: { kind: 'engine', message: textOf(error) } });
      this.settle(false);
      return;
    }
    const { start } = engine;
    if (!start.ok) {
      discardEngine(engine);
      if (generation !== this.generation) return;
      if (start.reason === 'failed') {
        this.set({ phase: 'failed', problem: { kind: 'engine', message: start.message } });
      } else {
        this.set({ phase: 'unsupported', unsupported: { reason: start.reason, message: start.message } });
      }
      this.settle(false);
      return;
    }
    // Whoever disposed of this playground meanwhile wants no run any more.
    if (generation !== this.generation) return;
    this.engine = engine;
    void engine.lost.then((loss) => this.lose(engine, loss));
    this.set({ adapter: start.adapter, models: start.models });
    await this.open();
  }

  /** The same settings again: on the engine if there is one, which other playgrounds may be using, else on a fresh one. */
  async restart(): Promise<void> {
    if (this.engine !== null) {
      this.set({ problem: null });
      await this.open();
      return;
    }
    this.set({ phase: 'idle', run: null, playing: false });
    await this.start();
  }

  /** Takes over changed settings, or throws for what cannot be one. A run that no longer fits them starts over; a new rate
   * reaches a run that is training. */
  update(given: Partial<Settings>): void {
    const change = checked(given);
    const before = this.current.settings;
    const settings = { ...before, ...change };
    if (change.dataset !== undefined && change.model === undefined) settings.model = this.modelFor(settings);
    this.set({ settings });
    if (needsNewRun(before, settings)) {
      // An engine that starts opens with what is set by then.
      if (this.engine === null) return;
      this.expect();
      clearTimeout(this.rebuildTimer);
      this.rebuildTimer = setTimeout(() => void this.open(), 120);
    } else {
      if (settings.lr !== before.lr) void this.sendRate();
      this.aim();
    }
  }

  /** Something that a link or an attribute says cannot be a setting. */
  warn(text: string): void {
    this.misread.push(text);
    if (this.opened !== null) this.set({ problem: this.warning() });
  }

  private warning(): Problem | null {
    const message = this.misread.join(' · ');
    this.misread = [];
    return message === '' ? null : { kind: 'link', message };
  }

  /** Tells the run how its rate goes on and where it ends. */
  private aim(): void {
    const { run, settings, progress, playing } = this.current;
    if (run === null || progress === null) return;
    const { steps_per_epoch: perEpoch, step } = progress.state;
    const goal = goalEpoch(settings, epochsDone(progress.state));
    // A run that stands at its end is not yet asked for more.
    if (playing || step === 0 || goal === null) this.set({ goal });
    const steps = (goal ?? FIELDS.epochs.initial ?? 1) * perEpoch;
    const { generation } = this;
    run.aim(scheduleConfig(settings, steps), goal === null ? null : goal * perEpoch).catch((error: unknown) => {
      if (generation === this.generation) this.reject(error);
    });
  }

  private async sendRate(): Promise<void> {
    const { generation } = this;
    const { run, settings } = this.current;
    try {
      await run?.setLearningRate(settings.lr);
      if (generation === this.generation && this.opened !== null) this.opened = { ...this.opened, lr: settings.lr };
    } catch (error) {
      if (generation === this.generation) this.reject(error);
    }
  }

  private expect(): void {
    this.coming ??= new Promise((resolve) => (this.arrived = resolve));
  }

  /** The run that was on its way is there, or will not be. */
  private settle(there: boolean): void {
    // Yet another one is on its way.
    if (this.rebuildTimer !== undefined) return;
    const play = this.wanted && there;
    this.wanted = false;
    this.coming = null;
    this.arrived();
    if (play) this.play();
  }

  private async settled(): Promise<void> {
    while (this.coming !== null) await this.coming;
  }

  play(): void {
    if (this.coming !== null) {
      this.wanted = true;
      return;
    }
    const { run, playing, phase } = this.current;
    if (run === null || playing || phase !== 'ready') return;
    this.set({ playing: true, problem: null, status: { kind: 'running', epoch: this.epoch() + 1 } });
    this.aim();
    void run.play();
  }

  async pause(): Promise<void> {
    this.wanted = false;
    if (!this.current.playing) return;
    this.set({ playing: false, status: { kind: 'paused', step: this.current.progress?.state.step ?? 0 } });
    await this.current.run?.pause();
  }

  async step(): Promise<void> {
    await this.pause();
    await this.settled();
    // Somebody has pressed play meanwhile, or there is nothing to step.
    if (this.current.phase !== 'ready' || this.current.playing) return;
    this.set({ problem: null });
    this.aim();
    await this.current.run?.step();
  }

  async reset(): Promise<void> {
    if (this.coming !== null) {
      this.wanted = false;
      const { run: old } = this.current;
      await this.settled();
      // A new run stands at its beginning.
      if (this.current.run !== old) return;
    }
    const { run, settings } = this.current;
    if (run === null) return;
    const { generation } = this;
    // Not afterwards: somebody may press play while the reset is on its way.
    this.set({ playing: false });
    const progress = await run.reset(settings.seed);
    if (generation !== this.generation) return;
    this.set({
      progress,
      goal: settings.epochs,
      history: new History(),
      evaluation: null,
      problem: null,
      status: { kind: 'reset' },
    });
  }

  /** The way out of a loss that ran away. */
  async resetSlower(): Promise<void> {
    this.update({ lr: Math.max(LOWEST_RATE, Number((this.current.settings.lr / 10).toPrecision(2))) });
    await this.reset();
  }

  showSample(sample: Sample): void {
    this.set({ probe: { kind: 'sample', sample } });
    void this.current.run?.probeSample(sample.index);
  }

  showDrawing(pixels: Float32Array): void {
    this.set({ probe: { kind: 'drawing', pixels } });
    void this.current.run?.probePixels(pixels);
  }

  chooseLayer(layer: string): void {
    this.set({ layer });
  }

  look(change: Partial<Look>): void {
    this.set({ look: { ...this.current.look, ...change } });
  }

  /** Something outside of the run did not work. */
  report(error: unknown): void {
    this.set({ problem: { kind: 'engine', message: textOf(error) } });
  }

  dismiss(): void {
    this.set({ problem: null });
  }

  async dispose(): Promise<void> {
    this.stopTimer();
    this.generation += 1;
    const { run } = this.current;
    this.engine = null;
    this.set({ run: null, phase: 'idle', playing: false });
    this.settle(false);
    await run?.close();
  }

  private stopTimer(): void {
    clearTimeout(this.rebuildTimer);
    this.rebuildTimer = undefined;
  }

  private async open(): Promise<void> {
    const { engine } = this;
    this.stopTimer();
    if (engine === null) return;
    this.expect();
    const { settings, run: old, phase } = this.current;
    this.generation += 1;
    const generation = this.generation;
    this.set({ phase: old === null ? 'building' : phase, playing: false });
    await old?.pause();
    if (generation !== this.generation) return;
    const { model, net, dataset, batch, seed } = settings;
    const optimizer = optimizerConfig(settings);
    const config = { model, net, dataset, batch, seed, optimizer, ...regularisers(settings) };
    let run: RunHandle;
    try {
      run = await RunHandle.open(engine, config, (event) => this.hear(generation, event));
    } catch (error) {
      if (generation === this.generation) this.refuse(error);
      return;
    }
    if (generation !== this.generation) {
      await run.close();
      return;
    }
    this.adopt(run, settings);
    this.settle(true);
    await old?.close();
  }

  private adopt(run: RunHandle, settings: Settings): void {
    const before = this.opened;
    this.opened = settings;
    const { network, samples, progress } = run.description;
    const names = [network.input.layer, ...network.layers.map((layer) => layer.name)];
    const sameData = before?.dataset === settings.dataset;
    const kept = sameData && this.current.probe.kind !== 'none' ? this.current.probe : null;
    const [sample] = samples;
    const probe: Probe = kept ?? (sample === undefined ? { kind: 'none' } : { kind: 'sample', sample });
    this.set({
      phase: 'ready',
      run,
      progress,
      probe,
      playing: false,
      goal: this.current.settings.epochs,
      history: new History(),
      evaluation: null,
      probabilities: null,
      problem: this.warning(),
      layer: names.includes(this.current.layer) ? this.current.layer : (network.layers[0]?.name ?? ''),
      status: { kind: before === null ? 'idle' : 'reset' },
    });
    if (probe.kind === 'sample') void run.probeSample(probe.sample.index);
    if (probe.kind === 'drawing') void run.probePixels(probe.pixels);
    // The rate may have moved while the run was being built.
    if (this.current.settings.lr !== settings.lr) void this.sendRate();
  }

  /** A run that the engine did not open. Without an older one, another network stands in for what a link asks for. */
  private refuse(error: unknown): void {
    const instead = this.current.run === null ? this.instead(error) : null;
    if (instead === null) {
      this.reject(error);
      this.settle(false);
      return;
    }
    this.set({ settings: { ...this.current.settings, ...instead } });
    void this.open();
  }

  /** What to try when a link asks for a network that cannot be; what was wrong with it is said later. */
  private instead(error: unknown): Partial<Settings> | null {
    const { settings } = this.current;
    const message = textOf(error);
    if (settings.net !== '') {
      // A network that only could not be loaded stays, and may be tried again.
      if (!(error instanceof Error) || error.name !== UNUSABLE_NET) return null;
      this.misread.push(`net: ${message}`);
      return { net: '' };
    }
    const model = this.modelFor({ ...settings, model: FIELDS.model.initial });
    if (model === settings.model) return null;
    this.misread.push(`model=${settings.model}: ${message.split('; known are')[0] ?? ''}`);
    return { model };
  }

  /** A setting that the engine refused: say why, keep the run that is open. */
  private reject(error: unknown): void {
    const message = textOf(error);
    if (this.opened === null || this.current.run === null) {
      this.set({ phase: 'failed', problem: { kind: 'engine', message } });
      return;
    }
    const { lang, theme } = this.current.settings;
    this.set({ settings: { ...this.opened, lang, theme }, problem: { kind: 'setting', message } });
  }

  private lose(engine: SharedEngine, problem: Loss): void {
    if (this.engine !== engine) return;
    discardEngine(engine);
    this.engine = null;
    this.generation += 1;
    this.stopTimer();
    this.set({ phase: 'lost', run: null, playing: false, problem });
    this.settle(false);
  }

  private hear(generation: number, event: RunEvent): void {
    if (generation !== this.generation || event.attempt < (this.current.progress?.attempt ?? 0)) return;
    switch (event.type) {
      case 'steps':
        // The history is one growing object; its version tells components that it grew.
        this.current.history.pushSteps(event.metrics);
        this.set({ progress: event.progress }, event);
        break;
      case 'epoch': {
        const { evaluation, epoch, step } = event;
        this.current.history.pushValidation(step, epoch, evaluation);
        const { accuracy } = evaluation;
        const ends = this.current.playing ? this.ends(epoch) : null;
        this.set({ evaluation, status: { kind: ends ?? 'epoch', epoch, accuracy } }, event);
        if (ends === null) break;
        this.set({ playing: false });
        void this.current.run?.pause();
        break;
      }
      case 'observed':
        this.set({ probabilities: event.probabilities }, event);
        break;
      case 'paused':
        // Whether it plays is what was last asked for here; this may be the answer to something older.
        this.set({ progress: event.progress }, event);
        break;
      case 'failed':
        this.set(
          { progress: event.progress, playing: false, problem: { kind: 'training', message: event.message } },
          event,
        );
        break;
    }
  }

  /** Whether the run stops here: at its goal, or because the validation loss has stood still for long enough. */
  private ends(epoch: number): 'finished' | 'stopped' | null {
    const { goal, settings, history } = this.current;
    if (goal !== null && epoch >= goal) return 'finished';
    const { early_stopping: patience } = settings;
    return patience !== null && history.epochsWithoutGain() >= patience ? 'stopped' : null;
  }

  private modelFor(settings: Settings): string {
    const { quick, large } = modelsFor(this.current.models, DATASETS[settings.dataset]);
    const usable = [...quick, ...large];
    const stays = usable.some((model) => model.name === settings.model);
    return stays ? settings.model : (usable[0]?.name ?? settings.model);
  }

  private epoch(): number {
    const { progress } = this.current;
    return progress === null ? 0 : epochsDone(progress.state);
  }

  private set(change: Partial<PlaygroundState>, event?: RunEvent): void {
    this.current = { ...this.current, ...change };
    this.changed(this.current, event);
  }
}
