/** English. Every other language has exactly these keys. */
export const en = {
  equations: 'Equations',
  equationNotes: {
    below:
      'at the end this kernel multiplies dx by the slope of the activation that x came out of, which makes it the dz of the layer below',
    gradient: 'dx is ∂loss/∂x, and so on',
    outside: 'what lies outside the picture counts 0',
    whole: 'only where the division leaves no remainder',
    log: 'the loss takes logits, so training never computes the softmax itself',
    view: 'the same memory under another shape',
  },
  noBackward: 'this layer runs no shader in the backward pass',
  marks: {
    sum: 'multiply and add: the ∑',
    store: 'the result is written',
    branch: 'the activation that is at work',
    said: 'the step that counts',
  },

  passForward: 'Forward',
  passBackward: 'Backward',
  passData: 'Data',
  passUpdate: 'Update',
  passMetrics: 'Metrics',
  noDispatches: 'This layer runs no shader: it only renames the shape.',
  workgroups: 'Workgroups',
  workgroupSize: 'Threads in each',
  threads: 'Threads',
  constants: 'Constants',
  buffers: 'Buffers',
  source: (file: string) => `Source of ${file}`,
};
