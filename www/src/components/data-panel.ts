import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DatasetInfo, ModelInfo, Sample } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { DATASET_NAMES, entryOf, fits, fittingBatch, isBuiltIn, type DatasetName } from '../engine/datasets.js';
import type { Progress } from '../engine/protocol.js';
import { datasetTitle } from '../lib/dataset-title.js';
import * as format from '../lib/format.js';
import { parseField } from '../state.js';
import { base } from '../styles/base.js';
import type { StoredSet } from '../own-data/store.js';
import { PlaygroundElement } from './element.js';
import './sample-grid.js';

/** Chosen to open pictures of one's own. */
const OWN = 'own';

/** Which data set, how it is split, and what its pictures look like. */
@customElement('cnp-data-panel')
export class DataPanel extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--space-2);
        padding: var(--space-3) var(--space-4);
        min-height: 0;
        overflow: auto;
      }

      .head {
        display: flex;
        align-items: center;
        justify-content: space-between;
        margin: -3px -8px -3px 0;
      }

      .head,
      .field,
      .split {
        flex: none;
      }

      .on {
        color: var(--accent-strong);
      }

      cnp-augment-view {
        flex: none;
      }

      @container (min-width: 1100px) {
        /* On a low screen the panel scrolls. Not by a least height: the pictures would be sized without it. */
        cnp-sample-grid {
          flex: 1 0 240px;
        }

        /* Then, too. */
        cnp-augment-view + cnp-sample-grid {
          flex: 0 0 270px;
        }
      }
    `,
  ];

  @property({ attribute: false }) models: readonly ModelInfo[] = [];
  @property() datasetName: DatasetName = 'digits';
  @property({ attribute: false }) info: DatasetInfo | null = null;
  @property({ attribute: false }) samples: readonly Sample[] = [];
  /** Pictures of every class. */
  @property({ attribute: false }) counts: readonly number[] = [];
  @property({ attribute: false }) progress: Progress | null = null;
  @property({ attribute: false }) chosen: number | null = null;
  @property({ attribute: false }) locked: ReadonlySet<string> = new Set();

  @property({ attribute: false }) run: RunHandle | null = null;
  /** What is done to pictures in training. */
  @property() augment = '';
  @state() private augmenting = false;
  /** Pictures of one's own are being opened. */
  @state() private opening = false;
  @state() private stored: readonly StoredSet[] = [];
  /** What opens them could not be loaded. */
  @state() private failed = false;

  protected override render(): TemplateResult {
    const { t, progress } = this;
    return html`
      <div class="head">
        <h2 class="panel-title">${t.data}</h2>
        <button class="button small quiet" aria-expanded=${this.augmenting ? 'true' : 'false'} @click=${this.toggle}>
          ${t.augmentation}${this.augment === '' ? nothing : html` <b class="on">${this.augment.split(',').length}</b>`}
        </button>
      </div>
      <select
        class="field"
        aria-label=${t.dataset}
        ?disabled=${this.locked.has('dataset')}
        @change=${this.onDataset}
        @pointerenter=${this.lookOnce}
        @focus=${this.lookOnce}
      >
        ${DATASET_NAMES.map((name) => this.option(name))} ${this.others().map((name) => this.option(name))}
        <option value=${OWN}>${t.datasetOwn}</option>
      </select>
      ${this.failed ? html`<p class="label" role="alert">${t.errorLoad}</p>` : nothing}
      ${
        this.opening
          ? html`<cnp-own-data
              .t=${t}
              .run=${this.run}
              .datasetName=${this.datasetName}
              .models=${this.models}
              .model=${this.run?.description.network.name ?? ''}
              @cnp-own-data=${this.onOwnData}
            ></cnp-own-data>`
          : nothing
      }
      ${
        progress === null
          ? nothing
          : html`<p class="label split number">
              ${t.datasetSplit(
                format.integer(progress.state.train_samples, 'en'),
                format.integer(progress.state.validation_samples, 'en'),
              )}
            </p>`
      }
      ${
        this.augmenting
          ? html`<cnp-augment-view
              .t=${t}
              .run=${this.run}
              .info=${this.info}
              .augment=${this.augment}
              .chosen=${this.chosen}
              .step=${progress?.state.step ?? 0}
              ?locked=${this.locked.has('augment')}
            ></cnp-augment-view>`
          : nothing
      }
      <cnp-sample-grid
        .t=${t}
        .info=${this.info}
        .counts=${this.counts}
        .samples=${this.samples}
        .chosen=${this.chosen}
      ></cnp-sample-grid>
    `;
  }

  protected override updated(): void {
    // What somebody chose by hand outweighs what an option says of itself.
    const select = this.renderRoot.querySelector('select');
    if (select !== null && select.value !== this.datasetName) select.value = this.datasetName;
  }

  private toggle(): void {
    this.augmenting = !this.augmenting;
    if (this.augmenting) void import('../runs/augment-view.js');
  }

  private option(name: DatasetName): TemplateResult {
    const { t } = this;
    const text = datasetTitle(name, t);
    const usable = this.models.length === 0 || this.models.some((model) => fits(model, entryOf(name)));
    return html`<option value=${name} ?selected=${name === this.datasetName} ?disabled=${!usable}>
      ${usable ? text : t.datasetNoModel(text)}
    </option>`;
  }

  // Without them the menu has the built-in sets, and "Own pictures" says why.
  private readonly lookOnce = (): void => {
    this.look().catch(() => undefined);
  };

  private onDataset(event: Event): void {
    const select = event.target as HTMLSelectElement;
    if (select.value !== OWN) {
      const set = this.stored.find(({ name }) => name === select.value);
      const batch = set === undefined ? {} : { batch: fittingBatch(this.run?.description.batch ?? 1, set.count) };
      this.send('cnp-settings', { ...parseField('dataset', select.value), ...batch });
      return;
    }
    select.value = this.datasetName;
    this.opening = true;
    this.failed = false;
    import('../own-data/own-data.js').catch(() => {
      [this.opening, this.failed] = [false, true];
    });
  }

  /** Sets of one's own: the one that is open, and those that lie in this browser as far as somebody has looked. */
  private others(): readonly DatasetName[] {
    const open = isBuiltIn(this.datasetName) ? [] : [this.datasetName];
    return [...new Set([...open, ...this.stored.map(({ name }) => name)])];
  }

  /** Whoever comes near the menu may want one of them. */
  private async look(): Promise<void> {
    const { list } = await import('../own-data/store.js');
    this.stored = await list();
  }

  private onOwnData(event: Event): void {
    event.stopPropagation();
    this.opening = false;
    this.lookOnce();
    this.renderRoot.querySelector('select')?.focus();
  }
}
