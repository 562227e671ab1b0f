import { css, html, LitElement, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { ViewLayout } from '../engine/api.js';
import type { PaintOptions } from '../engine/canvases.js';
import type { RunHandle, ViewHandle } from '../engine/client.js';
import { placeTiles } from '../lib/tiles.js';

export interface CanvasLayout extends ViewLayout {
  /** Canvas pixels a CSS pixel. */
  density: number;
  /** Where the canvas's left upper corner lies in the element, in CSS pixels. */
  left: number;
  top: number;
}

/** Canvas pixels a CSS pixel. The engine makes every value a square of whole pixels: with two of them the squares fill the room
 * better, on ordinary screens too. */
const DENSITY = 2;

/** A canvas that the worker's GPU paints. It fills its element, follows its size, and sleeps while out of sight.
 * Sends `layout` (a `CanvasLayout`) whenever its tiles move. */
@customElement('cnp-gpu-canvas')
export class GpuCanvas extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      overflow: hidden;
    }

    canvas {
      position: absolute;
      inset: 0 auto auto 0;
      width: 100%;
      height: 100%;
    }

    :host([blank]) canvas {
      border-radius: 3px;
      background: var(--sunken);
    }
  `;

  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) options: PaintOptions | null = null;
  @property() label = '';

  private canvas: HTMLCanvasElement | null = null;
  private view: ViewHandle | null = null;
  private mountedRun: RunHandle | null = null;
  private visible = false;
  private size = { width: 0, height: 0 };
  private density = 1;

  private readonly resizes = new ResizeObserver(() => this.measure());
  private readonly sightings = new IntersectionObserver(
    (entries) => {
      this.visible = entries.at(-1)?.isIntersecting ?? false;
      // Its size may have changed while it was out of sight.
      if (this.view !== null) this.place(this.view, this.view.show(this.visible));
      this.mount();
    },
    { rootMargin: '64px' },
  );

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizes.observe(this);
    this.sightings.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
    this.sightings.disconnect();
    this.unmount();
  }

  protected override render(): TemplateResult {
    return html`<slot></slot>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('run') && this.run !== this.mountedRun) this.unmount();
    if (changed.has('label')) this.name();
    if (this.view === null) this.mount();
    else if (changed.has('options')) this.apply();
  }

  /** Without a label the canvas is decoration: what stands beside it says what it shows. */
  private name(): void {
    if (this.label === '') {
      this.canvas?.setAttribute('aria-hidden', 'true');
    } else {
      this.canvas?.setAttribute('role', 'img');
      this.canvas?.setAttribute('aria-label', this.label);
    }
  }

  private measure(): void {
    const { width, height } = this.getBoundingClientRect();
    this.density = DENSITY;
    const size = { width: Math.round(width * this.density), height: Math.round(height * this.density) };
    if (size.width === this.size.width && size.height === this.size.height) return;
    this.size = size;
    if (this.view === null) this.mount();
    else this.apply();
  }

  private mount(): void {
    const { run, options, size } = this;
    if (this.view !== null || run === null || options === null || !this.visible) return;
    if (size.width < 2 || size.height < 2 || !this.isConnected) return;
    const canvas = document.createElement('canvas');
    canvas.width = size.width;
    canvas.height = size.height;
    this.canvas = canvas;
    this.name();
    this.renderRoot.prepend(canvas);
    const view = run.addView(canvas, options);
    this.view = view;
    this.mountedRun = run;
    this.place(view, view.layout);
    this.toggleAttribute('blank', true);
    void view.painted().then(
      () => this.show(view),
      () => undefined,
    );
  }

  private show(view: ViewHandle): void {
    if (view !== this.view) return;
    this.removeAttribute('blank');
    this.dispatchEvent(new CustomEvent('painted', { bubbles: true, composed: true }));
  }

  private apply(): void {
    const { view, options, size } = this;
    if (view === null || options === null || size.width < 2 || size.height < 2) return;
    this.place(view, view.set(options, size.width, size.height));
  }

  /** Takes over where the tiles lie, once the engine has said so. A view that it could not make goes: the next change of
   * size, options or sight makes another. */
  private place(view: ViewHandle, answer: Promise<ViewLayout | null>): void {
    answer.then(
      (layout) => {
        if (layout !== null) this.announce(view, layout);
      },
      () => {
        if (view === this.view) this.unmount();
      },
    );
  }

  private announce(view: ViewHandle, layout: ViewLayout): void {
    if (view !== this.view) return;
    const place = placeTiles(layout, this.size, this.density);
    if (this.canvas !== null) Object.assign(this.canvas.style, place.style);
    const detail: CanvasLayout = { ...layout, density: place.density, left: place.left, top: place.top };
    this.dispatchEvent(new CustomEvent('layout', { detail }));
  }

  private unmount(): void {
    // A view of a run that is closing goes with it.
    this.view?.remove().catch(() => undefined);
    this.view = null;
    this.mountedRun = null;
    this.canvas?.remove();
    this.canvas = null;
  }
}
