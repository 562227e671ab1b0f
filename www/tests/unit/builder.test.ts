import { describe, expect, it } from 'vitest';
import type { ModelSpec } from '../../src/builder/api.js';
import { decode, encode, parse, short } from '../../src/builder/code.js';
import { Draft, faultOf, misfit } from '../../src/builder/draft.js';
import * as edit from '../../src/builder/edit.js';
import { pairOf, sidesOf } from '../../src/builder/fields.js';
import { builderMessages } from '../../src/builder/i18n/index.js';

const layer = (name: string, kind: string, connected_to: string[], config = {}): ModelSpec['layers'][number] => ({
  name,
  class: kind,
  config,
  connected_to,
});

/** input → conv → pool → flatten → head */
const stack = (): ModelSpec => ({
  version: 1,
  name: 'small',
  kind: 'sequential',
  input: { layer: 'input', shape: [32, 32, 1] },
  layers: [
    layer('conv', 'Conv2D', ['input'], { filters: 6, kernel_size: [5, 5], padding: 'valid', use_bias: true }),
    layer('pool', 'MaxPooling2D', ['conv'], { pool_size: [2, 2], strides: [2, 2] }),
    layer('flatten', 'Flatten', ['pool']),
    layer('head', 'Dense', ['flatten'], { units: 10, activation: 'softmax' }),
  ],
  outputs: ['head'],
});

const wires = (spec: ModelSpec): string[] =>
  spec.layers.map(({ name, connected_to }) => `${connected_to.join('+')}>${name}`);

describe('edits of a network', () => {
  it('insert a layer on a wire, and behind the last layer', () => {
    const { spec, chosen } = edit.insert(stack(), 'Conv2D', 'pool', 'flatten');
    expect(chosen).toBe('conv2d');
    expect(wires(spec)).toEqual(['input>conv', 'conv>pool', 'pool>conv2d', 'conv2d>flatten', 'flatten>head']);
    const last = edit.insert(stack(), 'Dense', 'head');
    expect(last.spec.outputs).toEqual(['dense']);
    expect(edit.insert(spec, 'BatchNormalization', 'conv').chosen).toBe('batch_normalization');
    expect(edit.insert(spec, 'LeakyReLU', 'conv').chosen).toBe('leaky_re_lu');
    expect(edit.freshName(spec, 'Conv2D')).toBe('conv2d_1');
  });

  it('remove a layer, but not the only one', () => {
    expect(wires(edit.remove(stack(), 'pool').spec)).toEqual(['input>conv', 'conv>flatten', 'flatten>head']);
    expect(edit.remove(stack(), 'head').spec.outputs).toEqual(['flatten']);
    const one = { ...stack(), layers: [layer('only', 'Dense', ['input'])], outputs: ['only'] };
    expect(edit.remove(one, 'only').spec).toBe(one);
  });

  it('change places', () => {
    const { spec } = edit.moveEarlier(stack(), 'pool');
    expect(wires(spec)).toEqual(['input>pool', 'pool>conv', 'conv>flatten', 'flatten>head']);
    expect(edit.canMoveEarlier(stack(), 'conv')).toBe(false);
    expect(edit.moveEarlier(stack(), 'head').spec.outputs).toEqual(['flatten']);
    expect(edit.soleReader(stack(), 'conv')).toBe('pool');
  });

  it('branch, skip, and go back to a stack', () => {
    const branched = edit.branch(stack(), 'conv', 'Concatenate', 6).spec;
    expect(wires(branched)).toContain('input>conv2d');
    expect(wires(branched)).toContain('conv+conv2d>concatenate');
    expect(branched.kind).toBe('functional');
    expect(edit.canMoveEarlier(branched, 'concatenate')).toBe(false);
    // Without the branch, nothing is left to be brought together.
    const back = edit.dropInput(branched, 'concatenate', 'conv2d').spec;
    expect(wires(back)).toEqual(wires(stack()));
    expect(back.kind).toBe('sequential');

    const skipped = edit.skip(stack(), 'conv', 'pool', 'Add');
    expect(wires(skipped.spec)).toContain('pool+conv>add');
    expect(edit.descendants(skipped.spec, 'conv')).toEqual(['pool', 'add', 'flatten', 'head']);
    const third = edit.addInput(skipped.spec, 'add', 'input').spec;
    expect(wires(third)).toContain('pool+conv+input>add');
  });

  it('can be undone and done again; typing is one edit', () => {
    const draft = new Draft({ spec: stack(), chosen: 'conv' });
    const type = (value: number, time: number): void =>
      draft.edit(edit.configure(draft.spec, 'conv', 'filters', value), 'conv filters', time);
    type(1, 0);
    type(12, 300);
    type(128, 600);
    expect(edit.layerOf(draft.spec, 'conv')?.config).toMatchObject({ filters: 128 });
    draft.undo();
    expect(draft.spec).toEqual(stack());
    expect(draft.canUndo).toBe(false);
    draft.redo();
    expect(edit.layerOf(draft.spec, 'conv')?.config).toMatchObject({ filters: 128 });
    expect(draft.canRedo).toBe(false);
  });
});

