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
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';

/** Optimiser, learning rate, batch and seed. */
@customElement('cnp-run-settings')
export class RunSettings extends PlaygroundElement {
  static override styles = [
    base,
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

      .rate-row {
        display: grid;
        grid-template-columns: 1fr 76px;
        align-items: center;
        gap: var(--space-3);
      }

      .seed-row {
        display: grid;
        grid-template-columns: 1fr 28px;
      }

      .seed-row .field {
        border-radius: var(--radius-m) 0 0 var(--radius-m);
        min-width: 0;
      }

      .seed-row .button {
        width: 28px;
        border-left: 0;
        border-radius: 0 var(--radius-m) var(--radius-m) 0;
      }

      input[type='number'] {
        appearance: textfield;
        -moz-appearance: textfield;
      }

      input[type='number']::-webkit-inner-spin-button {
        display: none;
      }

      input[type='range'] {
        appearance: none;
        width: 100%;
        height: 20px;
        margin: 0;
        background: none;
        cursor: pointer;
      }

      input[type='range']::-webkit-slider-runnable-track {
        height: 4px;
        border-radius: 2px;
        background: var(--line-strong);
      }

      input[type='range']::-moz-range-track {
        height: 4px;
        border-radius: 2px;
        background: var(--line-strong);
      }

      input[type='range']::-webkit-slider-thumb {
        appearance: none;
        width: 16px;
        height: 16px;
        margin-top: -6px;
        border: 2px solid var(--surface);
        border-radius: 50%;
        background: var(--accent);
        box-shadow: 0 0 0 1px var(--line-strong);
      }

      input[type='range']::-moz-range-thumb {
        width: 12px;
        height: 12px;
        border: 2px solid var(--surface);
        border-radius: 50%;
        background: var(--accent);
      }
    `,
  ];

  @property({ attribute: false }) settings: Settings = defaults();
  @property({ attribute: false }) locked: ReadonlySet<string> = new Set();

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
        <div class="rate" title="">
          <label class="label" for="rate">${t.learningRate}</label>
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
            <input
              id="rate"
              class="field number"
              type="text"
              inputmode="decimal"
              autocomplete="off"
              ?disabled=${locked.has('lr')}
              .value=${String(settings.lr)}
              @change=${(event: Event) => this.onText('lr', event)}
            />
          </div>
        </div>
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
          <select
            class="field number"
            ?disabled=${locked.has('batch')}
            @change=${(event: Event) => this.onText('batch', event)}
          >
            ${batches.map((size) => html`<option value=${size} ?selected=${size === settings.batch}>${size}</option>`)}
          </select>
        </label>
        <div>
          <label class="label" for="seed">${t.seed}</label>
          <div class="seed-row">
            <input
              id="seed"
              class="field number"
              type="number"
              min="0"
              step="1"
              ?disabled=${locked.has('seed')}
              .value=${String(settings.seed)}
              @change=${(event: Event) => this.onText('seed', event)}
            />
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

  private onSlider(event: Event): void {
    this.send('cnp-settings', { lr: sliderToRate(Number((event.target as HTMLInputElement).value)) });
  }

  private onText(name: 'lr' | 'batch' | 'seed', event: Event): void {
    const input = event.target as HTMLInputElement | HTMLSelectElement;
    const change = parseField(name, input.value);
    // What can't be used is put back.
    if (Object.keys(change).length === 0) input.value = String(this.settings[name]);
    else this.send('cnp-settings', change);
  }

  private onOptimizer(event: Event): void {
    const { settings } = this;
    const change = parseField('optimizer', (event.target as HTMLSelectElement).value);
    // A rate that was never touched goes with its optimiser.
    const untouched = settings.lr === DEFAULT_LEARNING_RATE[settings.optimizer];
    const next = change.optimizer ?? settings.optimizer;
    this.send('cnp-settings', untouched ? { ...change, lr: DEFAULT_LEARNING_RATE[next] } : change);
  }

  private onDice(): void {
    this.send('cnp-settings', { seed: 1 + Math.floor(Math.random() * 9999) });
  }
}
