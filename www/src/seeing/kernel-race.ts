import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import { styled } from '../components/styled.js';
import type { DispatchInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { worded } from '../i18n/worded.js';
import * as format from '../lib/format.js';
import { base } from '../styles/base.js';
import { dissectStyles } from './dissect-styles.js';
import { seeing, type SeeingMessages } from './i18n/index.js';
import type { Measured, Peak, Rival } from './questions.js';
import { floor, giga, operations, runners, signature, spared, time, traffic, VARIANTS, type Runner } from './race.js';

interface Timed {
  dispatch: DispatchInfo;
  measured: Measured;
}

/** Times of the chosen layer's kernels on this GPU, and a race between all that could compute it. */
@customElement('cnp-kernel-race')
export class KernelRace extends PlaygroundElement {
  static override styles = [base, dissectStyles];

  @property({ attribute: false }) run: RunHandle | null = null;
  /** The layer; the input stands for what belongs to no layer. */
  @property() name = '';
  /** The layer's dispatches, as they lie in the plan. */
  @property({ attribute: false }) dispatches: readonly DispatchInfo[] = [];

  @state() private timed: Timed[] = [];
  @state() private whole: Measured | null = null;
  @state() private rivals: Rival[] = [];
  @state() private peak: Peak | null = null;
  @state() private progress: { done: number; all: number } | null = null;
  @state() private failure = '';
  /** Counts what was begun: what an earlier one still answers is dropped. */
  private turn = 0;

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.stop();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('run') && !changed.has('name')) return;
    this.stop();
    this.timed = [];
    this.rivals = [];
    this.whole = null;
    this.failure = '';
    if (changed.has('run')) this.peak = null;
  }

  private stop(): void {
    this.turn += 1;
    this.progress = null;
  }

  /** One piece of work after the other, until somebody stops it. */
  private async work(pieces: readonly ((run: RunHandle, isNow: () => boolean) => Promise<void>)[]): Promise<void> {
    const { run } = this;
    if (run === null) return;
    this.turn += 1;
    const { turn } = this;
    const isNow = (): boolean => turn === this.turn;
    this.failure = '';
    try {
      for (const [done, piece] of pieces.entries()) {
        if (!isNow()) return;
        this.progress = { done, all: pieces.length };
        await piece(run, isNow);
      }
    } catch (error) {
      const failure = await worded(error, this.t);
      if (isNow()) this.failure = failure;
    }
    if (isNow()) this.progress = null;
  }

  private measure(): Promise<void> {
    const all = this.run?.description.plan.train ?? [];
    this.timed = [];
    this.whole = null;
    const own = this.dispatches.map((dispatch) => async (run: RunHandle, isNow: () => boolean): Promise<void> => {
      const at = all.indexOf(dispatch);
      const measured = await run.ask('time', at, at + 1);
      if (isNow()) this.timed = [...this.timed, { dispatch, measured }];
    });
    const step = async (run: RunHandle, isNow: () => boolean): Promise<void> => {
      const measured = await run.ask('time', 0, all.length);
      if (isNow()) this.whole = measured;
    };
    return this.work([...own, step]);
  }

  private race(): Promise<void> {
    this.rivals = [];
    const known: string[] = [];
    const enter =
      (variant: string) =>
      async (run: RunHandle, isNow: () => boolean): Promise<void> => {
        const rival = await run.ask('rival', this.name, variant, known);
        for (const pass of ['forward', 'backward'] as const) {
          known.push(signature(rival.dispatches.filter((dispatch) => dispatch.pass === pass)));
        }
        if (isNow()) this.rivals = [...this.rivals, rival];
      };
    const peak = async (run: RunHandle, isNow: () => boolean): Promise<void> => {
      if (this.peak !== null) return;
      const measured = await run.ask('peak');
      if (isNow()) this.peak = measured;
    };
    return this.work([peak, ...VARIANTS.map(enter), enter('')]);
  }

  private get layer() {
    return this.run?.description.network.layers.find(({ name }) => name === this.name) ?? null;
  }

  protected override render(): TemplateResult | typeof nothing {
    const s = seeing(this.t);
    const { progress } = this;
    return html`
      <div class="buttons">
        ${
          progress === null
            ? html`<button class="button small" @click=${() => void this.measure()}>${s.timeKernels}</button> ${
                  this.layer === null
                    ? nothing
                    : html`<button class="button small" @click=${() => void this.race()}>${s.race}</button>`
                }`
            : html`<button class="button small" @click=${() => this.stop()}>${s.stop}</button>
                <progress max=${progress.all} value=${progress.done} aria-label=${s.measuring}></progress>`
        }
        <span class="hint">${this.clockNote(s)}</span>
      </div>
      ${this.failure === '' ? nothing : html`<p role="alert">${s.failed} ${this.failure}</p>`}
      ${this.timed.length === 0 ? nothing : this.times(s)}
      ${this.rivals.length === 0 ? nothing : html`<div class="columns">${this.heat(s, 'forward')} ${this.heat(s, 'backward')}</div>`}
    `;
  }

  private clockNote(s: SeeingMessages): string {
    const all = [...this.timed.map(({ measured }) => measured), ...this.rivals.flatMap((rival) => rival.forward ?? [])];
    if (all.length === 0) return s.timeHint;
    return all.every(({ clock }) => clock === 'gpu') ? s.byGpu : s.byQueue;
  }

  private times(s: SeeingMessages): TemplateResult {
    const { whole } = this;
    const sum = this.timed.reduce((all, { measured }) => all + measured.seconds, 0);
    const row = ({ dispatch, measured: { seconds } }: Timed): TemplateResult => {
      const flops = operations([dispatch]);
      const share = whole === null ? '' : format.percent(seconds / whole.seconds);
      return html`<tr>
        <th scope="row" class="mono">${dispatch.entry_point}</th>
        <td>${time(seconds)}</td>
        <td>${flops === 0 ? '–' : giga(flops / seconds)}</td>
        <td>${giga(traffic([dispatch]) / seconds)}</td>
        <td>${share}</td>
      </tr>`;
    };
    return html`
      <div class="table" tabindex="0" role="region" aria-label=${s.timeKernels}>
        <table class="number times">
          <thead>
            <tr>
              <th scope="col">${s.dispatch}</th>
              <th scope="col">${s.gpuTime}</th>
              <th scope="col">${s.gflops}</th>
              <th scope="col">${s.gbps}</th>
              <th scope="col">${s.shareOfStep}</th>
            </tr>
          </thead>
          <tbody>
            ${this.timed.map(row)}
          </tbody>
        </table>
      </div>
      ${whole === null ? nothing : html`<p class="hint number">${s.stepSum(time(sum), time(whole.seconds), format.percent(sum / whole.seconds))}</p>`}
    `;
  }

  /** One heat of the race: forwards or backwards. */
  private heat(s: SeeingMessages, pass: 'forward' | 'backward'): TemplateResult | typeof nothing {
    const all = runners(this.rivals, pass);
    if (all.length === 0) return nothing;
    const own = signature(
      this.rivals.find(({ variant }) => variant === '')?.dispatches.filter((one) => one.pass === pass) ?? [],
    );
    const slowest = Math.max(...all.map(({ measured }) => measured.seconds));
    const work = ({ dispatches }: Runner): number => operations(dispatches);
    const roof = (runner: Runner): number =>
      this.peak === null ? 0 : floor(work(runner) / spared(runner.dispatches), traffic(runner.dispatches), this.peak);
    return html`<section aria-label=${pass === 'forward' ? s.raceForward : s.raceBackward}>
      <h3>${pass === 'forward' ? s.raceForward : s.raceBackward}</h3>
      <div class="bars number">
        ${all.map((runner) => {
          const { variant, dispatches, measured } = runner;
          const chosen = signature(dispatches) === own;
          const { seconds } = measured;
          const rate = work(runner) === 0 ? '' : `${giga(work(runner) / seconds)} GFLOP/s`;
          return html`
            <span class="name ${chosen ? 'chosen' : ''}"
              >${variant === '' ? s.mix : variant}${chosen ? ` ✓ ${s.chosenHere}` : ''}</span
            >
            <div class="track" title=${s.roof(time(roof(runner)))}>
              <div class=${chosen ? 'chosen' : ''} ${styled({ width: `${(100 * seconds) / slowest}%` })}></div>
              <div class="roof" ${styled({ left: `${Math.min(100, (100 * roof(runner)) / slowest)}%` })}></div>
            </div>
            <span>${time(seconds)}<span class="muted"> ${rate}</span></span>
          `;
        })}
      </div>
      ${
        this.peak === null
          ? nothing
          : html`<p class="hint number">${s.peakHint(giga(this.peak.flops), giga(this.peak.bytesPerSecond))}</p>`
      }
    </section>`;
  }
}
