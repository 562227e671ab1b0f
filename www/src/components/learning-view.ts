import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LayerInfo, Statistics } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import type { LearningRecord } from '../engine/protocol.js';
import { more, type MoreMessages } from '../i18n/more/index.js';
import { Repainting } from '../lib/appearance.js';
import { Asking } from '../lib/asking.js';
import * as format from '../lib/format.js';
import { figure as text, isMeasured, LearningLog } from '../lib/learning-log.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';
import { MOMENTS, paintNorms, paintRidges } from './learning-paint.js';
import { learningStyles } from './learning-styles.js';
import { styled } from './styled.js';

/** Histograms under one another. */
const ROWS = 14;

type What = 'weight' | 'gradient' | 'activation';

/** What was seen stays as long as the run, also while another tab is shown. */
const logs = new WeakMap<RunHandle, LearningLog>();

/** How the network learns: the gradient norm of every layer over time, and how the chosen layer's weights and their gradient
 * are distributed, over time. */
@customElement('cnp-learning-view')
export class LearningView extends PlaygroundElement {
  static override styles = [base, learningStyles];

  @property({ attribute: false }) run: RunHandle | null = null;
  /** `null`: the input. */
  @property({ attribute: false }) layer: LayerInfo | null = null;
  @property() name = '';
  /** Where the run stands, whatever of it was seen here. */
  @property({ type: Number }) step = 0;
  /** A new object with every painting. */
  @property({ attribute: false }) painting: unknown = null;
  /** Colours are read again when it changes. */
  @property() theme = '';

  @state() private log = new LearningLog();
  @state() private latest: LearningRecord | null = null;
  @state() private silent: readonly [number, number] | null = null;

