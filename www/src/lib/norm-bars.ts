/** Norms of all layers as bars, on a logarithmic scale that several charts share. */
import { nothing, svg, type TemplateResult } from 'lit';

export interface Norm {
  layer?: string;
  gradient: number;
}

/** Decades from the smallest norm of all to the largest. */
export type Decades = readonly [low: number, high: number];

export function decadesOf(norms: readonly Norm[]): Decades {
  const usable = norms.map(({ gradient }) => gradient).filter((value) => value > 0 && Number.isFinite(value));
  // The smallest one is seen too.
  return [Math.log10(Math.min(...usable)) - 0.2, Math.log10(Math.max(...usable))];
}

/** One bar a layer, from the input to the output; those that are talked of stand out, and the one that is looked at. */
export function normBars(
  norms: readonly Norm[],
  [low, high]: Decades,
  { width, height }: { width: number; height: number },
  meant: readonly (Norm | undefined)[] = [],
  at = -1,
): TemplateResult[] {
  const step = width / Math.max(1, norms.length);
  return norms.map((norm, i) => {
    const { layer, gradient } = norm;
    // One that has left the range of numbers is as high as the chart.
    const share = gradient > 0 && high > low ? Math.min(1, (Math.log10(gradient) - low) / (high - low)) : 0;
    const bar = Math.max(1, share * height);
    const name = layer === undefined ? nothing : svg`<title>${`${layer}: ${gradient.toPrecision(2)}`}</title>`;
    return svg`<rect class=${i === at ? 'at' : meant.includes(norm) ? 'meant' : ''} x=${i * step + step * 0.12} y=${height - bar} width=${step * 0.76} height=${bar}>${name}</rect>`;
  });
}