describe('another data set', () => {
  it('gives the draft its pictures, before and after', () => {
    const draft = new Draft({ spec: stack(), chosen: 'conv' });
    draft.edit(edit.remove(stack(), 'pool'));
    draft.fit([24, 24, 3]);
    expect(draft.spec.input.shape).toEqual([24, 24, 3]);
    draft.undo();
    expect(draft.spec).toEqual(edit.forPictures(stack(), [24, 24, 3]));
  });
});

describe('a network in a link', () => {
  it('comes back as it was, without what goes without saying', async () => {
    const code = await encode(stack());
    expect(code).toMatch(/^[\w-]+$/);
    expect(code.length).toBeLessThan(400);
    const back = await decode(code);
    expect(back).toEqual(short(stack()));
    expect(back.layers[0]?.config).toEqual({ filters: 6, kernel_size: [5, 5] });
    expect(back.layers[2]).toEqual({ name: 'flatten', class: 'Flatten', connected_to: ['pool'] });
  });

  it('that is broken, or none at all, says so', async () => {
    const code = await encode(stack());
    await expect(decode(code.slice(0, -20))).rejects.toThrow('copy the link again');
    await expect(decode('A')).rejects.toThrow('copy the link again');
    expect(() => parse('{')).toThrow('not JSON');
    expect(() => parse('{"version":2}')).toThrow('version 1');
    expect(() => parse('{"version":1,"input":null,"layers":[],"outputs":[]}')).toThrow('lacks its input');
    expect(() => parse('null')).toThrow('version 1');
    expect(() => parse('{"version":1,"input":{},"layers":[{}],"outputs":[]}')).toThrow('connected_to');
  });
});

describe('a field from a file', () => {
  it('is shown whatever is in it', () => {
    const pairs = [[2, 3], 4, undefined, null, 'same', [], [5], ['x', 1]].map((value) => pairOf(value));
    expect(pairs.map(String)).toEqual(['2,3', '4,4', '1,1', '1,1', '1,1', '1,1', '5,1', '1,1']);
    const sides = [[[1, 2], [3, 4]], [1, 2], 3, undefined, [], [[1]], {}].map((value) => sidesOf(value)); // prettier-ignore
    expect(sides.map(String)).toEqual(['1,2,3,4', '1,1,2,2', '3,3,3,3', '0,0,0,0', '0,0,0,0', '1,0,0,0', '0,0,0,0']);
  });
});

describe('what the engine says', () => {
  it('is put on the layer it is about', () => {
    const message = 'MaxPooling2D "pool": window 50×50 exceeds input 14×14; use padding "same"';
    expect(faultOf(new Error(message), stack())).toEqual({
      layer: 'pool',
      message: 'window 50×50 exceeds input 14×14; use padding "same"',
    });
    expect(faultOf(new Error('model: layers: Conv2D "conv": missing field `filters`'), stack()).layer).toBe('conv');
    expect(faultOf(new Error('model "small" has no layers'), stack()).layer).toBe('');
  });

  it('misses a last layer that does not give one value a class', () => {
    const giving = (output_shape: number[]): Parameters<typeof misfit>[0] => {
      const network = { outputs: ['head'], layers: [{ name: 'head', output_shape }] };
      return { network } as unknown as Parameters<typeof misfit>[0];
    };
    expect(misfit(giving([5, 5, 10]), 10)).toEqual({ layer: 'head', shape: [5, 5, 10] });
    expect(misfit(giving([10]), 10)).toBeNull();
  });
});

describe('the builder’s languages', () => {
  it('have the same keys, in their own script', () => {
    const [en, ko] = [builderMessages('en'), builderMessages('ko')];
    expect(Object.keys(ko)).toEqual(Object.keys(en));
    expect(ko.title).toMatch(/[가-힣]/);
  });
});
