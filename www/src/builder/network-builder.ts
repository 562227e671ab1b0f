import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import downloadIcon from 'lucide-static/icons/download.svg?raw';
import redoIcon from 'lucide-static/icons/redo-2.svg?raw';
import undoIcon from 'lucide-static/icons/undo-2.svg?raw';
import uploadIcon from 'lucide-static/icons/upload.svg?raw';
import { drawn, icon } from '../components/icon.js';
import type { RunHandle } from '../engine/client.js';
import { foldAllButton } from '../folding/fold-marks.js';
import { Folding } from '../folding/folding.js';
import { messages } from '../i18n/index.js';
import type { Language } from '../i18n/languages.js';
import { download } from '../lib/download.js';
import * as format from '../lib/format.js';
import { remember } from '../lib/own-name.js';
import { defaults, optimizerConfig, type Settings } from '../state.js';
import { worded } from '../i18n/worded.js';
import { base } from '../styles/base.js';
import { column, fading } from '../styles/panel.js';
import type { ModelSpec, NetworkDescription } from './api.js';
import './builder-graph.js';
import { decode, encode, parse, short } from './code.js';
import { Draft, faultOf, misfit, type Fault } from './draft.js';
import { builderStyles } from './builder-styles.js';
import * as edit from './edit.js';
import { builderMessages } from './i18n/index.js';
import './layer-form.js';

const drawings = {
  undo: drawn(undoIcon),
  redo: drawn(redoIcon),
  open: drawn(uploadIcon),
  save: drawn(downloadIcon),
};

/** All of the settings that the engine's judgement depends on; another data set comes with another run. */
const judgedBy = (settings: Settings): string => JSON.stringify([optimizerConfig(settings), settings.batch]);

/** Makes a network: starts from the one that is open and hands over another, which the playground then trains. Until then the open
 * one goes on. */
