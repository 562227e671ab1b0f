import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { messages } from '../i18n/index.js';
import { problemMessages, withRate } from '../i18n/problems/index.js';
import { slower } from '../keeping.js';
import * as format from '../lib/format.js';
import type { Hint } from '../asked/complaints.js';
import type { Problem } from '../playground.js';
import { defaults, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';

/** What went wrong, in plain words, with the ways out. */
@customElement('cnp-message-banner')
export class MessageBanner extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-3);
        padding: var(--space-2) var(--space-2) var(--space-2) var(--space-4);
        border: 1px solid color-mix(in srgb, var(--danger) 35%, transparent);
        border-radius: var(--radius-l);
        background: var(--danger-soft);
        font-size: var(--text-m);
        line-height: 20px;
      }

      /* On a phone the top of the page is far from what one is looking at. */
      @container (max-width: 719px) {
        @media (min-height: 640px) {
          :host([urgent]) {
            position: sticky;
            top: var(--space-2);
            z-index: 2;
            box-shadow: 0 4px 16px rgb(0 0 0 / 12%);
          }
        }
      }

      .icon {
        color: var(--danger);
      }

      .text {
        flex: 1 1 280px;
        overflow-wrap: anywhere;
      }

      /* One thing a line. */
      .text span {
        white-space: pre-line;
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }
    `,
  ];

  @property({ attribute: false }) problem: Problem | null = null;
  /** Tells at which rate the run would start over. */
  @property({ attribute: false }) settings: Settings = defaults();
  /** The learning rate may not be changed. */
  @property({ type: Boolean }) fixed = false;

  /** The engine's words in the reader's language, as soon as they are there. */
  @state() private message = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('problem') && !changed.has('t')) return;
    const { problem, t } = this;
    // Of the run itself, with a way out.
    this.toggleAttribute('urgent', problem !== null && 'good' in problem);
    const rate = format.rate(slower(this.settings));
    const say = (message: string): string =>
      problem?.kind === 'training' ? sentence(withRate(message, rate)) : message;
    const said = problem?.message ?? '';
    this.message = say(said);
    if (t === messages('en')) return;
    void import('../i18n/engine-ko.js').then(({ inKorean }) => {
      if (problem === this.problem && t === this.t) this.message = say(said.split('\n').map(inKorean).join('\n'));
    });
  }

  protected override render(): TemplateResult | '' {
    const { t, problem } = this;
    if (problem === null) return '';
    const p = problemMessages(t);
    const title = {
      // Most of these messages begin with it.
      training: /^training stopped/.test(problem.message) ? '' : p.errorTraining,
      setting: p.errorSetting,
      // These speak for themselves.
      link: '',
      diverging: '',
      engine: p.errorEngine,
      unsaved: p.errorUnsaved,
      lost: `${p.errorLost} ${p.errorLostAdvice}`,
      crashed: `${p.errorCrashed} ${p.errorLostAdvice}`,
    }[problem.kind];
    return html`
      ${icon('warning')}
      <div class="text" role="alert"><strong>${title}</strong> <span>${this.message}</span></div>
      <div class="actions">${this.actions(problem)}</div>
    `;
  }

  private actions(problem: Problem): TemplateResult {
    const p = problemMessages(this.t);
    switch (problem.kind) {
      case 'training':
      case 'diverging':
        return html`
          ${
            this.fixed || problem.good === null
              ? nothing
              : html`<button class="button" @click=${() => this.send('cnp-go-back')}>
                  ${p.goBackSlower(format.integer(problem.good.step, 'en'), format.rate(problem.good.rate))}
                </button>`
          }
          ${
            this.fixed
              ? nothing
              : html`<button class="button" @click=${() => this.send('cnp-reset-slower')}>${this.startOver()}</button>`
          }
          ${
            problem.kind === 'diverging'
              ? this.dismissal()
              : html`<button class="button" @click=${() => this.send('cnp-reset')}>${p.startOver}</button>`
          }
        `;
      case 'link':
        return html`${problem.hints.map((hint) => this.hint(hint))} ${this.dismissal()}`;
      case 'setting':
      case 'unsaved':
        return this.dismissal();
      case 'engine':
        return html`<button class="button" @click=${() => this.send('cnp-restart')}>${this.t.tryAgain}</button>`;
      case 'lost':
      case 'crashed':
        return html`<button class="button" @click=${() => this.send('cnp-restart')}>${p.restart}</button>`;
    }
  }

  /** What was probably meant: the page's link with it, or the element's attribute. */
  private hint({ text, name, value, link }: Hint): TemplateResult {
    const said = problemMessages(this.t).use(text);
    if (link !== null) return html`<a class="button" href=${link}>${said}</a>`;
    return html`<button class="button" @click=${() => this.setAttributeOf(name, value)}>${said}</button>`;
  }

  /** Of the element that this stands in. */
  private setAttributeOf(name: string, value: string): void {
    const root = this.getRootNode();
    if (root instanceof ShadowRoot) root.host.setAttribute(name, value);
    this.send('cnp-dismiss');
  }

  private startOver(): string {
    return problemMessages(this.t).startOverAt(format.rate(slower(this.settings)));
  }

  private dismissal(): TemplateResult {
    const { t } = this;
    return html`<button
      class="button square quiet"
      aria-label=${t.dismiss}
      title=${t.dismiss}
      @click=${() => this.send('cnp-dismiss')}
    >
      ${icon('close')}
    </button>`;
  }
}

/** The engine's messages stand amid others elsewhere, and begin small. */
function sentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1);
}
