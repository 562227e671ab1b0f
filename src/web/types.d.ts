/** A setting or file that cannot work throws an `Error` whose message names the layer, the numbers and the way out. */

/** What the adapter under `navigator.gpu` says of itself, and the limits the engine asked it for. */
export interface AdapterInfo {
  vendor: string;
  architecture: string;
  device: string;
  description: string;
  limits: Record<string, number>;
  features: string[];
}

/** One architecture of the registry. */
export interface ModelInfo {
  /** Registry name, as in the URL and on the command line. */
  name: string;
  /** Where the architecture comes from: a course note, a paper. */
  source: string;
  /** Quirks that are kept on purpose. */
  notes: string[];
  /** Input shape without the batch axis: `[height, width, channels]`. */
  input: number[];
  classes: number;
  parameters: number;
}

/** A trained tensor of a layer. */
export interface WeightInfo {
  name: string;
  shape: number[];
  trainable: boolean;
}

/** One layer as Keras would describe it, wired by name. */
export interface LayerInfo {
  name: string;
  /** Keras class name, e.g. `Conv2D`. */
  class: string;
  /** Output shape without the batch axis. */
  output_shape: number[];
  params: number;
  macs: number;
  /** Input layers, in order; the input itself is called by its own name. */
  connected_to: string[];
  /** Keras configuration: filters, kernel_size, strides, padding, activation … */
  config: Record<string, unknown>;
  weights: WeightInfo[];
  /** Side of the square of input pixels that one output value sees. */
  receptive_field: number;
}

/** The network of a session, in Keras's layer order. */
export interface NetworkInfo {
  name: string;
  kind: 'sequential' | 'functional';
  input: { layer: string; shape: number[] };
  outputs: string[];
  totals: { params: number; trainable: number; non_trainable: number; macs: number; layers: number };
  layers: LayerInfo[];
}

/** One compute dispatch of a plan. */
export interface DispatchInfo {
  /** Layer it belongs to; empty for the optimiser and the loss's bookkeeping. */
  layer: string;
  pass: 'forward' | 'backward' | 'update' | 'metrics' | 'data';
  /** File in `shaders/`, e.g. `conv2d.wgsl`: `Engine.shaderSource` returns its code. */
  shader: string;
  entry_point: string;
  workgroups: [number, number, number];
  workgroup_size: [number, number, number];
  /** Multiply-accumulates, where it does a layer's; 0 elsewhere. Winograd's fewer count as those they stand for. */
  macs: number;
  /** WGSL `override` constants this pipeline was made with. */
  constants: Record<string, number>;
  /** WGSL variable name → buffer name and bytes. */
  bindings: { name: string; buffer: string; bytes: number }[];
}

/** What a training step does, as data. */
export interface PlanInfo {
  train: DispatchInfo[];
  infer: DispatchInfo[];
  /** Bytes of GPU memory by purpose. */
  bytes: { parameters: number; gradients: number; optimizer: number; activations: number; dataset: number; other: number };
}

/** What came of measuring which kernels are fastest. */
export interface Tuning {
  /** For `Engine.choose`: a line `key=variant` for every shape that is known by now. */
  table: string;
  /** Shapes of the training step that were not known, how many of them were measured, and for how many of these another kernel is
   * faster than the one that was expected to be. */
  shapes: number;
  measured: number;
  other: number;
  seconds: number;
}

/** Hears how many shapes are done, and gives the time in seconds. */
export type TuningClock = (done: number, all: number) => number;

/** A dataset, as bytes. Every session brings it to the GPU for itself. */
export interface DatasetInfo {
  name: string;
  /** `[height, width, channels]` */
  shape: number[];
  classes: string[];
  count: number;
  /** The network's value is byte × scale. */
  scale: number;
}

/** One picture of a dataset, for thumbnails. */
export interface Sample {
  index: number;
  label: number;
  /** RGBA, 8 bits each, `shape[0] × shape[1]` pixels. */
  rgba: Uint8ClampedArray;
}

