import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import type { DispatchInfo } from '../engine/api.js';
import * as format from '../lib/format.js';
import { shaderText } from '../lib/shaders.js';
import { tokenise, type Token } from '../lib/wgsl.js';
import { base } from '../styles/base.js';
import { fading } from '../styles/panel.js';
import { columnStyles } from './column-styles.js';
import { symbolsOf, type Equation, type Equations } from './equations.js';
import { written } from './formula.js';
import { kernels } from './i18n/index.js';
import { marks, type Mark } from './marks.js';

const PASSES = ['data', 'forward', 'backward', 'update', 'metrics'] as const;
type Pass = (typeof PASSES)[number];

/** Whether a pass goes through the network the way that values go. */
export const isForward = ({ pass }: Pick<DispatchInfo, 'pass'>): boolean => pass === 'data' || pass === 'forward';

/** Dispatches to choose from; of the chosen one the equations, the figures and the source: the file itself, whose comments the
 * engine goes without. */
@customElement('cnp-kernel-column')
export class KernelColumn extends PlaygroundElement {
  static override styles = [base, fading, columnStyles];

  @property({ attribute: false }) dispatches: readonly DispatchInfo[] = [];
  @property({ attribute: false }) equations: Equations | null = null;
  /** The list stands above instead of beside. */
  @property({ type: Boolean, reflect: true }) above = false;

