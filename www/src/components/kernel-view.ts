import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DispatchInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import * as format from '../lib/format.js';
import { shaderText } from '../lib/shaders.js';
import { entryLine, tokenise, type Token } from '../lib/wgsl.js';
import { base } from '../styles/base.js';
import { fading } from '../styles/panel.js';
import '../seeing/kernel-race.js';
import { PlaygroundElement } from './element.js';

const PASSES = ['data', 'forward', 'backward', 'update', 'metrics'] as const;

/** The shaders that the chosen layer ran in a training step, with their numbers and their source: the file itself, whose comments the engine
 * goes without. */
@customElement('cnp-kernel-view')
export class KernelView extends PlaygroundElement {
  static override styles = [
    base,
    fading,
    css`
      :host {
        display: grid;
        grid-template-columns: 212px minmax(0, 1fr);
        gap: var(--space-4);
        height: 100%;
        min-height: 0;
      }

      .list {
        overflow: auto;
        display: grid;
        gap: 2px;
        align-content: start;
        scrollbar-width: thin;
      }

      h3 {
        margin-top: var(--space-2);
        font-size: var(--text-xs);
        font-weight: 600;
        line-height: 16px;
        color: var(--ink-3);
      }

      h3:first-child {
        margin-top: 0;
      }

      .dispatch {
        display: block;
        width: 100%;
        padding: 4px 8px;
        border-radius: var(--radius-s);
        text-align: left;
        line-height: 16px;
      }

      .dispatch:hover {
        background: var(--sunken);
      }

      .dispatch[aria-pressed='true'] {
        background: var(--accent-soft);
      }

      .entry {
        display: block;
        font: 12px/16px var(--mono);
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .file {
        display: block;
        font-size: var(--text-xs);
        color: var(--ink-2);
      }

      .shader {
        display: flex;
        flex-direction: column;
        gap: var(--space-2);
        min-height: 0;
        min-width: 0;
        overflow: auto;
        scrollbar-width: thin;
      }

      cnp-kernel-race {
        flex: none;
        height: auto;
        overflow: visible;
      }

      dl {
        display: flex;
        flex-wrap: wrap;
        gap: 2px var(--space-4);
        font-size: var(--text-s);
        line-height: 18px;
      }

      dl div {
        display: flex;
        gap: 6px;
        min-width: 0;
      }

      dt {
        color: var(--ink-3);
        white-space: nowrap;
      }

      dd {
        font-weight: 600;
        overflow-wrap: anywhere;
      }

      pre {
        flex: 1 0 180px;
        min-height: 120px;
        margin: 0;
        padding: var(--space-2) 0;
        overflow: auto;
        border: 1px solid var(--line);
        border-radius: var(--radius-s);
        background: var(--sunken);
        font: 11.5px/17px var(--mono);
        tab-size: 4;
        scrollbar-width: thin;
      }

      code {
        display: block;
        width: max-content;
        min-width: 100%;
        counter-reset: line;
      }

      .line {
        display: block;
        padding-right: var(--space-3);
        min-height: 17px;
      }

      .line::before {
        counter-increment: line;
        content: counter(line);
        display: inline-block;
        width: 40px;
        padding-right: 12px;
        text-align: right;
        color: var(--ink-3);
        user-select: none;
      }

      .line.entry-point {
        background: var(--accent-soft);
      }

      .comment {
        color: var(--code-comment);
      }
      .keyword {
        color: var(--code-keyword);
      }
      .type {
        color: var(--code-type);
      }
      .attribute {
        color: var(--code-attribute);
      }
      .number-literal {
        color: var(--code-number);
      }
      .call {
        color: var(--code-call);
      }

      .empty {
        grid-column: 1 / -1;
        place-self: center;
        text-align: center;
        color: var(--ink-3);
        font-size: var(--text-m);
      }

      @container (max-width: 719px) {
        :host {
          display: flex;
          flex-direction: column;
        }

        .list {
          max-height: 150px;
        }

        pre {
          max-height: 420px;
        }
      }
    `,
  ];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property() name = '';
  @property({ type: Boolean }) isInput = false;

