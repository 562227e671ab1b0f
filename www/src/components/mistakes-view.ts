import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Sample } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import type { Verdicts } from '../engine/protocol.js';
import { more, type MoreMessages } from '../i18n/more/index.js';
import { worded } from '../i18n/worded.js';
import { confusion, mostConfused, type Confusion, type Mistake } from '../lib/confusion.js';
import * as format from '../lib/format.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';
import { styled } from './styled.js';

/** Rows of the matrix that can be taken in; of more classes those that are confused most. */
const MOST_CLASSES = 16;
/** Mistakes that are shown. */
const GALLERY = 30;

/** What the network gets wrong: the confusion matrix of the validation pictures, and the mistakes it is most certain of. */
@customElement('cnp-mistakes-view')
export class MistakesView extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        grid-template-rows: auto minmax(0, 1fr);
        gap: var(--space-2) var(--space-5);
        height: 100%;
        min-height: 0;
      }

      header {
        grid-column: 1 / -1;
        display: flex;
        align-items: center;
        gap: var(--space-3);
        min-height: 26px;
        font-size: var(--text-m);
      }

      h3 {
        margin-bottom: var(--space-2);
        font-size: var(--text-s);
        font-weight: 650;
        line-height: 16px;
      }

      section {
        display: flex;
        flex-direction: column;
        min-height: 0;
        min-width: 0;
      }

      .scroll {
        overflow: auto;
        scrollbar-width: thin;
        min-height: 0;
      }

      table {
        border-collapse: separate;
        border-spacing: 2px;
        font-size: var(--text-xs);
        line-height: 1;
      }

      th {
        padding: 0 4px;
        font-weight: 600;
        color: var(--ink-2);
      }

      th[scope='row'] {
        text-align: right;
      }

      th.tall {
        writing-mode: vertical-rl;
        padding: 2px 0;
      }

      td {
        width: 27px;
        height: 22px;
        border-radius: 3px;
        text-align: center;
        background: var(--sunken);
      }

      /* The corner belongs to neither row nor column. */
      tr:first-child td {
        background: none;
      }

      .gallery {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(64px, 1fr));
        gap: var(--space-2);
        padding: 2px;
      }

      .mistake {
        position: relative;
        display: grid;
        gap: 3px;
        justify-items: center;
        padding: 4px;
        border-radius: var(--radius-s);
        font-size: var(--text-xs);
        line-height: 14px;
        color: var(--ink-2);
      }

      .mistake:hover {
        background: var(--sunken);
      }

      .mistake canvas {
        width: 100%;
        max-width: 64px;
        aspect-ratio: 1;
        border-radius: 3px;
        background: #000;
        image-rendering: pixelated;
      }

      .mistake b {
        color: var(--ink);
      }

      .empty {
        grid-column: 1 / -1;
        place-self: center;
        color: var(--ink-3);
      }

      @container (max-width: 719px) {
        :host {
          display: flex;
          flex-direction: column;
          overflow: auto;
        }

        header {
          flex-wrap: wrap;
        }

        section {
          flex: none;
        }
      }
    `,
  ];

  @property({ attribute: false }) run: RunHandle | null = null;
  /** A new object at every epoch's end: then the pictures are read again. */
  @property({ attribute: false }) evaluation: unknown = null;
  /** Where training stands. */
  @property({ type: Number }) step = 0;

  @state() private verdicts: Verdicts | null = null;
  private counted: Confusion | null = null;
  private pictures = new Map<number, Promise<Sample>>();
  /** Why there are none. */
  @state() private failure = '';
  private measuring = false;
  /** An epoch ended while the pictures were being read. */
  private again = false;

  protected override willUpdate(changed: PropertyValues<this> & Map<string, unknown>): void {
    if (changed.has('run')) {
      this.verdicts = null;
      this.pictures = new Map();
    }
    // What was measured before a reset says nothing of the run after it.
    const isReset = this.verdicts !== null && this.verdicts.attempt < (this.run?.attempt ?? 0);
    if (isReset) this.verdicts = null;
    const isBegun = changed.has('step') && changed.get('step') === 0;
    if (changed.has('run') || changed.has('evaluation') || isReset || isBegun) void this.measure();
    if (changed.has('verdicts')) {
      const { verdicts } = this;
      this.counted = verdicts === null ? null : confusion(verdicts, this.classes.length);
    }
  }

  private get classes(): readonly string[] {
    return this.run?.description.dataset.classes ?? [];
  }

  /** Drawn weights know nothing: their mistakes are chance. */
  private get isFresh(): boolean {
    return this.step === 0 && this.run?.description.loaded === null;
  }

  private async measure(): Promise<void> {
    const { run } = this;
    if (this.isFresh) return;
    if (this.measuring) this.again = true;
    if (this.measuring || run === null) return;
    this.measuring = true;
    this.again = false;
    this.failure = '';
    try {
      const verdicts = await run.verdicts();
      if (verdicts.attempt < run.attempt) this.again = true;
      else if (run === this.run) this.verdicts = verdicts;
    } catch (error) {
      const failure = await worded(error, this.t);
      // What a closed run says is of no use to anybody.
      if (run === this.run) this.failure = failure;
    } finally {
      this.measuring = false;
      if (this.isConnected && (this.again || run !== this.run)) void this.measure();
    }
  }

  protected override render(): TemplateResult {
    const { counted, verdicts } = this;
    const m = more(this.t);
    if (this.failure !== '') {
      return html`<div class="empty" role="alert">
        <p>${this.t.errorLoad} ${this.failure}</p>
        <button class="button small" @click=${() => void this.measure()}>${m.measureAgain}</button>
      </div>`;
    }
    if (this.isFresh) return html`<p class="empty">${m.mistakesNothing}</p>`;
    if (counted === null || verdicts === null) return html`<p class="empty">${m.mistakesEmpty}</p>`;
    const number = (value: number): string => format.integer(value, 'en');
    return html`
      <header>
        <span class="number" data-wrong=${counted.wrong}>
          ${m.mistakesCount(number(counted.wrong), number(counted.all), number(verdicts.step))}
        </span>
        ${
          verdicts.step === this.step
            ? ''
            : html`<span class="label">${m.stale}</span>
                <button class="button small" @click=${() => void this.measure()}>${m.measureAgain}</button>`
        }
      </header>
      <section>
        <h3>${m.confusion}</h3>
        ${
          this.classes.length > MOST_CLASSES
            ? html`<p class="muted">${m.confusionSome(number(MOST_CLASSES), number(this.classes.length))}</p>`
            : nothing
        }
        <div class="scroll">${this.matrix(m, counted)}</div>
      </section>
      <section>
        <h3>${m.worst}</h3>
        ${
          counted.wrong === 0
            ? html`<p class="muted">${m.mistakesNone}</p>`
            : html`<div class="scroll">
                <div class="gallery">
                  ${counted.mistakes.slice(0, GALLERY).map((mistake) => this.mistake(m, mistake))}
                </div>
              </div>`
        }
      </section>
    `;
  }

  private matrix(m: MoreMessages, { counts }: Confusion): TemplateResult {
    const { classes } = this;
    const tall = classes.some((name) => name.length > 2) ? 'tall' : '';
    const shown = mostConfused(counts, MOST_CLASSES);
    return html`
      <table class="number">
        <tr>
          <td></td>
          ${shown.map((label) => html`<th scope="col" class=${tall}>${classes[label]}</th>`)}
        </tr>
        ${shown.map((label) => {
          const line = counts[label] ?? [];
          const all = line.reduce((sum, count) => sum + count, 0);
          return html`<tr>
            <th scope="row">${classes[label]}</th>
            ${shown.map((answer) => {
              const count = line[answer] ?? 0;
              // Light enough for ink to stand on.
              const strength = count === 0 ? 0 : 10 + Math.round((30 * count) / Math.max(1, all));
              const color = label === answer ? '--accent' : '--danger';
              return html`<td
                title=${m.confusionCell(classes[label] ?? '', classes[answer] ?? '', String(count))}
                ${styled({ background: count === 0 ? 'var(--sunken)' : `color-mix(in srgb, var(${color}) ${strength}%, var(--surface))` })}
              >
                ${count === 0 ? '' : count}
              </td>`;
            })}
          </tr>`;
        })}
      </table>
    `;
  }

  private mistake(m: MoreMessages, mistake: Mistake): TemplateResult {
    const { classes } = this;
    const [height = 1, width = 1] = this.run?.description.dataset.shape ?? [];
    const [label = '', answer = ''] = [classes[mistake.label], classes[mistake.answer]];
    const about = m.mistake(answer, format.percent(mistake.share), label);
    return html`
      <button class="mistake number" title=${`${about}. ${m.mistakeGo}`} @click=${() => void this.show(mistake.index)}>
        <canvas data-index=${mistake.index} width=${width} height=${height}></canvas>
        <span class="visually-hidden">${about}. ${m.mistakeGo}</span>
        <span aria-hidden="true">${label} → <b>${answer}</b></span>
        <span aria-hidden="true">${format.percent(mistake.share)}</span>
      </button>
    `;
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (!changed.has('verdicts')) return;
    for (const canvas of this.renderRoot.querySelectorAll<HTMLCanvasElement>('canvas')) void this.paint(canvas);
  }

  private picture(index: number): Promise<Sample> | null {
    const known = this.pictures.get(index) ?? this.run?.sample(index) ?? null;
    if (known !== null) this.pictures.set(index, known);
    return known;
  }

  private async paint(canvas: HTMLCanvasElement): Promise<void> {
    try {
      const sample = await this.picture(Number(canvas.dataset['index']));
      if (sample === null || String(sample.index) !== canvas.dataset['index']) return;
      const image = new ImageData(new Uint8ClampedArray(sample.rgba), canvas.width, canvas.height);
      canvas.getContext('2d')?.putImageData(image, 0, 0);
    } catch {
      // The run was closed meanwhile.
    }
  }

  private async show(index: number): Promise<void> {
    const sample = await this.picture(index);
    if (sample !== null) this.send('cnp-sample', sample);
  }
}
