import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import { icon } from '../components/icon.js';
import type { Messages } from '../i18n/index.js';
import * as format from '../lib/format.js';
import { History } from '../lib/history.js';
import type { PinnedRun } from '../playground-state.js';
import { defaults, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { differing, settingName, settingValue } from './diff.js';
import { runsMessages } from './i18n/index.js';

/** The runs whose curves are drawn, with what differs between them and how far each has come. */
@customElement('cnp-compare-table')
export class CompareTable extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        flex: none;
        max-height: 108px;
        overflow: auto;
        scrollbar-width: thin;
      }

      table {
        width: 100%;
        border-collapse: collapse;
        font-size: var(--text-s);
        line-height: 16px;
      }

      th,
      td {
        padding: 2px 0 2px var(--space-2);
        text-align: right;
        font-weight: 400;
        vertical-align: top;
      }

      thead th {
        color: var(--ink-3);
        white-space: nowrap;
      }

      th:first-child {
        width: 100%;
        padding-left: 0;
        text-align: left;
      }

      tbody th {
        display: flex;
        gap: 6px;
        min-width: 108px;
      }

      /* As the charts draw them. */
      i {
        flex: none;
        width: 14px;
        margin-top: 8px;
        border-top: 2px solid var(--accent);
      }

      i[data-slot] {
        border-top-style: dashed;
      }

      i[data-slot='1'] {
        border-color: var(--ghost-1);
      }

      i[data-slot='2'] {
        border-color: var(--ghost-2);
      }

      i[data-slot='3'] {
        border-color: var(--ghost-3);
      }

      mark {
        background: var(--accent-soft);
        color: var(--accent-strong);
        border-radius: 3px;
        padding: 0 3px;
        font-weight: 600;
      }

      .button.small {
        height: 18px;
        width: 18px;
        padding: 0;
      }

      .button .icon {
        width: 13px;
        height: 13px;
      }
    `,
  ];

  @property({ attribute: false }) pinned: readonly PinnedRun[] = [];
  @property({ attribute: false }) settings: Settings = defaults();
  @property({ attribute: false }) history: History = new History();
  /** Grows with the history. */
  @property({ type: Number }) version = 0;

  protected override render(): TemplateResult {
    const t = runsMessages(this.t);
    const names = differing([this.settings, ...this.pinned.map(({ settings }) => settings)]);
    return html`
      <table class="number">
        <caption class="visually-hidden">
          ${t.title}
        </caption>
        <thead>
          <tr>
            <th scope="col">${t.run}</th>
            <th scope="col">${t.epoch}</th>
            <th scope="col">${t.loss}</th>
            <th scope="col">${t.accuracy}</th>
            <td></td>
          </tr>
        </thead>
        <tbody>
          ${this.row(names, this.settings, this.history, null)}
          ${this.pinned.map((run) => this.row(names, run.settings, run.history, run))}
        </tbody>
      </table>
    `;
  }

  private row(
    names: readonly (keyof Settings)[],
    settings: Settings,
    history: History,
    run: PinnedRun | null,
  ): TemplateResult {
    const t = runsMessages(this.t);
    const what = names.map((name) => worth(name, settings, this.t));
    const said = what.length === 0 ? t.same : what.join(', ');
    const last = history.validation.at(-1);
    return html`<tr>
      <th scope="row">
        <i data-slot=${run?.slot ?? nothing}></i>
        <span>${run === null ? html`${t.now}${what.length === 0 ? nothing : html` <mark>${said}</mark>`}` : said}</span>
      </th>
      <td>${last?.epoch ?? '–'}</td>
      <td>${last === undefined ? '–' : format.loss(last.evaluation.loss)}</td>
      <td>${last === undefined ? '–' : format.percent(last.evaluation.accuracy)}</td>
      <td>
        ${
          run === null
            ? nothing
            : html`<button
                class="button small quiet"
                aria-label=${t.remove(said)}
                title=${t.remove(said)}
                @click=${() => this.send('cnp-unpin', run.slot)}
              >
                ${icon('close')}
              </button>`
        }
      </td>
    </tr>`;
  }
}

/** A number needs its name, an optimiser or a data set says itself what it is. */
function worth(name: keyof Settings, settings: Settings, t: Messages): string {
  const value = settingValue(name, settings, t);
  return ['model', 'net', 'dataset', 'optimizer', 'schedule'].includes(name)
    ? value
    : `${settingName(name, t)} ${value}`;
}
