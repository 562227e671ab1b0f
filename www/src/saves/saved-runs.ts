import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import trash from 'lucide-static/icons/trash-2.svg?raw';
import { PlaygroundElement } from '../components/element.js';
import { drawn, icon } from '../components/icon.js';
import { datasetTitle } from '../lib/dataset-title.js';
import * as format from '../lib/format.js';
import { settingName, settingsDiff, settingValue } from '../runs/diff.js';
import { defaults, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { asking, focusOn } from './asking.js';
import { savesMessages, type SavesMessages } from './i18n/index.js';
import { ago, modelOf, ranAway, sparkline, whole } from './offer-text.js';
import './resume-banner.js';
import type { Offer } from './saved.js';
import { savedStyles } from './saved-styles.js';

const BOX = { width: 84, height: 34 };
const TRASH = drawn(trash);
const ALL = 'all';

/** Runs that are saved in this browser: the one that is offered to somebody who has just come, and a list of all of them. */
@customElement('cnp-saved-runs')
export class SavedRuns extends PlaygroundElement {
  static override styles = [base, savedStyles];

  @property({ attribute: false }) runs: readonly Offer[] = [];
  @property({ attribute: false }) settings: Settings = defaults();
  /** One of them is offered. */
  @property({ type: Boolean }) offering = false;
  /** The list is open. */
  @property({ type: Boolean }) listing = false;

  /** The run of which it is asked whether it shall be deleted; or whether all shall. */
  @state() private asks = '';
  @query('dialog') private readonly dialog!: HTMLDialogElement | null;

  protected override render(): TemplateResult {
    const { t, runs, settings } = this;
    return html`
      ${
        this.offering
          ? html`<cnp-resume-banner .t=${t} .runs=${runs} .settings=${settings}></cnp-resume-banner>`
          : nothing
      }
      ${this.listing ? this.list(savesMessages(t)) : nothing}
    `;
  }

  protected override updated(changed: PropertyValues): void {
    const { dialog } = this;
    if (dialog === null) return;
    if (!dialog.open) dialog.showModal();
    const before = changed.get('asks') as string | undefined;
    if (before !== undefined) focusOn(this.asks || before, this.shadowRoot);
    // What was deleted took the focus with it.
    if (changed.has('runs') && this.shadowRoot?.activeElement === null) dialog.querySelector('button')?.focus();
  }

  private list(s: SavesMessages): TemplateResult {
    const { runs } = this;
    return html`
      <dialog aria-labelledby="title" @close=${this.onClose} @click=${this.onBackdrop}>
        <header>
          <h2 id="title">${s.title}</h2>
          <button
            class="button square quiet"
            aria-label=${this.t.dismiss}
            title=${this.t.dismiss}
            @click=${() => this.dialog?.close()}
          >
            ${icon('close')}
          </button>
        </header>
        <p class="about">${runs.length === 0 ? s.none : s.about}</p>
        ${
          runs.length === 0
            ? nothing
            : html`<ul>
                  ${runs.map((run) => this.entry(s, run))}
                </ul>
                ${runs.length < 2 ? nothing : html`<footer>${this.deletion(s)}</footer>`}`
        }
      </dialog>
    `;
  }

  private entry(s: SavesMessages, run: Offer): TemplateResult {
    const { t } = this;
    const [model, step] = [modelOf(run, t), whole(run.step)];
    const named: readonly string[] = ['model', 'net', 'dataset'];
    const others = settingsDiff(this.settings, run.settings).filter(({ name }) => !named.includes(name));
    const differences = others.map(({ name, before, after }) => {
      return s.differs(settingName(name, t), settingValue(name, after, t), settingValue(name, before, t));
    });
    return html`<li data-step=${run.step}>
      ${this.curve(s, run.curve)}
      <div>
        <div class="name">
          ${model}
          <small>· ${datasetTitle(run.settings.dataset, t)}</small>
          ${ranAway(run) ? html`<em class="away">${s.away}</em>` : nothing}
        </div>
        <div class="facts number">
          ${s.at(step, whole(run.epoch))} ·
          ${run.best === null ? s.noEpoch : html`<b>${s.best(format.percent(run.best))}</b>`} · ${ago(run.saved, t)}
        </div>
        <div class="settings number ${differences.length === 0 ? '' : 'other'}">
          ${differences.length === 0 ? s.same : differences.map((one) => html`<span>${one}</span> `)}
        </div>
      </div>
      <div class="actions">${this.asks === run.id ? this.question(s, run) : this.choices(s, run)}</div>
    </li>`;
  }

  private choices(s: SavesMessages, run: Offer): TemplateResult {
    const [model, step] = [modelOf(run, this.t), whole(run.step)];
    return html`<button class="button" aria-label=${s.goLabel(model, step)} @click=${() => this.resume(run.id)}>
        ${s.go}
      </button>
      <button
        class="button square quiet"
        aria-label=${s.remove(model, step)}
        title=${s.remove(model, step)}
        data-asks=${run.id}
        @click=${() => (this.asks = run.id)}
      >
        ${TRASH}
      </button>`;
  }

  private question(s: SavesMessages, { id }: Offer): TemplateResult {
    return asking(s, { id, text: s.sureOne, keep: this.keep, remove: () => this.erase([id]) });
  }

  private readonly keep = (): void => {
    this.asks = '';
  };

  /** A line of one step alone would not be seen. */
  private curve(s: SavesMessages, curve: readonly number[]): TemplateResult {
    const points = sparkline(curve.length === 1 ? [...curve, ...curve] : curve, BOX);
    const said = s.curve(format.loss(curve[0] ?? NaN), format.loss(curve.at(-1) ?? NaN));
    return html`<svg class="curve" viewBox="0 -1 84 36" preserveAspectRatio="none" role="img" aria-label=${said}>
      ${svg`<title>${said}</title><path class="foot" d="M0 34.5H84" vector-effect="non-scaling-stroke"></path>
        <polyline points=${points} vector-effect="non-scaling-stroke"></polyline>`}
    </svg>`;
  }

  private deletion(s: SavesMessages): TemplateResult {
    const count = whole(this.runs.length);
    if (this.asks !== ALL) {
      return html`<button class="button small quiet" data-asks=${ALL} @click=${() => (this.asks = ALL)}>
        ${TRASH} ${s.removeAll(count)}
      </button>`;
    }
    const ids = this.runs.map(({ id }) => id);
    return asking(s, { id: ALL, text: s.sure(count), keep: this.keep, remove: () => this.erase(ids) });
  }

  private erase(ids: readonly string[]): void {
    this.asks = '';
    this.send('cnp-discard', ids);
  }

  private resume(id: string): void {
    this.send('cnp-resume', id);
    this.dialog?.close();
  }

  private onClose(): void {
    this.asks = '';
    this.send('cnp-saved', false);
  }

  private onBackdrop(event: MouseEvent): void {
    if (event.target === this.dialog) this.dialog?.close();
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnp-saved-runs': SavedRuns;
  }
}
