/** Types of the full engine, which knows networks as data. */
export type { LayerSpec, ModelSpec, NetworkDescription } from '../../pkg-full/cnn_playground.js';
