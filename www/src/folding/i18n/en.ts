/** English texts of folding. */
export const en = {
  blocks: 'Blocks of the network',
  residual: (number: string) => `Residual ${number}`,
  inception: (number: string) => `Inception ${number}`,
  branches: (number: string) => `Branches ${number}`,
  layers: (count: string) => `${count} layers`,
  fold: (name: string) => `Fold ${name} to one card`,
  unfold: (name: string, layers: string) => `Unfold ${name}: ${layers}`,
  foldAll: 'Fold blocks',
  unfoldAll: 'Unfold blocks',
};
