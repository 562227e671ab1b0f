/** What was seen of a run's learning while somebody looked. Memory is bounded: when it is full, every other record goes. */
import type { LearningRecord } from '../engine/protocol.js';

/** The darkest colour is this much less than the brightest, at least: layers that learn alike look alike. */
const SPAN = 1000;

/** There is no gradient before the first step, nor where a run was taken up. */
export function isMeasured({ norms }: LearningRecord): boolean {
  return norms.some(({ gradient }) => gradient !== 0);
}

/** Three digits; a power of ten where a run has run away. */
export function figure(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return Math.abs(value) >= 1e5 ? value.toExponential(1).replace('+', '') : String(Number(value.toPrecision(3)));
}

export class LearningLog {
  static readonly capacity = 256;

  readonly records: LearningRecord[] = [];

  /** With the first record after a reset the log starts over, and one from before it comes too late. A record of the same step
   * replaces the last one. */
  push(record: LearningRecord): void {
    const last = this.records.at(-1);
    if (last !== undefined && record.attempt < last.attempt) return;
    if (last !== undefined && record.attempt > last.attempt) this.records.length = 0;
    else if (last?.step === record.step) this.records.pop();
    this.records.push(record);
    if (this.records.length > LearningLog.capacity) {
      const kept = this.records.filter((_, i) => i % 2 === this.records.length % 2);
      this.records.splice(0, this.records.length, ...kept);
    }
  }

  /** Records that have a gradient. */
  get measured(): LearningRecord[] {
    return this.records.filter(isMeasured);
  }

  /** Gradient norms of a layer, measured record by record. */
  norms(layer: string): number[] {
    return this.measured.map(({ norms }) => norms.find((entry) => entry.layer === layer)?.gradient ?? 0);
  }

  /** From the smallest to the largest norm that is above 0, over three decades at least; `null` before there is one. */
  range(): [number, number] | null {
    const all = this.records.flatMap(({ norms }) => norms.map(({ gradient }) => gradient));
    const usable = all.filter((value) => value > 0 && Number.isFinite(value));
    const most = Math.max(...usable);
    return usable.length === 0 ? null : [Math.min(most / SPAN, ...usable), most];
  }

  /** At most so many records of a layer, evenly spread, the latest among them. */
  spread(layer: string, count: number): LearningRecord[] {
    const own = this.records.filter((record) => record.layer === layer);
    if (own.length <= count) return own;
    return Array.from({ length: count }, (_, i) => own[Math.round((i * (own.length - 1)) / (count - 1))]).filter(
      (record) => record !== undefined,
    );
  }
}

/** Where a norm lies between the smallest and the largest, on a logarithmic scale; below 0 what is 0. */
export function heat(value: number, [low, high]: readonly [number, number]): number {
  if (value <= 0) return -1;
  if (low === high) return 1;
  return Math.log(value / low) / Math.log(high / low);
}

/** Viridis (Smith and van der Walt 2015) at nine equal steps, as in shaders/view.wgsl. */
const STOPS = [
  [68, 1, 84],
  [71, 45, 123],
  [59, 82, 139],
  [44, 114, 142],
  [33, 145, 140],
  [40, 174, 128],
  [94, 201, 98],
  [173, 220, 48],
  [253, 231, 37],
] as const;

export function viridis(share: number): readonly [number, number, number] {
  const at = Math.min(1, Math.max(0, share)) * 8;
  const low = Math.min(Math.floor(at), 7);
  const from = STOPS[low] ?? STOPS[0];
  const to = STOPS[low + 1] ?? from;
  const mix = (i: 0 | 1 | 2): number => Math.round(from[i] + (to[i] - from[i]) * (at - low));
  return [mix(0), mix(1), mix(2)];
}
