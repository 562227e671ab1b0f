import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { Sample } from '../engine/api.js';
import type { DatasetEntry } from '../engine/datasets.js';
import { Repainting } from '../lib/appearance.js';
import { picture, type Point } from '../lib/digit-raster.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';

/** Side of the pad in its own units. */
const PAD = 160;
const PEN = 15;
/** One press of an arrow key. */
const KEY_STEP = PAD / 20;

/** A pad for pointer, touch and keyboard. Sends `cnp-drawing`, the network's picture, while the pen moves. */
@customElement('cnp-draw-pad')
export class DrawPad extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 240px) 72px;
        gap: var(--space-3);
      }

      .pad {
        position: relative;
        aspect-ratio: 1;
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-m);
        background: var(--sunken);
        touch-action: none;
        cursor: crosshair;
        overflow: hidden;
      }

      .pad canvas {
        width: 100%;
        height: 100%;
        display: block;
      }

      .hint {
        position: absolute;
        inset: 0;
        display: grid;
        place-items: center;
        padding: var(--space-4);
        text-align: center;
        font-size: var(--text-s);
        color: var(--ink-3);
        pointer-events: none;
      }

      .side {
        display: flex;
        flex-direction: column;
        gap: var(--space-1);
      }

      .seen {
        width: 72px;
        height: 72px;
        border-radius: 4px;
        background: #000;
        image-rendering: pixelated;
      }

      .side .label {
        font-size: var(--text-xs);
        line-height: 14px;
        margin-bottom: auto;
      }
    `,
  ];

  @property({ attribute: false }) look: DatasetEntry['drawing'] = 'digits';
  /** Height, width and channels of the network's input. */
  @property({ attribute: false }) shape: readonly number[] = [32, 32, 1];
  /** False once a picture of the set is the probe again: the next stroke starts afresh. */
  @property({ type: Boolean }) active = false;

  /** The picture of the set that is the probe, if one is. */
  @property({ attribute: false }) sample: Sample | null = null;

  @state() private strokes: Point[][] = [];
  @state() private keyPoint: Point | null = null;
  @query('.pad canvas') private readonly canvas!: HTMLCanvasElement | null;
  @query('.seen') private readonly seen!: HTMLCanvasElement | null;

  private drawing = false;
  private keyPen = false;
  private frame = 0;

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('active') && !this.active && !this.drawing) this.strokes = [];
  }

  protected override render(): TemplateResult {
    const { t, strokes } = this;
    return html`
      <div
        class="pad"
        role="application"
        tabindex="0"
        aria-label=${t.drawLabel}
        @pointerdown=${this.onDown}
        @pointermove=${this.onMove}
        @pointerup=${this.onUp}
        @pointercancel=${this.onUp}
        @keydown=${this.onKey}
        @blur=${this.onBlur}
      >
        <canvas width=${PAD * 2} height=${PAD * 2}></canvas>
        ${
          strokes.length === 0 && this.keyPoint === null
            ? html`<div class="hint">${this.look === 'digits' ? t.drawHint : t.drawHintPlain}</div>`
            : ''
        }
      </div>
      <div class="side">
        <canvas class="seen" width="32" height="32" role="img" aria-label=${t.drawSeen}></canvas>
        <span class="label">${t.drawSeen}</span>
        <button class="button small" ?disabled=${strokes.length === 0} @click=${this.clear}>
          ${icon('eraser')} ${t.clear}
        </button>
      </div>
    `;
  }

  constructor() {
    super();
    new Repainting(this, () => this.paint());
  }

  protected override updated(changed: Map<string, unknown>): void {
    if (changed.has('strokes') || changed.has('keyPoint')) this.paint();
    if (this.sample !== null && changed.has('sample')) this.previewSample(this.sample);
    else if (changed.has('strokes') && this.strokes.length === 0 && this.sample === null)
      this.preview(new Float32Array(0));
  }

  private clear(): void {
    this.strokes = [];
    this.keyPen = false;
  }

  private at(event: PointerEvent): Point {
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return {
      x: ((event.clientX - box.left) / box.width) * PAD,
      y: ((event.clientY - box.top) / box.height) * PAD,
    };
  }

  private onDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    (event.currentTarget as HTMLElement).setPointerCapture(event.pointerId);
    this.drawing = true;
    this.keyPoint = null;
    this.begin(this.at(event));
  }

  private onMove(event: PointerEvent): void {
    if (!this.drawing) return;
    this.extend(this.at(event));
  }

  private onUp(): void {
    this.drawing = false;
  }

  private onBlur(): void {
    this.keyPoint = null;
    this.keyPen = false;
  }

  private onKey(event: KeyboardEvent): void {
    const moves: Partial<Record<string, [number, number]>> = {
      ArrowLeft: [-1, 0],
      ArrowRight: [1, 0],
      ArrowUp: [0, -1],
      ArrowDown: [0, 1],
    };
    const move = moves[event.key];
    if (move !== undefined) {
      const from = this.keyPoint ?? { x: PAD / 2, y: PAD / 5 };
      const within = (value: number): number => Math.min(PAD - 4, Math.max(4, value));
      this.keyPoint = { x: within(from.x + move[0] * KEY_STEP), y: within(from.y + move[1] * KEY_STEP) };
      if (this.keyPen) this.extend(this.keyPoint);
    } else if (event.key === ' ') {
      this.keyPoint ??= { x: PAD / 2, y: PAD / 5 };
      this.keyPen = !this.keyPen;
      if (this.keyPen) this.begin(this.keyPoint);
    } else if (event.key === 'Delete' || event.key === 'Backspace' || event.key === 'Escape') {
      this.clear();
    } else {
      return;
    }
    event.preventDefault();
  }

  private begin(point: Point): void {
    this.strokes = this.active ? [...this.strokes, [point]] : [[point]];
    this.announce();
  }

  private extend(point: Point): void {
    this.strokes.at(-1)?.push(point);
    this.requestUpdate('strokes', null);
    this.announce();
  }

  /** At most once a frame. */
  private announce(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      if (this.strokes.length === 0) return;
      const pixels = picture(this.strokes, this.look, this.shape);
      this.preview(pixels);
      this.send('cnp-drawing', pixels);
    });
  }

  private previewSample(sample: Sample): void {
    const [height = 1, width = 1] = this.shape;
    // The next set's pictures may have another size than this sample.
    if (sample.rgba.length !== 4 * height * width) return;
    this.show(new ImageData(new Uint8ClampedArray(sample.rgba), width, height));
  }

  private preview(pixels: Float32Array): void {
    const [height = 1, width = 1, channels = 1] = this.shape;
    const image = new ImageData(width, height);
    for (let i = 0; i < height * width; i += 1) {
      const value = Math.round((pixels[i * channels] ?? 0) * 255);
      image.data.set([value, value, value, 255], i * 4);
    }
    this.show(image);
  }

  private show(image: ImageData): void {
    const { seen } = this;
    if (seen === null) return;
    [seen.width, seen.height] = [image.width, image.height];
    seen.getContext('2d')?.putImageData(image, 0, 0);
  }

  private paint(): void {
    const context = this.canvas?.getContext('2d');
    if (context === undefined || context === null) return;
    const style = getComputedStyle(this);
    context.setTransform(2, 0, 0, 2, 0, 0);
    context.clearRect(0, 0, PAD, PAD);
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.lineWidth = PEN;
    context.strokeStyle = style.getPropertyValue('--ink').trim();
    for (const stroke of this.strokes) {
      context.beginPath();
      for (const { x, y } of stroke) context.lineTo(x, y);
      const [only] = stroke;
      if (stroke.length === 1 && only !== undefined) context.lineTo(only.x + 0.01, only.y);
      context.stroke();
    }
    if (this.keyPoint !== null) {
      context.beginPath();
      context.arc(this.keyPoint.x, this.keyPoint.y, PEN / 2, 0, 2 * Math.PI);
      context.lineWidth = 2;
      context.strokeStyle = style.getPropertyValue('--accent').trim();
      context.stroke();
    }
  }
}
