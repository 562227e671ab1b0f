import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { styled } from './styled.js';
import * as format from '../lib/format.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';

/** Bars that people can take in at once. */
const MOST = 12;

/** One bar a class; the likeliest stands out, the true one is marked. */
@customElement('cnp-probability-bars')
export class ProbabilityBars extends PlaygroundElement {
  static override styles = [
    base,
    css`
      ul {
        list-style: none;
        display: grid;
        grid-template-columns: fit-content(45%) minmax(0, 1fr) 46px;
        gap: 2px var(--space-2);
      }

      li {
        display: grid;
        grid-column: 1 / -1;
        grid-template-columns: subgrid;
        align-items: center;
        font-size: var(--text-s);
        line-height: 14px;
        color: var(--ink-2);
      }

      .class {
        min-width: 14px;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        text-align: right;
      }

      .share {
        text-align: right;
      }

      .track {
        height: 9px;
        border-radius: 2px;
        background: var(--sunken);
        overflow: hidden;
      }

      .track div {
        height: 100%;
        border-radius: 2px;
        background: var(--ink-3);
        opacity: 0.55;
        transform-origin: left;
        transition: transform 120ms linear;
      }

      .top {
        color: var(--ink);
        font-weight: 650;
      }

      .top .track div {
        background: var(--accent);
        opacity: 1;
      }

      .true .class {
        text-decoration: underline;
        text-decoration-color: var(--accent);
        text-decoration-thickness: 2px;
        text-underline-offset: 2px;
      }

      .visually-hidden {
        grid-column: 1 / -1;
      }
    `,
  ];

  @property({ attribute: false }) classes: readonly string[] = [];
  @property({ attribute: false }) probabilities: Float32Array | null = null;
  @property({ attribute: false }) truth: number | null = null;

  /** Index of the likeliest class. */
  get top(): number {
    const { probabilities } = this;
    // A network that ran out of numbers has no winner.
    if (probabilities === null || probabilities.some(Number.isNaN)) return -1;
    return probabilities.reduce((best, value, i) => (value > (probabilities[best] ?? -1) ? i : best), 0);
  }

  /** All classes, or of many the likeliest and the true one. */
  private shown(): number[] {
    const { probabilities, truth } = this;
    const all = [...this.classes.keys()];
    if (all.length <= MOST) return all;
    const value = (i: number): number => probabilities?.[i] ?? 0;
    const likeliest = all.sort((a, b) => value(b) - value(a)).slice(0, MOST);
    return truth === null || likeliest.includes(truth) ? likeliest : [...likeliest.slice(0, -1), truth];
  }

  protected override render(): TemplateResult {
    const { t, classes, probabilities, top } = this;
    return html`
      <ul class="number" data-top=${top} aria-label=${t.prediction}>
        ${this.shown().map((i) => {
          const name = classes[i] ?? '';
          const value = probabilities?.[i] ?? 0;
          const share = Number.isNaN(value) ? 0 : value;
          const text = probabilities === null ? '' : Number.isNaN(value) ? '–' : format.percent(share);
          return html`
            <li class="${i === top ? 'top' : ''} ${i === this.truth ? 'true' : ''}">
              <span class="class" title=${name}>${name}</span>
              <div class="track"><div ${styled({ transform: `scaleX(${share})` })}></div></div>
              <span class="share">${text}</span>
            </li>
          `;
        })}
      </ul>
    `;
  }
}
