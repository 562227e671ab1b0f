import { css, svg, type TemplateResult } from 'lit';
import type { NetworkLayout, Wire } from '../lib/layout.js';

export const wireStyles = css`
  .wires {
    position: absolute;
    inset: 0;
    overflow: visible;
    pointer-events: none;
  }

  .wires > path {
    fill: none;
    stroke: var(--line-strong);
    stroke-width: 1.5;
  }

  .wires > path.lit {
    stroke: var(--accent);
  }
`;

/** The paths of a network's wires, those that `lit` names in the accent colour; `tip` is the id of a marker at their ends. */
export function wirePaths(
  { wires }: NetworkLayout,
  lit: (wire: Wire) => boolean,
  tip: string | null = null,
): TemplateResult[] {
  const end = tip === null ? 'none' : `url(#${tip})`;
  return wires.map((wire) => svg`<path d=${wire.path} marker-end=${end} class=${lit(wire) ? 'lit' : ''}></path>`);
}
