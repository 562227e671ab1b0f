import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import foldIcon from 'lucide-static/icons/fold-horizontal.svg?raw';
import unfoldIcon from 'lucide-static/icons/unfold-horizontal.svg?raw';
import { drawn } from '../components/icon.js';
import { styled } from '../components/styled.js';
import { messages, type Messages } from '../i18n/index.js';
import type { NetworkLayout } from '../lib/layout.js';
import { base } from '../styles/base.js';
import type { Block } from './blocks.js';
import type { Folding } from './folding.js';
import { foldingMessages } from './i18n/index.js';

/** From a frame to the cards in it. */
const AROUND = 5;
const BUTTON = 24;

const drawings = { fold: drawn(foldIcon), unfold: drawn(unfoldIcon) };

/** How a folded block is called on its card. */
export function blockTitle({ kind, number, layers }: Block, t: Messages): { kind: string; detail: string } {
  const words = foldingMessages(t);
  return { kind: words[kind](String(number)), detail: words.layers(String(layers.length)) };
}

/** Folds all blocks, or unfolds them where all are folded. */
export function foldAllButton(folding: Folding, t: Messages, changed: () => void): TemplateResult | typeof nothing {
  if (folding.blocks.length === 0) return nothing;
  const words = foldingMessages(t);
  const allFolded = folding.folded.length === folding.blocks.length;
  const click = (): void => {
    folding.setAll(!allFolded);
    changed();
  };
  const label = allFolded ? words.unfoldAll : words.foldAll;
  return html`<button
    class="button square small quiet"
    data-fold-all
    aria-label=${label}
    title=${label}
    @click=${click}
  >
    ${allFolded ? drawings.unfold : drawings.fold}
  </button>`;
}

/** What is drawn around the cards of a network for its blocks: a frame about an unfolded one, a stack under a folded one, and a
 * button on each. */
@customElement('cnp-fold-marks')
export class FoldMarks extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        position: absolute;
        inset: 0;
        pointer-events: none;
      }

      .frame,
      .stack {
        position: absolute;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-m);
      }

      .frame {
        border-style: dashed;
        border-radius: var(--radius-l);
        background: color-mix(in srgb, var(--accent) 5%, transparent);
      }

      .stack {
        background: var(--surface);
      }

      button {
        position: absolute;
        z-index: 1;
        display: grid;
        place-items: center;
        width: ${BUTTON}px;
        height: ${BUTTON}px;
        padding: 0;
        appearance: none;
        border: 1px solid var(--line-strong);
        border-radius: 50%;
        background: var(--surface);
        color: var(--accent-strong);
        pointer-events: auto;
        cursor: pointer;
      }

      button:hover {
        border-color: var(--accent);
        background: var(--accent-soft);
      }

      .icon {
        width: 13px;
        height: 13px;
      }
    `,
  ];

  @property({ attribute: false }) t: Messages = messages('en');
  @property({ attribute: false }) layout: NetworkLayout | null = null;
  @property({ attribute: false }) folding: Folding | null = null;
  /** A block was folded or unfolded. */
  @property({ attribute: false }) changed: (block: Block) => void = () => undefined;

  /** The block whose button the Tab key stops at. */
  private stop = '';

  protected override updated(): void {
    this.settleStop();
  }

  protected override render(): TemplateResult {
    const { folding, layout } = this;
    if (folding === null || layout === null) return html``;
    return html`<div
      role="toolbar"
      aria-label=${foldingMessages(this.t).blocks}
      @focusin=${this.onFocus}
      @keydown=${this.onKey}
    >
      ${repeat(
        folding.blocks,
        ({ exit }) => exit,
        (block) => this.block(folding, layout, block),
      )}
    </div>`;
  }

  private get buttons(): HTMLButtonElement[] {
    return [...this.renderRoot.querySelectorAll('button')];
  }

  /** One stop for the Tab key; from there arrows go from button to button. */
  private settleStop(): void {
    const { buttons } = this;
    const stop = buttons.find(({ dataset }) => dataset['block'] === this.stop) ?? buttons[0];
    for (const button of buttons) button.tabIndex = button === stop ? 0 : -1;
  }

  private readonly onFocus = (event: FocusEvent): void => {
    this.stop = (event.target as HTMLElement).dataset['block'] ?? '';
    this.settleStop();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const { buttons } = this;
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    buttons[buttons.findIndex(({ tabIndex }) => tabIndex === 0) + step]?.focus();
  };

  private block(folding: Folding, layout: NetworkLayout, block: Block): TemplateResult | typeof nothing {
    const { cardWidth, cardHeight } = layout;
    const isFolded = folding.isFolded(block);
    const names = isFolded ? [block.exit] : block.layers;
    const cards = layout.cards.filter(({ name }) => names.includes(name));
    if (cards.length === 0) return nothing;
    const left = Math.min(...cards.map(({ x }) => x));
    const top = Math.min(...cards.map(({ y }) => y));
    const right = Math.max(...cards.map(({ x }) => x)) + cardWidth;
    const bottom = Math.max(...cards.map(({ y }) => y)) + cardHeight;
    const box = (kind: string, out: number, shift: number): TemplateResult =>
      html`<div
        class=${kind}
        ${styled({
          left: `${left - out + shift}px`,
          top: `${top - out + shift}px`,
          width: `${right - left + 2 * out}px`,
          height: `${bottom - top + 2 * out}px`,
        })}
      ></div>`;
    const t = foldingMessages(this.t);
    const { kind, detail } = blockTitle(block, this.t);
    const label = isFolded ? t.unfold(kind, detail) : t.fold(kind);
    const click = (): void => {
      folding.set(block, !isFolded);
      this.requestUpdate();
      this.changed(block);
    };
    return html`${isFolded ? [box('stack', 0, 6), box('stack', 0, 3)] : box('frame', AROUND, 0)}
      <button
        data-block=${block.exit}
        aria-expanded=${isFolded ? 'false' : 'true'}
        aria-label=${label}
        title=${label}
        ${styled({ left: `${isFolded ? right - BUTTON + 9 : left + 2}px`, top: `${top - (isFolded ? 0 : AROUND) - BUTTON / 2}px` })}
        @click=${click}
      >
        ${isFolded ? drawings.unfold : drawings.fold}
      </button>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnp-fold-marks': FoldMarks;
  }
}
