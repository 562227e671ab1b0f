// This engine as one of the libraries that a side-by-side benchmark compares: an ES module that runs a workload, given as
// data, and says how it went. The benchmark gives every library the same weights and the same batch.
//
// A workload's `spec` has `layers` (`op`, sizes, `in` and `out` shapes, `params`: numbers of its weights), `optimizer`,
// `batch`, `input`, `classes`; micro operators have `op` and `reps`. `param(i)` gives the first values of weight i, `batch`
// is `{ x, labels }` with x in NHWC, `fill(seed, n, lo, hi)` other inputs.
//
// It needs the engine with all features: `cargo xtask wasm --full`.
import load, { Engine } from '../pkg-full/cnn_playground.js';

export const name = 'cnn-playground';
export const unsupported = {};

let engine;

export async function init() {
  await load();
  engine = await Engine.create();
  const { vendor, architecture, device, description, limits } = engine.adapter();
  refuseWhatCannotBeHeld(limits.maxBufferSize);
  return { device: [vendor, architecture, device, description].filter(Boolean).join(' ') };
}

// --- from the benchmark's layers to the engine's model format ---------------------------------------------------------

/** Weights of a layer in Keras's names, in the order of the benchmark's. */
const WEIGHTS = {
  conv: ['kernel', 'bias'],
  dense: ['kernel', 'bias'],
  bn: ['gamma', 'beta', 'moving_mean', 'moving_variance'],
};

/** The layers wired by name, and where each weight of the benchmark goes: `[layer, weight, number]`. */
function model({ name, input, layers }) {
  const specs = [];
  const weights = [];
  const add = (cls, config, connected_to) => {
    const layer = `${cls.toLowerCase()}_${specs.length}`;
    specs.push({ name: layer, class: cls, config, connected_to });
    return layer;
  };
  const act = (l, from) => (l.act === 'relu' ? add('ReLU', {}, [from]) : from);
  const walk = (list, from) => {
    for (const l of list) {
      if (l.op === 'residual') {
        const sum = add('Add', {}, [walk(l.main, from), walk(l.skip, from)]);
        from = act(l, sum);
        continue;
      }
      const layer = add(...keras(l), [from]);
      l.params?.forEach((param, i) => weights.push([layer, WEIGHTS[l.op][i], param]));
      // Convolution and dense layers apply their activation themselves.
      from = l.op === 'bn' ? act(l, layer) : layer;
    }
    return from;
  };
  const output = walk(layers, 'input');
  const spec = {
    version: 1,
    name,
    kind: 'functional',
    input: { layer: 'input', shape: input },
    layers: specs,
    outputs: [output],
  };
  return { spec, weights };
}

/** Keras class and configuration of one layer. */
function keras(l) {
  const activation = l.act ?? 'linear';
  const padding = l.pad
    ? [
        [l.pad, l.pad],
        [l.pad, l.pad],
      ]
    : 'valid';
  switch (l.op) {
    case 'conv':
      return [
        'Conv2D',
        {
          filters: l.filters,
          kernel_size: [l.k, l.k],
          strides: [l.stride, l.stride],
          padding,
          use_bias: l.bias,
          activation,
        },
      ];
    case 'dense':
      return ['Dense', { units: l.units, use_bias: l.bias ?? true, activation }];
    case 'bn':
      return ['BatchNormalization', { momentum: 0.99, epsilon: l.eps ?? 1e-3 }];
    case 'maxpool':
      return ['MaxPooling2D', { pool_size: [l.k, l.k], strides: [l.stride, l.stride], padding }];
    case 'gap':
      return ['GlobalAveragePooling2D', {}];
    case 'flatten':
      return ['Flatten', {}];
    default:
      throw new Error(`no layer for ${l.op}`);
  }
}

function optimizer(o) {
  return o.type === 'adam'
    ? { algorithm: 'adam', learning_rate: o.lr, beta_1: o.beta1, beta_2: o.beta2, epsilon: o.eps }
    : { algorithm: 'sgd', learning_rate: o.lr, momentum: o.momentum };
}

// --- workloads --------------------------------------------------------------------------------------------------------

const bytes = () => engine.bytes();

async function train({ spec, param, batch }) {
  const network = model(spec);
  const trainer = await engine.trainer(network.spec, optimizer(spec.optimizer), spec.batch);
  for (const [layer, weight, number] of network.weights) trainer.setWeights(layer, weight, param(number));
  trainer.setBatch(batch.x, Uint32Array.from(batch.labels));
  return { step: () => trainer.step(), bytes, dispose: () => trainer.free() };
}

async function runnerOf({ spec, param, batch }) {
  const network = model(spec);
  const runner = await engine.runner(network.spec, spec.batch, false);
  for (const [layer, weight, number] of network.weights) runner.setWeights(layer, weight, param(number));
  runner.setInput(batch.x);
  return runner;
}

async function infer(context) {
  const runner = await runnerOf(context);
  let last;
  const step = async () => {
    runner.run(1);
    last = await runner.output();
  };
  return { step, bytes, result: () => last, dispose: () => runner.free() };
}

/** One operator, `reps` times a step. */
function repeat(runner, reps, result) {
  const step = async () => {
    runner.run(reps);
    await runner.done();
  };
  return { step, bytes, result, dispose: () => runner.free() };
}

async function layerOp(context) {
  const runner = await runnerOf(context);
  return repeat(runner, context.spec.reps, () => runner.output());
}

/** A dense layer without a bias on m samples. */
async function matmul({ spec: { name, m, k, n, reps }, fill }) {
  const layers = [{ op: 'dense', units: n, bias: false, params: [0] }];
  const param = () => fill(22, k * n, -1, 1);
  const runner = await runnerOf({
    spec: { name, input: [k], layers, batch: m },
    param,
    batch: { x: fill(21, m * k, -1, 1) },
  });
  return repeat(runner, reps, () => runner.output());
}

async function batchnorm({ spec, batch, fill }) {
  const channels = spec.input[2];
  const network = model({ ...spec, layers: [{ op: 'bn', eps: spec.eps }] });
  const runner = await engine.runner(network.spec, spec.batch, true);
  const [{ name: layer }] = network.spec.layers;
  runner.setWeights(layer, 'gamma', fill(24, channels, 0.5, 1.5));
  runner.setWeights(layer, 'beta', fill(25, channels, -1, 1));
  runner.setInput(batch.x);
  runner.setOutputGradient(fill(23, batch.x.length, -1, 1));
  return repeat(runner, spec.reps, () => runner.inputGradient());
}

export const workloads = {
  train_lenet: train,
  train_vggmini: train,
  train_resnet8: train,
  train_vgg16_cifar: train,
  infer_resnet50: infer,
  infer_vgg16: infer,
  micro_conv3x3: layerOp,
  micro_conv1x1: layerOp,
  micro_conv7x7: layerOp,
  micro_maxpool: layerOp,
  micro_matmul: matmul,
  micro_batchnorm: batchnorm,
};

/** All weights of a network lie in one buffer: VGG16 for pictures of 224 × 224 has 138,357,544. */
function refuseWhatCannotBeHeld(limit) {
  const needed = 4 * 138_357_544;
  if (needed <= limit) return;
  delete workloads.infer_vgg16;
  unsupported.infer_vgg16 = `its weights take ${needed} bytes in one buffer, this adapter allows ${limit}`;
}
