/** English, of what is opened later. Every other language has exactly these keys. */
export const en = {
  without: 'none',
  automatic: 'by length',
  endless: 'no end',

  ofOptimizer: (name: string) => `Optimiser: ${name}`,
  schedule: 'Schedule of the rate',
  schedules: {
    constant: 'Constant',
    step: 'Staircase',
    exponential: 'Exponential decay',
    cosine: 'Cosine decay',
    plateau: 'On a plateau',
  },
  regularisation: 'Regularisation',
  kernels: 'Kernels',
  tuning: 'Measure which are fastest on this GPU',
  tuningOff: 'Off: those that are expected to be fastest are taken. On or off, the run starts over.',
  tuningKnown: 'Measured before on this GPU and remembered: the kernels that were fastest then are used.',
  tuningFailed: (reason: string) => `Nothing could be measured, so those expected to be fastest are taken: ${reason}`,
  tuned: (measured: number, shapes: number, seconds: string, other: number) =>
    `${measured} of the ${shapes} kinds of work in a training step timed in ${seconds} s, each with every kernel that can do it. ${
      other === 0
        ? 'The kernels expected to be fastest are.'
        : other === 1
          ? 'For 1 of them another kernel than expected is at least 5% faster, and is used now.'
          : `For ${other} of them another kernel than expected is at least 5% faster, and is used now.`
    }`,
  tunedNone: (shapes: number, seconds: string) =>
    `The time for measuring, ${seconds} s, was too short for any of the ${shapes} kinds of work in a training step, so the kernels expected to be fastest are used. The next run tries again.`,
  tuneAgainHint: 'Forgets what was measured and starts the run over.',
  length: 'Length of the run',
  noNumbers: 'Plain gradient descent has nothing more to set.',
  numbers: {
    momentum: 'Momentum',
    beta_1: 'β₁, mean',
    beta_2: 'β₂, square',
    rho: 'ρ, square',
    epsilon: 'ε',
    weight_decay: 'Weight decay',
    warmup_steps: 'Warm-up, steps',
    decay_steps: 'Over steps',
    decay_rate: 'Times',
    alpha: 'Share left, α',
    factor: 'Times',
    patience: 'Patience, epochs',
    clipnorm: 'Clip each tensor',
    global_clipnorm: 'Clip all together',
    l2: 'L2 on kernels',
    label_smoothing: 'Label smoothing',
    epochs: 'Epochs',
    early_stopping: 'Stop after idle epochs',
    freeze_all_but: 'Layers trained, from the end',
  },
  glossary: 'What the words mean',
  settingsHint:
    'Optimiser and regularisation start the run over; schedule and length change it as it goes. An empty field is Keras’s own value.',

  learningOf: (layer: string) => `Values of ${layer}`,
  learningEmpty: 'Gradients appear with the first training step.',
  learningAsking: 'Reading the gradients of the last step…',
  learningResumed: (step: string) =>
    `Of step ${step}, where this run was taken up, no gradient is kept: it comes with the next step.`,
  gradientNorms: 'Gradient norm of each layer',
  gradientNormsHint: (step: string) =>
    `One row a layer, time to the right, seen from step ${step} on. The darkest is a thousandth of the brightest or less: a layer that stays so dark hardly learns.`,
  fewMoments: (count: string) =>
    `${count === '1' ? 'One moment' : `${count} moments`} so far: train with this view open, and the rows grow.`,
  gradientNormsLabel: (layer: string, step: string, norm: string) => `${layer}: gradient norm ${norm} at step ${step}`,
  normScale: (low: string, high: string) => `Colours: ${low} or less is darkest, ${high} brightest, logarithmic`,
  weightsOverTime: (name: string) => `${name}, now at the bottom`,
  gradientsOverTime: 'Its gradient',
  activationsNow: 'Output for this picture',
  noWeights: 'This layer has no weights; only its output can be looked at.',
  meanStd: (mean: string, std: string) => `mean ${mean} · std ${std}`,
  rangeOf: (low: string, high: string) => `${low} … ${high}`,
  notFiniteCount: (count: string) => `${count} values are NaN or infinite`,
  silent: (count: string, all: string) => `${count} of ${all} units give only zeros for this picture`,
  norms: (gradient: string, weight: string) => `‖gradient‖ ${gradient} · ‖weights‖ ${weight}`,

  noArithmetic: 'Arithmetic is shown for convolutions and poolings: choose such a layer.',
  arithmeticHint:
    'Point at the output or tap it, or move over it with the arrow keys: its window lies on the input, what it sees on the picture.',
  picture: 'Picture',
  inputOf: (channel: string) => `Input, channel ${channel}`,
  outputOf: (channel: string) => `Output, channel ${channel}`,
  inputChannel: 'Input channel',
  outputChannel: 'Output channel',
  windowGrid: 'Window',
  kernelGrid: 'Kernel',
  thisChannel: 'Σ window × kernel',
  otherChannels: 'other channels',
  bias: 'bias',
  fromGpu: 'the GPU has',
  largestOf: (count: string) => `largest of ${count}`,
  meanOf: (count: string) => `mean of ${count}`,

  mistakesNothing: 'Nothing has been learnt yet, so there is nothing to get wrong: train first.',
  mistakesEmpty: 'Reading the validation pictures…',
  mistakesCount: (wrong: string, all: string, step: string) =>
    `${wrong} of ${all} validation pictures wrong at step ${step}`,
  mistakesNone: 'No mistake at all.',
  confusion: 'Confusion: row the label, column the answer',
  confusionSome: (shown: string, all: string) => `The ${shown} of ${all} classes that are confused most.`,
  confusionCell: (label: string, answer: string, count: string) => `${label} read as ${answer}: ${count}`,
  worst: 'Most certain mistakes',
  mistake: (answer: string, share: string, label: string) => `read as ${answer} (${share}), is ${label}`,
  mistakeGo: 'Show in the network',
  measureAgain: 'Measure again',
  stale: 'The network has learnt on since.',

  outputShape: 'Output shape',
  inputs: 'Input from',
  parameters: 'Parameters',
  macs: 'Multiply-adds (MACs)',
  receptiveField: 'Receptive field',
  receptiveFieldValue: (side: number) => `${side}×${side} pixels`,
  receptiveFieldAll: 'the whole picture',
  shareOfNetwork: (share: string) => `${share} of the network`,
  weights: 'Weights',
  configuration: 'Configuration',
  notTrainable: 'not trained',
};
