import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { UnsupportedReason } from '../engine/protocol.js';
import { unsupportedMessages } from '../i18n/unsupported/index.js';
import { browserFamily } from '../lib/browser.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';

/** Takes the place of the playground where it cannot run: which case it is, and what to do in this browser. */
@customElement('cnp-unsupported-message')
export class UnsupportedMessage extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        place-items: center;
        padding: var(--space-5);
        min-height: 420px;
      }

      .message {
        max-width: 560px;
        font-size: var(--text-l);
        line-height: 1.6;
      }

      h2 {
        font-size: 24px;
        line-height: 1.25;
        letter-spacing: -0.015em;
        margin-bottom: var(--space-3);
      }

      h3 {
        margin: var(--space-5) 0 var(--space-2);
        font-size: var(--text-m);
        font-weight: 650;
      }

      ul {
        display: grid;
        gap: var(--space-2);
        padding-left: 1.2em;
      }

      li::marker {
        color: var(--accent);
      }

      details {
        margin-top: var(--space-5);
        font-size: var(--text-m);
        color: var(--ink-2);
      }

      code {
        font-family: var(--mono);
        font-size: var(--text-s);
        overflow-wrap: anywhere;
      }

      .button {
        margin-top: var(--space-5);
      }
    `,
  ];

  @property() reason: UnsupportedReason = 'no-webgpu';
  @property() message = '';

  protected override render(): TemplateResult {
    const { reason } = this;
    const u = unsupportedMessages(this.t);
    return html`
      <div class="message" role="alert" data-reason=${reason}>
        <h2>${u.title}</h2>
        <p>${u.reasons[reason]}</p>
        <h3>${u.whatToDo}</h3>
        <ul>
          ${this.advice().map((line) => html`<li>${line}</li>`)}
        </ul>
        ${
          this.message === ''
            ? nothing
            : html`<details>
                <summary>${u.detail}</summary>
                <code>${this.message}</code>
              </details>`
        }
        <button class="button" @click=${() => this.send('cnp-restart')}>${this.t.tryAgain}</button>
      </div>
    `;
  }

  private advice(): readonly string[] {
    const { advice } = unsupportedMessages(this.t);
    const ofBrowser = advice[browserFamily(navigator.userAgent)];
    switch (this.reason) {
      case 'insecure':
        return advice.insecure;
      case 'no-webgpu':
        return ofBrowser;
      case 'no-adapter':
        return [...advice['no-adapter'], ...ofBrowser];
      case 'limits':
        return advice.limits;
    }
  }
}
