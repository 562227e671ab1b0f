/** In the worker: answers to what the inspector asks. It comes with the first question. */
import type { Lens } from '../../pkg/cnn_playground.js';
import type { Dataset, Engine, Session } from '../engine/api.js';
import type { Run } from '../engine/run.js';
import { supplyShared } from '../tuning/shared.js';
import { ascend, noise } from './ascent.js';
import { measure } from './measure.js';
import { covered, places } from './occlusion.js';
import { signature } from './race.js';
import { floats, likeliest, oneHot, Slopes, softmax } from './slopes.js';
import type {
  Aim,
  Compared,
  Dream,
  DreamOptions,
  GradCam,
  LayerMaps,
  Measured,
  NormReading,
  Occlusion,
  OcclusionOptions,
  Peak,
  Questions,
  Rival,
  Score,
} from './questions.js';

/** Pictures that are occluded at a time. */
const PATCHES = 16;
/** Invocations that keep a large GPU busy would keep a processor busy for seconds. */
const PEAK = { software: 4096, gpu: 1 << 18 } as const;
const PEAK_COPY = { software: 1 << 16, gpu: 1 << 21 } as const;
/** What one invocation of the engine's peak kernels does. */
const OPERATIONS = 2 * 32 * 512;
const COPIED = 32;

export class Answers implements Questions {
  private lens: { key: string; lens: Lens } | null = null;
  private dreamt: { pixels: Float32Array; step: number } | null = null;
  private slopes: Slopes | null = null;
  private readonly engine: Engine;
  private readonly session: Session;
  private readonly network;

  constructor(
    private readonly run: Run,
    private readonly dataset: Dataset,
  ) {
    this.engine = run.engine;
    this.session = run.session;
    this.network = run.session.network();
  }

  free(): void {
    this.lens?.lens.free();
    this.lens = null;
    this.lookAway();
  }

  async lookBack(aim: Aim | null): Promise<void> {
    if (aim === null) {
      this.lookAway();
      return;
    }
    this.slopes ??= new Slopes(this.run, (sample) => this.dataset.sample(sample).label, this.classes, aim);
    this.slopes.aim = aim;
    await this.slopes.look();
    this.run.canvases.gradients = this.slopes;
    this.run.canvases.changed();
  }

  async gradient(layer: string): Promise<Float32Array> {
    if (this.slopes === null) throw new Error('Nobody looks back.');
    return this.slopes.of(layer);
  }

  private lookAway(): void {
    this.run.canvases.gradients = null;
    this.slopes?.free();
    this.slopes = null;
  }

  async gradCam(layer: string, target: number): Promise<GradCam> {
    const picture = await this.picture();
    const lens = this.lensOf('logits', () => this.session.lensFrom());
    const logits = floats(await lens.back(picture, new Float32Array(this.classes)));
    const chosen = target < 0 ? likeliest(logits) : target;
    await lens.back(picture, oneHot(this.classes, chosen));
    const values = floats(await lens.gradCam(layer));
    const [height = 1, width = 1] = this.shapeOf(layer);
    return { picture, target: chosen, heat: { values, height, width }, logit: logits[chosen] ?? Number.NaN };
  }

  async occlude({ target, size, stride, fill }: OcclusionOptions, from: number): Promise<Occlusion> {
    const picture = await this.picture();
    const [height, width, channels] = this.input;
    const lens = this.lensOf('patches', () => this.session.lens(PATCHES, new Uint32Array()));
    const all = places(height, width, size, stride);
    // The picture itself is the first of the batch.
    const now = all.slice(from, from + PATCHES - 1);
    const batch = new Float32Array(PATCHES * picture.length);
    batch.set(picture);
    now.forEach((place, i) => {
      batch.set(covered(picture, [height, width, channels], place, size, fill), (i + 1) * picture.length);
    });
    const probabilities = this.probabilities(await lens.answers(batch), PATCHES);
    const { classes } = this;
    const chosen = target < 0 ? likeliest(probabilities.subarray(0, classes)) : target;
    const base = probabilities[chosen] ?? Number.NaN;
    const drops = Float32Array.from(now, (_, i) => base - (probabilities[(i + 1) * classes + chosen] ?? Number.NaN));
    const [rows, columns] = [Math.ceil(height / stride), Math.ceil(width / stride)];
    return { picture, target: chosen, base, rows, columns, from, drops };
  }