  private readonly asking = new Asking(this, () => this.ask());

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('run') && this.run !== null) {
      this.log = logs.get(this.run) ?? new LearningLog();
      logs.set(this.run, this.log);
      this.latest = null;
    }
    if (changed.has('name') || changed.has('run')) {
      this.silent = null;
      this.asking.soon(true);
    }
    // As long as there is nothing to see, the first answer need not wait.
    if (changed.has('painting')) this.asking.soon(this.step > 0 && this.log.measured.length === 0);
  }

  /** The trained tensor that is looked at. */
  private get weight(): string | null {
    return this.layer?.weights.find(({ trainable }) => trainable)?.name ?? null;
  }

  private async ask(): Promise<void> {
    const { run, name, log } = this;
    if (run === null || name === '') return;
    try {
      const record = await run.learning(name, this.weight);
      if (run === this.run) {
        log.push(record);
        this.latest = record.layer === this.name ? record : this.latest;
        this.silent = await this.countSilent(run, name);
      }
    } catch {
      // The run was closed meanwhile.
    }
  }

  /** Units (of maps: channels) whose every value is 0, and all units. */
  private async countSilent(run: RunHandle, name: string): Promise<readonly [number, number] | null> {
    if (this.layer === null) return null;
    const units = this.layer.output_shape.at(-1) ?? 1;
    const values = await run.activation(name);
    const alive = new Set<number>();
    values.forEach((value, at) => {
      if (value !== 0) alive.add(at % units);
    });
    return name === this.name ? [units - alive.size, units] : null;
  }

  protected override render(): TemplateResult {
    const m = more(this.t);
    return html`
      <section>
        <h3>${m.gradientNorms}</h3>
        ${this.gradientNorms(m)}
      </section>
      <section>
        <h3>${m.learningOf(this.name)}</h3>
        ${
          this.weight === null
            ? html`<p>${m.noWeights}</p>
                <div class="pair">${this.figure(m, 'activation', m.activationsNow)}</div>`
            : html`<div class="pair">
                ${this.figure(m, 'weight', m.weightsOverTime(this.weight))}
                ${this.figure(m, 'gradient', m.gradientsOverTime)}
              </div>`
        }
        ${this.facts(m)}
      </section>
    `;
  }

  private gradientNorms(m: MoreMessages): TemplateResult {
    const { log } = this;
    const range = log.range();
    const seen = log.measured;
    const [first, last] = [seen[0], seen.at(-1)];
    if (range === null || first === undefined || last === undefined) return html`<p>${this.nothingYet(m)}</p>`;
    const count = format.integer(seen.length, 'en');
    const [low, high] = [text(range[0]), text(range[1])];
    return html`
      <div class="rows">${last.norms.map(({ layer, gradient }) => this.row(m, layer, gradient, last.step))}</div>
      <div class="time number" aria-hidden="true">
        <div ${styled({ width: `${(100 * seen.length) / Math.max(MOMENTS, seen.length)}%` })}>
          <span>${first.step}</span>${last.step === first.step ? nothing : html`<span>${last.step}</span>`}
        </div>
      </div>
      <p>
        ${m.gradientNormsHint(format.integer(first.step, 'en'))}
        ${seen.length < MOMENTS / 2 ? m.fewMoments(count) : nothing}
      </p>
      <div class="scale number" role="img" aria-label=${m.normScale(low, high)}>
        <span>≤ ${low}</span><i></i><span>${high}</span>
      </div>
    `;
  }

  /** Why there is no gradient to be seen. */
  private nothingYet(m: MoreMessages): string {
    const { step } = this;
    const told = this.log.records.at(-1)?.step ?? 0;
    if (step === 0) return m.learningEmpty;
    return told === step ? m.learningResumed(format.integer(step, 'en')) : m.learningAsking;
  }

  private row(m: MoreMessages, layer: string, gradient: number, step: number): TemplateResult {
    return html`
      <button
        class="row number"
        data-norm=${layer}
        aria-pressed=${layer === this.name ? 'true' : 'false'}
        @click=${() => this.send('cnp-layer', layer)}
      >
        <span class="visually-hidden">${m.gradientNormsLabel(layer, String(step), text(gradient))}</span>
        <span aria-hidden="true" title=${layer}>${layer}</span>
        <canvas height="1"></canvas>
        <span class="value" aria-hidden="true">${text(gradient)}</span>
      </button>
    `;
  }

  private figure(m: MoreMessages, what: What, title: string): TemplateResult {
    const { latest } = this;
    if (what === 'gradient' && latest !== null && !isMeasured(latest) && this.shown(what).length === 0)
      return html`<figure>
        <figcaption title=${title}>${title}</figcaption>
        <p>${this.nothingYet(m)}</p>
      </figure>`;
    const now = latest?.[what] ?? null;
    const [low, high] = this.reach(what);
    const facts = now === null ? '' : m.meanStd(text(now.mean), text(now.std));
    return html`
      <figure>
        <figcaption title=${title}>${title}</figcaption>
        <div class="ridges" role="img" aria-label=${`${title}: ${m.rangeOf(text(low), text(high))}, ${facts}`}>
          <canvas data-what=${what}></canvas>
        </div>
        <div class="axis number"><span>${text(low)}</span><span>${text(high)}</span></div>
        <p class="number">${facts}</p>
        ${
          now === null || now.non_finite === 0
            ? nothing
            : html`<p class="bad number">${m.notFiniteCount(format.integer(now.non_finite, 'en'))}</p>`
        }
      </figure>
    `;
  }

  private facts(m: MoreMessages): TemplateResult {
    const { latest } = this;
    const own = latest?.norms.find(({ layer }) => layer === this.name);
    const gradient = latest !== null && isMeasured(latest) ? own?.gradient : null;
    return html`
      <p class="number">
        ${own === undefined ? nothing : html`${m.norms(text(gradient), text(own.weight))}<br />`}
        ${this.silent === null ? nothing : m.silent(String(this.silent[0]), String(this.silent[1]))}
      </p>
    `;
  }

  private shown(what: What): Statistics[] {
    const records = this.log.spread(this.name, ROWS);
    return (what === 'gradient' ? records.filter(isMeasured) : records).flatMap((record) => record[what] ?? []);
  }

  private reach(what: What): [number, number] {
    const all = this.shown(what);
    return [Math.min(0, ...all.map(({ min }) => min ?? 0)), Math.max(0, ...all.map(({ max }) => max ?? 0))];
  }

  constructor() {
    super();
    new Repainting(this, () => this.requestUpdate());
  }

  protected override updated(): void {
    this.paintRows();
    for (const what of ['weight', 'gradient', 'activation'] as const) this.paintRidges(what);
  }

  private paintRows(): void {
    const range = this.log.range();
    if (range === null) return;
    for (const row of this.renderRoot.querySelectorAll<HTMLElement>('.row')) {
      const canvas = row.querySelector('canvas');
      const norms = this.log.norms(row.dataset['norm'] ?? '');
      if (canvas !== null && norms.length > 0) paintNorms(canvas, norms, range);
    }
  }

  private paintRidges(what: What): void {
    const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`canvas[data-what=${what}]`);
    if (canvas !== null) paintRidges(canvas, this.shown(what), this.reach(what), getComputedStyle(this));
  }
}
