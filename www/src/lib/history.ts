/** The curves of one run. Memory is bounded: when a curve is full, neighbours merge in pairs. */
import type { Evaluation, StepMetrics } from '../engine/api.js';

export interface Curve {
  readonly steps: number[];
  readonly raw: number[];
  /** Exponential moving average, corrected for its start. */
  readonly smooth: number[];
}

const SMOOTHING = 0.93;

type ValidationPoint = { step: number; epoch: number; evaluation: Evaluation };

/** The learning rate was changed by hand. */
export interface RateChange {
  /** The first step that the new rate holds for. */
  step: number;
  from: number;
  rate: number;
  /** Which run's, where two are drawn. */
  run?: string;
}

/** A slider passes many rates before it rests: what comes within this time is one change. */
const ONE_CHANGE_MS = 1000;

/** All of a history as plain data. */
export interface HistoryData {
  loss: Curve;
  accuracy: Curve;
  validation: ValidationPoint[];
  latest: StepMetrics | null;
  averages: [loss: number, accuracy: number, weight: number];
  stride: number;
  pending: { count: number; loss: number; accuracy: number };
  /** Older records know no time. */
  seconds?: number;
  rates?: readonly RateChange[];
}

export class History {
  static readonly capacity = 4096;

  readonly loss: Curve = { steps: [], raw: [], smooth: [] };
  readonly accuracy: Curve = { steps: [], raw: [], smooth: [] };
  readonly validation: ValidationPoint[] = [];
  readonly rates: RateChange[] = [];
  /** Grows with every change, so that a component sees one. */
  version = 0;

  private lossAverage = 0;
  private accuracyAverage = 0;
  private weight = 0;
  /** Steps that one point stands for. */
  private stride = 1;
  private pending = { count: 0, loss: 0, accuracy: 0 };

  get last(): StepMetrics | null {
    return this.latest;
  }

  /** Time that training has taken by the clock, validation included. */
  seconds = 0;

  private ratedAt = 0;
  private latest: StepMetrics | null = null;
  /** Up to when the time is counted; `null` while nothing trains. */
  private counted: number | null = null;

  static from(data: HistoryData): History {
    const history = new History();
    const {
      loss,
      accuracy,
      validation,
      latest,
      averages,
      stride,
      pending,
      seconds = 0,
      rates = [],
    } = structuredClone(data);
    for (const [curve, points] of [
      [history.loss, loss],
      [history.accuracy, accuracy],
    ] as const) {
      for (const list of ['steps', 'raw', 'smooth'] as const) curve[list].push(...points[list]);
    }
    history.validation.push(...validation);
    history.rates.push(...rates);
    [history.lossAverage, history.accuracyAverage, history.weight] = averages;
    Object.assign(history, { latest, stride, pending, seconds, version: 1 });
    return history;
  }

  /** A copy that goes on to say the same. */
  toData(): HistoryData {
    const {
      loss,
      accuracy,
      validation,
      latest,
      lossAverage,
      accuracyAverage,
      weight,
      stride,
      pending,
      seconds,
      rates,
    } = this;
    const averages: HistoryData['averages'] = [lossAverage, accuracyAverage, weight];
    return structuredClone({ loss, accuracy, validation, latest, averages, stride, pending, seconds, rates });
  }

  /** Training begins or goes on, at this time in milliseconds. */
  begin(now: number): void {
    this.counted = now;
  }

  /** Something of it is done. */
  tick(now: number): void {
    if (this.counted === null) return;
    this.seconds += (now - this.counted) / 1000;
    this.counted = now;
  }

  /** Training rests. */
  rest(): void {
    this.counted = null;
  }

  /** From the next step on, at this time in milliseconds. Before the first step there is nothing to mark. */
  changeRate(from: number, rate: number, now: number): void {
    if (this.latest === null || from === rate) return;
    const step = this.latest.step + 1;
    const last = this.rates.at(-1);
    const same = last !== undefined && (last.step === step || now - this.ratedAt < ONE_CHANGE_MS);
    const change = same ? { ...last, rate } : { step, from, rate };
    if (same) this.rates.pop();
    if (change.from !== rate) this.rates.push(change);
    this.ratedAt = now;
    this.version += 1;
  }

  pushSteps(metrics: readonly StepMetrics[]): void {
    for (const metric of metrics) this.pushStep(metric);
    if (metrics.length > 0) this.version += 1;
  }

  pushValidation(step: number, epoch: number, evaluation: Evaluation): void {
    this.validation.push({ step, epoch, evaluation });
    this.version += 1;
  }

  /** Epochs since the validation loss was at its lowest. */
  epochsWithoutGain(): number {
    const losses = this.validation.map(({ evaluation }) => evaluation.loss);
    return Math.max(0, losses.length - 1 - losses.indexOf(Math.min(...losses)));
  }

  private pushStep(metric: StepMetrics): void {
    this.latest = metric;
    this.weight = this.weight * SMOOTHING + (1 - SMOOTHING);
    this.lossAverage = this.lossAverage * SMOOTHING + metric.loss * (1 - SMOOTHING);
    this.accuracyAverage = this.accuracyAverage * SMOOTHING + metric.accuracy * (1 - SMOOTHING);

    this.pending.count += 1;
    this.pending.loss += metric.loss;
    this.pending.accuracy += metric.accuracy;
    if (this.pending.count < this.stride) return;
    const { count, loss, accuracy } = this.pending;
    this.pending = { count: 0, loss: 0, accuracy: 0 };
    append(this.loss, metric.step, loss / count, this.lossAverage / this.weight);
    append(this.accuracy, metric.step, accuracy / count, this.accuracyAverage / this.weight);
    if (this.loss.steps.length >= History.capacity) {
      halve(this.loss);
      halve(this.accuracy);
      this.stride *= 2;
    }
  }
}

function append(curve: Curve, step: number, raw: number, smooth: number): void {
  curve.steps.push(step);
  curve.raw.push(raw);
  curve.smooth.push(smooth);
}

function halve(curve: Curve): void {
  const half = Math.floor(curve.steps.length / 2);
  for (let i = 0; i < half; i += 1) {
    const first = curve.raw[2 * i] ?? 0;
    const second = curve.raw[2 * i + 1] ?? 0;
    curve.raw[i] = (first + second) / 2;
    curve.steps[i] = curve.steps[2 * i + 1] ?? 0;
    curve.smooth[i] = curve.smooth[2 * i + 1] ?? 0;
  }
  for (const list of [curve.steps, curve.raw, curve.smooth]) list.length = half;
}