@customElement('cnp-network-builder')
export class NetworkBuilder extends LitElement {
  static override styles = [base, column, fading, builderStyles];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) settings: Settings = defaults();
  @property() language: Language = 'en';

  /** A new object after every change, so that Lit sees one. */
  @state() private shown: { draft: Draft } | null = null;
  @state() private folding: Folding | null = null;
  @state() private description: NetworkDescription | null = null;
  @state() private fault: Fault | null = null;
  /** What could not be loaded. */
  @state() private failure = '';
  /** The engine has not answered yet. */
  @state() private judging = false;
  /** Counts the questions to the engine: late answers to old ones are dropped. */
  private asked = 0;

  override connectedCallback(): void {
    super.connectedCallback();
    this.addEventListener('keydown', this.onKey);
  }

  protected override willUpdate(): void {
    if (this.shown !== null) this.folding = this.foldingOf(this.shown.draft.spec);
  }

  protected override updated(changed: PropertyValues<this>): void {
    const { run, shown } = this;
    if (run === null) return;
    if (shown === null) {
      if (changed.has('run')) void this.begin(run).catch((error: unknown) => this.fail(error));
      return;
    }
    const { shape } = run.description.dataset;
    if (changed.has('run') && shape.join() !== shown.draft.spec.input.shape.join()) shown.draft.fit(shape);
    const before = changed.get('settings');
    const isOther = before !== undefined && judgedBy(before) !== judgedBy(this.settings);
    if (changed.has('run') || changed.has('language') || isOther) this.follow();
  }

  private fail(error: unknown): void {
    void this.worded(error instanceof Error ? error.message : String(error)).then((said) => (this.failure = said));
  }

  private async begin(run: RunHandle): Promise<void> {
    const { shape, classes } = run.description.dataset;
    const { model, net } = this.settings;
    const spec =
      net === ''
        ? await run.modelSpec(model, shape[2] ?? 1, classes.length)
        : edit.forPictures(await decode(net), shape);
    const draft = new Draft({ spec, chosen: spec.layers[0]?.name ?? '' });
    this.shown = { draft };
    await this.judge(draft.spec);
  }

  /** Asks the engine what the network would be. */
  private async judge(spec: ModelSpec): Promise<void> {
    const { run, settings } = this;
    if (run === null) return;
    this.asked += 1;
    const { asked } = this;
    this.judging = true;
    try {
      const description = await run.describe(spec, optimizerConfig(settings), settings.batch);
      if (asked !== this.asked) return;
      const wrong = misfit(description, run.description.dataset.classes.length);
      const t = builderMessages(this.language);
      this.description = description;
      this.fault =
        wrong === null
          ? null
          : {
              layer: wrong.layer,
              message: t.classesWanted(run.description.dataset.classes.length, format.shape(wrong.shape)),
            };
    } catch (error) {
      const { layer, message } = faultOf(error, spec);
      const said = await this.worded(message);
      if (asked === this.asked) this.fault = { layer, message: said };
    } finally {
      if (asked === this.asked) this.judging = false;
    }
  }

  /** The engine's words in the reader's language. */
  private worded(message: string): Promise<string> {
    return worded(message, messages(this.language));
  }

  private readonly apply = (edited: edit.Edited, key = ''): void => {
    if (this.shown === null) return;
    this.failure = '';
    const { draft } = this.shown;
    // No longer the registry's: whatever says its name would say what it is not.
    const isFirst = this.settings.net === '' && !draft.canUndo && edited.spec.name === draft.spec.name;
    const name = isFirst ? builderMessages(this.language).edited(edited.spec.name) : edited.spec.name;
    draft.edit({ ...edited, spec: { ...edited.spec, name } }, key);
    this.follow();
  };

  private follow(): void {
    if (this.shown === null) return;
    const { draft } = this.shown;
    this.shown = { draft };
    void this.judge(draft.spec);
  }

  private undo(): void {
    this.shown?.draft.undo();
    this.follow();
  }

  private redo(): void {
    this.shown?.draft.redo();
    this.follow();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    const key = event.key.toLowerCase();
    if (key === 'z' && !event.shiftKey) this.undo();
    else if (key === 'y' || key === 'z') this.redo();
    else return;
    event.preventDefault();
  };

  protected override render(): TemplateResult {
    const t = builderMessages(this.language);
    if (this.shown === null) {
      return html`<p class="waiting" role="status">
        ${this.failure === '' ? t.loading : `${t.failed} ${this.failure}`}
      </p>`;
    }
    const { draft } = this.shown;
    const { spec, chosen } = draft;
    const { description, fault } = this;
    const folding = this.foldingOf(spec);
    const info = description?.network.layers.find(({ name }) => name === chosen);
    const shape = chosen === spec.input.layer ? spec.input.shape : (info?.output_shape ?? []);
    const whole = this.failure === '' ? (fault?.layer === '' ? fault.message : '') : `${t.failed} ${this.failure}`;
    return html`
      ${this.toolbar(draft)} ${this.totals()}
      ${whole === '' ? nothing : html`<p class="fault" role="alert">${whole}</p>`}
      <p class="visually-hidden" role="status">
        ${fault === null ? '' : `${fault.layer}: ${fault.message} ${t.goesOn}`}
      </p>
      <cnp-builder-graph
        class="fades"
        .t=${t}
        .names=${messages(this.language)}
        .spec=${spec}
        .folding=${folding}
        .refold=${this.refold}
        .chosen=${chosen}
        .network=${description?.network ?? null}
        .fault=${fault}
        .choose=${(layer: string) => {
          draft.choose(layer);
          this.shown = { draft };
        }}
        .insert=${(kind: string, from: string, to?: string) => this.apply(edit.insert(spec, kind, from, to))}
        .takeOut=${(layer: string) => this.apply(edit.remove(spec, layer))}
      ></cnp-builder-graph>
      <cnp-layer-form
        .t=${t}
        .spec=${spec}
        .name=${chosen}
        .shape=${format.shape(shape)}
        .channels=${shape.at(-1) ?? 16}
        .fault=${fault}
        .apply=${this.apply}
      ></cnp-layer-form>
    `;
  }

  private foldingOf(spec: ModelSpec): Folding {
    return this.folding?.isOf(spec) ? this.folding : new Folding(spec, this.folding);
  }

  /** A new object, so that Lit sees one. */
  private readonly refold = (): void => {
    if (this.shown !== null) this.folding = new Folding(this.shown.draft.spec, this.folding);
  };

  private toolbar(draft: Draft): TemplateResult {
    const t = builderMessages(this.language);
    const { spec, chosen } = draft;
    const rename = (event: Event): void => {
      this.apply({ spec: { ...spec, name: (event.target as HTMLInputElement).value }, chosen }, 'name');
    };
    const button = (label: string, drawing: TemplateResult, act: () => void, off = false): TemplateResult => html`
      <button class="button square small" aria-label=${label} title=${label} ?disabled=${off} @click=${act}>
        ${drawing}
      </button>
    `;
    return html`<header>
      <h2 class="panel-title">${t.title}</h2>
      <input class="field name" aria-label=${t.name} title=${t.name} .value=${spec.name} @input=${rename} />
      ${button(t.undo, drawings.undo, () => this.undo(), !draft.canUndo)}
      ${button(t.redo, drawings.redo, () => this.redo(), !draft.canRedo)}
      ${button(t.importFile, drawings.open, () => this.renderRoot.querySelector<HTMLElement>('#file')?.click())}
      ${button(t.exportFile, drawings.save, () => this.save(spec))}
      <input
        id="file"
        type="file"
        accept=".json,application/json"
        hidden
        aria-label=${t.importFile}
        @change=${this.onFile}
      />
      ${foldAllButton(this.foldingOf(spec), messages(this.language), this.refold)}
      <span class="spring"></span>
      <button class="button" @click=${() => this.close()}>${t.cancel}</button>
      <button
        class="button apply"
        ?disabled=${this.judging || this.fault !== null || this.description === null}
        @click=${() => void this.hand(spec).catch((error: unknown) => this.fail(error))}
      >
        ${icon('play')} ${t.apply}
      </button>
    </header>`;
  }

  private totals(): TemplateResult {
    const t = builderMessages(this.language);
    const { description, fault } = this;
    const numbers = description?.network.totals;
    const bytes = description?.bytes;
    const names = Object.keys(t.memoryParts) as (keyof typeof t.memoryParts)[];
    const about = names.map((name) => `${t.memoryParts[name]} ${format.bytes(bytes?.[name] ?? 0)}`).join(', ');
    const row = (name: string, value: string, title = ''): TemplateResult =>
      html`<div title=${title}>
        <dt>${name}</dt>
        <dd>${value}</dd>
      </div>`;
    return html`<div class="totals">
      <dl class="number ${fault === null ? '' : 'stale'}">
        ${row(t.parameters, numbers === undefined ? '–' : format.integer(numbers.params, 'en'))}
        ${row(t.macs, numbers === undefined ? '–' : format.integer(numbers.macs, 'en'))}
        ${row(t.memory(String(this.settings.batch)), bytes === undefined ? '–' : format.bytes(bytes.total), t.memoryAbout(about))}
      </dl>
      <p>${t.trainsOpen(this.run?.description.network.name ?? '')}</p>
    </div>`;
  }

  /** A file that the browser saves. */
  private save(spec: ModelSpec): void {
    const name = `${spec.name.replace(/[^\w-]+/g, '_') || 'network'}.json`;
    download(name, JSON.stringify(short(spec), null, 2), 'application/json');
  }

  private readonly onFile = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const [file] = input.files ?? [];
    input.value = '';
    if (file !== undefined) void this.open(file).catch((error: unknown) => this.fail(error));
  };

  private async open(file: File): Promise<void> {
    const { run } = this;
    if (run === null) return;
    const spec = edit.forPictures(parse(await file.text()), run.description.dataset.shape);
    // What the engine cannot read at all is not taken over; what is only wrong somewhere can be mended here.
    this.apply({ spec, chosen: spec.layers[0]?.name ?? '' });
  }

  /** Gives the network to the playground. */
  private async hand(spec: ModelSpec): Promise<void> {
    const net = await encode(spec);
    remember(net, spec.name);
    this.dispatchEvent(new CustomEvent('cnp-settings', { detail: { net }, bubbles: true, composed: true }));
    this.close();
  }

  private close(): void {
    this.dispatchEvent(new CustomEvent('cnp-edit', { detail: false, bubbles: true, composed: true }));
  }
}
