import { html, nothing, svg, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import type { LayerInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { worded } from '../i18n/worded.js';
import { Asking } from '../lib/asking.js';
import { base } from '../styles/base.js';
import { dissectStyles } from './dissect-styles.js';
import { seeing, type SeeingMessages } from './i18n/index.js';
import { channelsOf, type Channel } from './norm.js';
import type { NormReading } from './questions.js';

const CHART = { width: 600, height: 74 };
const DOT = 3.2;

const text = (value: number | undefined): string =>
  value === undefined || !Number.isFinite(value) ? '–' : String(Number(value.toPrecision(3)));

/** Batch normalisation under the microscope: what the last batch measured against what inference will use, channel by channel. */
@customElement('cnp-norm-view')
export class NormView extends PlaygroundElement {
  static override styles = [base, dissectStyles];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) layer: LayerInfo | null = null;
  /** A new object with every painting. */
  @property({ attribute: false }) painting: unknown = null;

  @state() private reading: NormReading | null = null;
  @state() private chosen = 0;
  @state() private failure = '';

  private readonly asking = new Asking(this, () => this.ask());

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('layer') || changed.has('run')) {
      this.reading = null;
      this.chosen = 0;
      this.asking.soon(true);
    }
    if (changed.has('painting')) this.asking.soon();
  }

  private async ask(): Promise<void> {
    const { run, layer } = this;
    if (run === null || layer === null) return;
    try {
      const reading = await run.ask('batchNorm', layer.name, layer.connected_to[0] ?? '');
      if (run === this.run && layer === this.layer) [this.reading, this.failure] = [reading, ''];
    } catch (error) {
      const failure = await worded(error, this.t);
      if (run === this.run && this.isConnected) this.failure = failure;
    }
  }

  protected override render(): TemplateResult | typeof nothing {
    const s = seeing(this.t);
    const { reading, layer } = this;
    if (this.failure !== '') return html`<p role="alert">${s.failed} ${this.failure}</p>`;
    if (reading === null || layer === null) return nothing;
    const epsilon = Number(layer.config['epsilon'] ?? 0.001);
    const channels = channelsOf(reading, epsilon);
    return html`
      <div class="legend">
        <span><i></i>${s.movingLegend}</span>
        <span><i class="batch"></i>${s.batchLegend}</span>
        <span class="number">${reading.batch === null ? s.noBatch : s.atStep(String(reading.step))}</span>
      </div>
      <div class="columns">
        <div>
          <h3>${s.mean}</h3>
          ${this.chart(s, channels, ({ mean }) => mean, s.mean)}
          <h3>${s.deviation}</h3>
          ${this.chart(s, channels, ({ deviation }) => deviation, s.deviation)}
        </div>
        <div>${this.channel(s, channels[this.chosen])} ${this.table(s, channels)}</div>
      </div>
      <p class="hint">${s.normHint(text(Number(layer.config['momentum'] ?? 0.99)))}</p>
    `;
  }

  /** One pair of dots a channel, joined by a line. */
  private chart(
    s: SeeingMessages,
    channels: readonly Channel[],
    of: (moments: { mean: number; deviation: number }) => number,
    title: string,
  ): TemplateResult {
    const all = channels.flatMap(({ moving, batch }) => [of(moving), ...(batch === null ? [] : [of(batch)])]);
    const finite = all.filter(Number.isFinite);
    const [low, high] = [Math.min(0, ...finite), Math.max(1e-6, ...finite)];
    const step = CHART.width / Math.max(1, channels.length);
    const y = (value: number): number => CHART.height - 5 - ((value - low) / (high - low)) * (CHART.height - 10);
    const radius = Math.min(DOT, Math.max(1, step / 2.5));
    return html`
      <svg
        viewBox="0 0 ${CHART.width} ${CHART.height}"
        preserveAspectRatio="none"
        role="img"
        aria-label=${`${title}: ${s.range(text(low), text(high))}`}
      >
        <line class="axis" x1="0" x2=${CHART.width} y1=${y(0)} y2=${y(0)}></line>
        ${channels.map(({ channel, moving, batch }) => {
          const x = (channel + 0.5) * step;
          return svg`
            ${batch === null ? nothing : svg`<line class="link" x1=${x} x2=${x} y1=${y(of(moving))} y2=${y(of(batch))}></line>`}
            <ellipse class="moving" cx=${x} cy=${y(of(moving))} rx=${radius} ry=${radius}></ellipse>
            ${batch === null ? nothing : svg`<ellipse class="batch" cx=${x} cy=${y(of(batch))} rx=${radius} ry=${radius}></ellipse>`}
            <rect class="pick ${channel === this.chosen ? 'chosen' : ''}" x=${channel * step} width=${step} y="0" height=${CHART.height}
              @pointerenter=${() => (this.chosen = channel)}
              @click=${() => (this.chosen = channel)}></rect>`;
        })}
      </svg>
    `;
  }

  /** One channel in words: what goes in, what comes out with each. */
  private channel(s: SeeingMessages, one: Channel | undefined): TemplateResult | typeof nothing {
    if (one === undefined) return nothing;
    const pair = (moments: { mean: number; deviation: number } | null): string =>
      moments === null ? '–' : `${text(moments.mean)} ± ${text(moments.deviation)}`;
    return html`
      <h3 class="number">${s.channelName(String(one.channel))}</h3>
      <p class="hint number" data-channel=${one.channel}>
        γ ${text(one.gamma)} · β ${text(one.beta)}<br />
        ${s.outMoving} ${pair(one.withMoving)}<br />
        ${s.outBatch} ${pair(one.withBatch)}
      </p>
    `;
  }

  private table(s: SeeingMessages, channels: readonly Channel[]): TemplateResult {
    return html`<div class="table" tabindex="0" role="region" aria-label=${s.channels}>
      <table class="number">
        <thead>
          <tr>
            <th scope="col">${s.channelShort}</th>
            <th scope="col">μ ${s.movingShort}</th>
            <th scope="col">μ ${s.batchShort}</th>
            <th scope="col">σ ${s.movingShort}</th>
            <th scope="col">σ ${s.batchShort}</th>
            <th scope="col">γ</th>
            <th scope="col">β</th>
          </tr>
        </thead>
        <tbody>
          ${channels.map(
            ({ channel, moving, batch, gamma, beta }) =>
              html`<tr class=${channel === this.chosen ? 'chosen' : ''} @pointerenter=${() => (this.chosen = channel)}>
                <th scope="row">${channel}</th>
                <td>${text(moving.mean)}</td>
                <td>${text(batch?.mean)}</td>
                <td>${text(moving.deviation)}</td>
                <td>${text(batch?.deviation)}</td>
                <td>${text(gamma)}</td>
                <td>${text(beta)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}
