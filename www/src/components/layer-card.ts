import { css, html, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { LayerInfo, ViewOptions } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import * as format from '../lib/format.js';
import { layerTitle } from '../lib/layers.js';
import type { Look } from '../playground.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';
import './gpu-canvas.js';

/** What stands on the card of a folded block. */
export interface BlockSummary {
  kind: string;
  detail: string;
  params: number;
}

/** One layer of the network: its name, its output shape, its maps as they are this moment. */
@customElement('cnp-layer-card')
export class LayerCard extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-m);
        background: var(--surface);
        overflow: hidden;
        cursor: pointer;
        transition: border-color 120ms;
      }

      :host(:hover) {
        border-color: var(--ink-3);
      }

      :host([chosen]) {
        border-color: var(--accent);
        box-shadow: 0 0 0 1px var(--accent);
      }

      .head {
        padding: 6px 7px 5px;
        line-height: 15px;
      }

      .kind {
        display: block;
        font-size: var(--text-s);
        font-weight: 650;
        overflow-wrap: anywhere;
      }

      .detail,
      .shape {
        display: block;
        min-height: 14px;
        font-size: 10.5px;
        line-height: 14px;
        letter-spacing: -0.01em;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
        color: var(--ink-2);
      }

      cnp-gpu-canvas {
        flex: 1;
        min-height: 0;
        margin: 0 6px;
      }

      .foot {
        padding: 4px 7px 5px;
        display: flex;
        flex-direction: column;
      }

      .parameters {
        font-size: 10.5px;
        line-height: 14px;
        color: var(--ink-3);
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .shape {
        font-weight: 600;
        color: var(--ink);
      }
    `,
  ];

  @property({ attribute: false }) run: RunHandle | null = null;
  /** `null`: the input. */
  @property({ attribute: false }) layer: LayerInfo | null = null;
  @property() name = '';
  @property({ attribute: false }) shape: readonly number[] = [];
  @property({ attribute: false }) look: Look = { colorMap: 'viridis', scale: 'map' };
  /** The card stands for a folded block, and shows its last layer's maps. */
  @property({ attribute: false }) block: BlockSummary | null = null;
  @property({ type: Boolean, reflect: true }) chosen = false;

  private optionsKey = '';
  private viewOptions: ViewOptions | null = null;

  protected override render(): TemplateResult {
    const { t, layer, block } = this;
    const title = block ?? layerTitle(layer, t);
    const parameters = block?.params ?? layer?.params ?? 0;
    return html`
      <div class="head" title=${[this.name, title.kind, title.detail].filter(Boolean).join(' · ')}>
        <span class="visually-hidden">${this.name}</span>
        <span class="kind">${title.kind}</span>
        <span class="detail">${title.detail}</span>
      </div>
      <cnp-gpu-canvas .run=${this.run} .options=${this.options()}></cnp-gpu-canvas>
      <div class="foot number">
        <span class="shape" title=${format.shape(this.shape)}>${format.shape(this.shape)}</span>
        <span class="parameters">${t.parametersShort(format.integer(parameters, 'en'))}</span>
      </div>
    `;
  }

  /** The same object until something changes, so that the canvas is not told the same thing again. */
  private options(): ViewOptions | null {
    const { colorMap, scale } = this.look;
    const key = `${this.name} ${colorMap} ${scale}`;
    if (key !== this.optionsKey) {
      this.optionsKey = key;
      const isInput = this.layer === null;
      // The picture is no layer: its range would be the others'.
      this.viewOptions = isInput
        ? { layer: this.name, kind: 'activation', color_map: 'grey', scale: 'map' }
        : { layer: this.name, kind: 'activation', color_map: colorMap, scale };
    }
    return this.viewOptions;
  }
}
