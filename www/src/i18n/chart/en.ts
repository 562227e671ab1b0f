/** English, of the curves. Every other language has exactly these keys. */
export const en = {
  seriesTrain: 'training',
  seriesValidation: 'validation',
  chartEmpty: 'The curve grows while you train.',
  chartLabel: (name: string, step: string, train: string, validation: string) =>
    `${name} at step ${step}: training ${train}, validation ${validation}`,
};
