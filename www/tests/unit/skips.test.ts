import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '../../src/builder/api.js';
import { skipsOf, spanOf, withoutSkips } from '../../src/lessons/skips.js';
import { registered } from './registry.js';

const spec = (layers: Record<string, readonly [string, ...string[]]>, output: string): ModelSpec => ({
  version: 1,
  name: 'test',
  kind: 'functional',
  input: { layer: 'in', shape: [8, 8, 3] },
  layers: Object.entries(layers).map(([name, [kind, ...connected_to]]) => ({ name, class: kind, connected_to })),
  outputs: [output],
});

const wires = (of: ModelSpec): Record<string, string> =>
  Object.fromEntries(of.layers.map(({ name, connected_to }) => [name, connected_to.join()]));

const identity = spec(
  {
    stem: ['Conv2D', 'in'],
    a: ['Conv2D', 'stem'],
    b: ['Conv2D', 'a'],
    add: ['Add', 'b', 'stem'],
    relu: ['Activation', 'add'],
  },
  'relu',
);
const projected = spec(
  { a: ['Conv2D', 'in'], b: ['Conv2D', 'a'], side: ['Conv2D', 'in'], add: ['Add', 'side', 'b'] },
  'add',
);

describe('skips', () => {
  it('are found with their short way, whichever input of the addition it is', () => {
    expect(skipsOf(identity)).toEqual([{ add: 'add', short: 'stem', projection: [], inside: ['a', 'b'] }]);
    expect(skipsOf(projected)).toEqual([
      { add: 'add', short: 'side', projection: ['side'], inside: ['a', 'b', 'side'] },
    ]);
  });

  it('go with their addition and projection, and readers and outputs take the main branch', () => {
    expect(wires(withoutSkips(identity, skipsOf(identity)))).toEqual({ stem: 'in', a: 'stem', b: 'a', relu: 'b' });
    const plain = withoutSkips(projected, skipsOf(projected));
    expect(wires(plain)).toEqual({ a: 'in', b: 'a' });
    expect([plain.outputs, plain.kind]).toEqual([['b'], 'sequential']);
    expect(withoutSkips(identity, [])).toBe(identity);
  });

  it('stand over the bars of their layers', () => {
    expect(spanOf(identity, skipsOf(identity)[0] as never)).toEqual({ from: 1 / 3, to: 1 });
  });

  it.each([8, 20, 56])('of resnet%i: without all of them it is the plain twin', (depth) => {
    const [residual, plain] = [registered(`resnet${depth}`), registered(`plain${depth}`)];
    const skips = skipsOf(residual);
    expect(skips).toHaveLength(depth === 8 ? 3 : ((depth - 2) / 6) * 3);
    // The widths change twice.
    expect(skips.filter(({ projection }) => projection.length > 0)).toHaveLength(2);
    const kinds = ({ layers }: ModelSpec): unknown[] => layers.map(({ class: kind, config }) => [kind, config]);
    expect(kinds(withoutSkips(residual, skips))).toEqual(kinds(plain));
    const one = withoutSkips(residual, skips.slice(1, 2));
    expect(skipsOf(one).map(({ add }) => add)).toEqual(skips.filter((_, at) => at !== 1).map(({ add }) => add));
  });

  it('of the bottleneck blocks are found as well', () => {
    const skips = skipsOf(registered('resnet50_cifar100', 100));
    expect(skips).toHaveLength(16);
    expect(skips.filter(({ projection }) => projection.length > 0)).toHaveLength(4);
  });
});
