/** The state of one playground and all that can be done to it. Components get the state as properties and send events;
 * nothing else writes here. */
import type { Sample } from './engine/api.js';
import { epochsDone, type FirstWeights, type RunEvent } from './engine/protocol.js';
import { Keeping, slower } from './keeping.js';
import { History } from './lib/history.js';
import type { Look, PinnedRun } from './playground-state.js';
import { checked, FIELDS, goalEpoch, needsNewRun, scheduleConfig, type Settings } from './state.js';

export type { Look, Phase, PlaygroundState, Probe, Problem, Status } from './playground-state.js';

export class Playground extends Keeping {
  /** Takes over changed settings, or throws for what cannot be one. A run that no longer fits them starts over; a new rate
   * reaches a run that is training. */
  override update(given: Partial<Settings>): void {
    const change = checked(given);
    const before = this.state.settings;
    const settings = { ...before, ...change };
    if (change.dataset !== undefined && change.model === undefined) settings.model = this.modelFor(settings);
    // Weights of another network would not fit.
    const other = settings.model !== before.model || settings.net !== before.net;
    this.set({ settings, first: other ? null : this.state.first });
    if (needsNewRun(before, settings)) {
      this.rebuild(before);
    } else {
      if (settings.lr !== before.lr) {
        if (this.state.problem?.kind === 'diverging') this.dismiss();
        void this.sendRate();
      }
      this.aim();
    }
  }

  /** Starts over from these weights, or with `null` from drawn ones. */
  startFrom(first: FirstWeights | null): void {
    this.set({ first });
    this.rebuild(this.state.settings);
  }

  /** Measures again which kernels are fastest; the run starts over. */
  async measureAgain(): Promise<void> {
    await this.engine?.host.forgetKernels();
    this.rebuild(this.state.settings);
  }

  override play(): void {
    if (this.awaits) {
      this.wanted = true;
      return;
    }
    const { run, playing, phase } = this.state;
    if (run === null || playing || phase !== 'ready') return;
    this.set({ playing: true, problem: null, offering: false, status: { kind: 'running', epoch: this.epoch() + 1 } });
    this.aim();
    this.state.history.begin(performance.now());
    void run.play();
  }

  async pause(): Promise<void> {
    this.wanted = false;
    if (!this.state.playing) return;
    this.set({ playing: false, status: { kind: 'paused', step: this.state.progress?.state.step ?? 0 } });
    await this.state.run?.pause();
  }

  async step(): Promise<void> {
    await this.pause();
    await this.settled();
    // Somebody has pressed play meanwhile, or there is nothing to step.
    if (this.state.phase !== 'ready' || this.state.playing) return;
    this.set({ problem: null, offering: false });
    this.aim();
    this.state.history.begin(performance.now());
    await this.state.run?.step();
  }

  /** Starts over, at another rate where one is given. */
  async reset(lr: number | null = null): Promise<void> {
    if (this.awaits) {
      this.wanted = false;
      const { run: old } = this.state;
      await this.settled();
      // A new run stands at its beginning.
      if (this.state.run !== old) {
        if (lr !== null) this.update({ lr });
        return;
      }
    }
    const { run } = this.state;
    if (run === null) return;
    const { generation } = this;
    this.expect();
    this.set({ playing: false });
    try {
      await this.part(run);
      if (generation !== this.generation) return;
      // Not before the run is saved, with what it was trained with.
      if (lr !== null) this.update({ lr });
      const { settings } = this.state;
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
    } finally {
      if (generation === this.generation) this.settle(true);
    }
  }

  /** The way out of a loss that ran away. */
  async resetSlower(): Promise<void> {
    await this.reset(slower(this.state.settings));
  }

  showSample(sample: Sample): void {
    this.set({ probe: { kind: 'sample', sample } });
    void this.state.run?.probeSample(sample.index);
  }

  showDrawing(pixels: Float32Array): void {
    this.set({ probe: { kind: 'drawing', pixels } });
    void this.state.run?.probePixels(pixels);
  }

  chooseLayer(layer: string): void {
    this.set({ layer });
  }

  look(change: Partial<Look>): void {
    this.set({ look: { ...this.state.look, ...change } });
  }

  /** A run is being kept to be compared with the next. */
  private comparing = false;

