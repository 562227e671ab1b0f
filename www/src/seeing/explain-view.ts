import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import { icon } from '../components/icon.js';
import type { LayerInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { worded } from '../i18n/worded.js';
import { Asking } from '../lib/asking.js';
import * as format from '../lib/format.js';
import { base } from '../styles/base.js';
import { explainStyles } from './explain-styles.js';
import { heatAt, hottest, paintHeat } from './heat.js';
import { seeing, type SeeingMessages } from './i18n/index.js';
import type { Dream, GradCam, Heat, Occlusion } from './questions.js';

/** Steps of ascent a question: little enough that nothing waits for it. */
const STEPS = 4;
const MOST_STEPS = 160;
/** Grey of the patch. */
const FILL = 0.5;
const SIZES = [4, 6, 8, 12] as const;
/** Side of a canvas in pixels of its own. */
const SIDE = 344;

const number = (value: number): string => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '–');

/** A slide of the patch, as far as it has come. */
interface Slide {
  latest: Occlusion;
  heat: Heat;
  done: number;
}

/** Why the network answers as it does: Grad-CAM, occlusion, and the pictures that it would like best. */
@customElement('cnp-explain-view')
export class ExplainView extends PlaygroundElement {
  static override styles = [base, explainStyles];

  @property({ attribute: false }) run: RunHandle | null = null;
  /** `null`: the input. */
  @property({ attribute: false }) layer: LayerInfo | null = null;
  /** A new object with every painting. */
  @property({ attribute: false }) painting: unknown = null;

  @state() private target = -1;
  @state() private cam: GradCam | null = null;
  @state() private slide: Slide | null = null;
  @state() private size = 8;
  @state() private busy: 'slide' | 'dream' | null = null;
  @state() private dreamt: Dream | null = null;
  @state() private ofMap = false;
  @state() private map = 0;
  @state() private pointed = '';
  @state() private failure = '';