  @state() private chosen = 0;
  @state() private lines: Token[][] = [];
  @state() private marked = -1;
  @state() private failure = '';
  private dispatches: DispatchInfo[] = [];
  private sources = new Map<string, Promise<string>>();

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('run') && !changed.has('name')) return;
    const all = this.run?.description.plan.train ?? [];
    // The input's card shows what belongs to no layer: data, loss, optimiser.
    const wanted = this.isInput ? '' : this.name;
    const order = (dispatch: DispatchInfo): number => PASSES.indexOf(dispatch.pass);
    this.dispatches = all.filter(({ layer }) => layer === wanted || (this.isInput && layer === this.name));
    this.dispatches.sort((a, b) => order(a) - order(b));
    this.chosen = 0;
  }

  protected override updated(changed: PropertyValues<this> & Map<string, unknown>): void {
    if (changed.has('run') || changed.has('name') || changed.has('chosen')) void this.load();
    if (changed.has('marked') || changed.has('lines')) this.scrollToEntry();
  }

  protected override render(): TemplateResult {
    const dispatch = this.dispatches[this.chosen];
    if (dispatch === undefined) return html`<p class="empty">${this.t.noDispatches}</p>`;
    return html`
      <div class="list">${PASSES.map((pass) => this.group(pass))}</div>
      <div class="shader">
        <dl class="number">${this.facts(dispatch)}</dl>
        <cnp-kernel-race
          .t=${this.t}
          .run=${this.run}
          .name=${this.name}
          .dispatches=${this.dispatches}
        ></cnp-kernel-race>
        ${this.failure === '' ? this.source(dispatch) : this.apology()}
      </div>
    `;
  }

  private source(dispatch: DispatchInfo): TemplateResult {
    return html`
      <pre class="fades" tabindex="0" aria-label=${this.t.source(dispatch.shader)}><code>${this.lines.map(
        (line, i) => html`<span class="line ${i === this.marked ? 'entry-point' : ''}">${line.map(span)}</span>`,
      )}</code></pre>
    `;
  }

  private apology(): TemplateResult {
    return html`
      <div role="alert">
        <p>${this.t.errorLoad} ${this.failure}</p>
        <button class="button" @click=${() => void this.load()}>${this.t.tryAgain}</button>
      </div>
    `;
  }

  private group(pass: DispatchInfo['pass']): TemplateResult | typeof nothing {
    const { t } = this;
    const entries = this.dispatches.map((dispatch, i) => ({ dispatch, i })).filter((e) => e.dispatch.pass === pass);
    if (entries.length === 0) return nothing;
    const title = {
      data: t.passData,
      forward: t.passForward,
      backward: t.passBackward,
      update: t.passUpdate,
      metrics: t.passMetrics,
    }[pass];
    return html`
      <h3>${title}</h3>
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
    `;
  }

  private facts(dispatch: DispatchInfo): TemplateResult[] {
    const { t } = this;
    const product = (sides: readonly number[]): number => sides.reduce((all, side) => all * side, 1);
    const threads = product(dispatch.workgroups) * product(dispatch.workgroup_size);
    const constants = Object.entries(dispatch.constants)
      .map(([name, value]) => `${name} = ${value}`)
      .join(', ');
    const buffers = dispatch.bindings.map(({ name, bytes }) => `${name} ${format.bytes(bytes)}`).join(', ');
    return (
      [
        [t.workgroups, format.shape(dispatch.workgroups)],
        [t.workgroupSize, format.shape(dispatch.workgroup_size)],
        [t.threads, format.integer(threads, 'en')],
        [t.constants, constants],
        [t.buffers, buffers],
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
      this.marked = entryLine(source, dispatch.entry_point);
    } catch (error) {
      // Another try loads it anew.
      this.sources.delete(dispatch.shader);
      if (!isChosen()) return;
      this.lines = [];
      this.marked = -1;
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
