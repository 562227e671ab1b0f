import { describe, expect, it } from 'vitest';
import type { StepMetrics } from '../../src/engine/api.js';
import { rateToSlider, sliderToRate } from '../../src/lib/rate-slider.js';
import { browserFamily } from '../../src/lib/browser.js';
import * as format from '../../src/lib/format.js';
import { History } from '../../src/lib/history.js';
import { placeTiles, tileAt } from '../../src/lib/tiles.js';
import { tokenise } from '../../src/lib/wgsl.js';
import type { ModelInfo } from '../../src/engine/api.js';
import { entryOf, fits, modelsFor } from '../../src/engine/datasets.js';

describe('history', () => {
  const step = (n: number): StepMetrics => ({
    step: n,
    epoch: 0,
    loss: 1 / n,
    penalty: 0,
    learning_rate: 0.01,
    accuracy: 1 - 1 / n,
    top5_accuracy: 1,
    error: 1 / n,
    top5_error: 0,
  });

  it('starts its average at the first value', () => {
    const history = new History();
    history.pushSteps([{ ...step(1), loss: 5 }]);
    expect(history.loss.smooth[0]).toBeCloseTo(5);
    expect(history.last?.loss).toBe(5);
  });

  it('stays small and in order over a long run', () => {
    const history = new History();
    for (let n = 1; n <= 50_000; n += 1) history.pushSteps([step(n)]);
    const { steps } = history.loss;
    expect(steps.length).toBeLessThan(History.capacity);
    expect(steps.length).toBeGreaterThan(History.capacity / 4);
    expect(steps.every((value, i) => i === 0 || value > (steps[i - 1] ?? 0))).toBe(true);
    expect(history.accuracy.steps).toHaveLength(steps.length);
    expect(history.loss.raw.at(-1)).toBeLessThan(1e-4);
  });
});

describe('changes of the learning rate', () => {
  const at = (n: number): StepMetrics => ({ step: n }) as StepMetrics;

  it('are marked with the step from which the new one holds, and stay with the run', () => {
    const history = new History();
    history.changeRate(0.1, 0.2, 0);
    expect(history.rates).toEqual([]);
    history.pushSteps([at(5)]);
    history.changeRate(0.1, 0.2, 5000);
    history.pushSteps([at(9)]);
    // A slider that is drawn, and comes to rest where it began.
    history.changeRate(0.2, 0.3, 9000);
    history.changeRate(0.3, 0.4, 9400);
    expect(history.rates).toEqual([
      { step: 6, from: 0.1, rate: 0.2 },
      { step: 10, from: 0.2, rate: 0.4 },
    ]);
    expect(History.from(history.toData()).rates).toEqual(history.rates);
    history.changeRate(0.4, 0.2, 9800);
    expect(history.rates).toHaveLength(1);
  });

  it('are unknown to what an older page kept', () => {
    const older = new History().toData();
    delete older.rates;
    expect(History.from(older).rates).toEqual([]);
  });
});

describe('numbers as text', () => {
  it('stay short', () => {
    expect(format.shape([28, 28, 6])).toBe('28×28×6');
    expect(format.bytes(0)).toBe('0 B');
    expect(format.bytes(7_400_000)).toBe('7.1 MB');
    expect(format.loss(2.30258)).toBe('2.303');
    expect(format.loss(0.00012)).toBe('1.2e-4');
    expect(format.loss(Number.NaN)).toBe('–');
    expect(format.percent(0.9743)).toBe('97.4%');
    expect(format.rate(0.00032)).toBe('0.00032');
    expect(format.integer(61706, 'en')).toBe('61,706');
  });

  it('the slider of the learning rate goes there and back', () => {
    for (const rate of [1e-5, 0.001, 0.01, 0.1, 1]) expect(sliderToRate(rateToSlider(rate))).toBeCloseTo(rate, 6);
    expect(rateToSlider(100)).toBe(100);
    expect(rateToSlider(1e-9)).toBe(0);
  });
});

