import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { styled } from './styled.js';
import type { ColorMap, ModelInfo, NetworkInfo, ViewOptions } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import * as format from '../lib/format.js';
import { findLayer, outputShape } from '../lib/layers.js';
import { cardNames, fitted, isChain, lineUp, placeOf, type CardPlace, type NetworkLayout } from '../lib/layout.js';
import type { Block } from '../folding/blocks.js';
import type { Folding } from '../folding/folding.js';
import type { Look } from '../playground.js';
import { base } from '../styles/base.js';
import { column, fading } from '../styles/panel.js';
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';
import type { BlockSummary } from './layer-card.js';
import './layer-card.js';
import { graphStyles } from './graph-styles.js';
import { wirePaths, wireStyles } from './wires.js';

const COLOR_MAPS: readonly ColorMap[] = ['viridis', 'grey', 'diverging'];
/** Where what scrolls fades out. */
const EDGE = 36;
/** Room for what marks the blocks, above the cards. */
const ABOVE = 16;
const SCALES: readonly ViewOptions['scale'][] = ['map', 'layer', 'global'];

/** The network as wired cards, input on the left. A small net fills the panel, a large one scrolls. */
@customElement('cnp-network-graph')
export class NetworkGraph extends PlaygroundElement {
  static override styles = [base, column, fading, wireStyles, graphStyles];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property() chosen = '';
  @property({ attribute: false }) look: Look = { colorMap: 'viridis', scale: 'map' };
  /** The network as its source has it; a data set may have other channels and classes. */
  @property({ attribute: false }) original: ModelInfo | null = null;
  /** Whether something in the maps is no number. */
  @property({ type: Boolean }) broken = false;

  /** Nothing of this run has been painted yet. */
  @state() private waits = true;

  /** May not be edited. */
  @property({ type: Boolean }) fixed = false;

  @state() private room = { width: 0, height: 0 };
  @query('.scroll') private readonly scroller!: HTMLElement | null;

  /** Lays out networks with branches and folds their blocks; loaded with the first of them. */
  @state() private branching: typeof import('../folding/index.js') | 'missing' | null = null;
  @state() private folding: Folding | null = null;

