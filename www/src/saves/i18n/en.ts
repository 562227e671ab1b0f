export const en = {
  found: (model: string, step: string, epoch: string) => `A run of ${model} was left at step ${step}, epoch ${epoch}`,
  ago: (time: string) => `saved ${time}`,
  others: (names: string) => `with other settings: ${names}`,
  resume: (step: string) => `Resume at step ${step}`,
  discard: 'Discard',
};