export interface OptimizerConfig {
  algorithm: 'sgd' | 'adam' | 'adamw' | 'rmsprop';
  learning_rate?: number;
  /** sgd, rmsprop: 0 is without. */
  momentum?: number;
  /** sgd only. */
  nesterov?: boolean;
  /** adam, adamw. */
  beta_1?: number;
  beta_2?: number;
  /** adam, adamw, rmsprop. */
  epsilon?: number;
  /** adamw only. */
  weight_decay?: number;
  /** rmsprop only. */
  rho?: number;
}

/** How the learning rate goes on: Keras's names and formulae. The session's own rate is where the decay starts. */
export type Schedule = (
  | { class: 'Constant' }
  /** Times `decay_rate` every `decay_steps`: at once with `staircase`, else a little every step. */
  | { class: 'ExponentialDecay'; decay_steps: number; decay_rate: number; staircase?: boolean }
  /** Half a wave down to `alpha` (a share of the rate, 0 when absent) after `decay_steps`. */
  | { class: 'CosineDecay'; decay_steps: number; alpha?: number }
  /** Times `factor` when `Session.monitor` has heard no better loss for `patience` epochs. */
  | {
      class: 'ReduceLROnPlateau';
      factor?: number;
      patience?: number;
      min_delta?: number;
      cooldown?: number;
      min_lr?: number;
    }
) & {
  /** Steps in which the rate first rises from `initial_learning_rate` (0 when absent) to the session's own. */
  warmup_steps?: number;
  initial_learning_rate?: number;
};

export interface SessionConfig {
  /** A registry name. */
  model: string;
  optimizer: OptimizerConfig;
  /** Gradients of a weight tensor longer than this are shortened to it. */
  clipnorm?: number;
  /** The same for all gradients of the network taken as one vector; not together with `clipnorm`. */
  global_clipnorm?: number;
  /** Penalty on every kernel of the network, on top of its own: l2 · Σw². 0 when absent. */
  l2?: number;
  /** Share of the target spread evenly over all classes; 0 when absent. The losses have it in them. */
  label_smoothing?: number;
  /** What is done to pictures in training, with commas: flip, shift, rotate, cutout; nothing when absent. */
  augment?: string;
  /** The same rate throughout when absent. */
  schedule?: Schedule;
  /** Samples a training step. */
  batch: number;
  /** Decides initial weights, split and batch order: same seed, same adapter, same bits. */
  seed: number;
  /** Share of the samples kept for validation; 0.2 when absent. */
  validation_split?: number;
}

/** A network as data: the model format. Every layer names its inputs. */
export interface ModelSpec {
  version: 1;
  name: string;
  source?: string;
  notes?: string[];
  kind: 'sequential' | 'functional';
  input: { layer: string; shape: number[] };
  layers: LayerSpec[];
  /** Names of the layers whose values leave the network. */
  outputs: string[];
  loss_weights?: number[];
}

export interface LayerSpec {
  name: string;
  /** Keras class name, e.g. `Conv2D`. */
  class: string;
  /** Keras configuration; what is absent is Keras's default. */
  config?: Record<string, unknown>;
  connected_to: string[];
  trainable?: boolean;
}

/** What a network would be in training. Only the full engine (`www/pkg-full`) has `Engine.describe`. */
export interface NetworkDescription {
  network: NetworkInfo;
  summary: string;
  /** Of a training step. */
  bytes: CostBytes;
}

/** Bytes of GPU memory by purpose, the dataset aside. */
export interface CostBytes {
  /** All weights, frozen ones and moving statistics too. */
  parameters: number;
  /** Gradients of the weights that are trained. */
  gradients: number;
  optimizer: number;
  tables: number;
  /** Outputs of layers, their gradients and what kernels need on the side, which take turns. */
  activations: number;
  /** All of the above. */
  total: number;
  /** What takes turns in `activations`, if each had memory of its own. */
  outputs: number;
  output_gradients: number;
  scratch: number;
}

