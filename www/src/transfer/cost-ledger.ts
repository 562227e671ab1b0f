import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CostInfo } from '../builder/api.js';
import { PlaygroundElement } from '../components/element.js';
import { icon } from '../components/icon.js';
import type { RunHandle } from '../engine/client.js';
import type { CostQuestion } from '../engine/protocol.js';
import { inKorean } from '../i18n/engine-ko.js';
import { messages } from '../i18n/index.js';
import * as format from '../lib/format.js';
import { BATCH_CHOICES, defaults, optimizerConfig, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { transfer, type TransferMessages } from './i18n/index.js';
import { ledger } from './ledger-styles.js';

type Kind = 'training' | 'inference';

/** 13.3M: among bytes, a small m would be milli. */
const count = (value: number): string => format.compact(value).toUpperCase();

/** What a run would cost, reckoned before it is opened: of the network that is open, or of any of the registry in its own size. */
@customElement('cnp-cost-ledger')
export class CostLedger extends PlaygroundElement {
  static override styles = [base, ledger];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) settings: Settings = defaults();

  /** A network of the registry; empty for the one that is open. */
  @state() private model = '';
  /** The run's own when `null`. */
  @state() private batch: number | null = null;
  @state() private cost: CostInfo | null = null;
  @state() private failure = '';
  /** What was last asked, to ask nothing twice. */
  private asked = '';

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    const { run } = this;
    if (run === null) return;
    const question = this.question(run);
    const key = JSON.stringify(question);
    if (key === this.asked) return;
    this.asked = key;
    this.failure = '';
    run.cost(question).then(
      (cost) => {
        if (key === this.asked) this.cost = cost;
      },
      (error: unknown) => {
        if (key !== this.asked) return;
        this.cost = null;
        this.failure = error instanceof Error ? error.message : String(error);
      },
    );
  }

  private question({ description }: RunHandle): CostQuestion {
    const { settings, model } = this;
    const batch = this.batch ?? settings.batch;
    const optimizer = optimizerConfig(settings);
    const { dataset } = description;
    return model === ''
      ? {
          model: settings.model,
          net: settings.net,
          optimizer,
          batch,
          freeze_all_but: settings.freeze_all_but,
          shape: dataset.shape,
          classes: dataset.classes.length,
        }
      : { model, net: '', optimizer, batch, freeze_all_but: null, shape: null, classes: this.classesOf(model) };
  }

  private classesOf(name: string): number {
    return this.run?.models.find((model) => model.name === name)?.classes ?? 10;
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run } = this;
    if (run === null) return nothing;
    const m = transfer(this.t);
    return html`
      <h3>${m.wholeRun}</h3>
      <div class="choices">
        ${this.models(m, run)} ${this.batches(m)}
        <p>${m.ledgerHint}</p>
      </div>
      ${this.failure === '' ? nothing : html`<p class="wrong" role="alert">${this.words(this.failure)}</p>`}
      ${this.cost === null ? (this.failure === '' ? html`<p>${m.reckoning}</p>` : nothing) : this.answer(m, this.cost)}
    `;
  }

  private models(m: TransferMessages, run: RunHandle): TemplateResult {
    return html`<label>
      <span class="label">${m.network}</span>
      <select class="field" @change=${(event: Event) => (this.model = (event.target as HTMLSelectElement).value)}>
        <option value="" ?selected=${this.model === ''}>${m.thisRun(run.description.network.name)}</option>
        ${run.models.map(
          ({ name, input }) =>
            html`<option value=${name} ?selected=${name === this.model}>
              ${m.atOwnSize(name, format.shape(input))}
            </option>`,
        )}
      </select>
    </label>`;
  }

  private batches(m: TransferMessages): TemplateResult {
    const now = this.batch ?? this.settings.batch;
    const all = [...new Set([1, ...BATCH_CHOICES, 512, 1024, now])].sort((a, b) => a - b);
    return html`<label>
      <span class="label">${m.batch}</span>
      <select
        class="field number"
        @change=${(event: Event) => (this.batch = Number((event.target as HTMLSelectElement).value))}
      >
        ${all.map((size) => html`<option value=${size} ?selected=${size === now}>${size}</option>`)}
      </select>
    </label>`;
  }

  /** What the engine says, in the reader's language. */
  private words(text: string): string {
    return this.t === messages('ko') ? inKorean(text) : text;
  }

  private answer(m: TransferMessages, cost: CostInfo): TemplateResult {
    return html`
      ${this.verdicts(m, cost)}
      <div class="tables" tabindex="0" role="group" aria-label=${m.wholeRun}>
        <table class="number" data-cost="run">
          <thead>
            <tr>
              <td></td>
              <th scope="col">${m.trainingStep}</th>
              <th scope="col">${m.inference}</th>
            </tr>
          </thead>
          <tbody>
            ${this.row(m.rows.dispatches, cost, (of) => format.integer(of.dispatches, 'en'))}
            ${this.row(m.rows.macs, cost, (of) => count(of.macs))}
            ${(['parameters', 'gradients', 'optimizer', 'activations', 'tables', 'total'] as const).map((part) =>
              this.row(m.rows[part], cost, (of) => format.bytes(of.bytes[part])),
            )}
          </tbody>
        </table>
        ${this.layers(m, cost)}
      </div>
    `;
  }

  private verdicts(m: TransferMessages, cost: CostInfo): TemplateResult {
    const of = (kind: Kind): TemplateResult => {
      const obstacles = cost[`${kind}_obstacles`];
      const name = kind === 'training' ? m.trainingStep : m.inference;
      return html`<li class=${obstacles.length === 0 ? 'good' : 'bad'}>
        ${icon(obstacles.length === 0 ? 'check' : 'warning')}
        <span>${name}: ${obstacles.length === 0 ? m.fits : m.tooLarge}</span>
        ${obstacles.map((reason) => html`<span class="reason">${this.words(reason)}</span>`)}
      </li>`;
    };
    return html`<div role="status">
      <ul class="verdicts">
        ${of('training')} ${of('inference')}
      </ul>
    </div>`;
  }

  private row(name: string, cost: CostInfo, value: (of: CostInfo[Kind]) => string): TemplateResult {
    return html`<tr>
      <th scope="row">${name}</th>
      <td>${value(cost.training)}</td>
      <td>${value(cost.inference)}</td>
    </tr>`;
  }

  private layers(m: TransferMessages, { layers }: CostInfo): TemplateResult {
    return html`<table class="number" data-cost="layers">
      <thead>
        <tr>
          ${[m.layer, m.output, m.parametersOf, m.macsOf, m.bytesOf, m.field, m.dispatchesOf].map(
            (name) => html`<th scope="col">${name}</th>`,
          )}
        </tr>
      </thead>
      <tbody>
        ${layers.map(
          (layer) =>
            html`<tr>
              <th scope="row">
                ${layer.name}${layer.params > 0 && !layer.trainable ? html` <span class="tag">${m.frozen}</span>` : nothing}
              </th>
              <td>${format.shape(layer.output_shape)}</td>
              <td>${layer.params === 0 ? '–' : count(layer.params)}</td>
              <td>${layer.macs === 0 ? '–' : count(layer.macs)}</td>
              <td>${format.bytes(layer.activation_bytes)}</td>
              <td>${layer.receptive_field}²</td>
              <td>${layer.dispatches.forward} + ${layer.dispatches.backward}</td>
            </tr>`,
        )}
      </tbody>
    </table>`;
  }
}
