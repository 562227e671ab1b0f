import { describe, expect, it } from 'vitest';
import { entryOf, fits, fittingBatch, isDataset, ownSet, ownSetName, stem } from '../../src/engine/datasets.js';
import { isCifar, readCifar, unpack } from '../../src/own-data/cifar.js';
import { sorted, type Listed } from '../../src/own-data/folder.js';
import { bytesOf, channelsOf, USUAL } from '../../src/own-data/pack.js';
import { parseField } from '../../src/state.js';
import { writePictures } from '../../src/transfer/safetensors.js';

const files = (...paths: string[]): Listed[] =>
  paths.map((path) => ({ path, file: new File([path], path.split('/').at(-1) ?? '') }));
const names = (listed: Listed[]): [string, number][] =>
  sorted(listed).classes.map(({ name, files: own }) => [name, own.length]);

describe('names of data sets', () => {
  it('say what menus must know, whatever the folder is called', () => {
    for (const title of ['leaves', '꽃 사진', 'a:b/c', '', '  ', 'x'.repeat(300), '"<script>', '은행잎%20']) {
      const name = ownSetName({ title, shape: [224, 96, 3], classes: 12, hash: '0123abcd' });
      expect(isDataset(name), name).toBe(true);
      expect(parseField('dataset', name)).toEqual({ dataset: name });
      expect(ownSet(name)).toMatchObject({ shape: [224, 96, 3], classes: 12, hash: '0123abcd' });
      // A link carries it there and back.
      expect(new URLSearchParams(new URLSearchParams({ name }).toString()).get('name')).toBe(name);
    }
    expect(stem(ownSetName({ title: '꽃 사진', shape: [8, 8, 1], classes: 2, hash: '0123abcd' }))).toBe('꽃 사진');
  });

  it('are addresses of files, too', () => {
    expect(isDataset('pets.safetensors')).toBe(true);
    expect(stem('../data/pets.safetensors?v=2')).toBe('pets');
    expect(entryOf('pets.safetensors').shape).toBeNull();
    for (const wrong of ['pets', 'pets.zip', 'own:x', 'own:x:1x1x1:2:xyz', 'a b.safetensors', '"><.safetensors', '']) {
      expect(isDataset(wrong), wrong).toBe(false);
    }
  });

  it('hold no half letters, and one spelling of a title is one name', () => {
    const named = (title: string): string => ownSetName({ title, shape: [8, 8, 1], classes: 2, hash: '00000000' });
    expect(named(`${'x'.repeat(59)}😀`)).toBe(named('x'.repeat(59)));
    expect(named('꽃'.normalize('NFD'))).toBe(named('꽃'));
  });

  it('ask for no larger batch than there are pictures', () => {
    expect([5000, 100, 40, 12, 3, 2].map((count) => fittingBatch(32, count))).toEqual([32, 32, 16, 8, 2, 1]);
    expect(fittingBatch(24, 5000)).toBe(24);
  });

  it('tell which models may learn them', () => {
    const own = (side: number): string =>
      ownSetName({ title: 'a', shape: [side, side, 3], classes: 2, hash: '00000000' });
    const [small, block, large] = [32, 28, 224].map((side) => ({ input: [side, side, 1] as [number, number, number] }));
    if (!small || !block || !large) throw new Error('three models');
    for (const side of [8, 28, 32, 96]) {
      expect([small, block, large].map((model) => fits(model, entryOf(own(side))))).toEqual([true, false, false]);
    }
    expect([small, block, large].map((model) => fits(model, entryOf(own(224))))).toEqual([false, false, true]);
    expect([small, block, large].map((model) => fits(model, entryOf('a.safetensors')))).toEqual([true, false, true]);
  });
});

describe('a folder', () => {
  it('has a class in each of its folders, in the order of people', () => {
    expect(names(files('pets/cat/1.jpg', 'pets/dog/1.PNG', 'pets/cat/2.webp'))).toEqual([
      ['cat', 2],
      ['dog', 1],
    ]);
    expect(names(files('d/10/a.png', 'd/9/a.png')).map(([name]) => name)).toEqual(['9', '10']);
    expect(sorted(files('pets/cat/1.jpg')).title).toBe('pets');
  });

  it('may be divided into training and test pictures', () => {
    expect(names(files('d/train/cat/1.png', 'd/test/cat/2.png', 'd/train/dog/1.png'))).toEqual([
      ['cat', 2],
      ['dog', 1],
    ]);
  });

  it('is a class where several were dropped', () => {
    expect(names(files('cat/1.png', 'dog/1.png'))).toEqual([
      ['cat', 1],
      ['dog', 1],
    ]);
  });

  it('holds what is no picture of a class, which is counted or passed over', () => {
    const listed = files('d/1.png', 'd/cat/1.png', 'd/cat/note.txt', 'd/__MACOSX/cat/1.png', 'd/.git/x/1.png', '2.png');
    expect(names(listed)).toEqual([['cat', 1]]);
    expect(sorted(listed).loose).toBe(2);
    expect(sorted([])).toEqual({ title: '', classes: [], loose: 0 });
  });
});