describe('WGSL', () => {
  const source = [
    '// adds',
    '@group(0) @binding(0) var<storage, read> x: array<f32>; /* two',
    'lines */',
    'override TILE: u32 = 16u;',
    'fn forward(@builtin(global_invocation_id) id: vec3u) { let y = max(x[id.x], 0.5e-3f); }',
    '',
  ].join('\n');

  it('loses no character', () => {
    const lines = tokenise(source).map((line) => line.map(({ text }) => text).join(''));
    expect(`${lines.join('\n')}\n`).toBe(source);
  });

  it('tells the kinds apart', () => {
    const kinds = new Map(tokenise(source).flatMap((line) => line.map(({ kind, text }) => [text, kind] as const)));
    expect(kinds.get('// adds')).toBe('comment');
    expect(kinds.get('lines */')).toBe('comment');
    expect(kinds.get('override')).toBe('keyword');
    expect(kinds.get('vec3u')).toBe('type');
    expect(kinds.get('16u')).toBe('number');
    expect(kinds.get('0.5e-3f')).toBe('number');
    expect(kinds.get('max')).toBe('call');
    expect(kinds.get('@builtin')).toBe('attribute');
  });
});

describe('tiles', () => {
  const layout = { columns: 3, rows: 2, tile_width: 28, tile_height: 28, gap: 2, tiles: 5, values_x: 14, values_y: 14 };

  it('finds the cell under the pointer', () => {
    expect(tileAt(layout, 0, 0)).toEqual({ tile: 0, x: 0, y: 0 });
    expect(tileAt(layout, 30 + 27, 30 + 2)).toEqual({ tile: 4, x: 13, y: 1 });
  });

  it('finds nothing in gaps and beyond the last tile', () => {
    expect(tileAt(layout, 29, 5)).toBeNull();
    expect(tileAt(layout, 65, 35)).toBeNull();
    expect(tileAt(layout, 91, 5)).toBeNull();
    expect(tileAt(layout, -1, 5)).toBeNull();
  });
});

describe('choices', () => {
  it('a model fits a data set by the size of its pictures', () => {
    expect(fits({ input: [32, 32, 1] }, entryOf('digits'))).toBe(true);
    expect(fits({ input: [32, 32, 1] }, entryOf('shapes'))).toBe(true);
    expect(fits({ input: [224, 224, 3] }, entryOf('shapes'))).toBe(false);
  });

  it('models come smallest first, the large ones apart', () => {
    const model = (name: string, parameters: number): ModelInfo => {
      return { name, parameters, source: '', notes: [], input: [32, 32, 3], classes: 100 };
    };
    const models = [model('resnet50', 23_000_000), model('vgg', 34_000_000), model('resnet8', 78_000)];
    const { quick, large } = modelsFor(models, entryOf('shapes'));
    expect(quick.map(({ name }) => name)).toEqual(['resnet8']);
    expect(large.map(({ name }) => name)).toEqual(['resnet50', 'vgg']);
    const photographs = { ...model('vgg16', 138_000_000), input: [224, 224, 3] };
    expect(modelsFor([photographs], entryOf('digits'))).toEqual({ quick: [], large: [] });
  });

  it('knows the browsers', () => {
    expect(browserFamily('Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0')).toBe('firefox');
    expect(browserFamily('Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) CriOS/120.0 Mobile Safari/604.1')).toBe('safari');
    expect(browserFamily('Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537.36 Edg/120.0')).toBe('chrome');
    expect(browserFamily('Mozilla/5.0 (Macintosh) Version/17.0 Safari/605.1.15')).toBe('safari');
    expect(browserFamily('curl/8')).toBe('other');
  });
});

describe('tiles in their element', () => {
  const layout = { columns: 1, rows: 6, tile_width: 84, tile_height: 84, gap: 2, tiles: 6, values_x: 28, values_y: 28 };

  it('stand in the middle', () => {
    const place = placeTiles(layout, { width: 124, height: 520 }, 2);
    expect(place.left).toBe(10);
    expect(place.top).toBeCloseTo((520 - 514) / 4);
    expect(place.density).toBe(2);
    expect(place.style.clipPath).toBe('inset(0 20px 3px 0)');
  });

  it('grow when there is room', () => {
    const place = placeTiles(
      { ...layout, rows: 1, tiles: 1, tile_width: 40, tile_height: 20 },
      { width: 124, height: 520 },
      2,
    );
    expect(place.density).toBeCloseTo(2 / 3.1);
    expect(place.left).toBeCloseTo(0);
    expect(place.style.imageRendering).toBe('pixelated');
  });
});
