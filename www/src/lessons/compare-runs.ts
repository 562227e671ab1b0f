import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import '../components/cnn-playground.js';
import type { CnnPlayground } from '../components/cnn-playground.js';
import { icon } from '../components/icon.js';
import type { ModelSpec } from '../builder/api.js';
import { encode } from '../builder/code.js';
import type { Language } from '../i18n/languages.js';
import '../components/norm-chart.js';
import { decadesOf } from '../lib/norm-bars.js';
import { base } from '../styles/base.js';
import { lessonMessages } from './i18n/index.js';
import type { Side } from './lessons.js';
import { placeAttributes } from './place.js';
import './skip-switches.js';
import { skipsOf, withoutSkips, type Skip } from './skips.js';

/** Pause between two looks at the gradients. */
const LOOK_MS = 600;

interface Norm {
  layer: string;
  gradient: number;
}

/** A side's network and what is switched off in it. */
interface Wired {
  /** With all skips, and as it trains now. */
  whole: ModelSpec;
  spec: ModelSpec;
  skips: readonly Skip[];
  off: readonly string[];
  /** As a link carries it; empty with all skips. */
  net: string;
}

/** Two runs side by side that are the same but for one thing, which is marked. */
@customElement('cnl-compare')
export class CompareRuns extends LitElement {
  static override styles = [
    base,
    css`
      .buttons {
        display: flex;
        flex-wrap: wrap;
        gap: var(--space-2);
        margin-bottom: var(--space-3);
      }

      .train {
        border-color: transparent;
        background: var(--accent);
        color: var(--accent-ink);
        font-weight: 650;
      }

      .train:hover:not(:disabled) {
        border-color: transparent;
        background: var(--accent-strong);
      }

      .sides {
        display: grid;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr));
        gap: var(--space-4);
      }

      .side {
        min-width: 0;
        border: 1px solid var(--line);
        border-radius: var(--radius-l);
        background: var(--paper);
        overflow: hidden;
      }

      .differs {
        padding: var(--space-2) var(--space-4) 0;
        font-size: var(--text-s);
        color: var(--ink-2);
      }

      mark {
        padding: 2px 8px;
        border-radius: var(--radius-s);
        background: var(--accent-soft);
        color: var(--accent-strong);
        font-family: var(--mono);
        font-weight: 650;
      }

      mark.changed {
        background: var(--accent);
        color: var(--accent-ink);
        font-family: inherit;
      }

      .norms {
        margin: var(--space-2) var(--space-4) 0;
      }

      figcaption {
        font-size: var(--text-s);
        color: var(--ink-2);
      }
    `,
  ];

  @property({ attribute: false }) sides!: readonly [Side, Side];
  @property({ type: Boolean }) norms = false;
  /** Skip connections can be switched. */
  @property({ type: Boolean }) skips = false;
  @property() language: Language = 'en';
  @property() theme = 'light';

  @state() private seen: readonly Norm[][] = [[], []];
  @state() private wired: readonly (Wired | null)[] = [null, null];
  private readonly busy = [false, false];
  private readonly nextLook = [0, 0];

  private get runs(): CnnPlayground[] {
    return [...this.renderRoot.querySelectorAll('cnn-playground')];
  }

  protected override updated(changed: PropertyValues<this>): void {
    this.runs.forEach((run, at) => {
      const wired = this.wired[at];
      const net: Record<string, string> = wired == null ? {} : { net: wired.net };
      placeAttributes(run, { ...this.sides[at]?.attributes, ...net, lang: this.language, theme: this.theme });
    });
    if (changed.has('sides'))
      [this.seen, this.wired] = [
        [[], []],
        [null, null],
      ];
  }

  protected override render(): TemplateResult {
    const t = lessonMessages(this.language);
    return html`
      <div class="buttons">
        <button class="button train" @click=${() => this.runs.forEach((run) => run.play())}>
          ${icon('play')} ${t.trainBoth}
        </button>
        <button class="button" @click=${() => this.runs.forEach((run) => void run.pause())}>
          ${icon('pause')} ${t.pauseBoth}
        </button>
        <button class="button" @click=${() => this.reset()}>${icon('reset')} ${t.resetBoth}</button>
      </div>
      <div class="sides">
        ${this.sides.map(
          ({ differs }, at) =>
            html`<div class="side">
              <p class="differs">${t.sameButFor} <mark>${differs}</mark> ${this.offAt(at)}</p>
              ${this.norms ? this.chart(at, differs) : nothing}
              <cnn-playground @ready=${() => void this.meet(at)} @step=${() => void this.look(at)}></cnn-playground>
            </div>`,
        )}
      </div>
    `;
  }

