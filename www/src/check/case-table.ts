import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon } from '../components/icon.js';
import { styled } from '../components/styled.js';
import { base } from '../styles/base.js';
import { failuresFirst } from './cases.js';
import { CheckElement } from './element.js';
import type { CaseRow } from './protocol.js';
import { scientific, shareOf } from './report.js';
import { tables } from './table-styles.js';

/** Every reference case with what came of it; takes the visitor's own files. */
@customElement('cnp-case-table')
export class CaseTable extends CheckElement {
  static override styles = [
    base,
    tables,
    css`
      :host {
        display: flex;
        flex-direction: column;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-1) var(--space-3);
        padding: var(--space-3) var(--space-4) var(--space-2);
      }

      header .switch {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        margin-left: auto;
        font-size: var(--text-s);
        color: var(--ink-2);
        min-height: 26px;
      }

      input[type='checkbox'] {
        margin: 0;
        accent-color: var(--accent);
        width: 15px;
        height: 15px;
      }

      :host([dragging]) {
        outline: 2px dashed var(--accent);
        outline-offset: -4px;
      }

      .hint {
        flex-basis: 100%;
        font-size: var(--text-s);
        color: var(--ink-3);
      }

      .own {
        margin-left: 6px;
        padding: 0 5px;
        border-radius: 4px;
        background: var(--accent-soft);
        color: var(--accent-strong);
        font-size: var(--text-xs);
        white-space: nowrap;
      }

      @container (max-width: 719px) {
        .optional {
          display: none;
        }

        header {
          padding: var(--space-3) var(--space-3) var(--space-2);
        }

        td:first-child,
        th:first-child {
          padding-left: var(--space-3);
        }

        .scroll {
          max-height: 70vh;
        }
      }
    `,
  ];

  @property({ attribute: false }) rows: readonly CaseRow[] = [];
  @property({ type: Boolean }) ready = false;
  @state() private failuresFirst = false;

  constructor() {
    super();
    this.addEventListener('dragover', (event) => {
      event.preventDefault();
      this.toggleAttribute('dragging', true);
    });
    this.addEventListener('dragleave', () => this.toggleAttribute('dragging', false));
    this.addEventListener('drop', (event) => {
      event.preventDefault();
      this.toggleAttribute('dragging', false);
      this.take(event.dataTransfer?.files);
    });
  }

  protected override render(): TemplateResult {
    const { t } = this;
    const rows = this.failuresFirst ? failuresFirst(this.rows) : this.rows;
    return html`
      <header>
        <h2 class="panel-title">${t.cases}</h2>
        <label class="switch">
          <input
            type="checkbox"
            .checked=${this.failuresFirst}
            @change=${(event: Event) => (this.failuresFirst = (event.target as HTMLInputElement).checked)}
          />
          ${t.failuresFirst}
        </label>
        <button class="button small" ?disabled=${!this.ready} @click=${this.choose}>
          ${icon('file')} ${t.addFiles}
        </button>
        <input
          id="files"
          type="file"
          hidden
          multiple
          accept=".safetensors,.json"
          aria-label=${t.addFiles}
          @change=${this.onFiles}
        />
        <p class="hint optional">${t.dropHint}</p>
      </header>
      <div class="scroll" role="region" tabindex="0" aria-label=${t.casesLabel}>
        <table>
          <thead>
            <tr>
              <th scope="col" class="optional">${t.op}</th>
              <th scope="col">${t.case}</th>
              <th scope="col" class="right optional">${t.worstError}</th>
              <th scope="col" class="right optional">${t.tolerance}</th>
              <th scope="col" class="right">${t.share}</th>
              <th scope="col" class="right optional">${t.time}</th>
              <th scope="col">${t.result}</th>
            </tr>
          </thead>
          <tbody>
            ${rows.map((row) => this.row(row))}
          </tbody>
        </table>
      </div>
    `;
  }

  private row(row: CaseRow): TemplateResult {
    const { t } = this;
    const { name, op, own, status, result } = row;
    // A file that could not be compared has no numbers.
    const numbers = result !== null && result.worst_at !== '' ? result : null;
    const width = numbers === null ? 0 : Math.min(100, numbers.worst * 100);
    return html`<tr class=${status} data-case=${name}>
      <td class="optional">${op}</td>
      <td class="name">
        ${breakable(name)}${own ? html`<span class="own">${t.ownFile}</span>` : nothing}
        ${status === 'failed' ? html`<span class="words">${result?.message}</span>` : nothing}
      </td>
      <td class="right optional">${numbers === null ? '' : scientific(numbers.error)}</td>
      <td class="right optional">${numbers === null ? '' : scientific(numbers.tolerance)}</td>
      <td class="right">
        ${
          numbers === null
            ? nothing
            : html`${shareOf(numbers.worst)}<span class="meter optional"
                  ><i ${styled({ width: `${width}%` })}></i
                ></span>`
        }
      </td>
      <td class="right optional">${result === null ? '' : t.milliseconds(result.milliseconds.toFixed(0))}</td>
      <td>${this.result(status)}</td>
    </tr>`;
  }

  private result(status: CaseRow['status']): TemplateResult {
    const { t } = this;
    switch (status) {
      case 'passed':
        return html`<span class="result pass">${icon('check')} ${t.passed}</span>`;
      case 'failed':
        return html`<span class="result fail">${icon('close')} ${t.failed}</span>`;
      default:
        return html`<span class="result pending">${status === 'running' ? t.running : t.waiting}</span>`;
    }
  }

  private choose(): void {
    this.renderRoot.querySelector<HTMLInputElement>('#files')?.click();
  }

  private onFiles(event: Event): void {
    const input = event.target as HTMLInputElement;
    this.take(input.files);
    // The same file may be chosen again.
    input.value = '';
  }

  private take(files: FileList | null | undefined): void {
    if (this.ready && files != null && files.length > 0) this.send('check-files', [...files]);
  }
}

/** A name that may be broken after each of its words. */
function breakable(name: string): (TemplateResult | string)[] {
  return name.split('_').map((word, at) => (at === 0 ? word : html`_<wbr />${word}`));
}
