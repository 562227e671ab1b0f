import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { styled } from '../components/styled.js';
import { wirePaths, wireStyles } from '../components/wires.js';
import type { LayerInfo, NetworkInfo } from '../engine/api.js';
import type { Block } from '../folding/blocks.js';
import { blockTitle } from '../folding/fold-marks.js';
import { Folding } from '../folding/folding.js';
import { messages, type Messages } from '../i18n/index.js';
import * as format from '../lib/format.js';
import { layerTitle } from '../lib/layers.js';
import { layoutNetwork } from '../lib/branches.js';
import { placeOf, type CardPlace, type NetworkLayout } from '../lib/layout.js';
import { base } from '../styles/base.js';
import type { ModelSpec } from './api.js';
import type { Fault } from './draft.js';
import { KINDS } from './fields.js';
import { builderMessages, type BuilderMessages } from './i18n/index.js';

const GAP = 34;
const PLUS = 20;

/** A place where a layer can be put in. */
interface Opening {
  from: string;
  /** Absent behind the last layer and where several read the same. */
  to?: string;
  x: number;
  y: number;
}

/** The network being built: a card a layer, wires, and a plus on each wire. */
@customElement('cnp-builder-graph')
export class BuilderGraph extends LitElement {
  static override styles = [
    base,
    wireStyles,
    css`
      :host {
        overflow: auto;
        display: grid;
        align-items: center;
        justify-items: safe center;
        padding: var(--space-4) var(--space-5);
        scrollbar-width: thin;
        background: var(--sunken);
      }

      .graph {
        position: relative;
        padding-bottom: 72px;
      }

      .card {
        position: absolute;
        display: flex;
        flex-direction: column;
        padding: 6px 8px;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-m);
        background: var(--surface);
        text-align: left;
        line-height: 15px;
      }

      .card:hover {
        border-color: var(--ink-3);
      }

      .card[aria-pressed='true'] {
        border-color: var(--accent);
        box-shadow: 0 0 0 1px var(--accent);
      }

      .card.bad {
        border-color: var(--danger);
        box-shadow: 0 0 0 1px var(--danger);
      }

      .card span {
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .kind {
        font-size: var(--text-s);
        font-weight: 650;
      }

      .detail,
      .params {
        min-height: 15px;
        font-size: 10.5px;
        color: var(--ink-2);
      }

      .shape {
        margin-top: auto;
        font-size: 11px;
        font-weight: 600;
      }

      .stale {
        opacity: 0.45;
      }

      .plus {
        position: absolute;
        appearance: none;
        width: ${PLUS}px;
        height: ${PLUS}px;
        padding: 0;
        border: 1px solid var(--line-strong);
        border-radius: 50%;
        background: var(--surface);
        color: var(--accent);
        font-size: 14px;
        line-height: 17px;
        text-align: center;
        text-align-last: center;
        cursor: pointer;
      }

      .plus:hover {
        border-color: var(--accent);
      }

      /* A finger has room around it. */
      @media (pointer: coarse) {
        .plus {
          width: 44px;
          height: 44px;
          margin: ${(PLUS - 44) / 2}px;
          border: none;
          background: radial-gradient(circle, var(--surface) 12.5px, var(--line-strong) 13px 13.5px, transparent 14px);
          font-size: 18px;
          line-height: 42px;
        }
      }

      .plus option {
        color: var(--ink);
        background: var(--surface);
        font-size: var(--text-m);
        text-align: left;
      }

      .why {
        position: absolute;
        z-index: 1;
        width: 220px;
        padding: 6px 10px;
        border: 1px solid var(--danger);
        border-radius: var(--radius-m);
        background: var(--danger-soft);
        color: var(--danger);
        font-size: var(--text-s);
        line-height: 16px;
      }
    `,
  ];

  @property({ attribute: false }) t: BuilderMessages = builderMessages('en');
  @property({ attribute: false }) names: Messages = messages('en');
  @property({ attribute: false }) spec!: ModelSpec;
  @property() chosen = '';
  @property({ attribute: false }) folding!: Folding;
  /** Blocks were folded or unfolded. */
  @property({ attribute: false }) refold: () => void = () => undefined;
  /** Of the last network that could be: its numbers stay until there are new ones. */
  @property({ attribute: false }) network: NetworkInfo | null = null;
  @property({ attribute: false }) fault: Fault | null = null;
  @property({ attribute: false }) choose: (layer: string) => void = () => undefined;
  @property({ attribute: false }) insert: (kind: string, from: string, to?: string) => void = () => undefined;
  @property({ attribute: false }) takeOut: (layer: string) => void = () => undefined;

  protected override willUpdate(changed: PropertyValues<this>): void {
    // What is being edited and what is wrong are seen.
    if (!changed.has('spec') && !changed.has('chosen') && !changed.has('fault')) return;
    for (const layer of [this.chosen, this.fault?.layer ?? '']) {
      const block = this.folding.around(layer);
      if (block !== undefined && block.exit !== layer) this.folding.set(block, false);
    }
  }

  private readonly folded = (block: Block): void => {
    if (this.folding.isFolded(block) && block.layers.includes(this.chosen)) this.choose(block.exit);
    this.refold();
  };

