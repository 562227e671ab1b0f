import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import * as format from '../lib/format.js';
import { base } from '../styles/base.js';
import type { AdapterInfo } from './api.js';
import { CheckElement } from './element.js';
import { adapterName } from './report.js';

/** What the browser tells of the GPU. */
@customElement('cnp-device-panel')
export class DevicePanel extends CheckElement {
  static override styles = [
    base,
    css`
      :host {
        padding: var(--space-3) var(--space-4) var(--space-4);
      }

      .adapter {
        margin: 2px 0 var(--space-2);
        font-size: var(--text-l);
        overflow-wrap: anywhere;
      }

      dl {
        display: grid;
        grid-template-columns: auto minmax(0, 1fr);
        gap: 3px var(--space-4);
        font-size: var(--text-s);
        line-height: 18px;
      }

      dt {
        color: var(--ink-2);
      }

      dd {
        text-align: right;
        overflow-wrap: anywhere;
      }
    `,
  ];

  @property({ attribute: false }) adapter: AdapterInfo | null = null;
  @property() version = '';

  protected override render(): TemplateResult {
    const { t, adapter } = this;
    if (adapter === null) return html`<h2 class="panel-title">${t.device}</h2>`;
    const features = adapter.features.join(', ');
    return html`
      <h2 class="panel-title">${t.device}</h2>
      <p class="adapter" data-adapter>${adapterName(adapter) || t.unknown}</p>
      <dl>
        ${this.fact(t.backend, 'WebGPU')} ${this.fact(t.engine, this.version)}
        ${this.fact(t.features, features === '' ? t.noFeatures : features)}
        ${Object.entries(adapter.limits).map(([name, value]) => {
          const label = (t.limits as Record<string, string>)[name] ?? name;
          const text = /Size$/.test(name) ? format.bytes(value) : format.integer(value, 'en');
          return this.fact(label, html`<span class="number" title=${name}>${text}</span>`);
        })}
      </dl>
    `;
  }

  private fact(name: string, value: TemplateResult | string): TemplateResult {
    return html`<dt>${name}</dt>
      <dd>${value}</dd>`;
  }
}
