import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import type { DatasetInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import type { Augmented } from '../engine/protocol.js';
import { Asking } from '../lib/asking.js';
import { AUGMENTATIONS, type Augmentation } from '../state.js';
import { base } from '../styles/base.js';
import { runsMessages } from './i18n/index.js';

/** Versions of the picture that are shown. */
const SHOWN = 8;

/** What training does to pictures at random, seen on the chosen one as the GPU makes it. */
@customElement('cnp-augment-view')
export class AugmentView extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--space-2);
        font-size: var(--text-s);
        line-height: 16px;
        overflow: auto;
      }

      fieldset {
        display: grid;
        grid-template-columns: repeat(2, auto);
        justify-content: start;
        gap: 4px var(--space-4);
        margin: 0;
        padding: 0;
        border: 0;
      }

      label {
        display: flex;
        align-items: center;
        gap: 6px;
      }

      input {
        margin: 0;
        accent-color: var(--accent);
      }

      .pictures {
        display: grid;
        grid-template-columns: repeat(4, minmax(0, 64px));
        gap: 4px;
      }

      canvas {
        width: 100%;
        border-radius: 3px;
        background: #000;
        image-rendering: pixelated;
      }

      p {
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) info: DatasetInfo | null = null;
  /** The setting. */
  @property() augment = '';
  @property({ type: Boolean }) locked = false;
  /** Number of the chosen picture. */
  @property({ attribute: false }) chosen: number | null = null;
  /** Another step shows other versions. */
  @property({ type: Number }) step = 0;

  @state() private shown: { augmented: Augmented; label: string; index: number } | null = null;
  private readonly asking = new Asking(this, () => this.ask());

  protected override updated(changed: PropertyValues<this> & Map<string, unknown>): void {
    if (changed.has('shown')) this.paint();
    if (changed.has('run') || changed.has('chosen')) this.asking.soon(true);
    if (changed.has('step')) this.asking.soon();
  }

  private async ask(): Promise<void> {
    const { run, chosen } = this;
    if (run === null || chosen === null) return;
    try {
      const [augmented, sample] = await Promise.all([run.augmented(chosen, SHOWN), run.sample(chosen)]);
      const label = run.description.dataset.classes[sample.label] ?? '';
      this.shown = { augmented, label, index: chosen };
    } catch {
      // The run was closed: the next one is asked.
    }
  }

  private paint(): void {
    const [height = 1, width = 1, channels = 1] = this.info?.shape ?? [];
    const { pictures } = this.shown?.augmented ?? {};
    this.renderRoot.querySelectorAll('canvas').forEach((canvas, n) => {
      const image = new ImageData(width, height);
      for (let pixel = 0; pixel < width * height; pixel += 1) {
        const at = (n * width * height + pixel) * channels;
        for (let c = 0; c < 3; c += 1) {
          image.data[4 * pixel + c] = 255 * (pictures?.[at + (channels < 3 ? 0 : c)] ?? 0);
        }
        image.data[4 * pixel + 3] = 255;
      }
      canvas.getContext('2d')?.putImageData(image, 0, 0);
    });
  }

  protected override render(): TemplateResult {
    const t = runsMessages(this.t);
    const { shown, info } = this;
    const [height = 1, width = 1] = info?.shape ?? [];
    return html`
      <fieldset ?disabled=${this.locked}>
        <legend class="visually-hidden">${this.t.augmentation}</legend>
        ${AUGMENTATIONS.map(
          (name) =>
            html`<label title=${t.explained[name]}>
              <input type="checkbox" .checked=${this.has(name)} @change=${() => this.toggle(name)} />
              ${t.names[name]}
            </label>`,
        )}
      </fieldset>
      ${
        shown === null
          ? html`<p>${t.chooseFirst}</p>`
          : html`
              <p>${shown.augmented.part === 'train' ? t.trains : `${t.measures} ${t.measuredOnce}`}</p>
              <div class="pictures" role="img" aria-label=${t.seen(shown.label, String(shown.index))}>
                ${Array.from({ length: SHOWN }, () => html`<canvas width=${width} height=${height}></canvas>`)}
              </div>
            `
      }
      ${info === null ? '' : html`<p class="muted">${t.normalised(String(Math.round(1 / info.scale)))}</p>`}
    `;
  }

  private has(name: Augmentation): boolean {
    return this.augment.split(',').includes(name);
  }

  private toggle(name: Augmentation): void {
    const augment = AUGMENTATIONS.filter((one) => this.has(one) !== (one === name)).join();
    this.send('cnp-settings', { augment });
  }
}
