import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import type { ModelInfo } from '../engine/api.js';
import { modelsFor } from '../engine/datasets.js';
import { whole } from '../saves/offer-text.js';
import { savedStyles } from '../saves/saved-styles.js';
import { base } from '../styles/base.js';
import type { ClassFolder, Found } from './folder.js';
import { ownDataMessages, type OwnDataMessages } from './i18n/index.js';
import { bytesOf, channelsOf, FRAMINGS, MOST_BYTES, prepared, SIDES, USUAL, type Packing } from './pack.js';
import { ownDataStyles } from './styles.js';

/** So many classes are shown. */
const SHOWN = 24;
const MB = 2 ** 20;

/** What was found in a folder, and how its pictures come to the network's size: one of each class, as it will be seen. */
@customElement('cnp-class-preview')
export class ClassPreview extends PlaygroundElement {
  static override styles = [base, savedStyles, ownDataStyles];

  @property({ attribute: false }) found: Found = { title: '', classes: [], loose: 0 };
  @property({ attribute: false }) packing: Packing = USUAL;
  @property({ attribute: false }) models: readonly ModelInfo[] = [];
  /** The model that is open. */
  @property() model = '';

  protected override render(): TemplateResult {
    const m = ownDataMessages(this.t);
    const { classes, loose } = this.found;
    const all = whole(classes.reduce((sum, { files }) => sum + files.length, 0));
    const bytes = bytesOf(classes, this.packing);
    const hidden = classes.length - SHOWN;
    return html`<div class="found">
      <p>
        <b>${this.found.title}</b>
        <span class="hint number">· ${m.found(all, whole(classes.length))}</span>
      </p>
      ${loose === 0 ? nothing : html`<p class="hint">${m.loose(whole(loose))}</p>`} ${this.fields(m)} ${this.other(m)}
      <p class="hint">${m.seen}</p>
      <ul class="classes">
        ${classes.slice(0, SHOWN).map((one) => this.sample(m, one))}
        ${hidden > 0 ? html`<li class="hint">${m.more(whole(hidden))}</li>` : nothing}
      </ul>
      ${
        bytes > MOST_BYTES
          ? html`<p class="bad" role="alert">${m.tooMuch(whole(Math.ceil(bytes / MB)), whole(MOST_BYTES / MB))}</p>`
          : nothing
      }
      <div class="row">
        <button class="button main" ?disabled=${bytes > MOST_BYTES} @click=${() => this.tell('cnp-use')}>
          ${m.use(all)}
        </button>
        <button class="button quiet" @click=${() => this.tell('cnp-back')}>${m.back}</button>
      </div>
    </div>`;
  }

  /** Which model comes in place of one that is made for pictures of another size. */
  private other(m: OwnDataMessages): TemplateResult | typeof nothing {
    const { side, channels } = this.packing;
    const { quick, large } = modelsFor(this.models, { shape: [side, side, channels], classes: 2, drawing: 'plain' });
    const usable = [...quick, ...large].map(({ name }) => name);
    const [first] = usable;
    const isKnown = this.models.some(({ name }) => name === this.model);
    if (first === undefined || !isKnown || usable.includes(this.model)) return nothing;
    return html`<p class="hint" data-other=${first}>${m.otherModel(this.model, first, m.sideOf(side))}</p>`;
  }

  private fields(m: OwnDataMessages): TemplateResult {
    const { side, channels, framing } = this.packing;
    const change = (part: (text: string) => Partial<Packing>) => (event: Event) => {
      const text = (event.target as HTMLSelectElement).value;
      this.tell('cnp-packing', { ...this.packing, ...part(text) });
    };
    return html`<div class="fields">
      <div>
        <label for="side">${m.side}</label>
        <select id="side" class="field" @change=${change((text) => ({ side: Number(text) }))}>
          ${SIDES.map(
            (one) =>
              html`<option value=${one} ?selected=${one === side}>
                ${m.sideOf(one)} (${one < 128 ? m.sideHints.small : m.sideHints.large})
              </option>`,
          )}
        </select>
      </div>
      <div>
        <label for="channels">${m.channels}</label>
        <select id="channels" class="field" @change=${change((text) => ({ channels: text === '1' ? 1 : 3 }))}>
          ${([3, 1] as const).map(
            (one) => html`<option value=${one} ?selected=${one === channels}>${m.channelNames[one]}</option>`,
          )}
        </select>
      </div>
      <div>
        <label for="framing">${m.framing}</label>
        <select
          id="framing"
          class="field"
          @change=${change((text) => ({ framing: FRAMINGS.find((known) => known === text) ?? framing }))}
        >
          ${FRAMINGS.map((one) => html`<option value=${one} ?selected=${one === framing}>${m.framings[one]}</option>`)}
        </select>
      </div>
    </div>`;
  }

  private sample(m: OwnDataMessages, { name, files }: ClassFolder): TemplateResult {
    return html`<li>
      <canvas data-class=${name} width="1" height="1" role="img" aria-label=${name}></canvas>
      <b title=${name}>${name}</b><span class="number">${m.count(whole(files.length))}</span>
    </li>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has('found') && !changed.has('packing')) return;
    void this.paintAll().catch(() => undefined);
  }

  /** One after the other: photographs are large before they are small. */
  private async paintAll(): Promise<void> {
    const { found, packing } = this;
    const canvases = this.renderRoot.querySelectorAll<HTMLCanvasElement>('.classes canvas');
    for (const [at, { files }] of found.classes.slice(0, SHOWN).entries()) {
      const canvas = canvases[at];
      // Other pictures or another size were chosen meanwhile.
      if (found !== this.found || packing !== this.packing) return;
      if (canvas !== undefined) await paint(canvas, files, packing);
    }
  }

  private tell(type: string, detail: unknown = null): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** The first picture of a class that can be read. */
async function paint(canvas: HTMLCanvasElement, files: readonly File[], packing: Packing): Promise<void> {
  const { side, channels } = packing;
  let image: ImageData | null = null;
  for (const file of files.slice(0, 5)) image ??= await prepared(file, packing);
  if (image === null) return;
  if (channels === 1) {
    const grey = new Uint8Array(side * side);
    channelsOf(image.data, 1, grey, 0);
    grey.forEach((byte, pixel) => image.data.fill(byte, 4 * pixel, 4 * pixel + 3));
  }
  [canvas.width, canvas.height] = [side, side];
  canvas.getContext('2d')?.putImageData(image, 0, 0);
}

declare global {
  interface HTMLElementTagNameMap {
    'cnp-class-preview': ClassPreview;
  }
}
