/** The types of the full engine's generated package. Only the check page's worker loads its code. */
export type {
  AdapterInfo,
  ConformResult,
  Engine,
  GradientCheck,
  GradientLayer,
  GradientResult,
  ModelInfo,
} from '../../pkg-full/cnn_playground.js';
