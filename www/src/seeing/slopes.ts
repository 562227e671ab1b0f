/** In the worker: gradients of an answer with respect to everything that the network makes of the picture it looks at. The engine
 * computes and paints them; here is what is asked. */
import type { Lens } from '../../pkg/cnn_playground.js';
import type { View, ViewOptions } from '../engine/api.js';
import type { Gradients } from '../engine/canvases.js';
import type { Run } from '../engine/run.js';
import type { Aim } from './questions.js';

export const likeliest = (values: Float32Array): number =>
  values.reduce((best, value, at) => (value > (values[best] ?? -Infinity) ? at : best), 0);

/** The engine answers in bits. */
export const floats = (bits: Uint32Array): Float32Array => new Float32Array(bits.buffer, bits.byteOffset, bits.length);

export function softmax(values: Float32Array): void {
  const largest = Math.max(...values);
  values.forEach((value, at) => (values[at] = Math.exp(value - largest)));
  const total = values.reduce((sum, value) => sum + value, 0);
  values.forEach((value, at) => (values[at] = value / total));
}

export const oneHot = (count: number, at: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => (i === at ? 1 : 0));

/** What each logit counts for: of a class's logit that is the class alone, of the cross-entropy its gradient. */
export function factorsOf(aim: Aim, logits: Float32Array, label: number | null): Float32Array {
  if (aim !== 'loss') return oneHot(logits.length, aim < 0 ? likeliest(logits) : aim);
  const factors = logits.slice();
  const truth = label ?? likeliest(logits);
  softmax(factors);
  factors[truth] = (factors[truth] ?? 0) - 1;
  return factors;
}

export class Slopes implements Gradients {
  private readonly lens: Lens;
  private factors: Float32Array;

  constructor(
    private readonly run: Pick<Run, 'session' | 'probed'>,
    private readonly labelOf: (sample: number) => number,
    classes: number,
    public aim: Aim,
  ) {
    this.lens = run.session.lensFrom();
    this.factors = new Float32Array(classes);
  }

  async look(): Promise<void> {
    const { lens, run, aim } = this;
    const picture = await run.session.activation(run.session.network().input.layer);
    const logits = floats(await lens.back(picture, this.factors));
    const label = run.probed === null ? null : this.labelOf(run.probed);
    const factors = factorsOf(aim, logits, label);
    // The same class as before: it is done already.
    if (factors.every((factor, i) => factor === this.factors[i])) return;
    this.factors = factors;
    await lens.back(picture, factors);
  }

  /** Of a layer's output, or of the picture. */
  of(layer: string): Promise<Float32Array> {
    return this.lens.gradient(layer);
  }

  createView(canvas: OffscreenCanvas, options: ViewOptions): View {
    return this.lens.createView(canvas, options);
  }

  /** What views show stays as long as they do. */
  free(): void {
    this.lens.free();
  }
}
