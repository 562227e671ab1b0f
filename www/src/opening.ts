/** How a playground comes by its engine and its run, and by another run when a setting asks for one. */
import type { Asked } from './asked/complaints.js';
import { discardEngine, RunHandle, sharedEngine, type Loss, type SharedEngine } from './engine/client.js';
import { entryOf, isBuiltIn, located, modelsFor, ownSet } from './engine/datasets.js';
import { UNUSABLE_DATA, UNUSABLE_NET, type FirstWeights, type RunEvent } from './engine/protocol.js';
import { History } from './lib/history.js';
import { remember } from './lib/own-name.js';
import { initialState, type PlaygroundState, type Probe } from './playground-state.js';
import { FIELDS, optimizerConfig, regularisers, type Settings } from './state.js';

const textOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A change of settings that comes within this time of another needs no run of its own. */
const REBUILD_AFTER_MS = 120;

export abstract class Opening {
  private current: PlaygroundState;
  protected engine: SharedEngine | null = null;
  /** Grows with every opened run; answers that belong to an older one are dropped. */
  protected generation = 0;
  /** The one whose run is open, and is listened to while another is on its way or was refused. */
  protected heard = -1;
  private rebuildTimer: ReturnType<typeof setTimeout> | undefined;
  /** Open while a run is on its way: what is asked for meanwhile is meant for that one. */
  private coming: Promise<void> | null = null;
  private arrived = (): void => undefined;
  /** What a link asks for and cannot have: to be said once something else stands in for it. */
  private misread: Asked[] = [];
  /** Attributes come from the page's link. */
  linked = false;
  /** The settings of the run that is open: what a setting that does not work falls back to. */
  protected opened: Settings | null = null;
  private openedFirst: FirstWeights | null = null;
  /** The settings of the run that is open, where those of the next one are set already. */
  protected leaving: Settings | null = null;

  constructor(
    settings: Settings,
    private readonly changed: (state: PlaygroundState, event?: RunEvent) => void,
  ) {
    this.current = initialState(settings);
  }

  abstract play(): void;

  /** A run is open that took no other's place. */
  protected abstract seek(): Promise<void>;

  /** Stops a run before another one takes its place. */
  protected abstract part(run: RunHandle): Promise<void>;

  protected abstract hear(generation: number, event: RunEvent): void;

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

  /** Something that a link or an attribute says cannot be a setting. */
  warn(asked: Asked): void {
    this.misread.push(asked);
    if (this.opened !== null) void this.complain();
  }

  /** Something outside of the run did not work. */
  report(error: unknown): void {
    this.set({ problem: { kind: 'engine', message: textOf(error) } });
  }

  async dispose(): Promise<void> {
    this.stopTimer();
    this.generation += 1;
    this.heard = -1;
    const { run } = this.current;
    this.engine = null;
    this.set({ run: null, phase: 'idle', playing: false });
    this.settle(false);
    await run?.close();
  }

  /** Opens another run soon. An engine that starts opens with what is set by then. */
  protected rebuild(before: Settings): void {
    if (this.engine === null) return;
    this.leaving ??= before;
    this.expect();
    clearTimeout(this.rebuildTimer);
    this.rebuildTimer = setTimeout(() => void this.open(), REBUILD_AFTER_MS);
  }

  protected get wanted(): boolean {
    return this.current.wanted;
  }

  protected set wanted(wanted: boolean) {
    if (wanted !== this.current.wanted) this.set({ wanted });
  }

  /** Whether another run is on its way. */
  protected get awaits(): boolean {
    return this.coming !== null;
  }

  protected async settled(): Promise<void> {
    while (this.coming !== null) await this.coming;
  }

  protected async sendRate(): Promise<void> {
    const { generation } = this;
    const { run, settings } = this.current;
    try {
      await run?.setLearningRate(settings.lr);
      if (generation !== this.generation || this.opened === null) return;
      this.current.history.changeRate(this.opened.lr, settings.lr, performance.now());
      this.opened = { ...this.opened, lr: settings.lr };
      this.set({});
    } catch (error) {
      if (generation === this.generation) this.reject(error);
    }
  }

  /** A setting that the engine refused: say why, keep the run that is open. */
  protected reject(error: unknown): void {
    const message = textOf(error);
    if (this.opened === null || this.current.run === null) {
      this.set({ phase: 'failed', problem: { kind: 'engine', message } });
      return;
    }
    const { lang, theme } = this.current.settings;
    this.set({
      settings: { ...this.opened, lang, theme },
      first: this.openedFirst,
      problem: { kind: 'setting', message },
    });
  }

  protected modelFor(settings: Settings): string {
    const { quick, large } = modelsFor(this.current.models, entryOf(settings.dataset));
    const usable = [...quick, ...large];
    const stays = usable.some((model) => model.name === settings.model);
    return stays ? settings.model : (usable[0]?.name ?? settings.model);
  }

  protected set(change: Partial<PlaygroundState>, event?: RunEvent): void {
    this.current = { ...this.current, ...change };
    this.changed(this.current, event);
  }

