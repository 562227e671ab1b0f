import { describe, expect, it } from 'vitest';
import type { Evaluation, NetworkInfo, StepMetrics } from '../../src/engine/api.js';
import type { LearningRecord } from '../../src/engine/protocol.js';
import { confusion, mostConfused } from '../../src/lib/confusion.js';
import { asCsv, asJson } from '../../src/lib/export.js';
import { duration } from '../../src/lib/format.js';
import { History } from '../../src/lib/history.js';
import { figure, heat, isMeasured, LearningLog, viridis } from '../../src/lib/learning-log.js';
import { layersToKeep, MOST_LAYERS } from '../../src/runs/kept-maps.js';
import { defaults } from '../../src/state.js';

const record = (step: number, gradient: number, layer = 'a', attempt = 0): LearningRecord => ({
  attempt,
  step,
  layer,
  norms: [{ layer: 'a', gradient, weight: 1, update_ratio: null }],
  weight: null,
  gradient: null,
  activation: null,
});

describe('the log of learning', () => {
  it('starts over with the run and stays bounded, the latest kept', () => {
    const log = new LearningLog();
    for (let step = 0; step <= 1000; step += 1) log.push(record(step, step));
    expect(log.records.length).toBeLessThanOrEqual(LearningLog.capacity);
    expect(log.records.at(-1)?.step).toBe(1000);
    log.push(record(1000, 7));
    expect(log.norms('a').at(-1)).toBe(7);
    // As far again after a reset, and a late record from before it.
    log.push(record(1000, 0, 'a', 1));
    log.push(record(1000, 3, 'a', 0));
    expect(log.records).toHaveLength(1);
    expect(log.range()).toBeNull();
  });

  it('spreads records of one layer evenly, first and last among them', () => {
    const log = new LearningLog();
    for (let step = 0; step < 50; step += 1) log.push(record(step, 1, step % 2 === 0 ? 'a' : 'b'));
    const steps = log.spread('a', 5).map(({ step }) => step);
    expect([steps.length, steps[0], steps.at(-1)]).toEqual([5, 0, 48]);
  });

  it('has no gradient before the first step, and colours over three decades at least', () => {
    const log = new LearningLog();
    log.push(record(0, 0));
    expect([log.measured, log.norms('a'), log.range()]).toEqual([[], [], null]);
    expect([record(0, 0), record(1, 2), record(1, NaN)].map(isMeasured)).toEqual([false, true, true]);
    log.push(record(1, 2));
    log.push(record(2, 1));
    expect([log.norms('a'), log.range()]).toEqual([
      [2, 1],
      [0.002, 2],
    ]);
    log.push(record(3, 1e-6));
    expect(log.range()).toEqual([1e-6, 2]);
  });

  it('writes figures in three digits, those that have run away as powers of ten', () => {
    expect([0, 0.12345, -61706, 278e15, -533e9, NaN, null].map(figure)).toEqual(
      '0 0.123 -61700 2.8e17 -5.3e11 – –'.split(' '),
    );
  });

  it('colours norms by their logarithm', () => {
    expect([1e-4, 1e-2, 1].map((norm) => heat(norm, [1e-4, 1]))).toEqual([0, 0.5, 1]);
    expect(heat(0, [1e-4, 1])).toBe(-1);
    expect([viridis(-1), viridis(2)]).toEqual([
      [68, 1, 84],
      [253, 231, 37],
    ]);
  });
});

describe('mistakes', () => {
  it('names of many classes those that are confused most', () => {
    const counts = [
      [5, 0, 0, 1],
      [0, 9, 0, 0],
      [0, 0, 2, 3],
      [0, 0, 0, 4],
    ];
    expect(mostConfused(counts, 4)).toEqual([0, 1, 2, 3]);
    expect(mostConfused(counts, 2)).toEqual([2, 3]);
    expect(mostConfused([], 2)).toEqual([]);
  });

  it('are counted by label and answer, the most certain first', () => {
    const { counts, wrong, all, mistakes } = confusion(
      {
        attempt: 0,
        step: 1,
        indices: [5, 6, 7],
        labels: [0, 1, 1],
        classes: 3,
        probabilities: Float32Array.of(0.9, 0.1, 0, 0.6, 0.4, 0, 0.8, 0.1, 0.1),
      },
      2,
    );
    expect([wrong, all]).toEqual([2, 3]);
    expect(counts).toEqual([
      [1, 0],
      [2, 0],
    ]);
    expect(mistakes.map(({ index }) => index)).toEqual([7, 6]);
  });
});

describe('the history', () => {
  const history = new History();
  const metrics = [1, 2].map((step) => ({ step, loss: 2 / step, accuracy: step / 4 }) as StepMetrics);
  history.pushSteps(metrics);
  history.pushValidation(2, 1, { loss: 0.5, accuracy: 0.75, top5_accuracy: 1 } as Evaluation);

  it('is a table', () => {
    expect(asCsv(history)).toBe(
      'step,epoch,loss,accuracy,val_loss,val_accuracy,val_top5_accuracy\n1,,2,0.25,,,\n2,1,1,0.5,0.5,0.75,1\n',
    );
  });

  it('or data, with the link of the run', () => {
    const data = JSON.parse(asJson(history, defaults())) as { link: string; history: object[] };
    expect(data.link).toMatch(/^\?v=1&model=lenet/);
    expect(data.history).toHaveLength(2);
  });

  it('knows for how long the validation loss has stood still', () => {
    const runs = new History();
    for (const loss of [3, 1, 2, 1.5]) runs.pushValidation(1, 1, { loss } as Evaluation);
    expect(runs.epochsWithoutGain()).toBe(2);
  });
});

describe('time', () => {
  it('is told as on a clock', () => {
    expect([0, 42, 187, 3750].map(duration)).toEqual(['0:00', '0:42', '3:07', '1:02:30']);
  });
});

describe('feature maps of a kept run', () => {
  const network = (count: number): NetworkInfo => {
    const layers = Array.from({ length: count }, (_, i) => ({
      name: `layer${i}`,
      class: ['Conv2D', 'BatchNormalization', 'Activation'][i % 3] ?? '',
      output_shape: i === count - 1 ? [10] : [8, 8, 4],
    }));
    return { layers } as unknown as NetworkInfo;
  };

  it('are of all layers that have some, where there are few', () => {
    const { names, all } = layersToKeep(network(9), '');
    expect([names.length, all]).toEqual([8, 8]);
  });

  it('are of so many convolutions of a large network, from its beginning to its end, and of the layer that is looked at', () => {
    const { names, all } = layersToKeep(network(180), 'layer4');
    expect(all).toBe(179);
    expect(names.length).toBe(MOST_LAYERS);
    expect([names[0], names.at(-1)]).toEqual(['layer0', 'layer177']);
    expect(names).toContain('layer4');
  });
});