  private unfold(block: Block): void {
    this.folding.set(block, false);
    this.refold();
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('chosen')) return;
    const card = this.renderRoot.querySelector<HTMLElement>('.card[aria-pressed=true]');
    if (card === null) return;
    // The graph scrolls, the page does not.
    const { left, right } = card.getBoundingClientRect();
    const room = this.getBoundingClientRect();
    if (left < room.left) this.scrollBy(left - room.left - GAP, 0);
    else if (right > room.right) this.scrollBy(right - room.right + GAP, 0);
  }

  protected override render(): TemplateResult {
    const { folding } = this;
    const spec = folding.show(this.spec);
    const layout = layoutNetwork(wiring(spec), {
      width: 0,
      height: 0,
      gap: GAP,
      minCardWidth: 96,
      maxCardWidth: 96,
      minCardHeight: 78,
      maxCardHeight: 78,
    });
    const size = { width: `${layout.width + GAP}px`, height: `${layout.height + 72}px` };
    return html`
      <div class="graph" role="group" aria-label=${this.t.graphLabel} ${styled(size)}>
        <cnp-fold-marks .t=${this.names} .layout=${layout} .folding=${folding} .changed=${this.folded}></cnp-fold-marks>
        <svg class="wires" aria-hidden="true" width=${layout.width} height=${layout.height}>
          ${wirePaths(layout, ({ skips }) => skips)}
        </svg>
        ${repeat(
          layout.cards,
          (card) => card.name,
          (card) => this.card(layout, card),
        )}
        ${openings(spec, layout, folding).map((opening) => this.plus(opening))} ${this.why(layout)}
      </div>
    `;
  }

  private card(layout: NetworkLayout, card: CardPlace): TemplateResult {
    const { name } = card;
    const { names, spec, network, fault } = this;
    const block = this.folding.at(name);
    const layer = spec.layers.find((known) => known.name === name) ?? null;
    const info = network?.layers.find((known) => known.name === name);
    const title =
      block !== undefined
        ? blockTitle(block, names)
        : layerTitle(layer === null ? null : ({ config: {}, ...layer } as unknown as LayerInfo), names);
    const own = block?.layers ?? [name];
    const params = (network?.layers ?? []).reduce(
      (sum, known) => sum + (own.includes(known.name) ? known.params : 0),
      0,
    );
    const shape = layer === null ? spec.input.shape : (info?.output_shape ?? []);
    return html`<button
      class="card ${fault?.layer === name ? 'bad' : ''}"
      data-layer=${name}
      title=${name}
      aria-pressed=${name === this.chosen ? 'true' : 'false'}
      ${styled(placeOf(layout, card))}
      @click=${() => this.choose(name)}
      @dblclick=${() => {
        if (block !== undefined) this.unfold(block);
      }}
      @keydown=${(event: KeyboardEvent) => {
        if (event.key !== 'Delete' && event.key !== 'Backspace') return;
        // Nothing goes that is not seen.
        if (block === undefined) this.takeOut(name);
        else this.unfold(block);
      }}
    >
      <span class="kind">${title.kind}</span>
      <span class="detail">${title.detail}</span>
      <span class="shape number ${fault === null ? '' : 'stale'}">${format.shape(shape)}</span>
      <span class="params number ${fault === null ? '' : 'stale'}">
        ${params === 0 ? nothing : names.parametersShort(format.compact(params))}
      </span>
    </button>`;
  }

  private plus({ from, to, x, y }: Opening): TemplateResult {
    const { t } = this;
    const label = to === undefined ? t.insertAfter(from) : t.insertBetween(from, to);
    const change = (event: Event): void => {
      const select = event.target as HTMLSelectElement;
      const { value } = select;
      select.value = '';
      if (value !== '') this.insert(value, from, to);
    };
    return html`<select
      class="plus"
      aria-label=${label}
      title=${label}
      ${styled({ left: `${x - PLUS / 2}px`, top: `${y - PLUS / 2}px` })}
      @change=${change}
    >
      <option value="" selected>+</option>
      ${Object.keys(KINDS).map((kind) => html`<option value=${kind}>${kind}</option>`)}
    </select>`;
  }

  /** Why a layer cannot be, on the layer. */
  private why(layout: NetworkLayout): TemplateResult | typeof nothing {
    const card = layout.cards.find(({ name }) => name === this.fault?.layer);
    if (card === undefined || this.fault === null) return nothing;
    const left = Math.max(0, Math.min(card.x, layout.width - 220));
    return html`<div class="why" ${styled({ left: `${left}px`, top: `${card.y + layout.cardHeight + 6}px` })}>
      ${this.fault.message}
    </div>`;
  }
}

/** What the layout asks of a network: names and wires. */
function wiring(spec: ModelSpec): NetworkInfo {
  return spec as unknown as NetworkInfo;
}

/** A plus on every wire that has a stretch of its own: at its start where only it leaves the card, at its end where only it
 * arrives, and one behind the last layer. What comes before a folded block comes before all of its branches. */
function openings(spec: ModelSpec, { cards, cardWidth, cardHeight }: NetworkLayout, folding: Folding): Opening[] {
  const place = new Map(cards.map((card) => [card.name, card]));
  const found: Opening[] = [];
  for (const { name, x, y } of cards) {
    const readers = spec.layers.filter((layer) => layer.connected_to.includes(name));
    const start = { x: x + cardWidth + GAP / 2, y: y + cardHeight / 2 };
    const [only] = readers;
    const isBlock = ({ name: reader }: { name: string }): boolean => folding.at(reader) !== undefined;
    if (only === undefined || (readers.length === 1 && isBlock(only))) found.push({ from: name, ...start });
    else if (readers.length === 1) found.push({ from: name, to: only.name, ...start });
    else {
      for (const reader of readers) {
        const end = place.get(reader.name);
        if (end === undefined || reader.connected_to.length > 1 || isBlock(reader)) continue;
        found.push({ from: name, to: reader.name, x: end.x - GAP / 2, y: end.y + cardHeight / 2 });
      }
    }
  }
  return found;
}
