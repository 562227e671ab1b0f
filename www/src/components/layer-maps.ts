import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { LayerInfo, ViewOptions } from '../engine/api.js';
import type { PaintOptions } from '../engine/canvases.js';
import type { RunHandle } from '../engine/client.js';
import { hasFilters } from '../lib/layers.js';
import { tileAt, type TilePoint } from '../lib/tiles.js';
import type { Look } from '../playground.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';
import type { CanvasLayout } from './gpu-canvas.js';
import './gpu-canvas.js';
import { icon } from './icon.js';

const NO_POINTER = matchMedia('(hover: none)');

/** The chosen layer's maps or filters, large. Pointing reads a value, a click enlarges one channel. */
@customElement('cnp-layer-maps')
export class LayerMaps extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--space-2);
        height: 100%;
        min-height: 0;
      }

      cnp-gpu-canvas {
        flex: 1;
        min-height: 160px;
        cursor: zoom-in;
      }

      cnp-gpu-canvas.one {
        cursor: zoom-out;
      }

      .line {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-2);
        min-height: 26px;
        font-size: var(--text-s);
        color: var(--ink-3);
      }

      .line .read {
        flex: 1 1 200px;
      }

      .what {
        display: flex;
      }

      .line .field {
        width: auto;
        min-width: 150px;
        height: 26px;
        font-size: var(--text-s);
      }

      .what [aria-pressed='true'] {
        background: var(--accent-soft);
        color: var(--ink);
      }

      .channel {
        display: flex;
        white-space: nowrap;
        align-items: center;
        gap: var(--space-1);
        color: var(--ink-2);
      }

      .channel output {
        min-width: 60px;
        text-align: center;
      }

      .empty {
        flex: 1;
        display: grid;
        place-items: center;
        text-align: center;
        color: var(--ink-3);
        font-size: var(--text-m);
      }
    `,
  ];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) layer: LayerInfo | null = null;
  @property() name = '';
  @property({ attribute: false }) shape: readonly number[] = [];
  @property() kind: ViewOptions['kind'] = 'activation';
  @property({ attribute: false }) look: Look = { colorMap: 'viridis', scale: 'map' };
  /** A new object with every painting: what was read before is stale. */
  @property({ attribute: false }) painting: unknown = null;

  @state() protected channel: number | null = null;
  @state() private options: PaintOptions | null = null;
  @state() private pointed: TilePoint | null = null;
  @state() protected values: Float32Array | null = null;

  private layout: CanvasLayout | null = null;
  private reading = false;

  protected override willUpdate(changed: PropertyValues<this> & Map<string, unknown>): void {
    if (changed.has('name') || changed.has('kind') || changed.has('run')) {
      this.channel = null;
      this.pointed = null;
      this.values = null;
    }
    if (['name', 'kind', 'look', 'channel', 'run'].some((name) => changed.has(name))) {
      const all: PaintOptions = { layer: this.name, kind: this.kind, ...this.colours() };
      this.options = this.channel === null ? all : { ...all, channel: this.channel };
    }
  }

  /** What all layers share is the range of their outputs; neither the picture nor kernels have a part in it. */
  protected colours(): Pick<PaintOptions, 'color_map' | 'scale' | 'gradient'> {
    const { colorMap, scale } = this.look;
    const isOutput = this.layer !== null && this.kind === 'activation';
    return {
      color_map: this.layer === null ? 'grey' : colorMap,
      scale: scale === 'global' && !isOutput ? 'layer' : scale,
    };
  }

  protected override updated(changed: PropertyValues<this> & Map<string, unknown>): void {
    if (this.pointed !== null && (changed.has('painting') || (changed.has('pointed') && this.values === null))) {
      void this.read();
    }
  }

  protected override render(): TemplateResult {
    const { t } = this;
    if (this.kind === 'kernel' && !hasFilters(this.layer)) return html`<p class="empty">${t.noFilters}</p>`;
    return html`
      <cnp-gpu-canvas
        class=${this.channel === null ? '' : 'one'}
        .run=${this.run}
        .options=${this.options}
        .label=${this.label()}
        @layout=${(event: CustomEvent<CanvasLayout>) => (this.layout = event.detail)}
        @pointermove=${this.onMove}
        @pointerleave=${() => (this.pointed = null)}
        @click=${this.onClick}
      ></cnp-gpu-canvas>
      <div class="line number">
        ${this.what()} ${this.controls()}
        <span class="read" aria-live="off">${this.readout()}</span>
        ${this.channels > 1 ? this.chooser() : nothing}
      </div>
    `;
  }

  protected label(): string {
    return this.kind === 'kernel' ? this.t.filtersLabel(this.name) : this.t.mapsLabel(this.name);
  }

  protected get isPointed(): boolean {
    return this.pointed !== null;
  }

  protected what(): TemplateResult | typeof nothing {
    return this.kind === 'kernel' ? nothing : this.chooseWhat(false);
  }

  protected controls(): TemplateResult | typeof nothing {
    return nothing;
  }

  /** Values or gradients: these come as another element. */
  protected chooseWhat(gradients: boolean): TemplateResult {
    const { t } = this;
    const choice = (which: boolean, name: string): TemplateResult =>
      html`<button
        class="button small quiet"
        aria-pressed=${which === gradients ? 'true' : 'false'}
        @click=${() => this.dispatchEvent(new CustomEvent('gradients', { detail: which }))}
      >
        ${name}
      </button>`;
    return html`<span class="what">${choice(false, t.mapValues)}${choice(true, t.mapGradients)}</span>`;
  }

  /** Shape of what is painted: the output, or the kernel. */
  private get painted(): readonly number[] {
    const kernel = this.layer?.weights.find((weight) => weight.name === 'kernel');
    return this.kind === 'kernel' ? (kernel?.shape ?? []) : this.shape;
  }

  /** Tiles can be enlarged one channel (of kernels: one filter) at a time; a vector or a matrix is one tile. */
  protected get channels(): number {
    return this.painted.length >= 3 ? (this.painted.at(-1) ?? 1) : 1;
  }

  private chooser(): TemplateResult {
    const { t, channel, channels } = this;
    const go = (by: number) => () => {
      // "All" stands before the first channel and after the last.
      const next = ((channel ?? -1) + 1 + by + channels + 1) % (channels + 1);
      this.channel = next === 0 ? null : next - 1;
    };
    return html`
      <span class="channel">
        ${t.channel}
        <button class="button square small quiet" aria-label=${`${t.channel} −1`} @click=${go(-1)}>
          ${icon('chevronLeft')}
        </button>
        <output>${channel === null ? `${t.allChannels} ${channels}` : `${channel} / ${channels - 1}`}</output>
        <button class="button square small quiet" aria-label=${`${t.channel} +1`} @click=${go(1)}>
          ${icon('chevronRight')}
        </button>
      </span>
    `;
  }

  protected readout(): string {
    const { t, pointed, values, shape, kind } = this;
    if (kind === 'kernel') return this.layer?.class === 'Dense' ? t.denseFilters : '';
    const hint = NO_POINTER.matches ? t.mapsTouch : t.mapsHint;
    if (pointed === null) return hint;
    if (values === null) return '…';
    const cell = pointed.y * (this.layout?.values_x ?? 1) + pointed.x;
    if (shape.length !== 3) return cell < values.length ? t.unitAt(cell, text(values[cell])) : hint;
    const value = values[cell * this.channels + pointed.tile];
    return t.valueAt(pointed.tile, pointed.y, pointed.x, text(value));
  }

  private async read(): Promise<void> {
    const { run, name } = this;
    if (this.reading || run === null || this.kind === 'kernel') return;
    this.reading = true;
    try {
      const values = await this.valuesOf(run, name);
      if (name === this.name && run === this.run) this.values = values;
    } catch {
      // The run was closed meanwhile: the next pointing reads from the new one.
    } finally {
      this.reading = false;
    }
  }

  protected valuesOf(run: RunHandle, name: string): Promise<Float32Array> {
    return run.activation(name);
  }

  private pointAt(event: MouseEvent): TilePoint | null {
    const { layout } = this;
    if (layout === null) return null;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const x = (event.clientX - box.left - layout.left) * layout.density;
    const y = (event.clientY - box.top - layout.top) * layout.density;
    const { painted } = this;
    const point = tileAt(layout, x, y);
    if (point === null) return null;
    // A filter has a tile for each channel that it reads.
    const perChannel = painted.length === 4 ? (painted[2] ?? 1) : 1;
    return { ...point, tile: this.channel ?? Math.floor(point.tile / perChannel) };
  }

  private onMove(event: PointerEvent): void {
    this.pointed = this.pointAt(event);
  }

  private onClick(event: MouseEvent): void {
    // A finger does not point before it taps.
    const point = this.pointAt(event);
    this.pointed = point;
    if (this.channel !== null) this.channel = null;
    else if (this.channels > 1) this.channel = point?.tile ?? null;
  }
}

const text = (value: number | undefined): string => (value ?? Number.NaN).toPrecision(4);
