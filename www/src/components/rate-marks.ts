/** Where the learning rate was changed by hand, on a curve: a thin line at the step, and what became of the rate for who points at it or
 * comes to it by keyboard or touch. */
import { css, html, type TemplateResult } from 'lit';
import type { ChartMessages } from '../i18n/chart/index.js';
import * as format from '../lib/format.js';
import type { RateChange } from '../lib/history.js';
import { styled } from './styled.js';

/** In pixels from the left edge of the chart. */
export interface Placing {
  left: (step: number) => number;
  width: number;
  top: number;
  height: number;
}

export const rateMarkStyles = css`
  .rate-mark {
    position: absolute;
    width: 13px;
    margin-left: -6.5px;
    border-radius: 3px;
  }

  .rate-mark::before {
    content: '';
    position: absolute;
    inset: 0 6px;
    background: repeating-linear-gradient(var(--ink-3) 0 4px, transparent 4px 7px);
  }

  .rate-mark:hover::before,
  .rate-mark:focus::before {
    background: var(--ink);
  }

  .rate-mark span {
    visibility: hidden;
    position: absolute;
    top: 0;
    left: 10px;
    z-index: 1;
    padding: 1px 6px;
    border: 1px solid var(--line-strong);
    border-radius: var(--radius-s);
    background: var(--surface);
    color: var(--ink);
    font-size: 11.5px;
    line-height: 16px;
    width: max-content;
    max-width: 136px;
    pointer-events: none;
  }

  .rate-mark.late span {
    left: auto;
    right: 10px;
  }

  .rate-mark:hover span,
  .rate-mark:focus span {
    visibility: visible;
  }
`;

/** "From step 58 on: learning rate 0.002 → 0.01". */
export function rateWorded({ step, from, rate, run }: RateChange, words: ChartMessages): string {
  const said = words.rateChanged(format.integer(step, 'en'), format.rate(from), format.rate(rate));
  return run === undefined ? said : `${run}: ${said}`;
}

export function rateMarks(marks: readonly RateChange[], words: ChartMessages, place: Placing): TemplateResult[] {
  return marks.map((mark) => {
    const x = place.left(mark.step);
    const text = rateWorded(mark, words);
    return html`<div
      class="rate-mark number ${x > place.width / 2 ? 'late' : ''}"
      role="img"
      tabindex="0"
      aria-label=${text}
      ${styled({ left: `${x}px`, top: `${place.top}px`, height: `${place.height}px` })}
    >
      <span>${text}</span>
    </div>`;
  });
}
