/** Snapshots of one run: when to take them, and which of them may be gone back to. */
import type { Session, StepMetrics } from './api.js';

/** Between two that somebody asks for (an epoch's end, a pause, a single step), and between two of a run that just goes on. */
const GAP_MS = 1000;
const EVERY_MS = 12_000;
/** Share of the time that snapshots may take. */
const SHARE = 0.03;
/** A loss that is this many times the first one, or that of a ten-sided die, comes from weights that have run away. */
const RUNAWAY = 2;
const GUESSING = Math.log(10);

export interface Snapshot {
  step: number;
  words: Uint32Array;
}

export class Keeper {
  /** The newest, and the newest whose weights gave a sound loss in the step after it. */
  last: Snapshot | null = null;
  good: Snapshot | null = null;
  /** How soon after the last one another is wanted. */
  private pause = EVERY_MS;
  /** A run that has only just begun has nothing that is worth a place. */
  private ended = performance.now();
  private cost = 0;
  private sound: number | null = null;
  /** Step at which something went wrong. */
  private stopped: number | null = null;
  private told = false;

  constructor(private readonly session: Session) {}

  /** As soon as may be; or at once: the page is on its way out of sight. */
  want(now = false): void {
    this.pause = Math.min(this.pause, now ? 0 : GAP_MS);
  }

  /** Whether what there is at this step is worth a snapshot, and there is none of it. */
  lacks(step: number): boolean {
    return this.stopped === null && step !== 0 && step !== this.last?.step;
  }

  /** Milliseconds until the next one is due at this step; `null` where there is nothing to keep. */
  wait(step: number, moves: boolean, now: number): number | null {
    const { pause } = this;
    if (!this.lacks(step) || (pause === EVERY_MS && !moves)) return null;
    return pause === 0 ? 0 : Math.max(0, this.ended + Math.max(pause, this.cost / SHARE) - now);
  }

  /** `null` where it does not work, which is told once: training needs no snapshots. */
  async take(step: number, tell: (error: unknown) => void): Promise<Snapshot | null> {
    const start = performance.now();
    try {
      this.last = { step, words: await this.session.snapshot() };
      return this.last;
    } catch (error) {
      if (!this.told) tell(error);
      this.told = true;
      return null;
    } finally {
      this.pause = EVERY_MS;
      this.paid(performance.now() - start);
    }
  }

  /** What a snapshot has cost, one way or another. */
  paid(milliseconds: number): void {
    this.ended = performance.now();
    this.cost = milliseconds;
  }

  judge(metrics: readonly StepMetrics[]): void {
    for (const { step, loss } of metrics) {
      this.sound ??= RUNAWAY * Math.max(loss, GUESSING);
      if (!(loss <= this.sound)) continue;
      if (step === (this.last?.step ?? Number.NaN) + 1) this.good = this.last;
      // Whatever went wrong, the weights are sound.
      if (this.stopped !== null && step > this.stopped) this.stopped = null;
    }
  }

  /** What the run is at this step, nobody wants back. A sound step after it is kept again. */
  stop(step: number): void {
    this.stopped = step;
  }

  /** The run begins again, or goes on from this one. */
  begin(from: Snapshot | null): void {
    this.last = from;
    this.good = from;
    this.pause = EVERY_MS;
    this.stopped = null;
    this.ended = performance.now();
  }
}
