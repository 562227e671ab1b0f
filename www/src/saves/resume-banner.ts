import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import { icon } from '../components/icon.js';
import { defaults, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { settingsDiff, worded } from '../runs/diff.js';
import { savesMessages } from './i18n/index.js';
import { ago, likeliest, modelOf, whole } from './offer-text.js';
import type { Offer } from './saved.js';

/** A run that a closed tab has left, and what may be done with it. */
@customElement('cnp-resume-banner')
export class ResumeBanner extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        padding: 6px var(--space-2) 6px var(--space-4);
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--surface);
        font-size: var(--text-m);
        line-height: 20px;
      }

      .text {
        flex: 1 1 280px;
        overflow-wrap: anywhere;
      }

      .text span {
        color: var(--ink-2);
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }

      .resume {
        border-color: var(--accent);
        color: var(--accent-strong);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) runs: readonly Offer[] = [];
  @property({ attribute: false }) settings: Settings = defaults();

  protected override render(): TemplateResult | typeof nothing {
    const { runs, settings } = this;
    const offer = likeliest(runs, settings);
    if (offer === undefined) return nothing;
    const t = savesMessages(this.t);
    const others = settingsDiff(settings, offer.settings).filter(({ name }) => name !== 'model');
    return html`
      <div class="text" role="status">
        ${t.found(modelOf(offer, this.t), whole(offer.step), whole(offer.epoch))}
        <span
          >· ${ago(offer.saved, this.t)}
          ${others.length === 0 ? nothing : html`· ${t.others(others.map((other) => worded(other, this.t)).join(', '))}`}</span
        >
      </div>
      <div class="actions">
        <button class="button resume" @click=${() => this.send('cnp-resume', offer.id)}>
          ${t.resume(whole(offer.step))}
        </button>
        ${
          runs.length < 2
            ? nothing
            : html`<button class="button" @click=${() => this.send('cnp-saved', true)}>
                ${icon('saved')} ${t.all(whole(runs.length))}
              </button>`
        }
        <button class="button quiet" @click=${() => this.send('cnp-discard', [offer.id])}>${t.discard}</button>
      </div>
    `;
  }
}
