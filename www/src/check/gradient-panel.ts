import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon } from '../components/icon.js';
import * as format from '../lib/format.js';
import { base } from '../styles/base.js';
import type { ModelInfo } from './api.js';
import { CheckElement } from './element.js';
import type { GradientRow, GradientRun } from './protocol.js';
import { shareOf } from './report.js';
import { tables } from './table-styles.js';

/** Up to here a check takes seconds, on a software adapter a minute. */
const QUICK_PARAMETERS = 400_000;
/** Whose pictures are larger takes minutes on any GPU, a batch of them at every step. */
const LARGEST_SIDE = 64;

/** The gradient of a whole network against differences of its loss, a row a layer. */
@customElement('cnp-gradient-panel')
export class GradientPanel extends CheckElement {
  static override styles = [
    base,
    tables,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }

      .head {
        display: grid;
        gap: var(--space-2);
        padding: var(--space-3) var(--space-4);
      }

      .intro {
        font-size: var(--text-s);
        color: var(--ink-2);
        line-height: 18px;
      }

      .controls {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        align-items: end;
      }

      .controls label {
        display: grid;
        gap: 2px;
        flex: 1 1 120px;
        font-size: var(--text-s);
        color: var(--ink-2);
      }

      .controls label.seed {
        flex: 0 0 72px;
      }

      .field {
        color: var(--ink);
      }

      .status {
        font-size: var(--text-m);
        font-weight: 600;
      }

      .detail {
        display: block;
        color: var(--ink-3);
      }

      .scroll {
        border-top: 1px solid var(--line);
      }
    `,
  ];

  @property({ attribute: false }) models: readonly ModelInfo[] = [];
  @property({ attribute: false }) run: GradientRun | null = null;
  @property() model = 'lenet';
  @property({ type: Boolean }) ready = false;
  @property({ type: Boolean }) running = false;
  @state() private chosen: string | null = null;
  @state() private seed = 1;

  protected override render(): TemplateResult {
    const { t, running, run } = this;
    const usable = this.models.filter(({ classes, input }) => classes > 0 && Math.max(...input) <= LARGEST_SIDE);
    const sorted = usable.sort((a, b) => a.parameters - b.parameters);
    const quick = sorted.filter(({ parameters }) => parameters <= QUICK_PARAMETERS);
    const large = sorted.filter(({ parameters }) => parameters > QUICK_PARAMETERS);
    return html`
      <div class="head">
        <h2 class="panel-title">${t.gradient}</h2>
        <p class="intro">${t.gradientIntro}</p>
        <div class="controls">
          <label>
            ${t.model}
            <select
              class="field"
              ?disabled=${running || usable.length === 0}
              @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}
            >
              <optgroup label=${t.modelsQuick}>${this.options(quick)}</optgroup>
              <optgroup label=${t.modelsLarge}>${this.options(large)}</optgroup>
            </select>
          </label>
          <label class="seed">
            ${t.seed}
            <input
              class="field number"
              type="number"
              min="0"
              max="4294967295"
              step="1"
              .value=${String(this.seed)}
              ?disabled=${running}
              @change=${this.onSeed}
            />
          </label>
          ${
            running
              ? html`<button class="button" @click=${() => this.send('check-cancel')}>${t.cancel}</button>`
              : html`<button class="button" ?disabled=${!this.ready} @click=${this.start}>
                  ${icon('play')} ${t.runGradient}
                </button>`
          }
        </div>
        <p class="status" role="status" ?hidden=${run === null || run.rows.length === 0}>
          ${run === null ? '' : this.status(run)}
        </p>
      </div>
      ${run === null || run.rows.length === 0 ? nothing : this.table(run)}
    `;
  }

  private get selected(): string {
    const wanted = this.chosen ?? this.model;
    return this.models.some(({ name }) => name === wanted) ? wanted : 'lenet';
  }

  private options(models: readonly ModelInfo[]): TemplateResult[] {
    return models.map(({ name }) => html`<option value=${name} ?selected=${name === this.selected}>${name}</option>`);
  }

  private status(run: GradientRun): TemplateResult | string {
    const { t } = this;
    const done = run.rows.filter(({ result }) => result !== null);
    const failed = done.filter(({ result }) => result?.passed === false).length;
    if (failed > 0) return html`<span class="fail">${t.gradientFailed(failed, run.rows.length)}</span>`;
    if (run.rows.length === 0 || done.length < run.rows.length) return t.gradientRunning(done.length, run.rows.length);
    return html`<span class="pass">${t.gradientPassed(done.length)}</span>`;
  }

  private table(run: GradientRun): TemplateResult {
    const { t } = this;
    return html`<div class="scroll" role="region" tabindex="0" aria-label=${t.gradientLabel}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t.layer}</th>
            <th scope="col" class="right">${t.promised}</th>
            <th scope="col" class="right">${t.measured}</th>
            <th scope="col" class="right">${t.share}</th>
            <th scope="col"><span class="visually-hidden">${t.result}</span></th>
          </tr>
        </thead>
        <tbody>
          ${run.rows.map((row) => this.row(row))}
        </tbody>
      </table>
    </div>`;
  }

  private row({ layer, result }: GradientRow): TemplateResult {
    const { t } = this;
    if (result === null) {
      return html`<tr data-layer=${layer.layer}>
        <td class="name">${layer.layer}</td>
        <td colspan="4" class="pending">${t.waiting}</td>
      </tr>`;
    }
    const { passed, backward, measured, error, tolerance, tensor, parameters } = result;
    const weights = t.gradientParameters(format.integer(parameters, 'en'));
    return html`<tr class=${passed ? 'passed' : 'failed'} data-layer=${layer.layer}>
      <td class="name">${layer.layer}<span class="detail">${tensor} · ${weights}</span></td>
      <td class="right">${backward.toPrecision(3)}</td>
      <td class="right">${measured.toPrecision(3)}</td>
      <td class="right">${shareOf(error / tolerance)}</td>
      <td>
        <span class="result ${passed ? 'pass' : 'fail'}">
          ${icon(passed ? 'check' : 'close')}<span class="visually-hidden">${passed ? t.passed : t.failed}</span>
        </span>
      </td>
    </tr>`;
  }

  private start(): void {
    this.send('check-gradient', { model: this.selected, seed: this.seed });
  }

  private onSeed(event: Event): void {
    const input = event.target as HTMLInputElement;
    const seed = Math.round(Number(input.value));
    if (Number.isFinite(seed)) this.seed = Math.min(Math.max(seed, 0), 2 ** 32 - 1);
    input.value = String(this.seed);
  }
}
