import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import { icon } from '../components/icon.js';
import type { NetworkInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { stem } from '../engine/datasets.js';
import { worded } from '../i18n/worded.js';
import type { FirstWeights } from '../engine/protocol.js';
import * as format from '../lib/format.js';
import { defaults, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { range } from '../styles/range.js';
import { transfer, type TransferMessages } from './i18n/index.js';
import { checkWeights } from './safetensors.js';

/** Tensors that are named before the rest is only counted. */
const NAMED = 3;

/** Where a run starts from and how much of it learns: the three strategies of transfer learning. */
@customElement('cnp-weights-panel')
export class WeightsPanel extends PlaygroundElement {
  static override styles = [
    base,
    range,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--space-4);
      }

      h3 {
        margin-bottom: var(--space-2);
        font-size: var(--text-s);
        font-weight: 650;
        line-height: 16px;
      }

      p,
      .ends {
        font-size: var(--text-s);
        line-height: 16px;
        color: var(--ink-3);
      }

      .ends {
        display: flex;
        justify-content: space-between;
        gap: var(--space-2);
      }

      .now {
        margin-top: var(--space-1);
        overflow-wrap: anywhere;
        color: var(--ink-2);
      }

      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin: var(--space-2) 0;
      }

      .check {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        margin-bottom: var(--space-2);
        font-size: var(--text-m);
      }

      .wrong {
        color: var(--danger);
      }
    `,
  ];

  @property({ attribute: false }) settings: Settings = defaults();
  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) first: FirstWeights | null = null;
  @property({ type: Number }) step = 0;
  @property({ attribute: false }) locked: ReadonlySet<string> = new Set();

  @state() private failure = '';

  protected override updated(): void {
    // Below the buttons the panel may end.
    if (this.failure !== '') this.renderRoot.querySelector('.wrong')?.scrollIntoView({ block: 'nearest' });
  }

  protected override render(): TemplateResult | typeof nothing {
    if (this.run === null) return nothing;
    const m = transfer(this.t);
    return html`
      <section>
        <h3>${m.transferLearning}</h3>
        ${this.freezing(m, this.run.description.network)}
      </section>
      <section>
        <h3>${m.firstWeights}</h3>
        ${this.starting(m, this.run)}
      </section>
    `;
  }

  /** At what opens a file. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.open')?.focus();
  }

  private freezing(m: TransferMessages, network: NetworkInfo): TemplateResult {
    const layers = network.layers.filter(({ weights }) => weights.length > 0).map(({ name }) => name);
    const last = Math.min(this.settings.freeze_all_but ?? layers.length, layers.length);
    const text = this.frozenText(m, network, layers, layers.length - last);
    return html`
      <label class="label" for="freeze">${m.freeze}</label>
      <input
        id="freeze"
        type="range"
        min="0"
        max=${layers.length - 1}
        step="1"
        ?disabled=${this.locked.has('freeze_all_but') || layers.length < 2}
        aria-valuetext=${text}
        .value=${String(layers.length - last)}
        @change=${(event: Event) => {
          const frozen = Number((event.target as HTMLInputElement).value);
          this.send('cnp-settings', { freeze_all_but: frozen === 0 ? null : layers.length - frozen });
        }}
      />
      <div class="ends" aria-hidden="true"><span>${m.freezeNothing}</span><span>${m.freezeAllButHead}</span></div>
      <p class="now" data-frozen>${text}</p>
      ${last < layers.length && this.first === null ? html`<p class="now">${m.frozenAtRandom}</p>` : nothing}
    `;
  }

  private frozenText(m: TransferMessages, { totals }: NetworkInfo, layers: readonly string[], frozen: number): string {
    const [trained, all] = [totals.trainable, totals.params].map((count) => format.integer(count, 'en')) as [
      string,
      string,
    ];
    if (frozen === 0) return m.frozenNone(trained);
    if (frozen === layers.length - 1) return m.frozenButHead(layers.at(-1) ?? '', trained, all);
    return m.frozenUpTo(layers[frozen - 1] ?? '', trained, all);
  }

  private starting(m: TransferMessages, run: RunHandle): TemplateResult {
    const { first } = this;
    return html`
      <p class="now" data-first>${this.startText(m, run)}</p>
      <div class="buttons">
        <button
          class="button small"
          title=${m.keepWeightsHint}
          ?disabled=${this.step === 0}
          @click=${() => this.keep(run)}
        >
          ${icon('step')} ${m.keepWeights}
        </button>
        <button
          class="button small open"
          @click=${() => this.renderRoot.querySelector<HTMLInputElement>('input[type=file]')?.click()}
        >
          ${icon('file')} ${m.openWeights}
        </button>
        ${
          first === null
            ? nothing
            : html`<button class="button small" @click=${() => this.send('cnp-first', null)}>
                ${icon('close')} ${m.dropWeights}
              </button>`
        }
        <button class="button small" @click=${() => this.save(run)}>${icon('save')} ${m.saveWeights}</button>
      </div>
      <input type="file" hidden accept=".safetensors" aria-label=${m.openWeights} @change=${this.onFile} />
      ${
        first === null
          ? nothing
          : html`<label class="check">
              <input
                type="checkbox"
                .checked=${first.replaceHead}
                @change=${(event: Event) =>
                  this.send('cnp-first', { ...first, replaceHead: (event.target as HTMLInputElement).checked })}
              />
              ${m.replaceHead}
            </label>`
      }
      ${this.failure === '' ? nothing : html`<p class="wrong" role="alert">${m.failed(this.failure)}</p>`}
      <p>${m.weightsHint}</p>
    `;
  }

  private startText(m: TransferMessages, { description }: RunHandle): string {
    const { loaded, network } = description;
    if (loaded === null) return m.drawn;
    const all = loaded.loaded + loaded.fresh.length;
    const parts = [m.loadedFrom(loaded.name, String(loaded.loaded), String(all))];
    // The engine says why, beginning with the tensor's name.
    const names = loaded.fresh.map((reason) => /"([^"]+)"/.exec(reason)?.[1] ?? reason);
    if (names.length > 0) {
      const more = names.length > NAMED ? ` … (+${String(names.length - NAMED)})` : '';
      parts.push(m.drawnAnew(names.slice(0, NAMED).join(', ') + more));
    }
    if (loaded.model !== '' && loaded.model !== network.name) parts.push(m.savedFrom(loaded.model));
    return parts.join(' ');
  }

  /** What was learnt becomes what the next run starts from. */
  private keep(run: RunHandle): void {
    const m = transfer(this.t);
    const name = m.keptName(run.description.network.name, stem(this.settings.dataset), format.integer(this.step, 'en'));
    this.attempt(async () => {
      const bytes = await run.weightsFile();
      this.send('cnp-first', { name, bytes, replaceHead: this.first?.replaceHead ?? false });
    });
  }

  private save(run: RunHandle): void {
    const { model, dataset, seed } = this.settings;
    this.attempt(async () => {
      const { download } = await import('../lib/download.js');
      const bytes = await run.weightsFile();
      download(`${model}-${stem(dataset)}-seed${String(seed)}.safetensors`, bytes.slice(), 'application/octet-stream');
    });
  }

  private onFile(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    // The same file may be chosen again.
    input.value = '';
    if (file === undefined) return;
    this.attempt(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      checkWeights(bytes, file.name);
      this.send('cnp-first', { name: file.name, bytes, replaceHead: this.first?.replaceHead ?? false });
    });
  }

  private attempt(work: () => Promise<void>): void {
    this.failure = '';
    work().catch(async (error: unknown) => {
      this.failure = await worded(error, this.t);
    });
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnp-weights-panel': WeightsPanel;
  }
}
