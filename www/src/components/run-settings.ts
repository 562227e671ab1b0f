import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import * as format from '../lib/format.js';
import { rateToSlider, SLIDER_STEPS, sliderToRate } from '../lib/rate-slider.js';
import {
  BATCH_CHOICES,
  DEFAULT_LEARNING_RATE,
  defaults,
  OPTIMIZERS,
  parseField,
  type OptimizerName,
  type Settings,
} from '../state.js';
import { base } from '../styles/base.js';
import { range } from '../styles/range.js';
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';
import './number-field.js';

/** Optimiser, learning rate, batch and seed. */
@customElement('cnp-run-settings')
export class RunSettings extends PlaygroundElement {
  static override styles = [
    base,
    range,
    css`
      .grid {
        display: grid;
        grid-template-columns: 1.35fr 0.85fr 1fr;
        gap: var(--space-2);
      }

      .grid > label,
      .grid > div {
        display: grid;
        gap: 3px;
        min-width: 0;
      }

      .rate {
        grid-column: 1 / -1;
      }

      .rate-head {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        margin-bottom: 3px;
      }

      .rate-head .now {
        flex: 1;
        color: var(--ink-3);
      }

      .rate-head .button[aria-expanded='true'] {
        background: var(--accent-soft);
        color: var(--accent-strong);
      }

      .rate-row {
        display: grid;
        grid-template-columns: 1fr 100px;
        align-items: start;
        gap: var(--space-3);
      }

      .rate-row input {
        margin-top: 6px;
      }

      .seed-row {
        display: grid;
        grid-template-columns: 1fr 28px;
      }

      .seed-row .button {
        width: 28px;
        border-color: transparent;
      }
    `,
  ];

  /** Two runs are compared. */
  @property({ type: Boolean }) comparing = false;
  @property({ attribute: false }) settings: Settings = defaults();
  @property({ attribute: false }) locked: ReadonlySet<string> = new Set();
  /** Where a schedule has brought the rate. */
  @property({ attribute: false }) rateNow: number | null = null;
  /** Whether all settings are shown. */
  @property({ type: Boolean }) open = false;

  protected override render(): TemplateResult {
    const { t, settings, locked } = this;
    const names: Record<OptimizerName, string> = {
      sgd: t.optimizerSgd,
      momentum: t.optimizerMomentum,
      nesterov: t.optimizerNesterov,
      rmsprop: t.optimizerRmsprop,
      adam: t.optimizerAdam,
      adamw: t.optimizerAdamW,
    };
    const batches = [...new Set([...BATCH_CHOICES, settings.batch])].sort((a, b) => a - b);
    return html`
      <div class="grid" title=${t.startsOver}>
        ${this.rate()}
        <label>
          <span class="label">${t.optimizer}</span>
          <select class="field" ?disabled=${locked.has('optimizer')} @change=${this.onOptimizer}>
            ${OPTIMIZERS.map(
              (name) => html`<option value=${name} ?selected=${name === settings.optimizer}>${names[name]}</option>`,
            )}
          </select>
        </label>
        <label>
          <span class="label">${t.batch}</span>
          <select class="field number" ?disabled=${locked.has('batch')} @change=${this.onBatch}>
            ${batches.map((size) => html`<option value=${size} ?selected=${size === settings.batch}>${size}</option>`)}
          </select>
        </label>
        <div>
          <span class="label" aria-hidden="true">${t.seed}</span>
          <div class="seed-row">
            <cnp-number-field
              .t=${t}
              name="seed"
              quiet
              ?locked=${locked.has('seed')}
              .label=${t.seed}
              .value=${settings.seed}
            ></cnp-number-field>
            <button
              class="button square"
              ?disabled=${locked.has('seed')}
              aria-label=${t.newSeed}
              title=${t.newSeed}
              @click=${this.onDice}
            >
              ${icon('dices')}
            </button>
          </div>
        </div>
      </div>
    `;
  }

  private rate(): TemplateResult {
    const { t, settings, locked } = this;
    return html`
      <div class="rate" title="">
        <div class="rate-head">
          <span class="label">${t.learningRate}</span>
          <span class="label number now"
            >${this.rateNow === settings.lr || this.rateNow === null ? '' : t.rateNow(format.rate(this.rateNow))}</span
          >
          <button
            class="button small quiet"
            aria-expanded=${this.open ? 'true' : 'false'}
            @click=${() => this.dispatchEvent(new CustomEvent('more'))}
          >
            ${icon('settings')} ${t.allSettings}
          </button>
        </div>
        <div class="rate-row">
          <input
            type="range"
            min="0"
            max=${SLIDER_STEPS}
            step="1"
            aria-label=${t.learningRateSlider}
            ?disabled=${locked.has('lr')}
            aria-valuetext=${format.rate(settings.lr)}
            .value=${String(rateToSlider(settings.lr))}
            @input=${this.onSlider}
          />
          <cnp-number-field
            .t=${t}
            name="lr"
            quiet
            ?locked=${locked.has('lr')}
            .label=${t.learningRate}
            .value=${settings.lr}
          ></cnp-number-field>
        </div>
      </div>
    `;
  }

  private onSlider(event: Event): void {
    this.send('cnp-settings', { lr: sliderToRate(Number((event.target as HTMLInputElement).value)) });
  }

  private onBatch(event: Event): void {
    this.send('cnp-settings', parseField('batch', (event.target as HTMLSelectElement).value));
  }

  private onOptimizer(event: Event): void {
    const { settings } = this;
    const change = parseField('optimizer', (event.target as HTMLSelectElement).value);
    // A rate that was never touched goes with its optimiser, but not where one setting alone shall differ.
    const untouched = !this.comparing && settings.lr === DEFAULT_LEARNING_RATE[settings.optimizer];
    const next = change.optimizer ?? settings.optimizer;
    this.send('cnp-settings', untouched ? { ...change, lr: DEFAULT_LEARNING_RATE[next] } : change);
  }

  private onDice(): void {
    this.send('cnp-settings', { seed: 1 + Math.floor(Math.random() * 9999) });
  }
}
