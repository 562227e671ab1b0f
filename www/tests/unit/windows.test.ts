import { describe, expect, it } from 'vitest';
import type { LayerInfo, NetworkInfo } from '../../src/engine/api.js';
import { ACTIVATIONS, inputArea, kernelIndex, seenOfPicture, windowsOf, type Windows } from '../../src/lib/windows.js';

function layer(name: string, kind: string, output_shape: number[], from: string[], config = {}): LayerInfo {
  return {
    name,
    class: kind,
    output_shape,
    connected_to: from,
    config,
    params: 0,
    macs: 0,
    weights: [],
    receptive_field: 1,
  };
}

const network = {
  input: { layer: 'input', shape: [32, 32, 1] },
  layers: [
    layer('conv', 'Conv2D', [28, 28, 6], ['input'], { kernel_size: [5, 5], strides: [1, 1], padding: 'valid' }),
    layer('pool', 'MaxPooling2D', [14, 14, 6], ['conv'], { pool_size: [2, 2], strides: [2, 2], padding: 'valid' }),
    layer('same', 'Conv2D', [7, 7, 8], ['pool'], { kernel_size: [3, 3], strides: [2, 2], padding: 'same' }),
    layer('short', 'Conv2D', [7, 7, 8], ['pool'], { kernel_size: [1, 1], strides: [2, 2], padding: 'valid' }),
    layer('add', 'Add', [7, 7, 8], ['same', 'short']),
    layer('dense', 'Dense', [10], ['add']),
  ],
} as unknown as NetworkInfo;

const find = (name: string): LayerInfo => network.layers.find((one) => one.name === name) as LayerInfo;
const pixel = (y: number, x: number) => ({ top: y, bottom: y, left: x, right: x });

describe('windows', () => {
  it('lie where Keras lays them', () => {
    const valid = windowsOf(network, find('conv')) as Windows;
    expect(inputArea(valid, pixel(2, 3))).toEqual({ top: 2, bottom: 6, left: 3, right: 7 });
    // 14 → 7 at stride 2 with a 3×3 window: one row of padding, and it goes after.
    const same = windowsOf(network, find('same')) as Windows;
    expect(same.before).toEqual([0, 0]);
    expect(inputArea(same, pixel(6, 0))).toEqual({ top: 12, bottom: 14, left: 0, right: 2 });
    expect(windowsOf(network, find('dense'))).toBeNull();
  });

  it('see so much of the picture', () => {
    expect(seenOfPicture(network, 'pool', pixel(0, 13))).toEqual({ top: 0, bottom: 5, left: 26, right: 31 });
    // Both ways into the sum: the wider one counts, and nothing lies outside.
    expect(seenOfPicture(network, 'add', pixel(6, 6))).toEqual({ top: 24, bottom: 31, left: 24, right: 31 });
    expect(seenOfPicture(network, 'dense', pixel(0, 0))).toEqual({ top: 0, bottom: 31, left: 0, right: 31 });
  });

  it('pass through what keeps every value in its place, or repeats it', () => {
    const grown = {
      input: { layer: 'input', shape: [8, 8, 1] },
      layers: [
        layer('slope', 'LeakyReLU', [8, 8, 1], ['input']),
        layer('norm', 'LayerNormalization', [8, 8, 1], ['slope']),
        layer('elu', 'ELU', [8, 8, 1], ['norm']),
        layer('lrn', 'LocalResponseNormalization', [8, 8, 1], ['elu']),
        layer('relu', 'ReLU', [8, 8, 1], ['lrn']),
        layer('up', 'UpSampling2D', [16, 24, 1], ['relu'], { size: [2, 3] }),
      ],
    } as unknown as NetworkInfo;
    expect(seenOfPicture(grown, 'relu', pixel(3, 4))).toEqual(pixel(3, 4));
    expect(seenOfPicture(grown, 'up', { top: 2, bottom: 4, left: 5, right: 6 })).toEqual({
      top: 1,
      bottom: 2,
      left: 1,
      right: 2,
    });
  });

  it('end in activations as the engine has them', () => {
    expect(ACTIVATIONS['leaky_relu']?.(-2)).toBeCloseTo(-0.4);
    // 0.5 x (1 + erf(x / √2)), from a table of the normal distribution.
    for (const [x, y] of [
      [-1, -0.158655],
      [0, 0],
      [1, 0.841345],
      [3, 2.99595],
    ] as const) {
      expect(ACTIVATIONS['gelu']?.(x)).toBeCloseTo(y, 5);
    }
  });

  it('meet their kernel values', () => {
    const plain: Windows = {
      kind: 'conv',
      size: [3, 3],
      strides: [1, 1],
      dilation: [1, 1],
      before: [0, 0],
      groups: 1,
    };
    expect(kernelIndex(plain, { input: 4, output: 8 }, [1, 2], 3, 5)).toBe((5 * 4 + 3) * 8 + 5);
    const grouped = { ...plain, groups: 2 };
    expect(kernelIndex(grouped, { input: 4, output: 8 }, [0, 0], 3, 1)).toBeNull();
    expect(kernelIndex(grouped, { input: 4, output: 8 }, [0, 1], 3, 5)).toBe((1 * 2 + 1) * 8 + 5);
    const depthwise: Windows = { ...plain, kind: 'depthwise' };
    expect(kernelIndex(depthwise, { input: 4, output: 8 }, [0, 0], 1, 3)).toBe(3);
    expect(kernelIndex(depthwise, { input: 4, output: 8 }, [0, 0], 0, 3)).toBeNull();
  });
});
