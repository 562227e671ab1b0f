import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LayerInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import * as format from '../lib/format.js';
import { findLayer, layerTitle, outputShape } from '../lib/layers.js';
import { cardNames } from '../lib/layout.js';
import type { Look } from '../playground.js';
import { defaults, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { column, fading } from '../styles/panel.js';
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';
import './layer-maps.js';

const TABS = [
  'maps',
  'filters',
  'arithmetic',
  'explain',
  'dissect',
  'learning',
  'mistakes',
  'kernel',
  'cost',
  'summary',
] as const;
type Tab = (typeof TABS)[number];

/** What only some people open comes when they do; the element takes up its properties then. */
const LATER: Partial<Record<Tab | 'gradients', () => Promise<unknown>>> = {
  gradients: () => import('../seeing/gradient-maps.js'),
  arithmetic: () => import('./arithmetic-view.js'),
  explain: () => import('../seeing/explain-view.js'),
  dissect: () => import('../seeing/dissect-view.js'),
  learning: () => import('./learning-view.js'),
  mistakes: () => import('./mistakes-view.js'),
  kernel: () => import('./kernel-view.js'),
  cost: () => import('./layer-cost.js'),
};

/** Everything about the chosen layer, one view at a time. */
@customElement('cnp-inspector-panel')
export class InspectorPanel extends PlaygroundElement {
  static override styles = [
    base,
    column,
    fading,
    css`
      header {
        gap: var(--space-1) var(--space-2);
        padding: var(--space-1) var(--space-3) 0 var(--space-4);
        border-bottom: 1px solid var(--line);
      }

      /* Moves into a dialog when enlarged. */
      .body {
        display: contents;
      }

      .layer {
        display: flex;
        align-items: center;
        gap: 2px;
        flex: 1;
        min-width: 172px;
      }

      .names {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 var(--space-2);
        flex: 1;
        min-width: 0;
      }

      .layer h2 {
        line-height: 18px;
        overflow-wrap: anywhere;
      }

      .names .label {
        line-height: 14px;
        max-height: 14px;
        overflow: hidden;
      }

      .tabs {
        display: flex;
        gap: 2px;
        overflow-x: auto;
        scrollbar-width: none;
        scroll-snap-type: x proximity;
      }

      .tabs button {
        scroll-snap-align: center;
        padding: 8px 5px 9px;
        font-size: var(--text-m);
        line-height: 20px;
        color: var(--ink-2);
        border-bottom: 2px solid transparent;
        white-space: nowrap;
      }

      .tabs button:focus-visible {
        outline-offset: -2px;
      }

      .tabs button:hover {
        color: var(--ink);
      }

      .tabs button[aria-selected='true'] {
        color: var(--ink);
        font-weight: 650;
        border-bottom-color: var(--accent);
      }

      .view {
        flex: 1;
        min-height: 0;
        padding: var(--space-3) var(--space-4);
      }

      .view > * {
        height: 100%;
      }

      .summary {
        margin: 0;
        overflow: auto;
        font: 11.5px/16px var(--mono);
        scrollbar-width: thin;
      }

      @container (max-width: 1099px) {
        .view {
          flex: none;
          height: 460px;
        }

        .view.kernel {
          height: auto;
        }
      }

      @media (pointer: coarse) {
        .tabs button {
          padding: 12px 10px;
        }
      }
    `,
  ];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property() chosen = '';
  @property({ attribute: false }) look: Look = { colorMap: 'viridis', scale: 'map' };
  @property({ attribute: false }) painting: unknown = null;
  @property({ attribute: false }) evaluation: unknown = null;
  @property({ type: Number }) step = 0;
  @property({ attribute: false }) settings: Settings = defaults();

  @state() private tab: Tab = 'maps';
  /** Maps show gradients in place of values. */
  @state() private gradients = false;
  /** While it stands over the whole window. */
  @state() private large: { close: () => void; closed: Promise<void> } | null = null;

  /** Why a view could not be loaded. */
  @state() private failure = '';

  protected override render(): TemplateResult | typeof nothing {
    const { t, run, chosen } = this;
    if (run === null) return nothing;
    const { network } = run.description;
    const layer = findLayer(network, chosen);
    const title = layerTitle(layer, t);
    const names = cardNames(network);
    const at = names.indexOf(chosen);
    // What has no room is on the layer's card: it goes first, a whole part at a time.
    const parts = [format.shape(outputShape(network, chosen)), title.kind, title.detail].filter(Boolean);
    const about = parts.map((part) => part.replaceAll(' ', '\u00a0')).join(' ·\u00a0');
    return html`<div class="body">
      <div class="body">
        <header>
          <div class="layer">
            <div class="names">
              <h2 class="panel-title">${chosen}</h2>
              <span class="label number" title=${about}>${about}</span>
            </div>
            ${this.neighbour(names[at - 1], t.previousLayer, 'chevronLeft')}
            ${this.neighbour(names[at + 1], t.nextLayer, 'chevronRight')} ${this.enlarger()}
          </div>
          <div class="tabs fades" role="tablist" aria-label=${t.tabs} @keydown=${this.onKey}>
            ${TABS.map((tab) => this.tabButton(tab))}
          </div>
        </header>
        <div class="view ${this.tab}" id="view" role="tabpanel" aria-labelledby=${`tab-${this.tab}`}>
          ${this.view(run)}
        </div>
      </div>
    </div>`;
  }

  private enlarger(): TemplateResult {
    const label = this.large === null ? this.t.enlarge : this.t.dismiss;
    return html`<button
      class="button square small quiet large"
      aria-label=${label}
      title=${label}
      @click=${() => (this.large === null ? this.enlarge() : this.large.close())}
    >
      ${icon(this.large === null ? 'enlarge' : 'close')}
    </button>`;
  }

  /** Over the whole window, until it is closed; then back to where one was. */
  async enlarge(from?: HTMLElement): Promise<void> {
    const { enlarge } = await import('../enlarging/enlarge.js');
    const body = this.renderRoot.querySelector<HTMLElement>('.body .body');
    if (body === null || this.large !== null) return;
    const button = body.querySelector<HTMLElement>('.large');
    this.large = enlarge(body, this.t.tabs);
    button?.focus();
    await this.large.closed;
    this.large = null;
    (from ?? button)?.focus({ preventScroll: true });
  }

  private neighbour(name: string | undefined, label: string, symbol: 'chevronLeft' | 'chevronRight'): TemplateResult {
    return html`<button
      class="button square small quiet"
      ?disabled=${name === undefined}
      aria-label=${label}
      title=${label}
      @click=${() => {
        if (name !== undefined) this.send('cnp-layer', name);
      }}
    >
      ${icon(symbol)}
    </button>`;
  }

  private tabButton(tab: Tab): TemplateResult {
    const { t } = this;
    const name = {
      maps: t.tabMaps,
      filters: t.tabFilters,
      arithmetic: t.tabArithmetic,
      explain: t.tabExplain,
      dissect: t.tabDissect,
      learning: t.tabLearning,
      mistakes: t.tabMistakes,
      kernel: t.tabKernel,
      cost: t.tabCost,
      summary: t.tabSummary,
    }[tab];
    const chosen = tab === this.tab;
    return html`<button
      id=${`tab-${tab}`}
      role="tab"
      aria-selected=${chosen ? 'true' : 'false'}
      aria-controls="view"
      tabindex=${chosen ? 0 : -1}
      @click=${() => (this.tab = tab)}
    >
      ${name}
    </button>`;
  }

  private view(run: RunHandle): TemplateResult {
    const { t, chosen, tab } = this;
    const { network, summary } = run.description;
    const layer = findLayer(network, chosen);
    const later = tab === 'maps' && this.gradients ? 'gradients' : tab;
    if (later in LATER && this.failure !== '') return this.apology();
    LATER[later]?.().catch((error: unknown) => {
      this.failure = error instanceof Error ? error.message : String(error);
    });
    switch (tab) {
      case 'maps':
      case 'filters':
        return this.maps(run, tab, layer);
      case 'arithmetic':
        return html`<cnp-arithmetic-view
          .t=${t}
          .run=${run}
          .layer=${layer}
          .painting=${this.painting}
        ></cnp-arithmetic-view>`;
      case 'explain':
        return html`<cnp-explain-view
          .t=${t}
          .run=${run}
          .layer=${layer}
          .painting=${this.painting}
        ></cnp-explain-view>`;
      case 'dissect':
        return html`<cnp-dissect-view
          .t=${t}
          .run=${run}
          .layer=${layer}
          .painting=${this.painting}
        ></cnp-dissect-view>`;
      case 'learning':
        return html`<cnp-learning-view
          .t=${t}
          .run=${run}
          .step=${this.step}
          .name=${chosen}
          .layer=${layer}
          .painting=${this.painting}
        ></cnp-learning-view>`;
      case 'mistakes':
        return html`<cnp-mistakes-view
          .t=${t}
          .run=${run}
          .evaluation=${this.evaluation}
          .step=${this.step}
        ></cnp-mistakes-view>`;
      case 'kernel':
        return html`<cnp-kernel-view .t=${t} .run=${run} .name=${chosen} ?isInput=${layer === null}></cnp-kernel-view>`;
      case 'cost':
        return html`<cnp-layer-cost
          .t=${t}
          .network=${network}
          .layer=${layer}
          .run=${run}
          .settings=${this.settings}
        ></cnp-layer-cost>`;
      case 'summary':
        return html`<pre class="summary" tabindex="0" role="group" aria-label=${t.tabSummary}>${summary}</pre>`;
    }
  }

  private maps(run: RunHandle, tab: 'maps' | 'filters', layer: LayerInfo | null): TemplateResult {
    const { chosen } = this;
    if (tab === 'maps' && this.gradients) {
      return html`<cnp-gradient-maps
        .t=${this.t}
        .run=${run}
        .layer=${layer}
        .name=${chosen}
        .shape=${outputShape(run.description.network, chosen)}
        .look=${this.look}
        .painting=${this.painting}
        @gradients=${() => (this.gradients = false)}
      ></cnp-gradient-maps>`;
    }
    return html`<cnp-layer-maps
      .t=${this.t}
      .run=${run}
      .layer=${layer}
      .name=${chosen}
      .shape=${outputShape(run.description.network, chosen)}
      .kind=${tab === 'maps' ? 'activation' : 'kernel'}
      .look=${this.look}
      .painting=${this.painting}
      @gradients=${(event: CustomEvent<boolean>) => (this.gradients = event.detail)}
    ></cnp-layer-maps>`;
  }

  private apology(): TemplateResult {
    return html`<div role="alert">
      <p>${this.t.errorLoad} ${this.failure}</p>
      <button class="button" @click=${() => (this.failure = '')}>${this.t.tryAgain}</button>
    </div>`;
  }

  private onKey(event: KeyboardEvent): void {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    this.tab = TABS[(TABS.indexOf(this.tab) + by + TABS.length) % TABS.length] ?? 'maps';
    void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#tab-${this.tab}`)?.focus());
  }
}
