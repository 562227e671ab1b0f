import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon } from '../components/icon.js';
import { styled } from '../components/styled.js';
import { base } from '../styles/base.js';
import { CheckElement } from './element.js';
import { shareOf, type Verdict } from './report.js';

/** The running verdict, what starts and stops the run, and the report to copy. */
@customElement('cnp-verdict-panel')
export class VerdictPanel extends CheckElement {
  static override styles = [
    base,
    css`
      :host {
        padding: var(--space-4) var(--space-5);
      }

      .top {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-3) var(--space-5);
      }

      .words {
        flex: 1 1 420px;
        min-width: 0;
      }

      .verdict {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        font-size: 24px;
        line-height: 32px;
        font-weight: 680;
        letter-spacing: -0.015em;
        word-break: keep-all;
      }

      .verdict .icon {
        width: 26px;
        height: 26px;
      }

      .passed .verdict {
        color: var(--accent);
      }

      .failed .verdict {
        color: var(--danger);
      }

      .detail {
        margin-top: 2px;
        color: var(--ink-2);
        line-height: 20px;
        overflow-wrap: anywhere;
        word-break: keep-all;
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
      }

      .button {
        height: 36px;
        padding: 0 14px;
      }

      .primary {
        background: var(--accent);
        border-color: var(--accent);
        color: var(--accent-ink);
        font-weight: 600;
      }

      .primary:hover:not(:disabled) {
        background: var(--accent-strong);
        border-color: var(--accent-strong);
      }

      .bar {
        height: 6px;
        margin-top: var(--space-3);
        border-radius: 3px;
        background: var(--map);
        overflow: hidden;
      }

      .bar i {
        display: block;
        height: 100%;
        border-radius: 3px;
        background: var(--accent);
        transition: width 120ms linear;
      }

      .failed .bar i {
        background: var(--danger);
      }

      .foot {
        display: flex;
        flex-wrap: wrap;
        justify-content: space-between;
        gap: 0 var(--space-4);
        margin-top: 6px;
        font-size: var(--text-s);
      }

      .count {
        color: var(--ink-3);
      }

      details {
        color: var(--ink-2);
      }

      details[open] {
        flex-basis: 100%;
      }

      summary {
        cursor: pointer;
        width: fit-content;
      }

      pre {
        margin: var(--space-2) 0 0;
        padding: var(--space-3);
        max-height: 260px;
        overflow: auto;
        border-radius: var(--radius-m);
        background: var(--sunken);
        color: var(--ink);
        font: var(--text-s) / 1.5 var(--mono);
      }

      @container (max-width: 719px) {
        :host {
          padding: var(--space-3);
        }

        .verdict {
          font-size: 20px;
          line-height: 28px;
        }

        .words {
          flex-basis: 100%;
        }
      }
    `,
  ];

  @property({ attribute: false }) verdict: Verdict | null = null;
  /** The report as text, made when it is asked for. */
  @property({ attribute: false }) report: (() => string) | null = null;
  @property({ type: Boolean }) ready = false;
  @property({ type: Boolean }) running = false;
  @property({ type: Boolean }) starting = false;
  @property({ type: Number }) seconds = 0;
  @state() private copied = false;
  @state() private shown = false;

  protected override render(): TemplateResult | typeof nothing {
    const { t, verdict, running } = this;
    if (verdict === null) return nothing;
    const title = {
      none: t.verdictNone,
      running: t.verdictRunning,
      partial: t.verdictPartial(verdict.done, verdict.all),
      passed: t.verdictPassed,
      failed: t.verdictFailed(verdict.failed),
    }[verdict.kind];
    const mark = { passed: 'proved', failed: 'warning' } as const;
    return html`
      <section class=${verdict.kind} data-verdict=${verdict.kind}>
        <div class="top">
          <div class="words">
            <div aria-live="polite">
              <h2 class="verdict">
                ${verdict.kind in mark ? icon(mark[verdict.kind as keyof typeof mark]) : nothing}
                <span>${title}</span>
              </h2>
            </div>
            <p class="detail">${this.starting ? t.loading : this.detail(verdict)}</p>
          </div>
          <div class="actions">
            ${
              running
                ? html`<button class="button" @click=${() => this.send('check-cancel')}>
                    ${icon('close')} ${t.cancel}
                  </button>`
                : html`<button class="button primary" ?disabled=${!this.ready} @click=${() => this.send('check-run')}>
                    ${icon(verdict.done === 0 ? 'play' : 'reset')} ${verdict.done === 0 ? t.run : t.runAgain}
                  </button>`
            }
            <button class="button" ?disabled=${this.report === null} @click=${this.copy}>
              ${icon(this.copied ? 'check' : 'copy')} ${t.copyReport}
            </button>
          </div>
        </div>
        <div
          class="bar"
          role="progressbar"
          aria-label=${t.progressLabel}
          aria-valuemin="0"
          aria-valuemax=${verdict.all}
          aria-valuenow=${verdict.done}
        >
          <i ${styled({ width: `${(100 * verdict.done) / Math.max(verdict.all, 1)}%` })}></i>
        </div>
        <div class="foot">
          <p class="count number">${t.progress(verdict.done, verdict.all)}</p>
          ${
            this.report === null || verdict.done === 0
              ? nothing
              : html`<details @toggle=${this.onToggle}>
                  <summary>${t.showReport}</summary>
                  ${this.shown ? html`<pre tabindex="0" role="region" aria-label=${t.showReport}>${this.report()}</pre>` : nothing}
                </details>`
          }
        </div>
        <span class="visually-hidden" role="status">${this.copied ? t.copied : ''}</span>
      </section>
    `;
  }

  private detail(verdict: Verdict): string {
    const { t } = this;
    if (verdict.kind === 'none') return t.detailNone(verdict.all);
    const parts = [];
    if (!this.running) parts.push(t.detailDone(verdict.passed, verdict.done, this.seconds.toFixed(1)));
    if (verdict.kind === 'failed') parts.push(t.detailFailed);
    else if (verdict.closest !== null) {
      parts.push(t.detailWorst(verdict.closest.name, shareOf(verdict.closest.result?.worst ?? 0)));
    }
    return parts.join(' ');
  }

  private onToggle(event: Event): void {
    this.shown = (event.target as HTMLDetailsElement).open;
  }

  private copy(): void {
    const text = this.report?.() ?? '';
    navigator.clipboard.writeText(text).then(
      () => {
        this.copied = true;
        setTimeout(() => (this.copied = false), 2000);
      },
      () => {
        // No permission: the text to be selected by hand.
        const details = this.renderRoot.querySelector('details');
        if (details !== null) details.open = true;
      },
    );
  }
}
