/** What the inspector asks the worker beyond what it is told anyway. All of it can be cloned by `postMessage`. */
import type { DispatchInfo } from '../engine/api.js';

/** Where a map of heat is hot. */
export interface Heat {
  values: Float32Array;
  height: number;
  width: number;
}

/** The picture that is looked at, and what it is judged by. */
export interface Sight {
  picture: Float32Array;
  /** Class that was asked for: the likeliest one where none was named. */
  target: number;
}

export interface GradCam extends Sight {
  heat: Heat;
  /** Of the class. */
  logit: number;
}

export interface OcclusionOptions {
  /** Class, or −1 for the likeliest. */
  target: number;
  /** Side of the patch, and how far it moves, in pixels. */
  size: number;
  stride: number;
  /** Grey of the patch, 0 to 1. */
  fill: number;
}

export interface Occlusion extends Sight {
  /** Probability with nothing covered. */
  base: number;
  /** Patch positions down and across. */
  rows: number;
  columns: number;
  /** How much of the probability each of these positions takes away, from number `from` on. */
  from: number;
  drops: Float32Array;
}

export interface DreamOptions {
  /** Layer whose map is to be driven; empty for a class. */
  layer: string;
  /** Map or class. */
  channel: number;
  seed: number;
  /** Begins anew from noise. */
  restart: boolean;
}

export interface Dream {
  pixels: Float32Array;
  /** What is driven up: the logit, or the mean of the map. */
  value: number;
  step: number;
}

export interface NormReading {
  step: number;
  gamma: Float32Array | null;
  beta: Float32Array | null;
  movingMean: Float32Array;
  movingVariance: Float32Array;
  /** Of the last step's batch; `null` before the first step and where the layer is frozen. */
  batch: { mean: Float32Array; variance: Float32Array } | null;
  /** What goes into the layer for the picture. */
  input: Float32Array;
}

export interface Score {
  accuracy: number;
  top5: number;
  samples: number;
}

/** The network as it is and with wires cut, of the same weights: both are answered between the same two steps. */
export interface Compared<T> {
  whole: T;
  cut: T;
}

export interface Measured {
  /** Of one run. */
  seconds: number;
  /** The GPU's own clock, or the time until the queue was done. */
  clock: 'gpu' | 'queue';
}

export interface Rival {
  variant: string;
  dispatches: DispatchInfo[];
  forward: Measured | null;
  backward: Measured | null;
}

export interface Peak {
  flops: number;
  bytesPerSecond: number;
}

/** What a layer computed for the picture: its first maps. */
export interface LayerMaps {
  layer: string;
  /** Height, width, and how many maps it has in all. */
  shape: readonly [number, number, number];
  /** `[height, width, shown]`: no more than were asked for. */
  values: Float32Array;
  shown: number;
}

/** What gradients are of: the loss (a picture without a label counts as what the network takes it for), or the logit of a class,
 * −1 for the likeliest. */
export type Aim = 'loss' | number;

/** Answers come between two steps, so training waits for each of them: long work is asked for in pieces. */
export interface Questions {
  gradCam(layer: string, target: number): Promise<GradCam>;
  /** The next positions from this one on. */
  occlude(options: OcclusionOptions, from: number): Promise<Occlusion>;
  /** Some steps of ascent. */
  dream(options: DreamOptions, steps: number): Promise<Dream>;
  /** From now on gradients of this are kept up with the picture, for canvases that show them; with `null` no more. */
  lookBack(aim: Aim | null): Promise<void>;
  /** Of what is looked back from, with respect to a layer's output. */
  gradient(layer: string): Promise<Float32Array>;
  /** At most so many maps of each of these layers, as they are with the weights of this step. */
  maps(layers: readonly string[], most: number): Promise<{ step: number; layers: LayerMaps[] }>;
  batchNorm(layer: string, input: string): Promise<NormReading>;
  /** Probabilities for the picture with these wires cut: pairs of a layer's number and its input's. */
  without(cuts: readonly number[]): Promise<Compared<Float32Array>>;
  /** The same over all validation pictures. */
  scoreWithout(cuts: readonly number[]): Promise<Compared<Score>>;
  /** Dispatches of the training step, from one up to another (left out). */
  time(first: number, last: number): Promise<Measured>;
  /** Without times for what has a signature that is known. */
  rival(layer: string, variant: string, known: readonly string[]): Promise<Rival>;
  peak(): Promise<Peak>;
}
