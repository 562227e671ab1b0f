/** Types of the full engine, which knows networks as data. */
export type {
  CostInfo,
  LayerSpec,
  LoadedWeights,
  ModelSpec,
  NetworkDescription,
} from '../../pkg-full/cnn_playground.js';
