/** Figures of kernels: what they do, how fast, and how fast this GPU could. */
import type { DispatchInfo } from '../engine/api.js';
import type { Measured, Peak, Rival } from './questions.js';

/** All variants of kernels that the engine has; which of them a layer can take, the engine finds out. */
export const VARIANTS = [
  'plain',
  'fours',
  'rows',
  'pairs',
  'pointwise',
  'tiled',
  'wide',
  'shared',
  'winograd',
  'shares',
] as const;

/** Floating-point operations of dispatches: each multiply-accumulate is two. */
export function operations(dispatches: readonly DispatchInfo[]): number {
  return dispatches.reduce((sum, { macs }) => sum + 2 * macs, 0);
}

/** How many multiplications of the plain convolution one of these stands for: Winograd's F(4×4, 3×3) does 36 for 144. */
export function spared(dispatches: readonly DispatchInfo[]): number {
  return dispatches.some(({ shader }) => shader === 'winograd.wgsl') ? 4 : 1;
}

/** Bytes of all that dispatches bind, each buffer once: what has to move at least. */
export function traffic(dispatches: readonly DispatchInfo[]): number {
  const sizes = new Map<string, number>();
  for (const { bindings } of dispatches) {
    for (const { buffer, bytes } of bindings) sizes.set(`${buffer} ${bytes}`, bytes);
  }
  return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0);
}

/** The shortest time in which a GPU with these peaks could do it (Williams et al. 2009, "Roofline"). */
export function floor(flops: number, bytes: number, peak: Peak): number {
  return Math.max(flops / peak.flops, bytes / peak.bytesPerSecond);
}

/** What tells one way to compute from another. */
export function signature(dispatches: readonly DispatchInfo[]): string {
  return dispatches
    .map(({ shader, entry_point, constants, workgroups }) =>
      JSON.stringify([shader, entry_point, constants, workgroups]),
    )
    .join();
}

export interface Runner {
  variant: string;
  dispatches: DispatchInfo[];
  measured: Measured;
}

/** Who runs, forwards or backwards, fastest first. */
export function runners(rivals: readonly Rival[], pass: 'forward' | 'backward'): Runner[] {
  return rivals
    .flatMap(({ variant, dispatches, ...times }) => {
      const measured = times[pass];
      const own = dispatches.filter((dispatch) => dispatch.pass === pass);
      return measured === null ? [] : [{ variant, dispatches: own, measured }];
    })
    .sort((a, b) => a.measured.seconds - b.measured.seconds);
}

const UNITS = [
  [1, 's'],
  [1e-3, 'ms'],
  [1e-6, 'µs'],
] as const;

/** 0.00123 → `1.23 ms`. */
export function time(seconds: number): string {
  const [size, unit] = UNITS.find(([least]) => seconds >= least) ?? UNITS[2];
  return `${Number((seconds / size).toPrecision(3))} ${unit}`;
}

/** 1.2e9 → `1.20` billions. */
export const giga = (perSecond: number): string => {
  const value = perSecond / 1e9;
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
};