  @state() private chosen = 0;
  @state() private lines: Token[][] = [];
  @state() private marked: ReadonlyMap<number, Mark> = new Map();
  @state() private failure = '';
  private sources = new Map<string, Promise<string>>();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('dispatches')) this.chosen = 0;
  }

  protected override updated(changed: PropertyValues<this> & Map<string, unknown>): void {
    if (changed.has('dispatches') || changed.has('chosen')) void this.load();
    if (changed.has('marked')) this.scrollToEntry();
  }

  protected override render(): TemplateResult {
    const dispatch = this.dispatches[this.chosen];
    const k = kernels(this.t);
    return html`
      <div class="list">${PASSES.map((pass) => this.group(pass))}</div>
      <div class="shader">
        ${this.formulae(dispatch)}
        ${
          dispatch === undefined
            ? html`<p class="empty">${k.noDispatches}</p>`
            : html`<dl class="number">${this.facts(dispatch)}</dl>
                ${this.failure === '' ? this.source(dispatch) : this.apology()}`
        }
      </div>
    `;
  }

  private group(pass: Pass): TemplateResult | typeof nothing {
    const k = kernels(this.t);
    const entries = this.dispatches.map((dispatch, i) => ({ dispatch, i })).filter((e) => e.dispatch.pass === pass);
    if (entries.length === 0) return nothing;
    const title = {
      data: k.passData,
      forward: k.passForward,
      backward: k.passBackward,
      update: k.passUpdate,
      metrics: k.passMetrics,
    }[pass];
    return html`
      <h3>${title}</h3>
      <div class="group">
        ${entries.map(
          ({ dispatch, i }) => html`
            <button
              class="dispatch"
              aria-pressed=${i === this.chosen ? 'true' : 'false'}
              @click=${() => (this.chosen = i)}
            >
              <span class="entry">${dispatch.entry_point}</span>
              <span class="file number">${dispatch.shader} · ${format.shape(dispatch.workgroups)}</span>
            </button>
          `,
        )}
      </div>
    `;
  }

  /** Those of the pass that is chosen; what the chosen dispatch gives stands out. */
  private formulae(dispatch: DispatchInfo | undefined): TemplateResult | typeof nothing {
    const { equations } = this;
    if (equations === null) return nothing;
    const k = kernels(this.t);
    const back = dispatch !== undefined && !isForward(dispatch);
    // Where no shader runs for them, the gradients' equations stand with the others.
    const goesBack = this.above || this.dispatches.some((one) => !isForward(one));
    const all = [...equations.forward, ...equations.backward];
    const shown = !goesBack ? all : back ? equations.backward : equations.forward;
    if (shown.length === 0) return nothing;
    const bound = dispatch === undefined ? new Set<string>() : symbolsOf(dispatch);
    const sizes = equations.tensors.map(({ name, sides }) => `${name}: ${format.shape(sides)}`).join(' · ');
    const below = dispatch?.constants['BELOW'] ? (['below'] as const) : [];
    const notes = [...equations.notes.filter((note) => note !== 'gradient' || back || !goesBack), ...below];
    return html`
      <div class="equations" tabindex="0" role="group" aria-label=${k.equations}>
        ${shown.map(({ result, formula }: Equation) => {
          const given =
            result.split(' ').some((name) => bound.has(name)) && shown.some((other) => other.result !== result);
          return html`<div class="equation ${given ? 'given' : ''}">
            <math display="block">${written(formula)}</math>
          </div>`;
        })}
      </div>
      <p class="sizes number">
        ${sizes}${notes.map((note) => ` · ${k.equationNotes[note]}`)}${goesBack || dispatch === undefined ? nothing : ` · ${k.noBackward}`}
      </p>
    `;
  }

  private source(dispatch: DispatchInfo): TemplateResult {
    const k = kernels(this.t);
    const known = new Set(this.marked.values());
    const legend = (['sum', 'store', 'branch', 'said'] as const).filter((mark) => known.has(mark));
    return html`
      <p class="legend">${legend.map((mark) => html`<span class=${mark}>${k.marks[mark]}</span>`)}</p>
      <pre class="fades" tabindex="0" role="group" aria-label=${k.source(dispatch.shader)}><code>${this.lines.map(
        (line, i) => html`<span class="line ${this.classOf(i)}">${line.map(span)}</span>`,
      )}</code></pre>
    `;
  }

  private classOf(line: number): string {
    const mark = this.marked.get(line) ?? '';
    return mark === 'entry' ? 'entry-point' : mark;
  }

  private apology(): TemplateResult {
    return html`
      <div role="alert">
        <p>${this.t.errorLoad} ${this.failure}</p>
        <button class="button" @click=${() => void this.load()}>${this.t.tryAgain}</button>
      </div>
    `;
  }

  private facts(dispatch: DispatchInfo): TemplateResult[] {
    const k = kernels(this.t);
    const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);
    const threads = product(dispatch.workgroups) * product(dispatch.workgroup_size);
    const constants = Object.entries(dispatch.constants)
      .map(([name, value]) => `${name} = ${value}`)
      .join(', ');
    const buffers = dispatch.bindings.map(({ name, bytes }) => `${name} ${format.bytes(bytes)}`).join(', ');
    return (
      [
        [k.workgroups, format.shape(dispatch.workgroups)],
        [k.workgroupSize, format.shape(dispatch.workgroup_size)],
        [k.threads, format.integer(threads, 'en')],
        [k.constants, constants],
        [k.buffers, buffers],
      ] as const
    )
      .filter(([, value]) => value !== '')
      .map(
        ([name, value]) =>
          html`<div>
            <dt>${name}</dt>
            <dd>${value}</dd>
          </div>`,
      );
  }

  private async load(): Promise<void> {
    const dispatch = this.dispatches[this.chosen];
    if (dispatch === undefined) return;
    const known = this.sources.get(dispatch.shader) ?? shaderText(dispatch.shader);
    this.sources.set(dispatch.shader, known);
    const isChosen = (): boolean => this.dispatches[this.chosen] === dispatch;
    try {
      const source = await known;
      if (!isChosen()) return;
      this.failure = '';
      this.lines = tokenise(source);
      this.marked = marks(source, dispatch.entry_point, dispatch.constants);
    } catch (error) {
      // Another try loads it anew.
      this.sources.delete(dispatch.shader);
      if (!isChosen()) return;
      this.lines = [];
      this.marked = new Map();
      this.failure = error instanceof Error ? error.message : String(error);
    }
  }

  private scrollToEntry(): void {
    const pre = this.renderRoot.querySelector('pre');
    const line = this.renderRoot.querySelector<HTMLElement>('.entry-point');
    if (pre === null || line === null) return;
    pre.scrollTop = Math.max(0, line.offsetTop - pre.offsetTop - pre.clientHeight / 3);
  }
}

function span(token: Token): TemplateResult | string {
  if (token.kind === 'plain') return token.text;
  return html`<span class=${token.kind === 'number' ? 'number-literal' : token.kind}>${token.text}</span>`;
}