/** What one run costs. */
export interface RunCost {
  dispatches: number;
  /** Multiply-accumulates of the whole batch, forwards. */
  macs: number;
  bytes: CostBytes;
}

/** What training costs on this adapter, before anything is allocated. Only the full engine has `Engine.cost`. */
export interface CostInfo {
  batch: number;
  training: RunCost;
  inference: RunCost;
  layers: {
    name: string;
    class: string;
    output_shape: number[];
    params: number;
    trainable: boolean;
    /** Multiply-accumulates for one sample, forwards. */
    macs: number;
    receptive_field: number;
    /** Of the whole batch. */
    activation_bytes: number;
    dispatches: { forward: number; backward: number };
  }[];
  /** Which limits of the adapter break, by how much, and the way out; empty where it fits. */
  training_obstacles: string[];
  inference_obstacles: string[];
}

/** What came of a file of weights. Only the full engine has `Session.loadWeights`. */
export interface LoadedWeights {
  /** Network that the file was saved from; empty where it does not say. */
  model: string;
  /** Weight tensors that the file had values for. */
  loaded: number;
  /** Those that it had none for, each with the reason. */
  fresh: string[];
  /** Tensors of the file that the network has no place for. */
  unused: string[];
}

/** Measured by one training step, before its update. */
export interface StepMetrics {
  /** 1 for the first step. */
  step: number;
  epoch: number;
  /** Learning rate of the update that followed. */
  learning_rate: number;
  /** Weighted sum of the heads' losses, and the penalty, as Keras reports it. */
  loss: number;
  /** What the regularisers add to the loss. */
  penalty: number;
  /** Share of the batch whose largest logit is the label's. */
  accuracy: number;
  /** Share of the batch whose label is among the five largest logits. */
  top5_accuracy: number;
  /** 1 − accuracy. */
  error: number;
  top5_error: number;
}

export interface Evaluation {
  loss: number;
  /** Top-1. */
  accuracy: number;
  top5_accuracy: number;
  /** 1 − accuracy. */
  error: number;
  top5_error: number;
  samples: number;
}

/** What a tensor's values look like. Where none is finite, the numbers are null. */
export interface Statistics {
  count: number;
  /** Values that are infinite or NaN, which the other numbers leave out. */
  non_finite: number;
  min: number | null;
  max: number | null;
  mean: number | null;
  std: number | null;
  /** How many values fall into each of 64 bins of equal width from min to max. */
  histogram: number[];
}

/** Norms over all weights of a layer together. */
export interface LayerNorms {
  layer: string;
  /** Of the last step's gradient, regularisers included, before it was clipped. */
  gradient: number;
  weight: number;
  /** Norm of what the last step changed, over that of the weights; null where no step has changed them since `watchUpdates`. */
  update_ratio: number | null;
}

export interface SessionState {
  step: number;
  epoch: number;
  steps_per_epoch: number;
  train_samples: number;
  validation_samples: number;
  learning_rate: number;
}

export type ColorMap = 'viridis' | 'grey' | 'diverging';

export interface ViewOptions {
  /** Layer name; the input's own name shows the picture itself. */
  layer: string;
  /** What to paint: the layer's output, or its kernels. */
  kind: 'activation' | 'kernel';
  color_map: ColorMap;
  /** Range of the colours: each tile its own, one for the whole layer, or one for all views of the session that say so. */
  scale: 'map' | 'layer' | 'global';
  /** Paint only this channel, large; all of them as tiles when absent. */
  channel?: number;
  /** At most this many tiles (the first ones); all that fit when absent. */
  tiles?: number;
}

/** Where the tiles of a painted view lie, in canvas pixels. */
export interface ViewLayout {
  columns: number;
  rows: number;
  tile_width: number;
  tile_height: number;
  /** Values across and down one tile. */
  values_x: number;
  values_y: number;
  gap: number;
  tiles: number;
}