  async dream({ layer, channel, seed, restart }: DreamOptions, steps: number): Promise<Dream> {
    const lens = this.lensOf(`dream ${layer}`, () => this.session.lensFrom(layer === '' ? undefined : layer));
    const shape = this.input;
    let { pixels, step } = restart || this.dreamt === null ? this.fresh(seed) : this.dreamt;
    const sides = layer === '' ? [this.classes] : this.shapeOf(layer);
    const channels = sides.at(-1) ?? 1;
    const count = sides.reduce((all, side) => all * side, 1);
    const factors = Float32Array.from({ length: count }, (_, i) => (i % channels === channel ? channels / count : 0));
    let values: Float32Array = factors;
    for (let i = 0; i < steps; i += 1) {
      values = floats(await lens.back(pixels, factors));
      pixels = ascend(pixels, await lens.gradient(this.network.input.layer), shape);
      step += 1;
    }
    this.dreamt = { pixels, step };
    return { pixels, step, value: values.reduce((sum, value, i) => sum + value * (factors[i] ?? 0), 0) };
  }

  async maps(names: readonly string[], most: number): Promise<{ step: number; layers: LayerMaps[] }> {
    // What was painted last may be some steps old.
    await this.session.observe();
    const layers: LayerMaps[] = [];
    for (const layer of names) {
      const [height = 1, width = 1, count = 1] = this.shapeOf(layer);
      const shown = Math.min(most, count);
      const values = firstOf(await this.session.activation(layer), count, shown);
      layers.push({ layer, shape: [height, width, count], values, shown });
    }
    return { step: this.session.state().step, layers };
  }

  async batchNorm(layer: string, input: string): Promise<NormReading> {
    const { session } = this;
    const known = this.network.layers.find(({ name }) => name === layer)?.weights ?? [];
    const weight = (name: string): Promise<Float32Array> => session.weights(layer, name);
    const optional = (name: string): Promise<Float32Array> | null =>
      known.some((one) => one.name === name) ? weight(name) : null;
    const [gamma, beta, movingMean, movingVariance, values] = await Promise.all([
      optional('gamma'),
      optional('beta'),
      weight('moving_mean'),
      weight('moving_variance'),
      session.activation(input),
    ]);
    const batch = await session.batchStatistics(layer).then(
      (bits) => {
        const both = floats(bits);
        return { mean: both.slice(0, both.length / 2), variance: both.slice(both.length / 2) };
      },
      // Before the first step, or where the layer is frozen, nothing is measured.
      () => null,
    );
    return { step: session.state().step, gamma, beta, movingMean, movingVariance, batch, input: values };
  }

  async without(cuts: readonly number[]): Promise<Compared<Float32Array>> {
    const picture = await this.picture();
    const answer = async (cut: readonly number[]): Promise<Float32Array> => {
      const lens = this.lensOf(`cut ${cut.join()}`, () => this.session.lens(1, Uint32Array.from(cut)));
      return this.probabilities(await lens.answers(picture), 1);
    };
    const whole = await answer([]);
    return { whole, cut: cuts.length === 0 ? whole : await answer(cuts) };
  }

  async scoreWithout(cuts: readonly number[]): Promise<Compared<Score>> {
    return { whole: await this.score([]), cut: await this.score(cuts) };
  }

