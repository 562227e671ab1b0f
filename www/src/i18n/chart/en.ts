/** English, of the curves. Every other language has exactly these keys. */
export const en = {
  seriesTrain: 'training, smoothed',
  seriesValidation: 'validation',
  chartEmpty: 'The curve grows while you train.',
  chartLabel: (name: string, step: string, train: string, validation: string) =>
    `${name} at step ${step}: training, smoothed, ${train}, validation ${validation}`,
  rateChanged: (step: string, from: string, rate: string) =>
    `From step ${step} on: learning rate ${from}\u00a0→\u00a0${rate}`,
};
