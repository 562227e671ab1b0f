import { css, html, LitElement, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { Language } from '../i18n/languages.js';
import { base } from '../styles/base.js';
import { glossaryMessages } from './i18n/index.js';
import { TERMS, type Term } from './terms.js';

/** All terms, in the order of the page's language; what is typed is looked for in both. */
@customElement('cnl-glossary')
export class GlossaryList extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }

      h1 {
        margin: 0 0 var(--space-3);
        font-size: 30px;
        line-height: 1.25;
        letter-spacing: -0.02em;
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2) var(--space-4);
        margin-bottom: var(--space-5);
      }

      .head p {
        flex: 1 1 260px;
        margin: 0;
        color: var(--ink-2);
      }

      .field {
        width: 260px;
        height: 36px;
        font-size: 15px;
      }

      dl {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 380px), 1fr));
        gap: 0 var(--space-6);
        margin: 0;
      }

      dl > div {
        padding: var(--space-3) 0 var(--space-4);
        border-top: 1px solid var(--line);
      }

      dt {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 var(--space-3);
        font-weight: 680;
      }

      dt [data-other] {
        color: var(--accent-strong);
        font-weight: 500;
      }

      dd {
        margin: 2px 0 0;
        font-size: 15px;
        color: var(--ink-2);
      }
    `,
  ];

  @property() language: Language = 'en';
  @state() private wanted = '';

  protected override render(): TemplateResult {
    const { language } = this;
    const t = glossaryMessages(language);
    const found = this.found();
    return html`
      <h1>${t.title}</h1>
      <div class="head">
        <p>${t.intro(String(TERMS.length))}</p>
        <input
          class="field"
          type="search"
          aria-label=${t.search}
          placeholder=${t.search}
          @input=${(event: Event) => (this.wanted = (event.target as HTMLInputElement).value)}
        />
      </div>
      <p role="status">${found.length === 0 ? t.none : ''}</p>
      <dl>${found.map((term) => this.entry(term))}</dl>
    `;
  }

  private entry(term: Term): TemplateResult {
    const { language } = this;
    const other = language === 'en' ? 'ko' : 'en';
    return html`<div data-term=${term.id}>
      <dt><span>${term[language].word}</span><span data-other lang=${other}>${term[other].word}</span></dt>
      <dd>${term[language].about}</dd>
    </div>`;
  }

  private found(): Term[] {
    const wanted = this.wanted.trim().toLowerCase();
    const has = ({ en, ko }: Term): boolean =>
      [en, ko].some(({ word, forms = [] }) => [word, ...forms].some((form) => form.toLowerCase().includes(wanted)));
    const { language } = this;
    return TERMS.filter(has).sort((a, b) => a[language].word.localeCompare(b[language].word, language));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnl-glossary': GlossaryList;
  }
}