  private async score(cuts: readonly number[]): Promise<Score> {
    const [samples, probabilities] = await this.session.predictions('validation', Uint32Array.from(cuts));
    const classes = samples.length === 0 ? 0 : probabilities.length / samples.length;
    let [first, five] = [0, 0];
    samples.forEach((index, i) => {
      const own = probabilities.subarray(i * classes, (i + 1) * classes);
      const truth = own[this.dataset.sample(index).label] ?? 0;
      const above = own.reduce((count, value) => count + (value > truth ? 1 : 0), 0);
      if (above === 0) first += 1;
      if (above < 5) five += 1;
    });
    const all = Math.max(1, samples.length);
    return { accuracy: first / all, top5: five / all, samples: samples.length };
  }

  async time(first: number, last: number): Promise<Measured> {
    const timer = this.session.timer();
    try {
      return await measure(timer, first, last);
    } finally {
      timer.free();
    }
  }

  async rival(layer: string, variant: string, known: readonly string[]): Promise<Rival> {
    if (variant === 'shared') await supplyShared(this.engine);
    const timer = this.session.rival(layer, variant === '' ? undefined : variant);
    try {
      const dispatches = timer.dispatches();
      const count = dispatches.filter(({ pass }) => pass === 'forward').length;
      const part = async (from: number, to: number): Promise<Measured | null> => {
        const isKnown = known.includes(signature(dispatches.slice(from, to)));
        return isKnown || from === to ? null : measure(timer, from, to);
      };
      return {
        variant,
        dispatches,
        forward: await part(0, count),
        backward: await part(count, dispatches.length),
      };
    } finally {
      timer.free();
    }
  }

  async peak(): Promise<Peak> {
    const kind = /swiftshader|llvmpipe/.test(JSON.stringify(this.engine.adapter())) ? 'software' : 'gpu';
    const rate = async (copy: boolean, count: number, each: number): Promise<number> => {
      const timer = this.engine.peak(copy, count);
      try {
        return (count * each) / (await measure(timer, 0, 1)).seconds;
      } finally {
        timer.free();
      }
    };
    return {
      flops: await rate(false, PEAK[kind], OPERATIONS),
      bytesPerSecond: await rate(true, PEAK_COPY[kind], COPIED),
    };
  }

  /** Of the main head, which comes last. */
  private probabilities(bits: Uint32Array, batch: number): Float32Array {
    const count = batch * this.classes;
    const values = floats(bits).slice(bits.length - count);
    const head = this.network.layers.find(({ name }) => name === this.network.outputs.at(-1));
    if (head?.config['activation'] === 'softmax') return values;
    for (let at = 0; at < count; at += this.classes) softmax(values.subarray(at, at + this.classes));
    return values;
  }

  private get input(): readonly [number, number, number] {
    const [height = 1, width = 1, channels = 1] = this.network.input.shape;
    return [height, width, channels];
  }

  private get classes(): number {
    return this.shapeOf(this.network.outputs.at(-1) ?? '').at(-1) ?? 1;
  }

  private shapeOf(layer: string): readonly number[] {
    return this.network.layers.find(({ name }) => name === layer)?.output_shape ?? this.network.input.shape;
  }

  private fresh(seed: number): { pixels: Float32Array; step: number } {
    const [height, width, channels] = this.input;
    return { pixels: noise(height * width * channels, seed), step: 0 };
  }

  private picture(): Promise<Float32Array> {
    return this.session.activation(this.network.input.layer);
  }

  /** One lens at a time: each has memory for every layer's values. */
  private lensOf(key: string, make: () => Lens): Lens {
    if (this.lens?.key === key) return this.lens.lens;
    this.free();
    const lens = make();
    this.lens = { key, lens };
    return lens;
  }
}

/** Of so many channels the first ones, place by place. */
function firstOf(values: Float32Array, channels: number, shown: number): Float32Array {
  if (shown === channels) return values;
  return Float32Array.from(
    { length: (values.length / channels) * shown },
    (_, i) => values[Math.floor(i / shown) * channels + (i % shown)] ?? 0,
  );
}
