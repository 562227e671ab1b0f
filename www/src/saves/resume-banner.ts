import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import { messages } from '../i18n/index.js';
import * as format from '../lib/format.js';
import { defaults, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { settingsDiff, worded } from '../runs/diff.js';
import { savesMessages } from './i18n/index.js';
import type { Offer } from './saved.js';

const UNITS: readonly [Intl.RelativeTimeFormatUnit, number][] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
];

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
        gap: var(--space-2);
      }

      .resume {
        border-color: var(--accent);
        color: var(--accent-strong);
        font-weight: 600;
      }
    `,
  ];

  @property({ attribute: false }) offer!: Offer;
  @property({ attribute: false }) settings: Settings = defaults();

  protected override render(): TemplateResult {
    const { offer } = this;
    const t = savesMessages(this.t);
    const whole = (value: number): string => format.integer(value, 'en');
    const others = settingsDiff(this.settings, offer.settings).filter(({ name }) => name !== 'model');
    return html`
      <div class="text" role="status">
        ${t.found(offer.settings.net === '' ? offer.settings.model : this.t.ownNetwork, whole(offer.step), whole(offer.epoch))}
        <span
          >· ${t.ago(this.ago(offer.saved))}
          ${others.length === 0 ? nothing : html`· ${t.others(others.map((other) => worded(other, this.t)).join(', '))}`}</span
        >
      </div>
      <div class="actions">
        <button class="button resume" @click=${() => this.send('cnp-resume')}>${t.resume(whole(offer.step))}</button>
        <button class="button quiet" @click=${() => this.send('cnp-discard')}>${t.discard}</button>
      </div>
    `;
  }

  private ago(time: number): string {
    const language = this.t === messages('ko') ? 'ko' : 'en';
    const past = Date.now() - time;
    const [unit, length] = UNITS.find(([, milliseconds]) => past >= milliseconds) ?? ['minute', 60_000];
    return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.floor(past / length), unit);
  }
}
