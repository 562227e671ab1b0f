/** English. Every other language has exactly these keys. */
export const en = {
  equations: 'Equations',
  equationNotes: {
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
    branch: 'this layer’s activation',
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