  private readonly asking = new Asking(this, () => this.look());

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.busy = null;
  }

  /** The layer whose maps are looked at: the chosen one, or the last that has any. */
  private get source(): LayerInfo | null {
    const hasMaps = (layer: LayerInfo): boolean => layer.output_shape.length === 3;
    if (this.layer !== null && hasMaps(this.layer)) return this.layer;
    return this.run?.description.network.layers.filter(hasMaps).at(-1) ?? null;
  }

  private get classes(): readonly string[] {
    return this.run?.description.dataset.classes ?? [];
  }

  protected override willUpdate(changed: PropertyValues<this> & Map<string, unknown>): void {
    if (changed.has('run')) {
      this.target = -1;
      this.cam = null;
      this.slide = null;
      this.dreamt = null;
      this.busy = null;
    }
    if (changed.has('layer') || changed.has('run')) {
      this.map = 0;
    }
    if (['run', 'layer', 'target'].some((name) => changed.has(name))) this.asking.soon(true);
    if (changed.has('painting')) this.asking.soon();
  }

  private async look(): Promise<void> {
    const { run, source, target } = this;
    if (run === null || source === null) return;
    try {
      const cam = await run.ask('gradCam', source.name, target);
      if (run === this.run) {
        this.cam = cam;
        this.failure = '';
      }
    } catch (error) {
      await this.fail(run, error);
    }
  }

  /** What a closed run refuses is no failure. */
  private async fail(run: RunHandle, error: unknown): Promise<void> {
    const failure = await worded(error, this.t);
    if (run === this.run && this.isConnected) this.failure = failure;
  }

  /** Nobody has stopped it meanwhile. */
  private goesOn(what: 'slide' | 'dream'): boolean {
    return this.busy === what;
  }

  private async startSlide(): Promise<void> {
    const { run, target, size } = this;
    if (run === null) return;
    this.busy = 'slide';
    const options = { target, size, stride: Math.max(1, size / 2), fill: FILL };
    try {
      let done = 0;
      let heat: Heat | null = null;
      do {
        const latest = await run.ask('occlude', options, done);
        if (run !== this.run) return;
        // The class stays what it was at the first patch.
        options.target = latest.target;
        const { rows, columns, drops } = latest;
        const values: Float32Array = heat?.values.slice() ?? new Float32Array(rows * columns);
        values.set(drops, done);
        done += drops.length;
        heat = { values, height: rows, width: columns };
        this.slide = { latest, heat, done };
      } while (this.goesOn('slide') && done < heat.values.length);
    } catch (error) {
      await this.fail(run, error);
    } finally {
      if (run === this.run && this.goesOn('slide')) this.busy = null;
    }
  }

  private async startDream(restart: boolean): Promise<void> {
    const { run } = this;
    if (run === null) return;
    this.busy = 'dream';
    const source = this.ofMap ? this.source : null;
    const channel = source === null ? Math.max(0, this.target < 0 ? (this.cam?.target ?? 0) : this.target) : this.map;
    try {
      let fresh = restart;
      let step = 0;
      do {
        const options = { layer: source?.name ?? '', channel, seed: 1, restart: fresh };
        const dreamt = await run.ask('dream', options, STEPS);
        if (run !== this.run) return;
        fresh = false;
        this.dreamt = dreamt;
        step += STEPS;
      } while (this.goesOn('dream') && step < MOST_STEPS);
    } catch (error) {
      await this.fail(run, error);
    } finally {
      if (run === this.run && this.goesOn('dream')) this.busy = null;
    }
  }

  protected override render(): TemplateResult {
    const s = seeing(this.t);
    const { classes, target } = this;
    const predicted = this.cam === null || target >= 0 ? s.predictedNow : s.predicted(this.nameOf(this.cam.target));
    return html`
      <div class="top">
        <label class="label" for="target">${s.classOf}</label>
        <select id="target" class="field" @change=${this.onTarget}>
          <option value="-1" ?selected=${target < 0}>${predicted}</option>
          ${classes.map((name, i) => html`<option value=${i} ?selected=${target === i}>${name}</option>`)}
        </select>
        ${this.failure === '' ? nothing : html`<p role="alert">${s.failed} ${this.failure}</p>`}
        <span class="label number">${this.pointed}</span>
      </div>
      <div class="cards">${this.camCard(s)} ${this.slideCard(s)} ${this.dreamCard(s)}</div>
    `;
  }

  private nameOf(target: number): string {
    return this.classes[target] ?? String(target);
  }

  private placeOf(s: SeeingMessages, heat: Heat): string {
    const [height = 1, width = 1] = this.run?.description.network.input.shape ?? [];
    const place = hottest(heat);
    if (place === null) return s.camCold;
    const middle = (cell: number, cells: number, side: number): string =>
      String(Math.floor(((cell + 0.5) * side) / cells));
    return s.place(middle(place[0], heat.height, height), middle(place[1], heat.width, width));
  }

  private camCard(s: SeeingMessages): TemplateResult {
    const { cam, source } = this;
    const own = source === this.layer;
    const label =
      cam === null ? s.cam : s.camLabel(this.nameOf(cam.target), this.placeOf(s, cam.heat), number(cam.logit));
    return html`<figure>
      <h3>${s.cam}</h3>
      ${this.canvas('cam', label, cam?.heat ?? null)}
      <div class="side">
        <p class="fact number">${cam === null ? nothing : s.logit(number(cam.logit))}</p>
      </div>
      ${source === null ? html`<p class="hint">${s.camNone}</p>` : html`<p class="hint">${own ? nothing : s.camElsewhere(source.name)} ${s.camHint(source.name)}</p>`}
    </figure>`;
  }

  private slideCard(s: SeeingMessages): TemplateResult {
    const { slide, busy } = this;
    const worst = slide === null ? 0 : Math.max(0, ...slide.heat.values);
    const label =
      slide === null
        ? s.occlusion
        : s.occlusionLabel(this.nameOf(slide.latest.target), this.placeOf(s, slide.heat), format.percent(worst));
    return html`<figure>
      <h3>${s.occlusion}</h3>
      ${this.canvas('slide', label, slide?.heat ?? null)}
      <div class="side">
        <div class="buttons">
          ${
            busy === 'slide'
              ? html`<button class="button small" @click=${() => (this.busy = null)}>${s.stop}</button>`
              : html`<button class="button small" ?disabled=${busy !== null} @click=${() => void this.startSlide()}>
                  ${icon('play')} ${slide === null ? s.slide : s.slideAgain}
                </button>`
          }
        </div>
        <label>
          ${s.patch}
          <select class="field" ?disabled=${busy !== null} @change=${this.onSize}>
            ${SIZES.map((size) => html`<option value=${size} ?selected=${size === this.size}>${s.pixels(String(size))}</option>`)}
          </select>
        </label>
        ${
          slide === null
            ? nothing
            : html`<p class="fact number">
                  ${s.occlusionBase(format.percent(slide.latest.base), format.percent(worst))}
                </p>
                ${
                  busy === 'slide'
                    ? html`<progress
                        max=${slide.heat.values.length}
                        value=${slide.done}
                        aria-label=${s.progress(String(slide.done), String(slide.heat.values.length))}
                      ></progress>`
                    : nothing
                }`
        }
      </div>
      <p class="hint">${s.occlusionHint}</p>
    </figure>`;
  }

  private dreamCard(s: SeeingMessages): TemplateResult {
    const { dreamt, busy, source, ofMap } = this;
    const channels = source?.output_shape.at(-1) ?? 1;
    const target = this.nameOf(this.target < 0 ? (this.cam?.target ?? 0) : this.target);
    const name = ofMap && source !== null ? s.dreamMapName(source.name, String(this.map)) : target;
    const label = dreamt === null ? s.dream : s.dreamLabel(name, String(dreamt.step), number(dreamt.value));
    return html`<figure>
      <h3>${s.dream}</h3>
      ${this.canvas('dream', label, null)}
      <div class="side">
        <div class="buttons">
          ${
            busy === 'dream'
              ? html`<button class="button small" @click=${() => (this.busy = null)}>${s.stop}</button>`
              : html`<button class="button small" ?disabled=${busy !== null} @click=${() => void this.startDream(true)}>
                    ${icon('play')} ${dreamt === null ? s.start : s.restart}
                  </button>
                  ${
                    dreamt === null
                      ? nothing
                      : html`<button
                          class="button small"
                          ?disabled=${busy !== null}
                          @click=${() => void this.startDream(false)}
                        >
                          ${s.goOn}
                        </button>`
                  }`
          }
        </div>
        <label>
          ${s.dreamOf}
          <select class="field" ?disabled=${busy !== null} @change=${this.onOf}>
            <option value="class" ?selected=${!ofMap}>${s.dreamClass}</option>
            ${source === null ? nothing : html`<option value="map" ?selected=${ofMap}>${s.dreamMap(source.name)}</option>`}
          </select>
        </label>
        ${
          ofMap
            ? html`<label>
                ${s.map}
                <input
                  class="field number"
                  type="number"
                  min="0"
                  max=${channels - 1}
                  .value=${String(this.map)}
                  ?disabled=${busy !== null}
                  @change=${(event: Event) => this.onMap(event, channels)}
                />
              </label>`
            : nothing
        }
        ${dreamt === null ? nothing : html`<p class="fact number">${s.dreamStep(String(dreamt.step), number(dreamt.value))}</p>`}
      </div>
      <p class="hint">${s.dreamHint}</p>
    </figure>`;
  }

  private canvas(name: string, label: string, heat: Heat | null): TemplateResult {
    return html`<canvas
      class=${heat === null ? '' : 'heat'}
      data-paint=${name}
      width=${SIDE}
      height=${SIDE}
      role="img"
      aria-label=${label}
      @pointermove=${(event: PointerEvent) => this.onPoint(event, heat)}
      @pointerleave=${() => (this.pointed = '')}
    ></canvas>`;
  }

  protected override updated(changed: PropertyValues<this> & Map<string, unknown>): void {
    const shape = this.run?.description.network.input.shape ?? [];
    const paint = (name: string, picture: Float32Array | undefined, heat: Heat | null): void => {
      const canvas = this.renderRoot.querySelector<HTMLCanvasElement>(`[data-paint=${name}]`);
      if (canvas !== null && picture !== undefined) void paintHeat(canvas, picture, shape, heat);
    };
    if (changed.has('cam')) {
      paint('cam', this.cam?.picture, this.cam?.heat ?? null);
      // Until something slides, its picture is the same.
      if (this.slide === null) paint('slide', this.cam?.picture, null);
    }
    if (changed.has('slide')) paint('slide', this.slide?.latest.picture, this.slide?.heat ?? null);
    if (changed.has('dreamt')) paint('dream', this.dreamt?.pixels, null);
  }

  private onTarget(event: Event): void {
    this.target = Number((event.target as HTMLSelectElement).value);
  }

  private onSize(event: Event): void {
    this.size = Number((event.target as HTMLSelectElement).value);
  }

  private onOf(event: Event): void {
    this.ofMap = (event.target as HTMLSelectElement).value === 'map';
  }

  private onMap(event: Event, channels: number): void {
    const field = event.target as HTMLInputElement;
    const wanted = Math.round(Number(field.value));
    this.map = Number.isFinite(wanted) ? Math.min(channels - 1, Math.max(0, wanted)) : 0;
    field.value = String(this.map);
  }

  private onPoint(event: PointerEvent, heat: Heat | null): void {
    if (heat === null) return;
    const box = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const [y, x] = [(event.clientY - box.top) / box.height, (event.clientX - box.left) / box.width];
    const [height = 1, width = 1] = this.run?.description.network.input.shape ?? [];
    const cell = (share: number, side: number): string =>
      String(Math.min(side - 1, Math.max(0, Math.floor(share * side))));
    const s = seeing(this.t);
    this.pointed = s.heatAt(cell(y, height), cell(x, width), number(heatAt(heat, y, x)));
  }
}
