import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { styled } from '../components/styled.js';
import type { ModelSpec } from '../builder/api.js';
import type { Language } from '../i18n/languages.js';
import { base } from '../styles/base.js';
import { lessonMessages } from './i18n/index.js';
import { spanOf, type Skip } from './skips.js';

const HEIGHT = 34;

/** The skips of a network as arcs over the bars of its layers: each is a switch. A network without skips is a bare line. */
@customElement('cnl-skips')
export class SkipSwitches extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: block;
        margin-top: var(--space-2);
      }

      .head {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0 var(--space-2);
        min-height: 26px;
        font-size: var(--text-s);
        color: var(--ink-2);
      }

      .count {
        flex: 1;
        white-space: nowrap;
      }

      .row {
        position: relative;
        height: ${HEIGHT + 15}px;
      }

      .row::after {
        content: '';
        position: absolute;
        inset: ${HEIGHT - 1}px 0 auto;
        border-top: 2px solid var(--ink-3);
        opacity: 0.5;
      }

      [role='switch'] {
        position: absolute;
        z-index: 1;
        inset: 0 auto 0 auto;
        appearance: none;
        padding: 0;
        border: 0;
        border-radius: var(--radius-s);
        background: none;
        color: var(--accent);
        cursor: pointer;
      }

      [role='switch']:hover {
        background: var(--accent-soft);
      }

      [aria-checked='false'] {
        color: var(--ink-3);
      }

      svg {
        position: absolute;
        inset: 0 2px auto;
        width: calc(100% - 4px);
        height: ${HEIGHT}px;
        overflow: visible;
      }

      path {
        fill: none;
        stroke: currentcolor;
        stroke-width: 2.5;
        stroke-linecap: round;
        vector-effect: non-scaling-stroke;
      }

      [aria-checked='false'] path {
        stroke-width: 1.5;
        stroke-dasharray: 2 5;
      }

      /* The projection on a short way. */
      .projects::before {
        content: '';
        position: absolute;
        z-index: 1;
        top: 3px;
        left: calc(50% - 4px);
        width: 8px;
        height: 8px;
        border: 2px solid currentcolor;
        border-radius: 2px;
        background: var(--paper);
      }

      .number {
        position: absolute;
        inset: auto 0 0;
        font-size: var(--text-xs);
        line-height: 14px;
        text-align: center;
      }

      [aria-checked='false'] .number {
        text-decoration: line-through;
      }
    `,
  ];

  @property() language: Language = 'en';
  /** As it trains now; absent before there is a run. */
  @property({ attribute: false }) spec: ModelSpec | null = null;
  @property({ attribute: false }) skips: readonly Skip[] = [];
  /** Additions whose skip is off. */
  @property({ attribute: false }) off: readonly string[] = [];
  @property({ attribute: false }) choose: (off: readonly string[]) => void = () => undefined;

  protected override render(): TemplateResult {
    const t = lessonMessages(this.language);
    const { skips, off } = this;
    const all = skips.map(({ add }) => add);
    if (skips.length === 0)
      return html`<p class="head">${t.noSkips}</p>
        <div class="row"></div>`;
    return html`
      <div class="head">
        <span class="count">${t.skipsOn(String(skips.length - off.length), String(skips.length))}</span>
        <button class="button small quiet" ?disabled=${off.length === 0} @click=${() => this.choose([])}>
          ${t.allOn}
        </button>
        <button class="button small quiet" ?disabled=${off.length === all.length} @click=${() => this.choose(all)}>
          ${t.allOff}
        </button>
      </div>
      <div class="row" role="group" aria-label=${t.skips} @keydown=${this.onKey}>
        ${skips.map((skip, at) => this.arc(skip, at))}
      </div>
    `;
  }

  private arc(skip: Skip, at: number): TemplateResult | typeof nothing {
    const { spec, off } = this;
    if (spec === null) return nothing;
    const t = lessonMessages(this.language);
    const isOn = !off.includes(skip.add);
    const { from, to } = spanOf(spec, skip);
    const projects = isOn && skip.projection.length > 0;
    const label = skip.projection.length > 0 ? t.skipProjecting(String(at + 1)) : t.skip(String(at + 1));
    return html`<button
      role="switch"
      class=${projects ? 'projects' : ''}
      aria-checked=${isOn ? 'true' : 'false'}
      aria-label=${label}
      title=${`${label} (${skip.add})`}
      data-skip=${skip.add}
      ${styled({ left: `${from * 100}%`, width: `${(to - from) * 100}%` })}
      @click=${() => this.choose(isOn ? [...off, skip.add] : off.filter((add) => add !== skip.add))}
    >
      <svg viewBox="0 0 100 ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">
        <path d="M2 ${HEIGHT - 2}C2 -3 98 -3 98 ${HEIGHT - 2}"></path>
      </svg>
      <span class="number">${at + 1}</span>
    </button>`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (step === undefined) return;
    const all = [...this.renderRoot.querySelectorAll<HTMLElement>('[role=switch]')];
    all[all.indexOf(event.target as HTMLElement) + step]?.focus();
    event.preventDefault();
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'cnl-skips': SkipSwitches;
  }
}
