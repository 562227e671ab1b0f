import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import '../components/probability-bars.js';
import type { LayerInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { worded } from '../i18n/worded.js';
import * as format from '../lib/format.js';
import { base } from '../styles/base.js';
import { branchesOf, type Branch } from './branches.js';
import { dissectStyles } from './dissect-styles.js';
import { seeing, type SeeingMessages } from './i18n/index.js';
import type { Compared, Score } from './questions.js';

/** A block taken apart: every branch can be switched off, and says what that saves and what it costs in answers. */
@customElement('cnp-branches-view')
export class BranchesView extends PlaygroundElement {
  static override styles = [base, dissectStyles];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) layer: LayerInfo | null = null;

  /** Inputs of the joining layer that are switched off. */
  @state() private off: ReadonlySet<number> = new Set();
  @state() private probabilities: Float32Array | null = null;
  @state() private whole: Float32Array | null = null;
  @state() private scores: Compared<Score> | null = null;
  @state() private busy = false;
  @state() private failure = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('run') && !changed.has('layer')) return;
    this.off = new Set();
    this.scores = null;
    void this.look();
  }

  /** Pairs of the joining layer's number and its inputs'. */
  private get cuts(): number[] {
    const { run, layer } = this;
    const at = run?.description.network.layers.findIndex(({ name }) => name === layer?.name) ?? -1;
    return [...this.off].flatMap((input) => [at, input]);
  }

  private async look(): Promise<void> {
    const { run, layer, off } = this;
    if (run === null) return;
    try {
      const { whole, cut } = await run.ask('without', this.cuts);
      if (run !== this.run || layer !== this.layer || off !== this.off) return;
      [this.whole, this.probabilities, this.failure] = [whole, cut, ''];
    } catch (error) {
      await this.fail(run, error);
    }
  }

  private async measure(): Promise<void> {
    const { run, off } = this;
    if (run === null) return;
    this.busy = true;
    try {
      const scores = await run.ask('scoreWithout', this.cuts);
      if (run === this.run && off === this.off) this.scores = scores;
    } catch (error) {
      await this.fail(run, error);
    }
    this.busy = false;
  }

  private async fail(run: RunHandle, error: unknown): Promise<void> {
    const failure = await worded(error, this.t);
    if (run === this.run && this.isConnected) this.failure = failure;
  }

  private toggle(input: number): void {
    const off = new Set(this.off);
    if (!off.delete(input)) off.add(input);
    this.off = off;
    this.scores = null;
    void this.look();
  }

  protected override render(): TemplateResult | typeof nothing {
    const { run, layer } = this;
    if (run === null || layer === null) return nothing;
    const s = seeing(this.t);
    const { network } = run.description;
    const branches = branchesOf(network, layer);
    const gone = branches.filter(({ input }) => this.off.has(input));
    const sum = (of: (branch: Branch) => number): number => gone.reduce((all, branch) => all + of(branch), 0);
    const { totals } = network;
    return html`
      <div class="columns">
        <div>
          <h3>${layer.class === 'Add' ? s.terms(layer.name) : s.branches(layer.name)}</h3>
          <div class="table" tabindex="0" role="region" aria-label=${s.branches(layer.name)}>
            <table class="number">
              <thead>
                <tr>
                  <th scope="col">${s.branch}</th>
                  <th scope="col">${s.channels}</th>
                  <th scope="col">${s.parameters}</th>
                  <th scope="col">${s.macs}</th>
                </tr>
              </thead>
              <tbody>
                ${branches.map((branch) => this.row(s, branch))}
              </tbody>
            </table>
          </div>
          <p class="hint number" role="status">
            ${
              gone.length === 0
                ? s.nothingOff
                : s.saved(
                    format.integer(
                      sum(({ params }) => params),
                      'en',
                    ),
                    format.percent(sum(({ params }) => params) / Math.max(1, totals.params)),
                    format.compact(sum(({ macs }) => macs)),
                    format.percent(sum(({ macs }) => macs) / Math.max(1, totals.macs)),
                  )
            }
          </p>
          <p class="hint">${s.branchesHint}</p>
          ${this.failure === '' ? nothing : html`<p role="alert">${s.failed} ${this.failure}</p>`}
        </div>
        <div>
          <h3>${this.off.size === 0 ? s.answer : s.answerWithout}</h3>
          <cnp-probability-bars
            .t=${this.t}
            .classes=${run.description.dataset.classes}
            .probabilities=${this.probabilities}
          ></cnp-probability-bars>
          ${this.effect(s)}
        </div>
      </div>
    `;
  }

  private row(s: SeeingMessages, branch: Branch): TemplateResult {
    const { input, end, layers, params, macs } = branch;
    const on = !this.off.has(input);
    const channels = this.run?.description.network.layers.find(({ name }) => name === end)?.output_shape.at(-1);
    return html`<tr>
      <td>
        <label class="switch" title=${layers.join(' → ')}>
          <input type="checkbox" .checked=${on} @change=${() => this.toggle(input)} />
          ${layers.length === 0 ? s.skip(end) : end}
        </label>
      </td>
      <td>${channels ?? ''}</td>
      <td>${format.integer(params, 'en')}</td>
      <td>${format.compact(macs)}</td>
    </tr>`;
  }

  private effect(s: SeeingMessages): TemplateResult {
    const { whole, probabilities, scores, off } = this;
    const top = whole?.reduce((best, value, i) => (value > (whole[best] ?? -1) ? i : best), 0) ?? 0;
    const name = this.run?.description.dataset.classes[top] ?? String(top);
    return html`
      ${
        off.size === 0 || whole === null || probabilities === null
          ? nothing
          : html`<p class="hint number">
              ${s.moved(name, format.percent(whole[top] ?? 0), format.percent(probabilities[top] ?? 0))}
            </p>`
      }
      <div class="buttons">
        <button class="button small" ?disabled=${off.size === 0 || this.busy} @click=${() => void this.measure()}>
          ${this.busy ? s.measuring : s.measureAll}
        </button>
        ${
          scores === null
            ? nothing
            : html`<p class="hint number" data-cut=${scores.cut.accuracy}>
                ${s.score(
                  String(scores.cut.samples),
                  format.percent(scores.whole.accuracy),
                  format.percent(scores.cut.accuracy),
                )}
              </p>`
        }
      </div>
    `;
  }
}
