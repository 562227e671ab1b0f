import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { styled } from '../components/styled.js';
import type { Language } from '../i18n/languages.js';
import type { Term } from './terms.js';

/** From the window's edge. */
const MARGIN = 12;
const WIDTH = 300;

/** A term in a text: pointed at, focused or tapped, it shows the other language's word and a sentence. */
@customElement('cnl-term')
export class TermMark extends LitElement {
  static override styles = css`
    :host {
      position: relative;
      display: inline;
    }

    .word {
      border-radius: 2px;
      text-decoration: underline dotted 1px;
      text-decoration-color: var(--accent);
      text-underline-offset: 4px;
      cursor: help;
    }

    .word:hover,
    .word:focus-visible {
      text-decoration-style: solid;
    }

    .word:focus-visible {
      outline: 2px solid var(--accent);
      outline-offset: 1px;
    }

    .tip {
      position: absolute;
      z-index: 3;
      box-sizing: border-box;
      width: max-content;
      padding: 8px 12px 10px;
      border: 1px solid var(--line-strong);
      border-radius: var(--radius-m);
      background: var(--surface);
      color: var(--ink-2);
      box-shadow: 0 6px 24px rgb(0 0 0 / 14%);
      font-size: 14px;
      font-weight: 400;
      line-height: 1.5;
      letter-spacing: 0;
    }

    .tip[hidden] {
      display: none;
    }

    .other {
      display: block;
      font-size: 15px;
      font-weight: 680;
      color: var(--accent-strong);
    }
  `;

  @property({ attribute: false }) term: Term | null = null;
  @property() language: Language = 'en';

  @state() private open = false;
  @state() private place: Readonly<Record<string, string>> = {};

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('pointerenter', this.onEnter);
    this.addEventListener('pointerleave', this.onLeave);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.listen(false);
  }

  protected override updated(changed: PropertyValues): void {
    if (!changed.has('open')) return;
    this.listen(this.open);
    if (this.open) this.settle();
  }

  protected override render(): TemplateResult {
    const { term, language } = this;
    if (term === null) return html`<slot></slot>`;
    const other = language === 'en' ? 'ko' : 'en';
    // No space between: the text goes on right behind the word.
    return html`<span
        class="word"
        role="button"
        tabindex="0"
        aria-describedby="about"
        @focus=${() => (this.open = true)}
        @blur=${() => (this.open = false)}
        @click=${() => (this.open = true)}
        @keydown=${this.onToggle}
        ><slot></slot></span
      ><span class="tip" id="about" role="tooltip" ?hidden=${!this.open} ${styled(this.place)}
        ><span class="other" lang=${other}>${term[other].word}</span>${term[language].about}</span
      >`;
  }

  private readonly onEnter = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') this.open = true;
  };

  private readonly onLeave = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse' && !this.matches(':focus-within')) this.open = false;
  };

  private readonly onToggle = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    // Space would scroll.
    event.preventDefault();
    if (!event.repeat) this.open = !this.open;
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') this.open = false;
  };

  /** A tap beside it. */
  private readonly onPress = (event: PointerEvent): void => {
    if (!event.composedPath().includes(this)) this.open = false;
  };

  private listen(on: boolean): void {
    const change = on ? document.addEventListener.bind(document) : document.removeEventListener.bind(document);
    change('keydown', this.onKey as EventListener);
    change('pointerdown', this.onPress as EventListener);
  }

  /** Below the word, or above where there is no room below; never beyond the window. */
  private settle(): void {
    const word = this.renderRoot.querySelector('.word')?.getClientRects()[0];
    const tip = this.renderRoot.querySelector<HTMLElement>('.tip');
    if (word === undefined || tip === null) return;
    const { clientWidth, clientHeight } = document.documentElement;
    const width = Math.min(WIDTH, clientWidth - 2 * MARGIN);
    tip.style.setProperty('max-width', `${width}px`);
    const { width: wide, height: high } = tip.getBoundingClientRect();
    const left = Math.max(MARGIN, Math.min(word.left, clientWidth - MARGIN - wide)) - word.left;
    const isBelow = word.bottom + high < clientHeight || word.top < high;
    this.place = { left: `${left}px`, top: `${isBelow ? word.height : -high}px` };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnl-term': TermMark;
  }
}
