/** How a layer is called on its card. */
import type { LayerInfo, NetworkInfo } from '../engine/api.js';
import type { Messages } from '../i18n/index.js';

/** Family of a layer, for the small mark of colour on its card. */
export type LayerFamily = 'input' | 'conv' | 'pool' | 'dense' | 'other';

export interface LayerTitle {
  /** `Conv`, in the reader's language. */
  kind: string;
  /** `5×5 · 6`: what sets this layer apart from others of its kind. */
  detail: string;
  family: LayerFamily;
}

function pair(value: unknown): string {
  if (Array.isArray(value)) return value.join('×');
  return typeof value === 'number' ? `${value}×${value}` : '';
}

function word(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

export function layerTitle(layer: LayerInfo | null, t: Messages): LayerTitle {
  if (layer === null) return { kind: t.layerInput, detail: '', family: 'input' };
  const { config } = layer;
  const activation = config['activation'] === 'linear' ? '' : word(config['activation']);
  const window = pair(config['kernel_size'] ?? config['pool_size']);
  switch (layer.class) {
    case 'InputLayer':
      return { kind: t.layerInput, detail: '', family: 'input' };
    case 'Conv2D':
    case 'DepthwiseConv2D':
      return { kind: t.layerConv, detail: [window, activation].filter(Boolean).join(' '), family: 'conv' };
    case 'MaxPooling2D':
      return { kind: t.layerMaxPool, detail: window, family: 'pool' };
    case 'AveragePooling2D':
      return { kind: t.layerAveragePool, detail: window, family: 'pool' };
    case 'GlobalAveragePooling2D':
      return { kind: t.layerGlobalPool, detail: '', family: 'pool' };
    case 'Dense':
      return { kind: t.layerDense, detail: activation, family: 'dense' };
    case 'Flatten':
      return { kind: t.layerFlatten, detail: '', family: 'other' };
    case 'Activation':
      return { kind: activation, detail: '', family: 'other' };
    case 'Add':
      return { kind: t.layerAdd, detail: '', family: 'other' };
    case 'Concatenate':
      return { kind: t.layerConcat, detail: '', family: 'other' };
    case 'BatchNormalization':
      return { kind: t.layerBatchNorm, detail: '', family: 'other' };
    case 'ZeroPadding2D':
      return { kind: t.layerZeroPad, detail: '', family: 'other' };
    case 'Dropout':
      return { kind: t.layerDropout, detail: word(config['rate']), family: 'other' };
    default:
      return { kind: layer.class, detail: '', family: 'other' };
  }
}

export function findLayer(network: NetworkInfo, name: string): LayerInfo | null {
  return network.layers.find((layer) => layer.name === name) ?? null;
}

export function outputShape(network: NetworkInfo, name: string): readonly number[] {
  return findLayer(network, name)?.output_shape ?? network.input.shape;
}

/** Layers whose kernel can be painted as filters. */
export function hasFilters(layer: LayerInfo | null): boolean {
  return layer?.weights.some((weight) => weight.name === 'kernel') ?? false;
}
