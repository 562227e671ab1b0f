import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { DatasetInfo, Sample } from '../engine/api.js';
import * as format from '../lib/format.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';
import { styled } from './styled.js';

/** Letters of a class's name beside its pictures. */
const LONG_NAME = 9;
/** Rows that share the panel's height; of more classes one scrolls. */
const [LEAST_ROWS, MOST_ROWS] = [4, 12];

/** Some pictures of every class, one class a row. The chosen one goes through the network. */
@customElement('cnp-sample-grid')
export class SampleGrid extends PlaygroundElement {
  static override styles = [
    base,
    css`
      /* On one screen the pictures shrink with the room, so that every class is seen. */
      @container (min-width: 1100px) {
        :host {
          container-type: size;
        }
      }

      .rows {
        --side: max(22px, calc((100cqh - var(--shown) * (5px + var(--above))) / var(--shown)));
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr));
        gap: 5px var(--space-5);
      }

      .row {
        display: grid;
        grid-template-columns: minmax(14px, var(--label)) minmax(0, min(240px, 7 * (var(--side) + 3px))) 4px;
        align-items: center;
        gap: var(--space-2);
      }

      /* Names of classes that are long stand above their pictures. */
      .long .row {
        grid-template-columns: minmax(0, min(240px, 7 * (var(--side) + 3px))) 4px;
        gap: 2px var(--space-2);
      }

      .long .class {
        grid-column: 1 / -1;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
        text-align: left;
        line-height: 16px;
      }

      .class {
        font-size: var(--text-s);
        font-weight: 600;
        color: var(--ink-2);
        text-align: right;
      }

      .pictures {
        display: grid;
        grid-template-columns: repeat(7, minmax(0, 1fr));
        gap: 3px;
      }

      .picture {
        aspect-ratio: 1;
        border-radius: 3px;
        overflow: hidden;
        cursor: pointer;
        background: #000;
      }

      .picture:hover {
        box-shadow: 0 0 0 1px var(--ink-3);
      }

      .picture[aria-selected='true'] {
        box-shadow:
          0 0 0 1.5px var(--surface),
          0 0 0 3.5px var(--accent);
      }

      .balance {
        align-self: stretch;
        width: 4px;
        border-radius: 2px;
        background: var(--sunken);
        overflow: hidden;
      }

      .balance i {
        display: block;
        height: 100%;
        background: var(--ink-3);
        opacity: 0.6;
        transform-origin: bottom;
      }

      canvas {
        display: block;
        width: 100%;
        height: 100%;
        image-rendering: pixelated;
      }
    `,
  ];

  @property({ attribute: false }) info: DatasetInfo | null = null;
  @property({ attribute: false }) samples: readonly Sample[] = [];
  /** Pictures of every class. */
  @property({ attribute: false }) counts: readonly number[] = [];
  /** Index of the chosen sample. */
  @property({ attribute: false }) chosen: number | null = null;

  protected override render(): TemplateResult {
    const { t, info } = this;
    const classes = info?.classes ?? [];
    const longest = Math.max(1, ...classes.map(({ length }) => length));
    const isLong = longest > LONG_NAME;
    const shown = this.counts.filter((count) => count > 0).length;
    return html`
      <div
        class="rows ${isLong ? 'long' : ''}"
        role="listbox"
        aria-label=${t.samplesLabel}
        ${styled({
          '--label': `${longest}ch`,
          '--above': isLong ? '18px' : '0px',
          '--shown': String(Math.min(MOST_ROWS, Math.max(LEAST_ROWS, shown))),
        })}
        @keydown=${this.onKey}
      >
        ${classes.map((name, label) => {
          // Half of the digits, say.
          if (this.counts[label] === 0) return nothing;
          const row = this.samples.filter((sample) => sample.label === label);
          return html`
            <div class="row" role="group" aria-label=${this.balance(name, label)}>
              <span class="class number" aria-hidden="true" title=${name}>${name}</span>
              <div class="pictures" role="presentation">${row.map((sample) => this.picture(sample, name))}</div>
              <span class="balance" title=${this.balance(name, label)}>
                <i ${styled({ transform: `scaleY(${(this.counts[label] ?? 0) / Math.max(1, ...this.counts)})` })}></i>
              </span>
            </div>
          `;
        })}
      </div>
    `;
  }

  private balance(name: string, label: number): string {
    const { counts, t } = this;
    const count = counts[label] ?? 0;
    const all = counts.reduce((sum, one) => sum + one, 0);
    return t.classCount(name, format.integer(count, 'en'), format.percent(all === 0 ? 0 : count / all));
  }

  private picture(sample: Sample, name: string): TemplateResult {
    const chosen = sample.index === this.chosen;
    const isStop = chosen || (sample === this.samples[0] && !this.samples.some(({ index }) => index === this.chosen));
    const [height = 1, width = 1] = this.info?.shape ?? [];
    return html`
      <div
        class="picture"
        role="option"
        data-index=${sample.index}
        tabindex=${isStop ? 0 : -1}
        aria-selected=${chosen ? 'true' : 'false'}
        aria-label=${this.t.sampleName(name, sample.index)}
        title=${this.t.sampleName(name, sample.index)}
        @click=${() => this.send('cnp-sample', sample)}
      >
        <canvas width=${width} height=${height}></canvas>
      </div>
    `;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('samples') && !changed.has('info')) return;
    const [height = 1, width = 1] = this.info?.shape ?? [];
    for (const sample of this.samples) {
      const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`[data-index="${sample.index}"] canvas`);
      canvas?.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(sample.rgba), width, height), 0, 0);
    }
  }

  private onKey(event: KeyboardEvent): void {
    const { samples } = this;
    const focused = (event.target as HTMLElement).closest<HTMLElement>('[data-index]');
    const at = samples.findIndex((sample) => String(sample.index) === focused?.dataset['index']);
    if (at < 0) return;
    const label = samples[at]?.label ?? 0;
    const column = at - samples.findIndex((sample) => sample.label === label);
    const inRow = (other: number): Sample | undefined => samples.filter((sample) => sample.label === other)[column];
    const target = {
      ArrowRight: samples[at + 1],
      ArrowLeft: samples[at - 1],
      ArrowDown: inRow(label + 1),
      ArrowUp: inRow(label - 1),
      Home: samples[0],
      End: samples[samples.length - 1],
      Enter: samples[at],
      ' ': samples[at],
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.send('cnp-sample', target);
    this.renderRoot.querySelector<HTMLElement>(`[data-index="${target.index}"]`)?.focus();
  }
}
