import type { Statistics } from '../engine/api.js';
import { heat, viridis } from '../lib/learning-log.js';

/** Moments that a row has room for before it is squeezed: a few of them do not fill it. */
export const MOMENTS = 32;

/** A layer's gradient norms over time, one pixel each. */
export function paintNorms(
  canvas: HTMLCanvasElement,
  norms: readonly number[],
  range: readonly [number, number],
): void {
  canvas.width = Math.max(MOMENTS, norms.length);
  const image = new ImageData(norms.length, 1);
  norms.forEach((norm, at) => {
    const colour = Number.isFinite(norm) ? viridis(heat(norm, range)) : ([255, 0, 140] as const);
    image.data.set([...colour, 255], 4 * at);
  });
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

/** Histograms over time, the last one in front. */
export function paintRidges(
  canvas: HTMLCanvasElement,
  all: readonly Statistics[],
  [low, high]: readonly [number, number],
  style: CSSStyleDeclaration,
): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const { width, height } = canvas.getBoundingClientRect();
  const density = Math.max(1, globalThis.devicePixelRatio);
  canvas.width = Math.max(1, Math.round(width * density));
  canvas.height = Math.max(1, Math.round(height * density));
  context.scale(density, density);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const span = high - low || 1;
  const rise = height * (all.length > 1 ? 0.3 : 0.9);
  const step = (height - rise) / Math.max(all.length - 1, 1);
  all.forEach((statistics, row) => {
    const last = row === all.length - 1;
    const foot = height - (all.length - 1 - row) * step;
    ridge(context, statistics, {
      foot,
      rise,
      x: (value) => ((value - low) / span) * width,
      fill: last ? color('--accent') : color('--sunken'),
      line: last ? color('--accent') : color('--line-strong'),
    });
  });
  context.strokeStyle = color('--ink-3');
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo((-low / span) * width, 0);
  context.lineTo((-low / span) * width, height);
  context.stroke();
}

interface Place {
  foot: number;
  rise: number;
  x: (value: number) => number;
  fill: string;
  line: string;
}

/** One histogram as a mountain. */
function ridge(context: CanvasRenderingContext2D, { histogram, min, max }: Statistics, place: Place): void {
  if (min === null || max === null) return;
  const tallest = Math.max(1, ...histogram);
  const width = (max - min) / histogram.length;
  context.beginPath();
  context.moveTo(place.x(min), place.foot);
  histogram.forEach((count, bin) => {
    const top = place.foot - (count / tallest) * place.rise;
    context.lineTo(place.x(min + bin * width), top);
    context.lineTo(place.x(min + (bin + 1) * width), top);
  });
  context.lineTo(place.x(max), place.foot);
  context.closePath();
  context.fillStyle = place.fill;
  context.globalAlpha = 0.85;
  context.fill();
  context.globalAlpha = 1;
  context.strokeStyle = place.line;
  context.lineWidth = 1;
  context.stroke();
}
