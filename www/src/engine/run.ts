/** One run in the worker: a session, its training loop and the canvases that show it. */
import type { Engine, Schedule, Session, StepMetrics } from './api.js';
import { breathe } from './breathe.js';
import { Canvases } from './canvases.js';
import { Keeper, type Snapshot } from './keeper.js';
import { Pace } from './pace.js';
import { epochsDone, type Kept, type Progress, type RunEventBody, type RunListener } from './protocol.js';
import { Speed } from './speed.js';

/** Metrics travel to the page at most this often. */
const REPORT_EVERY_MS = 60;
/** Steps shorter than this are submitted while the one before still runs. Longer ones gain nothing by it, and a pause would
 * have to wait for two. */
const AHEAD_BELOW_MS = 40;

interface Question {
  answer: () => Promise<void>;
  refuse: (error: unknown) => void;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export class Run {
  private playing = false;
  private stepsWanted = 0;
  private observeWanted = true;
  /** The epoch that ended and was not evaluated yet. */
  private ended: { step: number; epoch: number } | null = null;
  private pumping: Promise<void> | null = null;
  /** Somebody waits for the loop to stand still. */
  private halting = false;
  private closed = false;
  /** Submitting and collecting steps: one after the other, whoever asks. */
  private turn: Promise<void> = Promise.resolve();
  /** Steps were submitted since training last came to rest. */
  private moving = false;
  private stepMs = Infinity;
  /** Ends the validation that is under way. */
  private validation = new AbortController();
  /** Counts the resets. */
  attempt = 0;
  /** What is asked of weights that must not change meanwhile. */
  private readonly questions: Question[] = [];
  /** Step at which training stops by itself. */
  private limit: number | null = null;
  private schedule = '';

  readonly keeper: Keeper | null;
  private keepTimer: ReturnType<typeof setTimeout> | undefined;

  private readonly pace = new Pace();
  private nextReport = 0;
  private unreported: StepMetrics[] = [];
  private readonly speed = new Speed();
  readonly canvases: Canvases;
  /** Number of the data set's picture that is looked at; `null` for another one. */
  probed: number | null = null;

  constructor(
    readonly engine: Engine,
    readonly session: Session,
    private readonly batch: number,
    readonly listener: RunListener,
    keeps = false,
  ) {
    this.keeper = keeps ? new Keeper(session) : null;
    this.canvases = new Canvases(session, () => this.observe());
  }

  play(): void {
    this.playing = true;
    this.speed.restart();
    this.pump();
  }

  /** Resolves when the step in flight is done and its metrics are out. Validation and painting go on after that. */
  async pause(): Promise<void> {
    this.playing = false;
    this.stepsWanted = 0;
    await this.rest().catch((error: unknown) => this.fail(error));
  }

  /** Takes a snapshot as soon as may be, or at once. */
  keepSoon(now = false): void {
    this.keeper?.want(now);
    if (this.keeper !== null) this.pump();
  }

  /** Stops, and takes a snapshot of where the run stands; `null` where there is nothing to keep that is not kept yet. */
  async part(): Promise<Kept | null> {
    await this.halt();
    this.halting = true;
    try {
      const { step } = this.session.state();
      return this.keeper?.lacks(step) ? await this.snapshot(step) : null;
    } finally {
      this.halting = false;
      this.pump();
    }
  }

  /** A schedule that is the same as before goes on, with what it has heard of the validation loss. */
  aim(schedule: Schedule, limit: number | null): void {
    this.limit = limit;
    const key = JSON.stringify(schedule);
    if (key !== this.schedule) this.session.setSchedule(schedule);
    this.schedule = key;
  }

  step(): void {
    this.stepsWanted += 1;
    this.pump();
  }

  async reset(seed: number): Promise<Progress> {
    await this.beginWith(null, () => this.session.reset(seed)).catch((error: unknown) => this.fail(error));
    return this.progress();
  }

  /** Goes on from a snapshot; throws where it belongs to another run. */
  async restore(snapshot: Snapshot): Promise<Progress> {
    await this.beginWith(snapshot, () => this.session.restore(snapshot.words));
    return this.progress();
  }

  private async beginWith(snapshot: Snapshot | null, begin: () => void): Promise<void> {
    await this.halt();
    this.ended = null;
    this.unreported = [];
    this.speed.restart();
    try {
      begin();
      this.keeper?.begin(snapshot);
      this.attempt += 1;
      this.observe();
    } finally {
      this.pump();
    }
  }

  probeSample(index: number): void {
    this.session.probeSample(index);
    this.probed = index;
    this.observe();
  }

  probePixels(pixels: Float32Array): void {
    this.session.probePixels(pixels);
    this.probed = null;
    this.observe();
  }

  /** Asks between two steps, with none in flight. Training and a reset wait for the answer, a pause does not. */
  ask<T>(question: () => Promise<T>): Promise<T> {
    if (this.closed) return Promise.reject(new Error('The run was closed.'));
    return new Promise<T>((resolve, refuse) => {
      // What a question throws is the asker's, whenever it is thrown: training goes on.
      const answer = (): Promise<void> => Promise.resolve().then(question).then(resolve, refuse);
      this.questions.push({ answer, refuse });
      this.pump();
    });
  }

  /** Whoever stands still paints before he answers; while training goes on, the next painting is never far. */
  painted(): Promise<void> {
    return this.ask(() => Promise.resolve());
  }

  /** What `last` frees belongs to the session as well. */
  async close(last: () => void = () => undefined): Promise<void> {
    this.closed = true;
    clearTimeout(this.keepTimer);
    await this.halt();
    last();
    for (const { refuse } of this.questions.splice(0)) refuse(new Error('The run was closed.'));
    this.canvases.close();
    this.session.free();
  }

  progress(): Progress {
    const { attempt, keeper } = this;
    const good = keeper?.good?.step ?? null;
    return {
      attempt,
      state: this.session.state(),
      samplesPerSecond: this.speed.value,
      bytes: this.engine.bytes(),
      good,
    };
  }

  private observe(): void {
    this.observeWanted = true;
    this.pump();
  }

  /** Stops all work. Nothing is in flight then, and a loop that goes on has not begun. */
  private async halt(): Promise<void> {
    this.halting = true;
    this.validation.abort();
    await this.pause();
    await this.pumping;
    this.halting = false;
  }

  /** Starts the loop unless it runs. All asynchronous work of a run happens in it, one thing after the other. */
  private pump(): void {
    clearTimeout(this.keepTimer);
    this.pumping ??= this.loop()
      .catch((error: unknown) => this.fail(error))
      .finally(() => {
        this.pumping = null;
        if (!this.halting && this.hasWork()) this.pump();
        else this.keepLater();
      });
  }

  private hasWork(): boolean {
    if (this.closed) return false;
    return (
      this.trains() || this.observeWanted || this.ended !== null || this.questions.length > 0 || this.keeps() === 0
    );
  }

  /** Milliseconds until a snapshot is due. */
  private keeps(): number | null {
    return this.keeper?.wait(this.session.state().step, this.trains(), performance.now()) ?? null;
  }

  private keepLater(): void {
    const wait = this.closed ? null : this.keeps();
    if (wait !== null) this.keepTimer = setTimeout(() => this.pump(), wait);
  }

  private trains(): boolean {
    if (this.limit !== null && this.session.state().step >= this.limit) return this.stepsWanted > 0;
    return this.playing || this.stepsWanted > 0;
  }

  private async loop(): Promise<void> {
    // The caller's other messages come first: ten new views are one painting.
    await breathe();
    // The first painting also waits until all kernels are compiled: no step has to, and no pause.
    while (!this.halting && this.hasWork()) {
      if (this.observeIsDue()) await this.observeOnce();
      else if (this.ended !== null) await this.evaluate(this.ended);
      else if (this.questions.length > 0) await this.answerNext();
      else if (this.keeps() === 0) await this.keepOnce();
      else if (this.trains()) await this.inTurn(() => this.trainOnce());
      // A pause that came meanwhile is heard before anything else is begun.
      await breathe();
    }
    await this.rest();
  }

  private observeIsDue(): boolean {
    return this.observeWanted && (!this.trains() || this.pace.isDue(performance.now()));
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.turn.then(work);
    this.turn = turn.catch(() => undefined);
    return turn;
  }

  private async trainOnce(): Promise<void> {
    if (!this.trains()) return;
    if (this.stepsWanted > 0) this.stepsWanted -= 1;
    this.moving = true;
    const start = performance.now();
    this.take(await this.session.trainStep());
    if (this.stepMs > AHEAD_BELOW_MS) this.take(await this.session.drain());
    const end = performance.now();
    this.stepMs = end - start;
    this.pace.stepped(start, end);
    this.speed.add(this.batch);
    this.report(false);
    this.observeWanted = true;
    const state = this.session.state();
    if (state.step % state.steps_per_epoch === 0) this.ended = { step: state.step, epoch: epochsDone(state) };
  }

  /** Waits for the steps in flight and tells what they measured. */
  private async collect(): Promise<void> {
    this.take(await this.session.drain());
    this.report(true);
  }

  /** Collects what is in flight, unless training goes on. */
  private rest(): Promise<void> {
    return this.inTurn(async () => {
      if (this.closed || this.trains() || !this.moving) return;
      this.moving = false;
      await this.collect();
      // Somebody may have pressed play since.
      if (this.trains()) return;
      this.emit({ type: 'paused', progress: this.progress() });
      this.keepSoon();
    });
  }

  private async evaluate({ step, epoch }: { step: number; epoch: number }): Promise<void> {
    this.ended = null;
    this.validation = new AbortController();
    const { signal } = this.validation;
    await this.inTurn(() => this.collect());
    try {
      const evaluation = await this.session.evaluate('validation', signal);
      this.session.monitor(evaluation.loss);
      if (!this.closed) this.emit({ type: 'epoch', evaluation, step, epoch });
      this.keeper?.want();
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }

  private async answerNext(): Promise<void> {
    const question = this.questions.shift();
    try {
      await this.inTurn(() => this.collect());
    } catch (error) {
      question?.refuse(error);
      throw error;
    }
    await question?.answer();
  }

  private async keepOnce(): Promise<void> {
    // With all that was measured up to here told before.
    await this.inTurn(() => this.collect());
    const kept = await this.snapshot(this.session.state().step);
    if (!this.closed && kept !== null) this.emit({ type: 'snapshot', ...kept });
  }

  private async snapshot(step: number): Promise<Kept | null> {
    const taken = await this.keeper?.take(step, (error) => this.tellUnsaved(messageOf(error)));
    return taken ? { step, good: this.keeper?.good?.step ?? null } : null;
  }

  private async observeOnce(): Promise<void> {
    this.observeWanted = false;
    const start = performance.now();
    await this.canvases.gradients?.look();
    const probabilities = await this.session.observe();
    this.pace.painted(start, performance.now());
    if (!this.closed) this.emit({ type: 'observed', probabilities });
  }

  private fail(error: unknown): void {
    this.playing = false;
    this.stepsWanted = 0;
    this.observeWanted = false;
    this.ended = null;
    this.moving = false;
    if (this.closed) return;
    this.keeper?.stop(this.session.state().step);
    this.report(true);
    this.emit({ type: 'failed', message: messageOf(error), progress: this.progress() });
  }

  tellUnsaved(message: string): void {
    if (!this.closed) this.emit({ type: 'unsaved', message });
  }

  private emit(event: RunEventBody): void {
    this.listener({ ...event, attempt: this.attempt });
  }

  private take(metrics: StepMetrics[]): void {
    this.keeper?.judge(metrics);
    this.unreported.push(...metrics);
  }

  private report(now: boolean): void {
    const time = performance.now();
    if (this.closed || this.unreported.length === 0 || (!now && time < this.nextReport)) return;
    this.nextReport = time + REPORT_EVERY_MS;
    const metrics = this.unreported;
    this.unreported = [];
    this.emit({ type: 'steps', metrics, progress: this.progress() });
  }
}