  private layout: NetworkLayout | null = null;
  /** For which `--wanted` says a height. */
  private asked: NetworkInfo | null = null;
  private readonly resizes = new ResizeObserver(() => this.measure());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
  }

  protected override firstUpdated(): void {
    if (this.scroller !== null) this.resizes.observe(this.scroller);
  }

  protected override willUpdate(changed: PropertyValues<this> & Map<string, unknown>): void {
    if (changed.has('run')) this.waits = true;
    if (['run', 'room', 'branching'].some((name) => changed.has(name))) this.layout = this.place();
  }

  private readonly refold = (block: Block | null): void => {
    this.layout = this.place();
    this.requestUpdate();
    const [first, last] = [block?.layers[0] ?? this.chosen, block?.exit ?? this.chosen];
    // The end first: a block that is wider than the room is seen from its beginning.
    for (const name of [last, first]) void this.updateComplete.then(() => this.bringIntoSight(this.cardOf(name)));
  };

  /** The card that shows a layer: its own, or that of a folded block. */
  private cardOf(layer: string): string {
    return this.folding?.cardOf(layer) ?? layer;
  }

  /** The network with its folded blocks as one layer each. */
  private get shown(): NetworkInfo | null {
    const { network, folding } = this;
    return network === null ? null : (folding?.show(network) ?? network);
  }

  protected override updated(changed: PropertyValues<this> & Map<string, unknown>): void {
    if (!(changed.has('chosen') || changed.has('branching')) || this.chosen === '') return;
    this.bringIntoSight(this.cardOf(this.chosen));
  }

  private get network(): NetworkInfo | null {
    return this.run?.description.network ?? null;
  }

  private measure(): void {
    const { scroller } = this;
    if (scroller === null) return;
    // Padding of the scrolling region.
    const room = { width: scroller.clientWidth - 24, height: scroller.clientHeight - 20 };
    if (room.width !== this.room.width || room.height !== this.room.height) this.room = room;
  }

  private place(): NetworkLayout | null {
    const { network, room } = this;
    if (network === null || room.width <= 0) return null;
    const { branching } = this;
    if (isChain(network) || branching === 'missing') this.folding = null;
    else if (branching === null) {
      void this.loadBranching();
      return null;
    } else if (!this.folding?.isOf(network)) this.folding = new branching.Folding(network, this.folding);
    const above = this.folding === null ? 0 : ABOVE;
    const shown = this.shown ?? network;
    const isPlain = branching === null || branching === 'missing' || isChain(shown);
    const within = { width: room.width, height: room.height - above };
    const layout = fitted(shown, within, isPlain ? lineUp : branching.layoutNetwork);
    this.askForHeight(network, layout.height - within.height);
    return layout;
  }

  /** Where the page gives room by need, the panel says how much higher it would be for all rows to be in sight. */
  private askForHeight(network: NetworkInfo, missing: number): void {
    if (network !== this.asked) this.style.removeProperty('--wanted');
    this.asked = network;
    if (missing > 0) this.style.setProperty('--wanted', `${this.offsetHeight + missing}px`);
  }

  private async loadBranching(): Promise<void> {
    try {
      this.branching = await import('../folding/index.js');
    } catch {
      // Cards in a line show the layers, if not how they branch.
      this.branching = 'missing';
    }
  }

  protected override render(): TemplateResult {
    const { t, network, shown, layout, folding, branching } = this;
    const plain = branching === null || branching === 'missing';
    return html`
      <header>
        <div class="name">
          <h2 class="panel-title">${t.network}</h2>
          ${network === null ? nothing : html`<span class="label number">${this.waits ? t.compiling : this.meta(network)}</span>`}
          ${this.broken ? html`<span class="label legend"><i></i>${t.notFinite}</span>` : nothing}
        </div>
        <div class="options">
          ${
            this.fixed
              ? nothing
              : html`<button
                  class="button small quiet"
                  ?disabled=${network === null}
                  @click=${() => this.send('cnp-edit', true)}
                >
                  ${icon('edit')} ${t.editNetwork}
                </button>`
          }
          ${folding === null || plain ? nothing : branching.foldAllButton(folding, t, () => this.refold(null))}
          ${this.menu(t.colorMap, 'colorMap', COLOR_MAPS, [t.colorViridis, t.colorGrey, t.colorDiverging])}
          ${this.menu(t.scale, 'scale', SCALES, [t.scaleMap, t.scaleLayer, t.scaleGlobal])}
        </div>
      </header>
      <div class="scroll fades" tabindex="-1" @painted=${() => (this.waits = false)}>
        ${shown === null || layout === null ? nothing : this.graph(shown, layout)}
      </div>
    `;
  }

  private meta(network: NetworkInfo): string {
    const locale = 'en';
    const { t, original } = this;
    const { params, macs } = network.totals;
    const meta = t.modelMeta(format.integer(params, locale), format.integer(macs, locale));
    if (original === null) return `${network.name} · ${meta}`;
    if (original.parameters === params) return meta;
    return `${meta} · ${t.modelAdapted(format.shape(original.input), String(original.classes))}`;
  }

  private menu<K extends keyof Look>(
    label: string,
    key: K,
    values: readonly Look[K][],
    names: readonly string[],
  ): TemplateResult {
    const change = (event: Event): void => {
      const chosen = values.find((value) => value === (event.target as HTMLSelectElement).value);
      if (chosen !== undefined) this.send('cnp-look', { [key]: chosen });
    };
    return html`
      <select class="field" aria-label=${label} title=${label} @change=${change}>
        ${values.map(
          (value, i) => html`<option value=${value} ?selected=${value === this.look[key]}>${names[i]}</option>`,
        )}
      </select>
    `;
  }

  private graph(network: NetworkInfo, layout: NetworkLayout): TemplateResult {
    const { folding } = this;
    const above = folding === null ? 0 : ABOVE;
    const chosen = this.cardOf(this.chosen);
    return html`
      <div
        class="graph"
        ${styled({ width: `${layout.width}px`, height: `${layout.height}px`, 'margin-top': `${above}px` })}
      >
        ${
          folding === null
            ? nothing
            : html`<cnp-fold-marks
                .t=${this.t}
                .layout=${layout}
                .folding=${folding}
                .changed=${this.refold}
              ></cnp-fold-marks>`
        }
        <svg class="wires" aria-hidden="true" width=${layout.width} height=${layout.height}>
          <defs>
            <marker id="tip" viewBox="0 0 6 6" refX="5.5" refY="3" markerWidth="5" markerHeight="5" orient="auto">
              <path d="M0 0 6 3 0 6z"></path>
            </marker>
          </defs>
          ${wirePaths(layout, ({ from, to }) => to === chosen || from === chosen, 'tip')}
        </svg>
        <div role="listbox" aria-orientation="horizontal" aria-label=${this.t.networkLabel} @keydown=${this.onKey}>
          ${repeat(
            layout.cards,
            (card) => card.name,
            (card) => this.card(network, layout, card, chosen),
          )}
        </div>
      </div>
    `;
  }

  private card(network: NetworkInfo, layout: NetworkLayout, card: CardPlace, chosenCard: string): TemplateResult {
    const { t } = this;
    const layer = findLayer(network, card.name);
    const shape = outputShape(network, card.name);
    const chosen = card.name === chosenCard;
    const block = this.folding?.at(card.name);
    return html`
      <div
        class="slot"
        role="option"
        data-layer=${card.name}
        aria-selected=${chosen ? 'true' : 'false'}
        tabindex=${chosen ? 0 : -1}
        ${styled(placeOf(layout, card))}
        @click=${(event: Event) => this.choose(card.name, event.currentTarget as HTMLElement)}
        @dblclick=${() => this.unfold(block)}
      >
        <cnp-layer-card
          .t=${t}
          .run=${this.run}
          .layer=${layer}
          .name=${card.name}
          .shape=${shape}
          .look=${this.look}
          .block=${block === undefined ? null : this.summary(block)}
          ?chosen=${chosen}
        ></cnp-layer-card>
      </div>
    `;
  }

  private choose(name: string, card: HTMLElement): void {
    this.send('cnp-layer', name);
    this.send('cnp-inspect', card);
  }

  /** What a folded block's card says in place of a layer's. */
  private summary(block: Block): BlockSummary | null {
    const { branching, network } = this;
    if (branching === null || branching === 'missing' || network === null) return null;
    const inside = network.layers.filter(({ name }) => block.layers.includes(name));
    return {
      ...branching.blockTitle(block, this.t),
      params: inside.reduce((sum, { params }) => sum + params, 0),
    };
  }

  private unfold(block: Block | undefined): void {
    if (block === undefined) return;
    this.folding?.set(block, false);
    this.refold(block);
  }

  private onKey(event: KeyboardEvent): void {
    const { shown } = this;
    if (shown === null) return;
    const names = cardNames(shown);
    const chosen = this.cardOf(this.chosen);
    const at = names.indexOf(chosen);
    if (event.key === 'Enter') this.unfold(this.folding?.at(chosen));
    const target = {
      ArrowRight: names[at + 1],
      ArrowDown: names[at + 1],
      ArrowLeft: names[at - 1],
      ArrowUp: names[at - 1],
      Home: names[0],
      End: names[names.length - 1],
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    this.send('cnp-layer', target);
    void this.updateComplete.then(() => this.slotOf(target)?.focus({ preventScroll: true }));
  }

  /** Scrolls the graph, and nothing else: `scrollIntoView` would scroll a page that this stands on. */
  private bringIntoSight(name: string): void {
    const slot = this.slotOf(name);
    const { scroller } = this;
    if (slot === null || scroller === null) return;
    const room = scroller.getBoundingClientRect();
    const card = slot.getBoundingClientRect();
    const past = (start: number, end: number, from: number, to: number): number =>
      start < from ? start - from : Math.max(0, Math.min(end - to, start - from));
    scroller.scrollBy(
      past(card.left, card.right, room.left + EDGE, room.right - EDGE),
      past(card.top, card.bottom, room.top + EDGE, room.bottom - EDGE),
    );
  }

  private slotOf(name: string): HTMLElement | null {
    const slots = this.renderRoot.querySelectorAll<HTMLElement>('.slot');
    return [...slots].find((slot) => slot.dataset['layer'] === name) ?? null;
  }
}