describe('the binary version of CIFAR', () => {
  const record = (labels: number[], colours: [number, number, number]): number[] => [
    ...labels,
    ...colours.flatMap((colour) => Array<number>(1024).fill(colour)),
  ];
  const binary = (name: string, bytes: number[]): Listed => ({
    path: name,
    file: new File([Uint8Array.from(bytes)], name.split('/').at(-1) ?? ''),
  });

  it('has planes of colours, and of two labels the fine one counts', async () => {
    const ten = await unpack([Uint8Array.from([...record([7], [1, 2, 3]), ...record([0], [4, 5, 6])])], {
      record: 3073,
    });
    expect(ten.labels).toEqual([7, 0]);
    expect([...ten.pixels.subarray(0, 6), ...ten.pixels.subarray(-3)]).toEqual([1, 2, 3, 1, 2, 3, 4, 5, 6]);
    const hundred = [
      binary('c/train.bin', record([3, 42], [1, 2, 3])),
      binary('c/test.bin', record([3, 1], [1, 2, 3])),
      { path: 'c/fine_label_names.txt', file: new File(['apple\nbear\n'], 'fine_label_names.txt') },
    ];
    expect(isCifar(hundred)).toBe(true);
    // Beside pictures a stray file of that ending is none.
    expect(isCifar(files('pets/cat/1.jpg', 'pets/firmware.bin'))).toBe(false);
    expect(isCifar(files('c/._train.bin'))).toBe(false);
    const { title, file } = await readCifar(hundred);
    const begin = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
    const header = new TextDecoder().decode(file.subarray(8, begin));
    expect(title).toBe('CIFAR-100');
    expect(header).toContain('\\"apple\\",\\"bear\\",\\"2\\"');
    expect([...new Uint32Array(file.slice(begin, begin + 8).buffer)]).toEqual([42, 1]);
  });

  it('is told from what is not', async () => {
    const ten = binary('a.bin', record([7], [1, 2, 3]));
    await expect(readCifar([ten, binary('b.bin', record([0, 7], [1, 2, 3]))])).rejects.toThrow('one set');
    await expect(readCifar([binary('b.bin', record([10], [1, 2, 3]))])).rejects.toThrow(
      'Label 0 of the .bin files is 10',
    );
    for (let size = 0; size < 60; size += 1) {
      const noise = Array.from({ length: size * 97 }, (_, at) => (at * 131 + size) % 256);
      await expect(readCifar([binary('b.bin', noise)])).rejects.toThrow(`"b.bin" has ${String(size * 97)} bytes`);
    }
  });
});

describe('packed pictures', () => {
  it('are red, green and blue, or grey', () => {
    const rgba = [255, 0, 0, 255, 10, 20, 30, 255];
    const [colour, grey] = [new Uint8Array(6), new Uint8Array(3)];
    channelsOf(rgba, 3, colour, 0);
    channelsOf(rgba, 1, grey, 1);
    expect([...colour]).toEqual([255, 0, 0, 10, 20, 30]);
    expect([...grey]).toEqual([0, 76, 18]);
    const [one] = sorted(files('d/a/1.png', 'd/a/2.png')).classes;
    expect(bytesOf(one === undefined ? [] : [one], USUAL)).toBe(2 * 32 * 32 * 3);
  });

  it('become a safetensors file whose tensors lie where its header says', () => {
    const file = writePictures(Uint8Array.from([1, 2, 3]), [3, 1, 1, 1], [0, 1, 1], ['고양이', 'b']);
    const begin = 8 + Number(new DataView(file.buffer).getBigUint64(0, true));
    const header = JSON.parse(new TextDecoder().decode(file.subarray(8, begin))) as Record<string, unknown>;
    expect(header).toEqual({
      __metadata__: { classes: '["고양이","b"]' },
      labels: { dtype: 'U32', shape: [3], data_offsets: [0, 12] },
      images: { dtype: 'U8', shape: [3, 1, 1, 1], data_offsets: [12, 15] },
    });
    expect([...file.subarray(begin + 12)]).toEqual([1, 2, 3]);
    expect(new DataView(file.buffer).getUint32(begin + 4, true)).toBe(1);
    expect(begin % 8).toBe(0);
  });
});
