import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../components/curve-chart.js';
import { PlaygroundElement } from '../components/element.js';
import '../components/norm-chart.js';
import { icon } from '../components/icon.js';
import type { LayerNorms } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { Asking } from '../lib/asking.js';
import * as format from '../lib/format.js';
import { ghostOf, pointsOf } from '../lib/ghost.js';
import { History } from '../lib/history.js';
import { decadesOf, type Decades } from '../lib/norm-bars.js';
import { MOST_PINNED, type PinnedRun, type PlaygroundState } from '../playground-state.js';
import { defaults, FIELD_NAMES, FIELDS, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { column } from '../styles/panel.js';
import './compare-maps.js';
import { compareStyles } from './compare-styles.js';
import { settingName, settingsDiff, settingValue, worded } from './diff.js';
import { runsMessages, type RunsMessages } from './i18n/index.js';
import { results, type Result } from './results.js';

const RANGE = [0, 1] as const;

/** Two runs side by side: A, which is kept, and B, the present one. Their curves on the same axes, their settings with what was
 * changed, what came of it, and the gradients of their layers on the same scale. */
@customElement('cnp-compare-view')
export class CompareView extends PlaygroundElement {
  static override styles = [base, column, compareStyles];

  @property({ attribute: false }) pinned: readonly PinnedRun[] = [];
  @property({ attribute: false }) settings: Settings = defaults();
  @property({ attribute: false }) history: History = new History();
  /** Grows with the history. */
  @property({ type: Number }) version = 0;
  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ type: Number }) step = 0;
  /** All of B, for what looks inside. */
  @property({ attribute: false }) view: PlaygroundState | null = null;

  /** The reader's choice of A; else the run that was kept last. */
  @state() private chosen: number | null = null;
  @state() private norms: readonly LayerNorms[] = [];

  private readonly asking = new Asking(this, () => this.ask());

  private get other(): PinnedRun | undefined {
    return this.pinned.find(({ slot }) => slot === this.chosen) ?? this.pinned.at(-1);
  }

  protected override firstUpdated(): void {
    // On a small screen it is far from the button that opened it.
    this.renderRoot.querySelector('h2')?.focus();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('run') || (changed.has('step') && this.step === 0)) this.norms = [];
    if (changed.has('step') && this.step > 0) this.asking.soon();
  }

  private async ask(): Promise<void> {
    const { run, step } = this;
    const first = run?.description.network.layers[0];
    if (run === null || first === undefined || step === 0) return;
    try {
      const { norms } = await run.learning(first.name, null);
      if (run === this.run && this.step > 0) this.norms = norms;
    } catch {
      // The run was closed meanwhile.
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const a = this.other;
    if (a === undefined) return nothing;
    const t = runsMessages(this.t);
    return html`
      <header>
        <h2 class="panel-title" tabindex="-1">${t.beside}</h2>
        ${this.pinned.length < 2 ? nothing : this.choice(t, a)}
        <button
          class="button small"
          title=${t.nextHint}
          ?disabled=${this.history.last === null || this.pinned.length >= MOST_PINNED}
          @click=${() => {
            this.chosen = null;
            this.send('cnp-compare', 'next');
          }}
        >
          ${icon('pin')} ${t.next}
        </button>
        <button class="button small" @click=${() => this.send('cnp-compare', 'close')}>
          ${icon('back')} ${t.back}
        </button>
      </header>
      <div class="body">
        ${this.verdict(t, a)}
        <div class="charts">${(['loss', 'accuracy'] as const).map((measure) => this.chart(a, measure))}</div>
        ${this.table(t, a)}
        <h3>${t.norms} <small>${t.normsScale}</small></h3>
        ${this.gradients(t, a)}
        <cnp-compare-maps .t=${this.t} .a=${a} .view=${this.view}></cnp-compare-maps>
      </div>
    `;
  }

  private choice(t: RunsMessages, { slot }: PinnedRun): TemplateResult {
    return html`<select
      class="field"
      aria-label=${t.other}
      @change=${(event: Event) => (this.chosen = Number((event.target as HTMLSelectElement).value))}
    >
      ${this.pinned.map(
        (run) => html`<option value=${run.slot} ?selected=${run.slot === slot}>A: ${this.aboutRun(run)}</option>`,
      )}
    </select>`;
  }

  /** What sets a kept run off from the present one. */
  private aboutRun({ settings }: PinnedRun): string {
    const differences = settingsDiff(settings, this.settings);
    const { t } = this;
    return (
      differences.map(({ name, before }) => `${settingName(name, t)} ${settingValue(name, before, t)}`).join(', ') ||
      runsMessages(t).same
    );
  }

  private verdict(t: RunsMessages, { settings, history }: PinnedRun): TemplateResult {
    const differences = settingsDiff(settings, this.settings);
    const [first, ...more] = differences;
    const moved = [...(history.rates.length > 0 ? ['A'] : []), ...(this.history.rates.length > 0 ? ['B'] : [])];
    const said =
      moved.length > 0
        ? t.rateMoved(moved.join(', '))
        : first === undefined
          ? t.alike
          : more.length > 0
            ? t.moreDiffer(String(differences.length))
            : html`<b>${worded(first, this.t)}</b> · ${t.oneDiffers}`;
    const isOne = moved.length === 0 && differences.length === 1;
    return html`<p class="verdict ${isOne ? 'one' : ''}" role="status">${said}</p>`;
  }

  private chart(a: PinnedRun, measure: 'loss' | 'accuracy'): TemplateResult {
    const { history } = this;
    return html`<cnp-curve-chart
      .t=${this.t}
      .name=${measure === 'loss' ? this.t.loss : this.t.accuracy}
      .curve=${history[measure]}
      .validation=${pointsOf(history, measure)}
      .ghosts=${[ghostOf(a, measure)]}
      .rates=${[...a.history.rates.map((one) => ({ ...one, run: 'A' })), ...history.rates.map((one) => ({ ...one, run: 'B' }))]}
      .version=${this.version}
      .range=${measure === 'loss' ? null : RANGE}
      .valueText=${measure === 'loss' ? format.loss : (value: number) => format.percent(value)}
    ></cnp-curve-chart>`;
  }

  private table(t: RunsMessages, a: PinnedRun): TemplateResult {
    const changed = settingsDiff(a.settings, this.settings).map(({ name }) => name);
    const besides = (name: string): boolean => name !== 'model' || !changed.includes('net');
    const names = FIELD_NAMES.filter(
      (name) => (FIELDS[name].part === 'run' && besides(name)) || changed.includes(name),
    );
    return html`<table class="number">
      <caption class="visually-hidden">
        ${t.beside}
      </caption>
      <colgroup>
        <col class="name" />
        <col />
        <col />
        <col class="last" />
      </colgroup>
      <thead>
        <tr>
          <th scope="col">${t.setting}</th>
          <th scope="col"><i data-slot=${a.slot}></i> A <small>${t.kept}</small></th>
          <th scope="col"><i></i> B <small>${t.present}</small></th>
          <th scope="col">${t.difference}</th>
        </tr>
      </thead>
      <tbody>
        ${names.map((name) => this.setting(name, a, changed.includes(name) ? t.changed : ''))}
      </tbody>
      <tbody>
        <tr>
          <th colspan="4" scope="rowgroup">${t.result}</th>
        </tr>
        ${results(a.history, this.history, t).map((result) => this.result(result))}
      </tbody>
    </table>`;
  }

  private setting(name: keyof Settings, { settings, history }: PinnedRun, changed: string): TemplateResult {
    // A rate that was changed in mid-run is all that it has been.
    const value = (of: Settings, { rates }: History): string =>
      name === 'lr' && rates[0] !== undefined
        ? [rates[0].from, ...rates.map(({ rate }) => rate)].map(format.rate).join(' → ')
        : settingValue(name, of, this.t);
    return html`<tr data-setting=${name} class=${changed === '' ? nothing : 'changed'}>
      <th scope="row">${settingName(name, this.t)}</th>
      <td>${value(settings, history)}</td>
      <td>${value(this.settings, this.history)}</td>
      <td>${changed === '' ? nothing : html`<mark>${changed}</mark>`}</td>
    </tr>`;
  }

  private result({ id, name, a, b, difference }: Result): TemplateResult {
    return html`<tr data-result=${id}>
      <th scope="row">${name}</th>
      <td>${a}</td>
      <td>${b}</td>
      <td class="difference">${difference}</td>
    </tr>`;
  }

  private gradients(t: RunsMessages, { slot, norms }: PinnedRun): TemplateResult {
    const decades = decadesOf([...(norms ?? []), ...this.norms]);
    return html`<div class="sides">
      ${this.bars(t, 'A', slot, norms ?? [], decades)} ${this.bars(t, 'B', null, this.norms, decades)}
    </div>`;
  }

  private bars(
    t: RunsMessages,
    name: string,
    slot: number | null,
    norms: readonly LayerNorms[],
    decades: Decades,
  ): TemplateResult {
    const text = (norm: LayerNorms | undefined): string => norm?.gradient.toPrecision(2) ?? '';
    const about = norms.length === 0 ? t.normsEmpty : t.normsOf(text(norms[0]), text(norms.at(-1)));
    return html`<figure class="number" data-norms=${name} data-slot=${slot ?? nothing}>
      <figcaption>${name}: ${about}</figcaption>
      <cnp-norm-chart
        .norms=${norms}
        .decades=${decades}
        .label=${`${t.norms}, ${name}`}
        .hint=${t.normsHint}
      ></cnp-norm-chart>
    </figure>`;
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnp-compare-view': CompareView;
  }
}
