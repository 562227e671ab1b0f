import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import type { ModelSpec } from '../builder/api.js';
import type { LayerNorms } from '../engine/api.js';
import { epochsDone, type RunEvent } from '../engine/protocol.js';
import { messages, preferredLanguage, type Messages } from '../i18n/index.js';
import type { Language } from '../i18n/languages.js';
import { put, told } from '../i18n/worded.js';
import {
  COLUMNS,
  isWhole,
  lockedSettings,
  meansSomething,
  shownColumns,
  shownParts,
  type Part,
} from '../lib/arrangement.js';
import { networkName } from '../lib/own-name.js';
import { Playground, type PlaygroundState } from '../playground.js';
import { defaults, FIELD_NAMES, parseField, type Settings } from '../state.js';
import { dress, watchAppearance } from '../lib/appearance.js';
import { base } from '../styles/base.js';
import { tokens } from '../styles/tokens.js';
import type { ComponentEvent, ComponentEvents } from './element.js';
import type { InspectorPanel } from './inspector-panel.js';
import './page-header.js';
import { panelOf, savedOf } from './panels.js';
import { shell } from './shell-styles.js';
import { builder, comparison, unsupportedMessage } from './stand-ins.js';
import { buildingText, statusText } from './status-text.js';

/** Attributes that are no settings; what they say of the looks is in `lib/arrangement.ts`. */
const LOOKS = ['view', 'hide', 'lock'];
/** A lesson's playground: its settings and looks, where the element names none of its own. */
const LESSON = 'lesson';

/** The playground, whole. Attributes: `model dataset optimizer lr batch seed lang theme`, `view hide lock`, `autostart`,
 * `autosave` to keep its runs in this browser, and `offscreen="pause"` for one that trains only where it is seen. Events: `ready resize step epoch error state`, none of
 * which bubbles. Several on one page share one worker and one GPU device. Nothing is loaded before the element is first seen
 * or used. */
