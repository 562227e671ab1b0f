import { describe, expect, it } from 'vitest';
import { frame, grey, MEAN, USUAL, values } from '../../src/pictures/prepare.js';

const RGBA = [255, 0, 51, 255, 0, 102, 204, 255];

describe('an own picture on its way to the network', () => {
  it('is cropped in the middle or stretched', () => {
    expect(frame(300, 100, 'crop')).toEqual([100, 0, 100, 100]);
    expect(frame(300, 100, 'stretch')).toEqual([0, 0, 300, 100]);
  });

  it('has its channels in the order that is asked for, and is grey where there is one', () => {
    const usual = values(RGBA, 3, USUAL);
    expect([...usual]).toEqual([1, 0, 0.2, 0, 0.4, 0.8].map(Math.fround));
    expect([...values(RGBA, 3, { ...USUAL, order: 'BGR' })]).toEqual([0.2, 0, 1, 0.8, 0.4, 0].map(Math.fround));
    expect(values(RGBA, 1, USUAL)[0]).toBeCloseTo(grey(255, 0, 51) / 255, 6);
  });

  it('is scaled as Keras does it', () => {
    expect(values(RGBA, 3, { ...USUAL, scaling: 'signed' })[0]).toBe(1);
    expect(values(RGBA, 3, { ...USUAL, scaling: 'none' })[4]).toBe(102);
    expect(values(RGBA, 3, { ...USUAL, scaling: 'mean', order: 'BGR' })[2]).toBeCloseTo(255 - MEAN[0], 3);
    expect(values(RGBA, 3, { ...USUAL, invert: true })[0]).toBe(0);
  });
});
