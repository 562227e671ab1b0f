import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { AdapterInfo, PlanInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { isKept, type FirstWeights, type Progress } from '../engine/protocol.js';
import * as format from '../lib/format.js';
import { ghostOf, pointsOf, type Measure } from '../lib/ghost.js';
import { History } from '../lib/history.js';
import { MOST_PINNED, type PinnedRun, type PlaygroundState } from '../playground-state.js';
import { defaults, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import type { Ghost } from './curve-chart.js';
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';
import './run-settings.js';

const accuracyText = (value: number): string => format.percent(value);

/** The settings of the run, its curves and what it costs. */
@customElement('cnp-training-panel')
export class TrainingPanel extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--space-4);
        padding: var(--space-3) var(--space-4);
        min-height: 0;
      }

      .charts {
        flex: 1;
        display: flex;
        flex-direction: column;
        gap: var(--space-3);
        min-height: 0;
      }

      cnp-curve-chart {
        flex: 1;
        min-height: 120px;
      }

      .hint {
        justify-content: center;
        text-align: center;
        color: var(--ink-3);
        font-size: var(--text-s);
        border: 1px dashed var(--line);
        border-radius: 8px;
        padding: var(--space-4);
      }

      :host([unsettled]) .charts:not(.hint) {
        min-height: 250px;
      }

      .foot {
        display: grid;
        grid-template-columns: auto 1fr;
        align-items: center;
        gap: 2px var(--space-3);
        padding-top: var(--space-2);
        border-top: 1px solid var(--line);
        font-size: var(--text-s);
        line-height: 18px;
      }

      cnp-more-settings {
        flex: 1;
        min-height: 0;
      }

      .foot dd .button {
        height: 24px;
        padding: 0 4px;
        gap: 4px;
      }

      .foot .icon {
        width: 13px;
        height: 13px;
      }

      .foot dt {
        color: var(--ink-3);
      }

      .foot dd {
        text-align: right;
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
        color: var(--ink-2);
      }

      .foot .whole {
        grid-column: 1 / -1;
        display: flex;
        align-items: center;
        justify-content: space-between;
      }

      .more {
        inset: auto;
        position-area: top span-left;
        max-width: min(340px, 100vw - 24px);
        margin: 4px 0;
        padding: var(--space-2) var(--space-3);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-m);
        background: var(--surface);
        color: var(--ink);
        box-shadow: 0 6px 24px rgb(0 0 0 / 14%);
        font-size: var(--text-s);
        white-space: pre-line;
        text-align: left;
      }

      @supports not (position-area: top) {
        .more {
          inset: auto 12px 12px auto;
        }
      }

      .note {
        color: var(--ink-2);
        font-size: var(--text-s);
        line-height: 18px;
      }

      @container (max-width: 719px) {
        .charts:not(.hint) {
          min-height: 380px;
        }
      }
    `,
  ];

  @property({ attribute: false }) settings: Settings = defaults();
  @property({ attribute: false }) history: History = new History();
  @property({ type: Number }) version = 0;
  /** Runs that are compared with this one. */
  @property({ attribute: false }) pinned: readonly PinnedRun[] = [];
  @property({ attribute: false }) progress: Progress | null = null;
  @property({ attribute: false }) adapter: AdapterInfo | null = null;
  @property({ attribute: false }) plan: PlanInfo | null = null;
  @property({ attribute: false }) locked: ReadonlySet<string> = new Set();
  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) first: FirstWeights | null = null;
  @property({ attribute: false }) measuring: PlaygroundState['measuring'] = null;
  /** Runs are saved in this browser. */
  @property({ type: Boolean }) saves = false;
  /** Without the settings. */
  @property({ type: Boolean }) unsettled = false;

  /** There is room for two runs side by side; they are shown. */
  @property({ type: Boolean }) comparable = false;
  @property({ type: Boolean }) comparing = false;

  @state() private more = false;
  @state() private shownCharts = 0;
  private charting: Promise<void> | null = null;

  protected override render(): TemplateResult {
    const { t, history } = this;
    return html`
      <h2 class="visually-hidden">${t.training}</h2>
      ${
        this.unsettled
          ? nothing
          : html`<cnp-run-settings
              .t=${t}
              .settings=${this.settings}
              .locked=${this.locked}
              .rateNow=${this.progress?.state.learning_rate ?? null}
              ?open=${this.more}
              ?comparing=${this.comparing}
              @more=${this.toggle}
            ></cnp-run-settings>`
      }
      ${
        this.more && !this.unsettled
          ? html`<cnp-more-settings
              .t=${t}
              .settings=${this.settings}
              .locked=${this.locked}
              .run=${this.run}
              .first=${this.first}
              .measuring=${this.measuring}
              .step=${this.progress?.state.step ?? 0}
            ></cnp-more-settings>`
          : this.charts()
      }
      ${this.pinned.length === 0 || this.more ? nothing : this.compared()}
      <dl class="foot number">
        <dt>${t.errors}</dt>
        <dd data-stat="errors">${this.errors()}</dd>
        <dt>${t.gpuMemory}</dt>
        <dd>
          ${this.behind('memory', this.progress === null ? '–' : format.bytes(this.progress.bytes), this.memoryParts())}
        </dd>
        <dt>${t.adapter}</dt>
        <dd>
          ${this.behind('gpu', this.adapter === null ? '–' : this.adapterName(this.adapter), this.adapter?.description ?? '')}
        </dd>
        <div class="whole">
          <dt>${t.compare}</dt>
          <dd>
            <button
              class="button small quiet"
              ?disabled=${history.last === null || this.pinned.length >= MOST_PINNED}
              title=${t.pinHint}
              @click=${() => this.send('cnp-pin')}
            >
              ${icon('pin')} ${t.pin}
            </button>
            ${
              this.comparable
                ? html`<button
                    class="button small quiet beside"
                    ?disabled=${this.comparing || (history.last === null && this.pinned.length === 0)}
                    title=${t.besideHint}
                    @click=${() => this.send('cnp-compare', 'open')}
                  >
                    ${icon('columns')} ${t.beside}
                  </button>`
                : nothing
            }
          </dd>
        </div>
        <div class="whole">
          <dt>${t.saveHistory}</dt>
          <dd>
            ${(['csv', 'json'] as const).map(
              (kind) =>
                html`<button
                  class="button small quiet"
                  ?disabled=${history.last === null}
                  @click=${() => void this.save(kind)}
                >
                  ${icon('save')} ${kind.toUpperCase()}
                </button>`,
            )}
            ${
              this.saves
                ? html`<button class="button small quiet saved" @click=${() => this.send('cnp-saved', true)}>
                    ${icon('saved')} ${t.savedRuns}
                  </button>`
                : nothing
            }
          </dd>
        </div>
        ${
          this.unsettled
            ? nothing
            : html`<div class="whole">
                <dt>${t.weights}</dt>
                <dd>
                  <button
                    class="button small quiet weights"
                    ?disabled=${this.run === null}
                    @click=${() => void this.showWeights()}
                  >
                    ${icon('file')} ${t.openWeights}
                  </button>
                </dd>
              </div>`
        }
      </dl>
      ${
        this.plan === null || history.last === null || isKept(this.plan)
          ? nothing
          : html`<p class="note">${t.tooLargeToKeep}</p>`
      }
    `;
  }

  /** Beside the two runs, the settings take the place of the curves: one of them is to be changed. */
  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('comparing') && this.comparing !== this.more) this.toggle();
  }

  /** Back to where the two runs were asked for. */
  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('.beside')?.focus();
  }

  protected override updated(): void {
    if (this.history.last !== null || this.pinned.length > 0) this.charting ??= this.bringCharts();
  }

  /** There is no curve before there is a step: the charts do not count among what a visitor waits for. Each is made in a task
   * of its own, so that none is long. */
  private async bringCharts(): Promise<void> {
    const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));
    await import('./curve-chart.js');
    this.shownCharts = 1;
    await pause();
    this.shownCharts = 2;
  }

  private charts(): TemplateResult {
    const { t, history, version } = this;
    if (history.last === null && this.pinned.length === 0) return html`<p class="charts hint">${t.curvesHint}</p>`;
    const ghosts = (measure: Measure): Ghost[] => this.pinned.map((run) => ghostOf(run, measure));
    return html`
      <div class="charts">
        ${
          this.shownCharts > 0
            ? html`<cnp-curve-chart
                .t=${t}
                .name=${t.loss}
                .curve=${history.loss}
                .validation=${pointsOf(history, 'loss')}
                .ghosts=${ghosts('loss')}
                .rates=${history.rates}
                .version=${version}
                .valueText=${format.loss}
              ></cnp-curve-chart>`
            : nothing
        }
        ${
          this.shownCharts > 1
            ? html`<cnp-curve-chart
                .t=${t}
                .name=${t.accuracy}
                .curve=${history.accuracy}
                .validation=${pointsOf(history, 'accuracy')}
                .ghosts=${ghosts('accuracy')}
                .rates=${history.rates}
                .version=${version}
                .range=${RANGE}
                .valueText=${accuracyText}
              ></cnp-curve-chart>`
            : nothing
        }
      </div>
    `;
  }

  private compared(): TemplateResult {
    void import('../runs/compare-table.js');
    return html`<cnp-compare-table
      .t=${this.t}
      .pinned=${this.pinned}
      .settings=${this.settings}
      .history=${this.history}
      .version=${this.version}
    ></cnp-compare-table>`;
  }

  /** Of the validation pictures, at the last epoch's end. */
  private errors(): string {
    const last = this.history.validation.at(-1)?.evaluation;
    if (last === undefined) return '–';
    // Among five classes the true one always is.
    const isFew = (this.run?.description.dataset.classes.length ?? 0) <= 5;
    return `${format.percent(last.error)} · ${isFew ? '–' : format.percent(last.top5_error)}`;
  }

  private toggle(): void {
    this.more = !this.more;
    if (this.more) void import('./more-settings.js');
  }

  /** They stand last among the settings. */
  private async showWeights(): Promise<void> {
    this.more = true;
    await import('./more-settings.js');
    await this.updateComplete;
    await this.renderRoot.querySelector('cnp-more-settings')?.showWeights();
  }

  private async save(kind: 'csv' | 'json'): Promise<void> {
    const { saveHistory } = await import('../lib/export.js');
    saveHistory(kind, this.history, this.settings, this.pinned);
  }

  /** What stands behind a figure, for who presses it. */
  private behind(id: string, text: string, more: string): TemplateResult | string {
    if (more === '') return text;
    return html`<button class="button small quiet" popovertarget=${id}>${text} ${icon('info')}</button>
      <div class="more" id=${id} popover>${more}</div>`;
  }

  private adapterName(adapter: AdapterInfo): string {
    const words = [adapter.vendor, adapter.architecture || adapter.device].filter(Boolean);
    return words.length > 0 ? words.join(' · ') : adapter.description || '–';
  }

  private memoryParts(): string {
    const { plan, t } = this;
    if (plan === null) return '';
    return (Object.keys(t.memoryParts) as (keyof PlanInfo['bytes'])[])
      .map((part) => `${t.memoryParts[part]} ${format.bytes(plan.bytes[part])}`)
      .join('\n');
  }
}

const RANGE = [0, 1] as const;