  private async complain(): Promise<void> {
    // Several at once are said at once.
    await Promise.resolve();
    const asked = this.misread;
    if (asked.length === 0) return;
    this.misread = [];
    const said = await import('./asked/complaints.js').then(
      ({ complaints }) => complaints(asked, { ...this.current, linked: this.linked }),
      () => ({ message: asked.map(({ name, value }) => `${name}=${value}`).join('\n'), hints: [] }),
    );
    this.set({ problem: { kind: 'link', ...said } });
  }

  protected expect(): void {
    this.coming ??= new Promise((resolve) => (this.arrived = resolve));
  }

  /** The run that was on its way is there, or will not be. */
  protected settle(there: boolean): void {
    // Yet another one is on its way.
    if (this.rebuildTimer !== undefined) return;
    const play = this.wanted && there;
    this.wanted = false;
    this.coming = null;
    this.arrived();
    if (play) this.play();
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
    const { settings, run: old, phase, first } = this.current;
    this.generation += 1;
    const generation = this.generation;
    this.set({ phase: old === null ? 'building' : phase, playing: false, measuring: null });
    if (old !== null) await this.part(old);
    if (generation !== this.generation) return;
    const { model, net, dataset, batch, seed, augment, freeze_all_but, tuning } = settings;
    const optimizer = optimizerConfig(settings);
    const own = { model, net, dataset: located(dataset), batch, seed, augment, freeze_all_but, first, tuning };
    const config = { ...own, optimizer, ...regularisers(settings) };
    let run: RunHandle;
    try {
      run = await RunHandle.open(engine, config, (event) => {
        if (event.type !== 'tuning') this.hear(generation, event);
        else if (generation === this.generation) this.set({ measuring: event });
      });
    } catch (error) {
      if (generation === this.generation) this.refuse(error);
      return;
    }
    if (generation !== this.generation) {
      await run.close();
      return;
    }
    this.openedFirst = first;
    this.adopt(run, settings);
    // Not a change of settings: a first run, or one on a fresh engine after the old one was lost.
    if (old === null) void this.seek();
    this.settle(true);
    await old?.close();
  }

  private adopt(run: RunHandle, settings: Settings): void {
    const before = this.opened;
    this.opened = settings;
    this.leaving = null;
    this.heard = this.generation;
    const { network, samples, progress } = run.description;
    remember(settings.net, network.name);
    const names = [network.input.layer, ...network.layers.map((layer) => layer.name)];
    const sameData = before?.dataset === settings.dataset;
    const kept = sameData && this.current.probe.kind !== 'none' ? this.current.probe : null;
    const [sample] = samples;
    const probe: Probe = kept ?? (sample === undefined ? { kind: 'none' } : { kind: 'sample', sample });
    this.set({
      phase: 'ready',
      measuring: null,
      run,
      progress,
      probe,
      playing: false,
      goal: this.current.settings.epochs,
      history: new History(),
      evaluation: null,
      probabilities: null,
      problem: null,
      layer: names.includes(this.current.layer) ? this.current.layer : (network.layers[0]?.name ?? ''),
      status: { kind: before === null ? 'idle' : 'reset' },
    });
    void this.complain();
    if (probe.kind === 'sample') void run.probeSample(probe.sample.index);
    if (probe.kind === 'drawing') void run.probePixels(probe.pixels);
    // The rate may have moved while the run was being built.
    if (this.current.settings.lr !== settings.lr) void this.sendRate();
  }

  /** A run that the engine did not open. Without an older one, another network stands in for what a link asks for. */
  private refuse(error: unknown): void {
    this.set({ measuring: null });
    const instead = this.current.run === null ? this.instead(error) : null;
    if (instead === null) {
      this.leaving = null;
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
    if (error instanceof Error && error.name === UNUSABLE_DATA) {
      this.misread.push({
        name: 'dataset',
        value: ownSet(settings.dataset)?.title ?? settings.dataset,
        reason: textOf(error),
      });
      const others = { ...settings, dataset: FIELDS.dataset.initial };
      return { dataset: others.dataset, model: this.modelFor(others) };
    }
    // Pictures of one's own may be fewer than anybody who wrote the link expected.
    if (!isBuiltIn(settings.dataset) && settings.batch > 1 && textOf(error).startsWith('a batch of')) {
      if (this.misread.every(({ name }) => name !== 'batch')) {
        this.misread.push({ name: 'batch', value: String(settings.batch), reason: textOf(error) });
      }
      return { batch: Math.floor(settings.batch / 2) };
    }
    if (settings.net !== '') {
      // A network that only could not be loaded stays, and may be tried again.
      if (!(error instanceof Error) || error.name !== UNUSABLE_NET) return null;
      this.misread.push({ name: 'net', value: '', reason: textOf(error) });
      return { net: '' };
    }
    const model = this.modelFor({ ...settings, model: FIELDS.model.initial });
    if (model === settings.model) return null;
    this.misread.push({ name: 'model', value: settings.model });
    return { model };
  }

  private lose(engine: SharedEngine, problem: Loss): void {
    if (this.engine !== engine) return;
    discardEngine(engine);
    this.engine = null;
    this.generation += 1;
    this.heard = -1;
    this.stopTimer();
    this.set({ phase: 'lost', run: null, playing: false, problem });
    this.settle(false);
  }
}
