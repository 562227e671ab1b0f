import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { styled } from './styled.js';
import type { LayerInfo, NetworkInfo } from '../engine/api.js';
import * as format from '../lib/format.js';
import type { RunHandle } from '../engine/client.js';
import { more } from '../i18n/more/index.js';
import { defaults, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import '../transfer/cost-ledger.js';
import { PlaygroundElement } from './element.js';

/** What the chosen layer costs and how it is set up. */
@customElement('cnp-layer-cost')
export class LayerCost extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(200px, 1fr));
        gap: var(--space-4) var(--space-5);
        align-content: start;
        height: 100%;
        overflow: auto;
      }

      h3 {
        margin-bottom: var(--space-2);
        font-size: var(--text-s);
        font-weight: 650;
      }

      dl {
        display: grid;
        grid-template-columns: auto 1fr;
        font-size: var(--text-m);
        line-height: 18px;
      }

      dt,
      dd {
        padding: 5px 0;
        border-bottom: 1px solid var(--line);
      }

      dt {
        padding-right: var(--space-3);
        color: var(--ink-2);
      }

      dd {
        text-align: right;
        overflow-wrap: anywhere;
      }

      .share {
        display: block;
        margin-top: 3px;
        font-size: var(--text-xs);
        line-height: 14px;
        color: var(--ink-3);
      }

      .track {
        display: block;
        height: 4px;
        margin-top: 3px;
        border-radius: 2px;
        background: var(--line);
        overflow: hidden;
      }

      .track span {
        display: block;
        height: 100%;
        background: var(--accent);
        transform-origin: left;
      }

      cnp-cost-ledger {
        grid-column: 1 / -1;
      }

      .config dt {
        font-size: var(--text-s);
      }

      .config dd {
        font: 12px/18px var(--mono);
      }
    `,
  ];

  @property({ attribute: false }) network: NetworkInfo | null = null;
  @property({ attribute: false }) layer: LayerInfo | null = null;
  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) settings: Settings = defaults();

  protected override render(): TemplateResult | typeof nothing {
    const { t, network, layer } = this;
    const m = more(t);
    if (network === null) return nothing;
    const shape = layer?.output_shape ?? network.input.shape;
    const [height = 0, width = 0] = network.input.shape;
    const field = layer?.receptive_field ?? 1;
    return html`
      <section>
        <h3>${t.tabCost}</h3>
        <dl class="number">
          <dt>${m.outputShape}</dt>
          <dd>${format.shape(shape)}</dd>
          ${
            layer === null
              ? nothing
              : html`
                  <dt>${m.inputs}</dt>
                  <dd>${layer.connected_to.join(', ')}</dd>
                  <dt>${m.parameters}</dt>
                  <dd>${format.integer(layer.params, 'en')} ${this.share(layer.params, network.totals.params)}</dd>
                  <dt>${m.macs}</dt>
                  <dd>${format.integer(layer.macs, 'en')} ${this.share(layer.macs, network.totals.macs)}</dd>
                `
          }
          <dt>${m.receptiveField}</dt>
          <dd>${field >= Math.max(height, width) ? m.receptiveFieldAll : m.receptiveFieldValue(field)}</dd>
        </dl>
      </section>
      ${layer === null ? nothing : this.details(layer)}
      <cnp-cost-ledger .t=${t} .run=${this.run} .settings=${this.settings}></cnp-cost-ledger>
    `;
  }

  private share(part: number, whole: number): TemplateResult | typeof nothing {
    if (whole === 0 || part === 0) return nothing;
    const share = part / whole;
    const m = more(this.t);
    return html`
      <span class="share">${m.shareOfNetwork(format.percent(share))}</span>
      <span class="track"><span ${styled({ transform: `scaleX(${share})` })}></span></span>
    `;
  }

  private details(layer: LayerInfo): TemplateResult {
    const m = more(this.t);
    const config = Object.entries(layer.config);
    return html`
      ${
        layer.weights.length === 0
          ? nothing
          : html`<section>
              <h3>${m.weights}</h3>
              <dl class="number">
                ${layer.weights.map(
                  (weight) => html`
                    <dt>${weight.name}${weight.trainable ? '' : ` (${m.notTrainable})`}</dt>
                    <dd>${format.shape(weight.shape)}</dd>
                  `,
                )}
              </dl>
            </section>`
      }
      ${
        config.length === 0
          ? nothing
          : html`<section class="config">
              <h3>${m.configuration}</h3>
              <dl>
                ${config.map(
                  ([name, value]) => html`
                    <dt class="mono">${name}</dt>
                    <dd>${configText(value)}</dd>
                  `,
                )}
              </dl>
            </section>`
      }
    `;
  }
}

/** As Keras would write it. */
function configText(value: unknown): string {
  if (Array.isArray(value)) return `(${value.map(configText).join(', ')})`;
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (value !== null && typeof value === 'object') {
    const { class: name, ...rest } = value as Record<string, unknown>;
    const settings = Object.entries(rest).map(([key, entry]) => `${key}=${configText(entry)}`);
    const title = typeof name === 'string' ? name : '';
    return settings.length === 0 ? title : `${title}(${settings.join(', ')})`;
  }
  return typeof value === 'string' || typeof value === 'number' ? String(value) : 'None';
}
