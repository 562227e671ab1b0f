import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import { icon } from '../components/icon.js';
import { defaults, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { settingsDiff, worded } from '../runs/diff.js';
import { asking, focusOn } from './asking.js';
import { savesMessages, type SavesMessages } from './i18n/index.js';
import { ago, likeliest, modelOf, ranAway, whole } from './offer-text.js';
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

      .text .away {
        color: var(--danger);
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
      }

      .actions .small {
        height: 32px;
      }

      .danger {
        border-color: var(--danger);
        color: var(--danger);
      }

      @container (max-width: 719px) {
        .text {
          flex-basis: 200px;
        }

        .actions {
          order: 1;
          flex-basis: 100%;
        }
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

  /** Whether this run shall be deleted is asked. */
  @state() private asks = '';

  protected override updated(changed: PropertyValues): void {
    const before = changed.get('asks') as string | undefined;
    if (before !== undefined) focusOn(this.asks || before, this.shadowRoot);
  }

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
          >${ranAway(offer) ? html`· <b class="away">${t.away}</b> ` : nothing}· ${ago(offer.saved, this.t)}
          ${others.length === 0 ? nothing : html`· ${t.others(others.map((other) => worded(other, this.t)).join('; '))}`}</span
        >
      </div>
      <div class="actions">${this.asks === offer.id ? this.question(t, offer) : this.choices(t, offer)}</div>
      <button
        class="button square quiet"
        aria-label=${this.t.dismiss}
        title=${this.t.dismiss}
        @click=${() => this.send('cnp-unoffer')}
      >
        ${icon('close')}
      </button>
    `;
  }

  private question(t: SavesMessages, { id }: Offer): TemplateResult {
    const keep = (): string => (this.asks = '');
    const remove = (): void => this.send('cnp-discard', [id]);
    return asking(t, { id, text: t.sureOne, keep, remove });
  }

  private choices(t: SavesMessages, offer: Offer): TemplateResult {
    const { runs } = this;
    return html`<button class="button resume" @click=${() => this.send('cnp-resume', offer.id)}>
        ${t.resume(whole(offer.step))}
      </button>
      ${
        runs.length < 2
          ? nothing
          : html`<button class="button" @click=${() => this.send('cnp-saved', true)}>
              ${icon('saved')} ${t.all(whole(runs.length))}
            </button>`
      }
      <button class="button quiet" data-asks=${offer.id} @click=${() => (this.asks = offer.id)}>${t.yes}</button>`;
  }
}
