import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { normBars, type Decades, type Norm } from '../lib/norm-bars.js';
import { base } from '../styles/base.js';

const SIZE = { width: 480, height: 120 };

/** Norms of all layers as bars. Each says whose it is: to who points at it or taps it, and by the arrow keys. */
@customElement('cnp-norm-chart')
export class NormChart extends LitElement {
  static override styles = [
    base,
    css`
      .chart {
        height: var(--bars, 120px);
        margin: 4px 0;
        border-bottom: 1px solid var(--line-strong);
        touch-action: pan-y;
        cursor: crosshair;
      }

      svg {
        display: block;
        width: 100%;
        height: 100%;
      }

      rect {
        fill: var(--bar, color-mix(in srgb, var(--accent) 45%, var(--paper)));
      }

      rect.meant {
        fill: var(--accent-strong);
      }

      rect.at {
        fill: var(--ink);
      }

      p {
        display: flex;
        justify-content: space-between;
        gap: var(--space-2);
        min-height: 16px;
        font-size: var(--text-s);
        line-height: 16px;
        color: var(--ink-2);
      }

      p b {
        color: var(--ink);
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      /* Of the same colour as its bar. */
      .meant::before {
        content: '';
        display: inline-block;
        width: 8px;
        height: 8px;
        margin-right: 5px;
        border-radius: 2px;
        background: var(--accent-strong);
      }
    `,
  ];

  @property({ attribute: false }) norms: readonly Norm[] = [];
  @property({ attribute: false }) decades: Decades = [0, 1];
  /** Those that are talked of stand out. */
  @property({ attribute: false }) meant: readonly (Norm | undefined)[] = [];
  /** What the bars are. */
  @property() label = '';
  /** How to come by a bar's name. */
  @property() hint = '';

  @state() private at: number | null = null;

  protected override willUpdate(): void {
    if (this.at !== null && this.at >= this.norms.length) this.at = null;
  }

  protected override render(): TemplateResult {
    const { norms, at } = this;
    const bars = html`<svg
      class="bars"
      viewBox="0 0 ${SIZE.width} ${SIZE.height}"
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      ${normBars(norms, this.decades, SIZE, this.meant, at ?? -1)}
    </svg>`;
    if (norms.length === 0) return html`<div class="chart">${bars}</div>`;
    return html`
      <div
        class="chart"
        role="slider"
        tabindex="0"
        aria-readonly="true"
        aria-label=${this.label}
        aria-valuemin="1"
        aria-valuemax=${norms.length}
        aria-valuenow=${(at ?? 0) + 1}
        aria-valuetext=${this.said(norms[at ?? 0])}
        @focus=${() => (this.at ??= 0)}
        @blur=${() => (this.at = null)}
        @keydown=${this.onKey}
        @pointerdown=${this.onPoint}
        @pointermove=${this.onPoint}
        @pointerleave=${this.onLeave}
      >
        ${bars}
      </div>
      <p class="number">
        ${at === null ? this.ends() : html`<b>${this.said(norms[at])}</b><span>${at + 1} / ${norms.length}</span>`}
      </p>
    `;
  }

  /** The most important ones in sight, and how to see the others'. */
  private ends(): TemplateResult | typeof nothing {
    const [first, last] = this.meant;
    if (first === undefined || last === undefined) return html`<span>${this.hint}</span>`;
    return html`<span class="meant">${first.layer}</span><span>${this.hint}</span
      ><span class="meant">${last.layer}</span>`;
  }

  private said(norm: Norm | undefined): string {
    return norm === undefined ? '' : `${norm.layer ?? ''}: ${norm.gradient.toPrecision(2)}`;
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    const last = this.norms.length - 1;
    const at = this.at ?? 0;
    const to = {
      ArrowRight: at + 1,
      ArrowUp: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at - 1,
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.at = Math.min(last, Math.max(0, to));
  };

  private readonly onPoint = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    const at = Math.floor(((event.clientX - left) / width) * this.norms.length);
    this.at = Math.min(this.norms.length - 1, Math.max(0, at));
  };

  /** A finger that is lifted leaves the name. */
  private readonly onLeave = (event: PointerEvent): void => {
    if (event.pointerType === 'mouse') this.at = null;
  };
}

declare global {
  interface HTMLElementTagNameMap {
    'cnp-norm-chart': NormChart;
  }
}
