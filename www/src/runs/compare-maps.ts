import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import type { RunHandle } from '../engine/client.js';
import { Asking } from '../lib/asking.js';
import * as format from '../lib/format.js';
import { findLayer } from '../lib/layers.js';
import { figure } from '../lib/learning-log.js';
import { paintMap, rangeOf } from '../lib/paint-map.js';
import type { PinnedRun, PlaygroundState } from '../playground-state.js';
import type { LayerMaps } from '../seeing/questions.js';
import { base } from '../styles/base.js';
import { runsMessages, type RunsMessages } from './i18n/index.js';
import { MOST_MAPS, sameProbe, type KeptMaps } from './kept-maps.js';

/** What B has made of the picture. */
interface Seen {
  step: number;
  maps: LayerMaps;
}

/** The feature maps that A had of a picture, kept with it, and those that B has of the same one. */
@customElement('cnp-compare-maps')
export class CompareMaps extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        flex: none;
        display: flex;
        flex-direction: column;
        gap: var(--space-2);
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-2);
      }

      h3 {
        flex: 1 0 auto;
        font-size: var(--text-m);
        line-height: 20px;
      }

      .head .field {
        width: auto;
        max-width: 100%;
        height: 26px;
        font-size: var(--text-s);
      }

      .sides {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--space-5);
      }

      figcaption {
        margin-bottom: 4px;
        font-size: var(--text-s);
        line-height: 16px;
        color: var(--ink-2);
      }

      figcaption b {
        color: var(--ink);
        font-weight: 650;
      }

      .maps {
        display: grid;
        grid-template-columns: repeat(8, minmax(0, 1fr));
        gap: 4px;
      }

      canvas {
        display: block;
        width: 100%;
        border-radius: 2px;
        image-rendering: pixelated;
      }

      p {
        font-size: var(--text-s);
        line-height: 16px;
        color: var(--ink-2);
      }

      .instead {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        padding: var(--space-2) var(--space-3);
        border-radius: var(--radius-m);
        background: var(--sunken);
      }

      @container (max-width: 719px) {
        .sides {
          gap: var(--space-3);
        }

        .maps {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
    `,
  ];

  @property({ attribute: false }) a: PinnedRun | null = null;
  /** B, as it is now. */
  @property({ attribute: false }) view: PlaygroundState | null = null;

  /** The reader's choice; else the layer that is looked at, or the first that both have. */
  @state() private chosen = '';
  /** Both sides' colours go over one range. */
  @state() private shared = false;
  @state() private seen: Seen | null = null;

  /** What B was last asked about. */
  private looked: { a: PinnedRun | null; layer: string; run: RunHandle | null; painting: unknown } | null = null;
  private readonly asking = new Asking(this, () => this.ask());

  private get kept(): KeptMaps | null {
    return this.a?.maps ?? null;
  }

  /** The layer that is compared. */
  private get layer(): string {
    const { kept, view } = this;
    if (kept === null) return '';
    const names = [...kept.layers.keys()];
    const fits = (name: string): boolean => this.shapeInB(name)?.join() === kept.layers.get(name)?.shape.join();
    if (kept.layers.has(this.chosen)) return this.chosen;
    return [view?.layer ?? '', ...names].find((name) => kept.layers.has(name) && fits(name)) ?? names[0] ?? '';
  }

  private shapeInB(name: string): readonly number[] | undefined {
    const network = this.view?.run?.description.network;
    return network === undefined ? undefined : findLayer(network, name)?.output_shape;
  }

  protected override willUpdate(): void {
    const { view, layer, looked, a } = this;
    const now = { a, layer, run: view?.run ?? null, painting: view?.probabilities ?? null };
    this.looked = now;
    const other = now.run !== looked?.run || layer !== looked.layer;
    if (other) this.seen = null;
    // Every painting is of a later step, or of another picture.
    if (other || a !== looked.a || now.painting !== looked.painting) this.asking.soon(other);
  }

  protected override updated(): void {
    const { kept, layer, seen } = this;
    const a = kept?.layers.get(layer);
    if (a === undefined) return;
    const ranges = [a.values, ...(seen === null ? [] : [seen.maps.values])].map((values) => rangeOf(values));
    const shared = [Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))] as const;
    for (const [side, maps] of [
      ['A', a],
      ['B', seen?.maps],
    ] as const) {
      this.renderRoot.querySelectorAll<HTMLCanvasElement>(`[data-maps=${side}] canvas`).forEach((canvas, channel) => {
        if (maps === undefined) return;
        const [height, width] = maps.shape;
        paintMap(canvas, maps.values, [height, width, maps.shown], channel, this.shared ? shared : null);
      });
    }
  }

  private async ask(): Promise<void> {
    const { layer, view } = this;
    const run = view?.run ?? null;
    if (run === null || this.instead(runsMessages(this.t)) !== null) return;
    try {
      const { step, layers } = await run.ask('maps', [layer], MOST_MAPS);
      const [maps] = layers;
      if (maps !== undefined && run === this.view?.run && layer === this.layer) this.seen = { step, maps };
    } catch {
      // The run was closed meanwhile: the next one is asked anew.
    }
  }

  protected override render(): TemplateResult {
    const t = runsMessages(this.t);
    const { kept, layer } = this;
    const instead = this.instead(t);
    return html`
      <div class="head">
        <h3>${t.maps}</h3>
        ${kept === null || kept.layers.size === 0 ? nothing : this.choices(t, kept, layer)}
      </div>
      ${instead === null ? this.sides(t) : html`<div class="instead">${instead}</div>`}
    `;
  }

  private choices(t: RunsMessages, kept: KeptMaps, layer: string): TemplateResult {
    return html`<select
        class="field"
        aria-label=${t.mapsLayer}
        @change=${(event: Event) => (this.chosen = (event.target as HTMLSelectElement).value)}
      >
        ${[...kept.layers.values()].map(
          ({ layer: name, shape }) =>
            html`<option value=${name} ?selected=${name === layer}>${name} · ${format.shape(shape)}</option>`,
        )}
      </select>
      <select
        class="field"
        aria-label=${this.t.scale}
        title=${this.t.scale}
        @change=${(event: Event) => (this.shared = (event.target as HTMLSelectElement).value === 'shared')}
      >
        <option value="own" ?selected=${!this.shared}>${t.mapsOwn}</option>
        <option value="shared" ?selected=${this.shared}>${t.mapsShared}</option>
      </select>`;
  }

  /** Why there is nothing to compare, and the way out. */
  private instead(t: RunsMessages): TemplateResult | string | null {
    const { a, kept, view, layer } = this;
    if (a === null || view === null) return '';
    if (kept === null || kept.layers.size === 0) return t.mapsNone;
    if (a.settings.dataset !== view.settings.dataset) return t.mapsOtherData;
    if (!sameProbe(kept.probe, view.probe)) {
      return html`${t.mapsOtherPicture}
        <button class="button small" @click=${() => this.showPicture(kept)}>${t.mapsShowPicture}</button>`;
    }
    const [was, is] = [kept.layers.get(layer)?.shape ?? [], this.shapeInB(layer)];
    if (is === undefined) return t.mapsNoLayer(layer);
    if (is.join() !== was.join()) return t.mapsOtherShape(layer, format.shape(was), format.shape(is));
    return null;
  }

  private showPicture({ probe }: KeptMaps): void {
    if (probe.kind === 'sample') this.send('cnp-sample', probe.sample);
    if (probe.kind === 'drawing') this.send('cnp-drawing', probe.pixels);
  }

  private sides(t: RunsMessages): TemplateResult {
    const { kept, seen, layer } = this;
    const a = kept?.layers.get(layer);
    if (kept === null || a === undefined) return html``;
    const count = a.shape[2];
    const notes = [
      a.shown < count ? t.mapsFirst(String(a.shown), String(count)) : '',
      kept.layers.size < kept.all ? t.mapsSome(String(kept.layers.size), String(kept.all)) : '',
    ].join(' ');
    return html`<div class="sides">
        ${this.side(t, 'A', a, kept.step)} ${this.side(t, 'B', seen?.maps ?? null, seen?.step ?? 0)}
      </div>
      ${notes.trim() === '' ? nothing : html`<p>${notes}</p>`}`;
  }

  private side(t: RunsMessages, name: 'A' | 'B', maps: LayerMaps | null, step: number): TemplateResult {
    if (maps === null) return html`<figure data-maps=${name}><figcaption>B: ${t.mapsAsked}</figcaption></figure>`;
    const [low, high] = rangeOf(maps.values).map(figure) as [string, string];
    const [height, width] = maps.shape;
    return html`<figure data-maps=${name}>
      <figcaption class="number"><b>${name}</b> · ${t.mapsAt(format.integer(step, 'en'), low, high)}</figcaption>
      <div class="maps" role="img" aria-label=${t.mapsOf(maps.layer, name)}>
        ${Array.from({ length: maps.shown }, () => html`<canvas width=${width} height=${height}></canvas>`)}
      </div>
    </figure>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnp-compare-maps': CompareMaps;
  }
}
