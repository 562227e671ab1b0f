import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import { icon } from '../components/icon.js';
import * as format from '../lib/format.js';
import { base } from '../styles/base.js';
import { picturesMessages, type PicturesMessages } from './i18n/index.js';
import { frame, FRAMINGS, MOST_BYTES, ORDERS, SCALINGS, USUAL, values, type Preparation } from './prepare.js';

/** An own picture, from a file, a drop or the clipboard, and what it goes through before the network sees it. */
@customElement('cnp-own-picture')
export class OwnPicture extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: grid;
        gap: var(--space-2);
        font-size: var(--text-s);
        line-height: 16px;
      }

      .drop {
        display: grid;
        gap: var(--space-1);
        justify-items: start;
        padding: var(--space-2);
        border: 1px dashed var(--line-strong);
        border-radius: var(--radius-m);
        color: var(--ink-2);
      }

      .drop.over {
        border-color: var(--accent);
        background: var(--accent-soft);
      }

      .steps {
        display: grid;
        grid-template-columns: repeat(3, minmax(0, 1fr));
        gap: var(--space-2);
        text-align: center;
        font-size: var(--text-xs);
        line-height: 14px;
        color: var(--ink-2);
      }

      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        object-fit: contain;
        margin-bottom: 2px;
        border-radius: 3px;
        background: var(--map);
      }

      .small-pixels {
        image-rendering: pixelated;
      }

      .fields {
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: 4px var(--space-2);
      }

      .field {
        height: 26px;
        font-size: var(--text-s);
      }

      .whole {
        grid-column: 1 / -1;
        display: flex;
        align-items: center;
        gap: 6px;
      }

      input[type='checkbox'] {
        margin: 0;
        accent-color: var(--accent);
      }

      .error {
        color: var(--danger);
      }

      .unusual {
        color: var(--accent-strong);
        font-weight: 600;
      }
    `,
  ];

  /** Height, width and channels of the network's input. */
  @property({ attribute: false }) shape: readonly number[] = [32, 32, 1];

  @state() private bitmap: ImageBitmap | null = null;
  @state() private preparation: Preparation = USUAL;
  @state() private range: readonly [number, number] | null = null;
  @state() private error = '';
  @state() private over = false;
  @query('input[type=file]') private readonly input!: HTMLInputElement | null;

  override connectedCallback(): void {
    super.connectedCallback();
    document.addEventListener('paste', this.onPaste);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('paste', this.onPaste);
  }

  protected override updated(changed: PropertyValues<this> & Map<string, unknown>): void {
    if (changed.has('bitmap') || changed.has('preparation') || changed.has('shape')) this.prepare();
  }

  /** Paints the steps and hands the last one to the network. */
  private prepare(): void {
    const { bitmap, preparation } = this;
    const [height = 1, width = 1, channels = 1] = this.shape;
    const [whole, framed, seen] = [...this.renderRoot.querySelectorAll('canvas')].map((canvas) =>
      canvas.getContext('2d', { willReadFrequently: true }),
    );
    if (bitmap === null || !whole || !framed || !seen) return;
    const share = Math.min(1, 160 / Math.max(bitmap.width, bitmap.height));
    whole.canvas.width = Math.max(1, Math.round(bitmap.width * share));
    whole.canvas.height = Math.max(1, Math.round(bitmap.height * share));
    whole.drawImage(bitmap, 0, 0, whole.canvas.width, whole.canvas.height);
    framed.imageSmoothingQuality = 'high';
    // What is transparent is white, as on paper.
    framed.fillStyle = '#fff';
    framed.fillRect(0, 0, width, height);
    framed.drawImage(bitmap, ...frame(bitmap.width, bitmap.height, preparation.framing), 0, 0, width, height);
    const numbers = values(framed.getImageData(0, 0, width, height).data, channels, preparation);
    const low = numbers.reduce((least, one) => Math.min(least, one), Infinity);
    const high = numbers.reduce((most, one) => Math.max(most, one), -Infinity);
    this.range = [low, high];
    const image = seen.createImageData(width, height);
    for (let pixel = 0; pixel < width * height; pixel += 1) {
      for (let c = 0; c < 3; c += 1) {
        const number = numbers[pixel * channels + (channels < 3 ? 0 : c)] ?? 0;
        image.data[4 * pixel + c] = high > low ? (255 * (number - low)) / (high - low) : 0;
      }
      image.data[4 * pixel + 3] = 255;
    }
    seen.putImageData(image, 0, 0);
    this.send('cnp-drawing', numbers);
  }

  private async open(file: File | null | undefined): Promise<void> {
    const t = picturesMessages(this.t);
    this.error = '';
    if (file === null || file === undefined) this.error = t.nothing;
    else if (file.size > MOST_BYTES) this.error = t.tooLarge(file.name, format.bytes(file.size));
    else {
      try {
        this.bitmap = await createImageBitmap(file);
      } catch {
        this.error = t.notPicture(file.name);
      }
    }
  }

  private readonly onPaste = (event: ClipboardEvent): void => {
    const target = event.composedPath()[0];
    if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) return;
    void this.open(event.clipboardData?.files[0]);
  };

  private onDrop(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    void this.open(event.dataTransfer?.files[0]);
  }

  private onFile(event: Event): void {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = '';
    if (file !== undefined) void this.open(file);
  }

  protected override render(): TemplateResult {
    const t = picturesMessages(this.t);
    return html`
      <div
        class="drop ${this.over ? 'over' : ''}"
        @dragover=${(event: DragEvent) => {
          event.preventDefault();
          this.over = true;
        }}
        @dragleave=${() => (this.over = false)}
        @drop=${this.onDrop}
      >
        <button class="button small" @click=${() => this.input?.click()}>${icon('file')} ${t.choose}</button>
        <input type="file" accept="image/*" hidden aria-label=${t.choose} @change=${this.onFile} />
        <span>${t.drop}</span>
      </div>
      ${this.error === '' ? nothing : html`<p class="error" role="alert">${this.error}</p>`}
      ${this.bitmap === null ? nothing : this.steps(t, this.bitmap)}
    `;
  }

  private steps(t: PicturesMessages, bitmap: ImageBitmap): TemplateResult {
    const [height = 1, width = 1, channels = 1] = this.shape;
    const { preparation, range } = this;
    const usual = preparation.scaling === USUAL.scaling && preparation.order === USUAL.order;
    const number = (value: number): string => String(Number(value.toFixed(2)));
    const captions = [
      t.original(`${bitmap.width}×${bitmap.height}`),
      t.framed(`${width}×${height}`),
      `${t.seen}, ${height}×${width}×${channels}`,
    ];
    return html`
      <div class="steps" role="group" aria-label=${t.steps}>
        ${captions.map(
          (caption, at) =>
            html`<div>
              <canvas
                class=${at === 0 ? '' : 'small-pixels'}
                width=${width}
                height=${height}
                role="img"
                aria-label=${caption}
              ></canvas>
              ${caption}
            </div>`,
        )}
      </div>
      <div class="fields">
        ${this.menu('framing', t.framing, FRAMINGS, (one) => t.framings[one])}
        ${channels < 3 ? html`<span class="whole">${t.grey}</span>` : this.menu('order', t.order, ORDERS, (one) => one)}
        ${this.menu('scaling', t.scaling, SCALINGS, (one) => t.scalings[one])}
        <label class="whole">
          <input
            type="checkbox"
            .checked=${preparation.invert}
            @change=${() => (this.preparation = { ...preparation, invert: !preparation.invert })}
          />
          ${t.invert}
        </label>
      </div>
      <p role="status">
        ${range === null ? nothing : t.range(number(range[0]), number(range[1]))}
        ${usual ? nothing : html`<span class="unusual">${t.unusual}</span>`}
      </p>
    `;
  }

  private menu<K extends 'framing' | 'order' | 'scaling'>(
    name: K,
    label: string,
    choices: readonly Preparation[K][],
    word: (choice: Preparation[K]) => string,
  ): TemplateResult {
    const change = (event: Event): void => {
      const chosen = choices.find((one) => one === (event.target as HTMLSelectElement).value);
      if (chosen !== undefined) this.preparation = { ...this.preparation, [name]: chosen };
    };
    return html`<label for=${name}>${label}</label>
      <select class="field" id=${name} @change=${change}>
        ${choices.map(
          (one) => html`<option value=${one} ?selected=${one === this.preparation[name]}>${word(one)}</option>`,
        )}
      </select>`;
  }
}
