import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocks, normalise, picture, rasterise, SIDE, type Point } from '../../src/lib/digit-raster.js';

const oval: Point[] = Array.from({ length: 40 }, (_, i) => {
  const angle = (i / 39) * 2 * Math.PI;
  return { x: 300 + 40 * Math.cos(angle), y: 90 + 60 * Math.sin(angle) };
});

function ink(pixels: Float32Array): number {
  return pixels.reduce((sum, value) => sum + value, 0);
}

describe('drawing to picture', () => {
  it('does not care where and how large the digit was drawn', () => {
    const small = oval.map(({ x, y }) => ({ x: x / 7 + 3, y: y / 7 - 9 }));
    const [a, b] = [picture([oval], 'digits', [32, 32, 1]), picture([small], 'digits', [32, 32, 1])];
    expect(a.every((value, i) => Math.abs(value - (b[i] ?? 0)) <= 1 / 16)).toBe(true);
  });

  it('fills the height and stands in the middle', () => {
    const points = normalise([oval]).flat();
    const ys = points.map(({ y }) => y);
    expect(Math.max(...ys) - Math.min(...ys)).toBeGreaterThan(25);
    const pixels = rasterise(normalise([oval]), 4.6);
    let moment = 0;
    pixels.forEach((value, i) => (moment += value * ((i % SIDE) + 0.5)));
    expect(moment / ink(pixels)).toBeCloseTo(SIDE / 2, 0);
  });

  it('keeps the proportions but never leaves the frame', () => {
    const flat: Point[] = [
      { x: 0, y: 0 },
      { x: 500, y: 4 },
    ];
    for (const { x, y } of normalise([flat]).flat()) {
      expect(x).toBeGreaterThan(0);
      expect(x).toBeLessThan(SIDE);
      expect(y).toBeGreaterThan(0);
      expect(y).toBeLessThan(SIDE);
    }
    const dot = picture([[{ x: 5, y: 5 }]], 'digits', [32, 32, 1]);
    expect(ink(dot)).toBeGreaterThan(8);
    expect(ink(dot)).toBeLessThan(80);
  });

  it('makes 4×4 blocks of sixteenths', () => {
    const pixels = picture([oval], 'digits', [32, 32, 1]);
    expect(blocks(pixels)).toEqual(pixels);
    for (const value of pixels) expect(value * 16).toBe(Math.round(value * 16));
    expect(Math.max(...pixels)).toBeGreaterThan(0.8);
  });

  it('has about as much ink as the set', () => {
    const file = readFileSync(new URL('../../public/data/digits.safetensors', import.meta.url));
    const start = 8 + Number(file.readBigUInt64LE(0));
    const counts = file.subarray(start, start + 1797 * 64);
    const mean = counts.reduce((sum, value) => sum + value, 0) / 1797;
    expect(mean).toBeCloseTo(312.6, 0);
    const drawn = ink(picture([oval], 'digits', [32, 32, 1]));
    expect(Math.abs(drawn - mean)).toBeLessThan(0.35 * mean);
  });

  it('repeats grey in every channel and stays empty without strokes', () => {
    const grey = picture([oval], 'plain', [32, 32, 1]);
    const colour = picture([oval], 'plain', [32, 32, 3]);
    expect(colour).toHaveLength(3 * grey.length);
    expect(colour[3 * 500 + 2]).toBe(grey[500]);
    expect(ink(picture([], 'digits', [32, 32, 1]))).toBe(0);
  });
});
