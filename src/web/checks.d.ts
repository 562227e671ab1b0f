/** What came of a reference file. Only the check page's engine (`www/pkg-full`) has `Engine.conform`. */
export interface ConformResult {
  name: string;
  passed: boolean;
  /** Largest |got − want| ÷ (its allowance): at most 1 passes. */
  worst: number;
  /** Name of the tensor or curve where `worst` was met. */
  worst_at: string;
  /** |got − want| there, and what was allowed. */
  error: number;
  tolerance: number;
  /** Says why an unknown op or model fails. */
  message: string;
  milliseconds: number;
}

/** What to check a network's gradient on. Only the check page's engine has `Engine.gradientCheck`. */
export interface GradientConfig {
  /** A registry name. */
  model: string;
  /** Decides first weights, pictures, labels and directions; 1 when absent. */
  seed?: number;
  /** Random pictures in the batch; 4 when absent. */
  batch?: number;
  /** Random directions a weight tensor; 5 when absent. */
  directions?: number;
}

/** A layer with weights to check. */
export interface GradientLayer {
  /** What `GradientCheck.check` takes. */
  index: number;
  layer: string;
  /** Keras class name, e.g. `Conv2D`. */
  class: string;
}

/** One layer's gradient against central differences of the loss: the layer's worst weight tensor. */
export interface GradientResult {
  layer: string;
  class: string;
  /** Trained weights of the whole layer. */
  parameters: number;
  /** Weight tensor of which the numbers speak. */
  tensor: string;
  /** Slope of the loss along random directions as the backward pass promised it, and as measured. */
  backward: number;
  measured: number;
  /** What lies between them, and what of it is allowed. */
  error: number;
  tolerance: number;
  passed: boolean;
  milliseconds: number;
}