@customElement('cnn-playground')
export class CnnPlayground extends LitElement {
  static override styles = [tokens, base, shell];

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...FIELD_NAMES, ...LOOKS, LESSON];
  }

  @state() private view!: PlaygroundState;
  @state() private editing = false;
  @state() private comparing = false;
  @state() private listing = false;

  private readonly playground: Playground;
  private readonly onAppearance = (): void => this.applyTheme();
  private unwatch = (): void => undefined;
  private readonly sightings = new IntersectionObserver((entries) => {
    const seen = entries.at(-1)?.isIntersecting ?? false;
    if (seen) void this.playground.start();
    if (this.getAttribute('offscreen') === 'pause') this.restWhile(!seen);
  });
  private readonly sizes = new ResizeObserver(() => {
    const { width, height } = this.getBoundingClientRect();
    this.tell('resize', { width, height });
  });
  /** Somebody pressed play before there was a run. */
  private playWanted = false;
  /** Paused only because nobody can see it. */
  private resting = false;

  constructor() {
    super();
    this.playground = new Playground(defaults(), (state, event) => this.follow(state, event));
    this.view = this.playground.state;
  }

  // ---- what a host page may call ----

  get settings(): Settings {
    return this.view.settings;
  }

  /** Where the run stands, as plain data. */
  getState(): Record<string, unknown> {
    const { phase, playing, settings, progress, history, evaluation, problem } = this.view;
    return {
      phase,
      playing,
      settings: { ...settings },
      step: progress?.state.step ?? 0,
      epoch: progress === null ? 0 : epochsDone(progress.state),
      stepsPerEpoch: progress?.state.steps_per_epoch ?? 0,
      samplesPerSecond: progress?.samplesPerSecond ?? 0,
      loss: history.last?.loss ?? null,
      accuracy: history.last?.accuracy ?? null,
      validation: evaluation === null ? null : { ...evaluation },
      validationEpoch: history.validation.at(-1)?.epoch ?? 0,
      error: told(problem),
    };
  }

  /** Norm of every layer's gradient in the last step, in the network's order. */
  async norms(): Promise<LayerNorms[]> {
    const { run } = this.view;
    const first = run?.description.network.layers[0]?.name ?? '';
    return (await run?.learning(first, null))?.norms ?? [];
  }

  /** The registry's network for the open data, in the model format; `null` before there is a run. */
  async network(): Promise<ModelSpec | null> {
    const { run, settings } = this.view;
    const { shape = [], classes = [] } = run?.description.dataset ?? {};
    return (await run?.modelSpec(settings.model, shape[2] ?? 1, classes.length)) ?? null;
  }

  setState(change: Partial<Settings>): void {
    // Who names a model means it, whatever network is open.
    this.playground.update(change.model === undefined ? change : { net: '', ...change });
  }

  /** Before there is a run: as soon as there is one. */
  play(): void {
    this.playWanted = this.view.phase !== 'ready';
    if (this.playWanted) void this.playground.start();
    else this.playground.play();
  }

  async pause(): Promise<void> {
    this.playWanted = false;
    this.resting = false;
    await this.playground.pause();
  }

  async step(): Promise<void> {
    void this.playground.start();
    await this.playground.step();
  }

  async reset(): Promise<void> {
    void this.playground.start();
    await this.playground.reset();
  }

  // ---- what the page around it says ----

  /** Whether the attributes come from the page's link, so that messages call them so. */
  set linked(linked: boolean) {
    this.playground.linked = linked;
  }

  /** Something there means nothing. */
  warn(name: string, value: string): void {
    this.playground.warn({ name, value });
  }

  // ---- the element's life ----

  override connectedCallback(): void {
    super.connectedCallback();
    this.playground.saves = this.hasAttribute('autosave');
    this.unwatch = watchAppearance(this.onAppearance);
    this.sightings.observe(this);
    this.sizes.observe(this);
    this.applyTheme();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.playground.saves = false;
    this.unwatch();
    this.sightings.disconnect();
    this.sizes.disconnect();
    // Moved within the document? Then it is connected again by now.
    setTimeout(() => {
      if (!this.isConnected) void this.playground.dispose();
    });
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (LOOKS.includes(name)) {
      this.requestUpdate();
      if (!meansSomething(name, value)) this.warn(name, value ?? '');
    }
    if (name === LESSON && value !== null && value !== old) void this.takeLesson(value);
    const field = FIELD_NAMES.find((known) => known === name);
    if (field === undefined || value === null || value === old) return;
    const change = parseField(field, value);
    if (Object.keys(change).length > 0) this.playground.update(change);
    else this.warn(name, value);
  }

  private async takeLesson(id: string): Promise<void> {
    const { attributesOf } = await import('../lessons/lessons.js');
    const attributes = attributesOf(id);
    if (attributes === null) this.warn(LESSON, id);
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (!this.hasAttribute(name)) this.setAttribute(name, value);
    }
  }

  private follow(state: PlaygroundState, event?: RunEvent): void {
    const before = this.view;
    this.view = state;
    if (state.settings !== before.settings) {
      this.applyTheme();
      this.tell('state', { settings: { ...state.settings } });
    }
    // Of every run that comes to be: a change of the model, say, opens another one.
    if (state.phase === 'ready' && state.run !== before.run) {
      this.tell('ready', this.getState());
      if (before.phase !== 'ready' && (this.playWanted || this.hasAttribute('autostart'))) this.play();
    }
    if (event?.type === 'steps') this.tell('step', { ...this.getState(), metrics: event.metrics });
    if (event?.type === 'epoch') this.tell('epoch', this.getState());
    if (state.problem !== null && state.problem !== before.problem) {
      void put(state.problem, messages(this.language)).then((problem) => this.tell('error', problem));
    }
    // At hand in training, whatever becomes of the server meanwhile.
    const begins = state.playing && !before.playing;
    if (begins || (state.problem !== null && before.problem === null)) void import('./message-banner.js');
  }

  private restWhile(unseen: boolean): void {
    if (unseen && this.view.playing) {
      this.resting = true;
      void this.playground.pause();
    } else if (!unseen && this.resting) {
      this.resting = false;
      this.play();
    }
  }

  private tell(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  private applyTheme(): void {
    dress(this, this.view.settings.theme);
  }

  private get language(): Language {
    const { lang } = this.view.settings;
    return lang === 'auto' ? preferredLanguage(navigator.languages) : lang;
  }

  // ---- state down ----

  protected override willUpdate(): void {
    // There is nothing to compare with any more, or something else in its place.
    if (this.editing || this.view.pinned.length === 0) this.comparing = false;
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.shadowRoot?.firstElementChild?.setAttribute('lang', this.language);
  }

  protected override render(): TemplateResult {
    const t = messages(this.language);
    const { view } = this;
    const { settings, problem } = view;
    const parts = shownParts(this.getAttribute('view'), this.getAttribute('hide'));
    const locked = lockedSettings(this.getAttribute('lock'));
    return html`
      <div
        class="shell"
        @cnp-settings=${this.on('cnp-settings', (change) => this.change(change))}
        @cnp-edit=${this.on('cnp-edit', (editing) => this.edit(editing))}
        @cnp-play=${this.on('cnp-play', () => this.play())}
        @cnp-pause=${this.on('cnp-pause', () => this.pause())}
        @cnp-step=${this.on('cnp-step', () => this.step())}
        @cnp-reset=${this.on('cnp-reset', () => this.reset())}
        @cnp-reset-slower=${this.on('cnp-reset-slower', () => this.playground.resetSlower())}
        @cnp-go-back=${this.on('cnp-go-back', () => this.playground.goBack())}
        @cnp-pin=${this.on('cnp-pin', () => this.playground.pin())}
        @cnp-unpin=${this.on('cnp-unpin', (slot) => this.playground.unpin(slot))}
        @cnp-compare=${this.on('cnp-compare', (what) => this.compare(what))}
        @cnp-resume=${this.on('cnp-resume', (id) => this.playground.resume(id))}
        @cnp-discard=${this.on('cnp-discard', (ids) => this.playground.discard(ids))}
        @cnp-unoffer=${this.on('cnp-unoffer', () => this.playground.unoffer())}
        @cnp-saved=${this.on('cnp-saved', (open) => this.list(open))}
        @cnp-restart=${this.on('cnp-restart', () => this.playground.restart())}
        @cnp-dismiss=${this.on('cnp-dismiss', () => this.playground.dismiss())}
        @cnp-layer=${this.on('cnp-layer', (layer) => this.playground.chooseLayer(layer))}
        @cnp-inspect=${this.on('cnp-inspect', (card) => this.inspect(card))}
        @cnp-sample=${this.on('cnp-sample', (sample) => this.playground.showSample(sample))}
        @cnp-drawing=${this.on('cnp-drawing', (pixels) => this.playground.showDrawing(pixels))}
        @cnp-measure=${this.on('cnp-measure', () => this.playground.measureAgain())}
        @cnp-first=${this.on('cnp-first', (first) => this.playground.startFrom(first))}
        @cnp-look=${this.on('cnp-look', (change) => this.playground.look(change))}
      >
        ${
          parts.has('header')
            ? html`<cnp-page-header
                .t=${t}
                .models=${view.models}
                .settings=${settings}
                .chosen=${networkName(settings, t)}
                .language=${this.language}
                .locked=${locked}
                ?untitled=${!parts.has('title')}
              ></cnp-page-header>`
            : nothing
        }
        ${problem === null ? nothing : html`<cnp-message-banner .t=${t} .problem=${problem} .settings=${settings} ?fixed=${locked.has('lr')}></cnp-message-banner>`}
        ${view.offering || this.listing ? savedOf(t, view, this.listing) : nothing}
        ${view.unsupported === null ? this.columns(t, parts, locked) : unsupportedMessage(t, view.unsupported)}
        <p class="visually-hidden" role="status" aria-live="polite">${statusText(t, this.view)}</p>
      </div>
    `;
  }

  private columns(t: Messages, parts: ReadonlySet<Part>, locked: ReadonlySet<string>): TemplateResult {
    const columns = shownColumns(parts);
    const building = buildingText(t, this.view.measuring);
    const waiting = { starting: t.loading, building, idle: t.loading }[this.view.phase as string] ?? null;
    const { comparing } = this;
    const all = { t, view: this.view, parts, locked, comparing };
    const middle = this.editing ? builder(this.view, this.language) : comparing ? comparison(t, this.view) : null;
    const row = columns.includes('middle') && !parts.has('training') ? 'row' : '';
    const style = isWhole(parts) ? 'columns' : `columns partial ${columns.join(' ')} ${row}`;
    return html`
      <div class=${style}>
        ${columns.map(
          (column) =>
            html`<div class="column ${column}">
              ${
                column === 'middle' && middle !== null
                  ? middle
                  : COLUMNS[column].map((panel) => (parts.has(panel) ? panelOf(panel, all) : nothing))
              }
              ${waiting !== null && column === 'middle' && !comparing ? html`<p class="waiting">${waiting}</p>` : nothing}
            </div>`,
        )}
      </div>
    `;
  }

  private async compare(what: ComponentEvents['cnp-compare']): Promise<void> {
    if (what === 'close') {
      this.comparing = false;
      await this.updateComplete;
      this.renderRoot.querySelector<HTMLElement>('cnp-training-panel')?.focus();
      return;
    }
    try {
      await import('../runs/compare-view.js');
      await this.playground.compare(what === 'next');
      [this.comparing, this.editing] = [true, false];
    } catch (error) {
      this.playground.report(error);
    }
  }

  /** On a phone the inspector lies far below the cards: it comes over them. */
  private inspect(card: HTMLElement): void {
    const panel = this.renderRoot.querySelector<InspectorPanel>('cnp-inspector-panel');
    const isBelow = (panel?.getBoundingClientRect().top ?? 0) > innerHeight - 120;
    if (this.clientWidth < 720 && isBelow) void panel?.enlarge(card);
  }

  private edit(editing: boolean): void {
    const load = editing ? import('../builder/network-builder.js') : Promise.resolve();
    load.then(
      () => (this.editing = editing),
      (error: unknown) => this.playground.report(error),
    );
  }

  private async list(open: boolean): Promise<void> {
    if (open) await this.playground.findSaved();
    this.listing = open;
  }

  /** What a reader changes, without what the host page has locked. */
  private change(change: Partial<Settings>): void {
    const locked = lockedSettings(this.getAttribute('lock'));
    const free = (name: string): boolean => !locked.has(name === 'net' ? 'model' : name);
    this.playground.update(Object.fromEntries(Object.entries(change).filter(([name]) => free(name))));
  }

  /** Handles a component's event and keeps it inside the element. */
  private on<K extends keyof ComponentEvents>(
    _type: K,
    handle: (detail: ComponentEvents[K]) => unknown,
  ): (event: ComponentEvent<K>) => void {
    return (event) => {
      event.stopPropagation();
      void handle(event.detail);
    };
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnn-playground': CnnPlayground;
  }
}