  private reset(): void {
    for (const run of this.runs) void run.reset();
    this.seen = [[], []];
  }

  /** What the reader has changed on this side. */
  private offAt(at: number): TemplateResult | typeof nothing {
    const wired = this.wired[at];
    if (wired == null || wired.off.length === 0) return nothing;
    const { skips, off } = wired;
    const t = lessonMessages(this.language);
    const numbers = skips.flatMap(({ add }, i) => (off.includes(add) ? [String(i + 1)] : []));
    return html`<mark class="changed">
      ${off.length === skips.length ? t.withoutAllSkips : t.withoutSkips(numbers.join(', '))}
    </mark>`;
  }

  /** A side has another run: its gradients are still to come, and its skips are known from the first one on. */
  private async meet(at: number): Promise<void> {
    this.seen = this.seen.map((known, i) => (i === at ? [] : known));
    const run = this.runs[at];
    if (!this.skips || this.wired[at] !== null || run === undefined) return;
    try {
      const spec = await run.network();
      if (spec !== null) this.wire(at, { whole: spec, spec, skips: skipsOf(spec), off: [], net: '' });
    } catch {
      // Without the network's plan there is nothing to switch; the runs go on.
    }
  }

  private wire(at: number, wired: Wired): void {
    this.wired = this.wired.map((known, i) => (i === at ? wired : known));
  }

  /** The same seed without these skips, from the beginning. What was training goes on training. */
  private async switchOff(at: number, off: readonly string[]): Promise<void> {
    const wired = this.wired[at];
    const run = this.runs[at];
    if (wired == null || run === undefined) return;
    const { whole, skips } = wired;
    const spec = withoutSkips(
      whole,
      skips.filter(({ add }) => off.includes(add)),
    );
    const plays = run.getState()['playing'] === true;
    this.wire(at, { ...wired, spec, off });
    const net = off.length === 0 ? '' : await encode(spec).catch(() => null);
    const now = this.wired[at];
    // Another switch was turned meanwhile.
    if (now?.off !== off) return;
    if (net === null) {
      // A browser that cannot write the link cannot switch.
      this.wire(at, wired);
      return;
    }
    this.wire(at, { ...now, net });
    await this.updateComplete;
    if (plays) run.play();
  }

  private async look(at: number): Promise<void> {
    const run = this.runs[at];
    if (!this.norms || run === undefined || this.busy[at] === true || performance.now() < (this.nextLook[at] ?? 0))
      return;
    this.busy[at] = true;
    const start = performance.now();
    try {
      const norms = await run.norms();
      this.seen = this.seen.map((known, i) => (i === at ? norms : known));
    } catch {
      // The run was closed meanwhile; there is nothing to look at.
    }
    this.busy[at] = false;
    const end = performance.now();
    // At most a third of the time, as whatever else asks the GPU while it trains.
    this.nextLook[at] = end + Math.max(LOOK_MS, 2 * (end - start));
  }

  private switches(at: number): TemplateResult | typeof nothing {
    const wired = this.wired[at];
    if (wired == null) return nothing;
    return html`<cnl-skips
      .language=${this.language}
      .spec=${wired.spec}
      .skips=${wired.skips}
      .off=${wired.off}
      .choose=${(off: readonly string[]) => void this.switchOff(at, off)}
    ></cnl-skips>`;
  }

  /** Both charts in the same scale, from the smallest norm of either to the largest. */
  private chart(at: number, name: string): TemplateResult {
    const t = lessonMessages(this.language);
    const norms = this.seen[at] ?? [];
    // What the lesson asks about; behind the last convolution stand its batch norm and the classes.
    const meant = [norms[0], norms.findLast(({ layer }) => layer.startsWith('conv'))];
    const text = (norm: Norm | undefined): string => (norm === undefined ? '–' : norm.gradient.toPrecision(2));
    return html`<figure class="norms">
      <figcaption>
        ${norms.length === 0 ? `${t.norms}. ${t.normsEmpty}` : `${t.norms}. ${t.normsOf(name, text(meant[0]), text(meant[1]))}`}
      </figcaption>
      ${this.switches(at)}
      <cnp-norm-chart
        .norms=${norms}
        .decades=${decadesOf(this.seen.flat())}
        .meant=${meant}
        .label=${t.norms}
        .hint=${t.normsHint}
      ></cnp-norm-chart>
    </figure>`;
  }
}
