import { describe, expect, it } from 'vitest';
import { blocksOf, fold, type Wired } from '../../src/folding/blocks.js';
import { Folding } from '../../src/folding/folding.js';
import { registered, registry } from './registry.js';

const network = (layers: Record<string, readonly [string, ...string[]]>, outputs?: string[]): Wired => ({
  input: { layer: 'in' },
  layers: Object.entries(layers).map(([name, [kind, ...connected_to]]) => ({ name, class: kind, connected_to })),
  outputs: outputs ?? Object.keys(layers).slice(-1),
});

const named = (of: Wired): string[] =>
  blocksOf(of).map(
    ({ kind, number, split, exit, layers }) => `${kind} ${number}: ${split} → ${layers.join(' ')} → ${exit}`,
  );

describe('blocks of a network', () => {
  it('lie between a split and what joins its branches, with an activation behind', () => {
    const residual = network({
      stem: ['Conv2D', 'in'],
      a: ['Conv2D', 'stem'],
      b: ['Conv2D', 'a'],
      add: ['Add', 'b', 'stem'],
      relu: ['Activation', 'add'],
      head: ['Dense', 'relu'],
    });
    expect(named(residual)).toEqual(['residual 1: stem → a b add relu → relu']);
    expect(fold(residual, blocksOf(residual)).layers.map(({ name, connected_to }) => [name, connected_to])).toEqual([
      ['stem', ['in']],
      ['relu', ['stem']],
      ['head', ['relu']],
    ]);
    const inception = network({
      a: ['Conv2D', 'in'],
      b: ['Conv2D', 'in'],
      c: ['MaxPooling2D', 'in'],
      d: ['Conv2D', 'c'],
      join: ['Concatenate', 'a', 'b', 'd'],
      next: ['Conv2D', 'join'],
      beside: ['Conv2D', 'join'],
      two: ['Concatenate', 'next', 'beside'],
    });
    expect(named(inception)).toEqual([
      'inception 1: in → a b c d join → join',
      'branches 1: join → next beside two → two',
    ]);
  });

  it('have one way out: what is read elsewhere is in none', () => {
    const aside = network({ a: ['Conv2D', 'in'], b: ['Conv2D', 'a'], add: ['Add', 'b', 'in'], head: ['Dense', 'a'] }, [
      'add',
      'head',
    ]);
    expect(blocksOf(aside)).toEqual([]);
    const seen = network({ a: ['Conv2D', 'in'], add: ['Add', 'a', 'in'] }, ['add', 'a']);
    expect(blocksOf(seen)).toEqual([]);
  });

  it('within another belong to it, unless that is most of the network', () => {
    const inner = { b: ['Conv2D', 'a'], c: ['Conv2D', 'a'], cat: ['Concatenate', 'b', 'c'] } as const;
    const outer = { a: ['Conv2D', 'in'], ...inner, add: ['Add', 'cat', 'in'] } as const;
    expect(named(network(outer))).toEqual(['branches 1: a → b c cat → cat']);
    const more = Object.fromEntries(
      Array.from({ length: 6 }, (_, i) => [`d${i}`, ['Dense', i === 0 ? 'add' : `d${i - 1}`] as const]),
    );
    expect(named(network({ ...outer, ...more }))).toEqual(['residual 1: in → a b c cat add → add']);
  });

  it('comes to an end with a cycle and with wires from nowhere', () => {
    expect(blocksOf(network({ a: ['Add', 'b', 'gone'], b: ['Add', 'a', 'in'] }))).toBeInstanceOf(Array);
  });

  it('are all found in the registry, and folded they leave a network without a fork', () => {
    const counts = new Map(registry().map((name) => [name, blocksOf(registered(name)).length]));
    const expected = {
      residual_block: 1,
      inception_block: 1,
      resnet8: 3,
      resnet8_elu: 3,
      resnet20: 9,
      resnet56: 27,
      resnet50_cifar100: 16,
      resnet50_imagenet: 16,
      resnet50_keras: 16,
      googlenet_32: 9,
      googlenet: 9,
    };
    for (const [name, blocks] of Object.entries(expected)) expect([name, counts.get(name)]).toEqual([name, blocks]);
    for (const name of counts.keys()) {
      const spec = registered(name);
      const { layers } = fold(spec, blocksOf(spec));
      expect(
        layers.filter(({ connected_to }) => connected_to.length > 1),
        name,
      ).toEqual([]);
    }
  });
});

describe('folding', () => {
  it('begins folded in a large network only, and is remembered by its name', () => {
    expect(new Folding(registered('resnet8')).folded).toEqual([]);
    const large = new Folding(registered('resnet20'));
    expect(large.folded).toHaveLength(9);
    const [first] = large.blocks;
    if (first === undefined) throw new Error('no block');
    expect(large.cardOf(first.layers[0] ?? '')).toBe(first.exit);
    large.set(first, false);
    expect(large.around(first.exit)).toBeUndefined();
    expect(new Folding(registered('resnet20')).folded).toHaveLength(8);
    const renamed = new Folding({ ...registered('resnet20'), name: 'mine' }, large);
    expect(renamed.folded).toHaveLength(8);
    large.setAll(false);
    const spec = registered('resnet20');
    expect(new Folding(spec).show(spec).layers).toEqual(spec.layers);
  });

  it('is each one’s own, though the next begins with what was folded last', () => {
    const spec = { ...registered('resnet8'), name: 'of two' };
    const [one, other] = [new Folding(spec), new Folding(spec)];
    one.setAll(true);
    expect(one.folded).toHaveLength(3);
    expect(other.folded).toEqual([]);
    expect(new Folding({ ...spec }, other).folded).toEqual([]);
    expect(new Folding(spec).folded).toHaveLength(3);
  });
});
