import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import { PlaygroundElement } from '../components/element.js';
import { drawn, icon } from '../components/icon.js';
import type { ModelInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { fittingBatch, type DatasetName } from '../engine/datasets.js';
import { worded } from '../i18n/worded.js';
import { asking } from '../saves/asking.js';
import { savesMessages } from '../saves/i18n/index.js';
import { savedStyles } from '../saves/saved-styles.js';
import { base } from '../styles/base.js';
import { whole } from '../saves/offer-text.js';
import { isCifar, readCifar } from './cifar.js';
import { ofDrop, ofInput, sorted, type Found, type Listed } from './folder.js';
import { ownDataMessages, type OwnDataMessages } from './i18n/index.js';
import { keep, type KeptSet } from './keep.js';
import { pack, USUAL, type Packing } from './pack.js';
import { checkSize } from './size.js';
import { list, remove, type StoredSet } from './store.js';
import { storedSets } from './stored-sets.js';
import { ownDataStyles } from './styles.js';
import './class-preview.js';

const TRASH = drawn(trash);
const WEIGHTS = '.safetensors';

/** What the dialog is about at the moment. */
type Stage =
  | { kind: 'choosing' | 'looking' | 'checking' }
  | { kind: 'found'; found: Found }
  | { kind: 'packing'; done: number; all: number; stop: AbortController }
  | { kind: 'opened'; count: number; unread: string };

/** Opens whole data sets of one's own: class folders or a file, which stay in this browser. */
@customElement('cnp-own-data')
export class OwnData extends PlaygroundElement {
  static override styles = [base, savedStyles, ownDataStyles];

  @property({ attribute: false }) run: RunHandle | null = null;
  /** The data set that is open. */
  @property() datasetName: DatasetName = '';
  /** All of the registry, and the one that is open. */
  @property({ attribute: false }) models: readonly ModelInfo[] = [];
  @property() model = '';

  @state() private stage: Stage = { kind: 'choosing' };
  @state() private packing: Packing = USUAL;
  @state() private stored: readonly StoredSet[] = [];
  @state() private failure = '';
  @state() private over = false;
  /** Whatever is on its way ends when the dialog closes. */
  private closing = new AbortController();
  /** Set whose deletion is asked about. */
  @state() private asks: DatasetName = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement | null;

  protected override firstUpdated(): void {
    this.dialog?.showModal();
    void this.relist();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    // The engine is gone, and what it was asked will not be answered: the page says why.
    if (changed.has('run') && this.run === null && changed.get('run') !== undefined) this.dialog?.close();
    // A message below what is in sight would not be seen.
    if (changed.has('failure') && this.failure !== '') this.renderRoot.querySelector('.bad')?.scrollIntoView();
  }

  protected override render(): TemplateResult {
    const m = ownDataMessages(this.t);
    return html`
      <dialog
        aria-labelledby="title"
        @close=${this.onClose}
        @click=${this.onBackdrop}
        @dragover=${this.onElsewhere}
        @drop=${this.onElsewhere}
      >
        <header>
          <h2 id="title">${m.title}</h2>
          <button
            class="button square quiet"
            aria-label=${this.t.dismiss}
            title=${this.t.dismiss}
            @click=${() => this.dialog?.close()}
          >
            ${icon('close')}
          </button>
        </header>
        <p class="about">${m.about}</p>
        <div class="body">
          ${this.main(m)} ${this.failure === '' ? nothing : html`<p class="bad" role="alert">${this.failure}</p>`}
        </div>
        ${this.stage.kind === 'choosing' && this.stored.length > 0 ? this.list(m) : nothing}
      </dialog>
    `;
  }

  private main(m: OwnDataMessages): TemplateResult {
    const { stage } = this;
    switch (stage.kind) {
      case 'choosing':
        return this.chooser(m);
      case 'looking':
      case 'checking':
        return html`<p class="hint" role="status">${stage.kind === 'looking' ? m.reading : m.checking}</p>
          <progress></progress>`;
      case 'found':
        return html`<cnp-class-preview
          .t=${this.t}
          .found=${stage.found}
          .packing=${this.packing}
          .models=${this.models}
          .model=${this.model}
          @cnp-packing=${(event: CustomEvent<Packing>) => (this.packing = event.detail)}
          @cnp-use=${() => this.use(stage.found)}
          @cnp-back=${this.again}
        ></cnp-class-preview>`;
      case 'opened':
        return html`<p>${m.opened(whole(stage.count))}</p>
          <p class="hint" role="alert">${stage.unread}</p>
          <div class="row">
            <button class="button main" @click=${() => this.dialog?.close()}>${m.goOn}</button>
          </div>`;
      case 'packing':
        return html`<p class="hint" role="status">${m.packing(whole(stage.done), whole(stage.all))}</p>
          <progress max=${stage.all} .value=${stage.done}></progress>
          <div class="row">
            <button class="button small" @click=${() => stage.stop.abort()}>${m.cancel}</button>
          </div>`;
    }
  }

  private chooser(m: OwnDataMessages): TemplateResult {
    const press = (which: string) => () => this.renderRoot.querySelector<HTMLInputElement>(which)?.click();
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
        <button class="button" ?disabled=${this.run === null} @click=${press('#folder')}>
          ${icon('file')} ${m.folder}
        </button>
        <button class="button" ?disabled=${this.run === null} @click=${press('#file')}>
          ${icon('file')} ${m.file}
        </button>
        <span>${m.drop}</span>
      </div>
      <input id="folder" type="file" hidden webkitdirectory aria-label=${m.folder} @change=${this.onInput} />
      <input
        id="file"
        type="file"
        hidden
        multiple
        accept="${WEIGHTS},.bin,.txt"
        aria-label=${m.file}
        @change=${this.onInput}
      />
    `;
  }

  private list(m: OwnDataMessages): TemplateResult {
    const question = (name: DatasetName, title: string): TemplateResult =>
      asking(savesMessages(this.t), {
        id: name,
        text: m.sure(title),
        keep: () => (this.asks = ''),
        remove: () => void this.attempt(() => this.erase(name)),
      });
    return storedSets(m, this.stored, {
      open: this.datasetName,
      asks: this.asks,
      question,
      trash: TRASH,
      onOpen: (set) => this.choose(set),
      onAsk: (name) => (this.asks = name),
      onFailure: (work) => void this.attempt(work),
    });
  }

  private readonly again = (): void => {
    this.failure = '';
    this.stage = { kind: 'choosing' };
  };

  private onInput(event: Event): void {
    const input = event.target as HTMLInputElement;
    const listed = ofInput(input.files ?? []);
    // The same folder may be chosen again.
    input.value = '';
    void this.attempt(() => this.take(listed));
  }

  private onDrop(event: DragEvent): void {
    event.preventDefault();
    this.over = false;
    if (this.run === null) return;
    const listed = ofDrop(event.dataTransfer?.items ?? []);
    this.stage = { kind: 'looking' };
    void this.attempt(async () => {
      const found = await listed;
      if (found.length === 0) throw new Error(ownDataMessages(this.t).nothing);
      await this.take(found);
    });
  }

  /** A file of pictures is opened at once, of a folder it is first shown what was found. */
  private async take(listed: readonly Listed[]): Promise<void> {
    if (listed.length === 0) {
      this.again();
      return;
    }
    const m = ownDataMessages(this.t);
    const [only] = listed;
    const packed = listed.filter(({ path }) => path.toLowerCase().endsWith(WEIGHTS));
    if (packed.length > 1) throw new Error(m.oneAtATime);
    if (listed.length === 1 && only !== undefined && packed.length === 1) {
      checkSize(only.file.name, only.file.size);
      this.stage = { kind: 'checking' };
      const bytes = new Uint8Array(await only.file.arrayBuffer());
      return this.store(only.file.name.slice(0, -WEIGHTS.length), bytes);
    }
    if (isCifar(listed)) {
      this.stage = { kind: 'checking' };
      const { title, file } = await readCifar(listed);
      return this.store(title, file);
    }
    if (listed.every(({ path }) => path.endsWith('.txt'))) throw new Error(m.onlyNames(only?.file.name ?? ''));
    const found = sorted(listed);
    if (found.classes.length === 0 && found.loose === 0) throw new Error(m.notThis(only?.path.split('/')[0] ?? ''));
    if (found.classes.length < 2) {
      const [one] = found.classes;
      throw new Error(m.fewClasses(one === undefined ? m.noClass : m.oneClass(one.name)));
    }
    this.stage = { kind: 'found', found };
  }

  private use(found: Found): void {
    const { title, classes } = found;
    const stop = new AbortController();
    this.closing.signal.addEventListener('abort', () => stop.abort());
    const all = classes.reduce((sum, { files }) => sum + files.length, 0);
    this.stage = { kind: 'packing', done: 0, all, stop };
    void this.attempt(async () => {
      const tell = (done: number): void => {
        if (!stop.signal.aborted) this.stage = { kind: 'packing', done, all, stop };
      };
      const packed = await pack(classes, this.packing, tell, stop.signal).catch((error: unknown) => {
        if (!stop.signal.aborted) throw error;
        this.stage = { kind: 'found', found };
        return null;
      });
      if (packed === null) return;
      const { file, unread, count } = packed;
      await this.store(title, file, unread.length > 0);
      if (unread.length === 0) return;
      const names = unread.slice(0, 5).join(', ');
      this.stage = { kind: 'opened', count, unread: ownDataMessages(this.t).unread(whole(unread.length), names) };
    });
  }

  private async store(title: string, file: Uint8Array<ArrayBuffer>, stays = false): Promise<void> {
    const { run } = this;
    const { signal } = this.closing;
    signal.throwIfAborted();
    if (run === null) throw new Error(ownDataMessages(this.t).noEngine);
    this.stage = { kind: 'checking' };
    this.choose(await keep(run, title, file, signal), stays);
    await this.relist();
    this.stage = { kind: 'choosing' };
  }

  /** Opens a set; the dialog stays where something is still to be read. */
  private choose({ name, count }: KeptSet, stays = false): void {
    const batch = this.run?.description.batch ?? 1;
    this.send('cnp-settings', { dataset: name, batch: fittingBatch(batch, count) });
    if (!stays) this.dialog?.close();
  }

  private async erase(name: DatasetName): Promise<void> {
    this.asks = '';
    await remove(name);
    await this.relist();
  }

  private async relist(): Promise<void> {
    try {
      this.stored = await list();
    } catch (error) {
      this.failure = await worded(error, this.t);
    }
  }

  private async attempt(work: () => Promise<void>): Promise<void> {
    this.failure = '';
    try {
      await work();
    } catch (error) {
      if (this.closing.signal.aborted) return;
      this.stage = { kind: 'choosing' };
      this.failure = await worded(error, this.t);
    }
  }

  private onClose(): void {
    this.closing.abort();
    this.send('cnp-own-data', false);
  }

  /** Dropped beside the place for it, the browser would open it in place of the page. */
  private onElsewhere(event: DragEvent): void {
    event.preventDefault();
  }

  private onBackdrop(event: MouseEvent): void {
    if (event.target === this.dialog) this.dialog?.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnp-own-data': OwnData;
  }
}