  /** Keeps the curves of the run as it is now, to compare what comes with them. */
  async pin(): Promise<void> {
    const { pinned, settings, history, run } = this.state;
    const slot = [1, 2, 3].find((free) => pinned.every((run) => run.slot !== free));
    if (slot === undefined || history.last === null) return;
    const kept: PinnedRun = { slot, settings, history: History.from(history.toData()), norms: null, maps: null };
    this.set({ pinned: [...pinned, kept] });
    const first = run?.description.network.layers[0]?.name ?? '';
    // Without them where the run is closed meanwhile.
    const norms = (await run?.learning(first, null).catch(() => null))?.norms ?? null;
    const maps = await import('./runs/kept-maps.js')
      .then(({ keepMaps }) => keepMaps(() => this.state))
      .catch(() => null);
    this.set({ pinned: this.state.pinned.map((one) => (one === kept ? { ...kept, norms, maps } : one)) });
  }

  /** Keeps the run as it stands and begins another one beside it. A run that is kept already stays the one to compare with, but where
   * `anew` asks for the present one. */
  async compare(anew: boolean): Promise<void> {
    if (this.state.pinned.length > 0 && !anew) return;
    // Pressed twice, it is kept once.
    if (this.comparing) return;
    this.comparing = true;
    try {
      await this.pause();
      await this.pin();
      await this.reset();
    } finally {
      this.comparing = false;
    }
  }

  unpin(slot: number): void {
    this.set({ pinned: this.state.pinned.filter((run) => run.slot !== slot) });
  }

  dismiss(): void {
    this.set({ problem: null });
  }

  /** Tells the run how its rate goes on and where it ends, when it stands behind so many epochs. */
  protected override aim(from: number | null = null): void {
    const { run, settings, progress, playing } = this.state;
    if (run === null || progress === null) return;
    const { steps_per_epoch: perEpoch, step } = progress.state;
    const goal = goalEpoch(settings, from ?? epochsDone(progress.state));
    // A run that stands at its end is not yet asked for more.
    if (playing || step === 0 || goal === null) this.set({ goal });
    const steps = (goal ?? FIELDS.epochs.initial ?? 1) * perEpoch;
    const { generation } = this;
    run.aim(scheduleConfig(settings, steps), goal === null ? null : goal * perEpoch).catch((error: unknown) => {
      if (generation === this.generation) this.reject(error);
    });
  }

  protected override hear(generation: number, event: RunEvent): void {
    if (generation !== this.heard || event.attempt < (this.state.progress?.attempt ?? 0)) return;
    switch (event.type) {
      case 'steps':
        // The history is one growing object; its version tells components that it grew.
        this.state.history.pushSteps(event.metrics);
        this.state.history.tick(performance.now());
        this.set({ progress: event.progress }, event);
        this.watch();
        break;
      case 'epoch': {
        const { evaluation, epoch, step } = event;
        this.state.history.pushValidation(step, epoch, evaluation);
        this.state.history.tick(performance.now());
        const { accuracy } = evaluation;
        const ends = this.state.playing ? this.ends(epoch) : null;
        this.set({ evaluation, status: { kind: ends ?? 'epoch', epoch, accuracy } }, event);
        if (ends === null) break;
        this.set({ playing: false });
        void this.state.run?.pause();
        break;
      }
      case 'observed':
        this.set({ probabilities: event.probabilities }, event);
        break;
      case 'paused':
        // Whether it plays is what was last asked for here; this may be the answer to something older.
        if (!this.state.playing) this.state.history.rest();
        this.set({ progress: event.progress }, event);
        break;
      case 'snapshot':
        this.record(event.step, event.good);
        break;
      case 'unsaved':
        this.unsaved(event.message);
        break;
      case 'failed': {
        const { message, progress } = event;
        const good = this.wayBack(progress.good);
        this.set({ progress, playing: false, problem: { kind: 'training', message, good } }, event);
        break;
      }
    }
  }

  /** Whether the run stops here: at its goal, or because the validation loss has stood still for long enough. */
  private ends(epoch: number): 'finished' | 'stopped' | null {
    const { goal, settings, history } = this.state;
    if (goal !== null && epoch >= goal) return 'finished';
    const { early_stopping: patience } = settings;
    return patience !== null && history.epochsWithoutGain() >= patience ? 'stopped' : null;
  }

  private epoch(): number {
    const { progress } = this.state;
    return progress === null ? 0 : epochsDone(progress.state);
  }
}
