import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { styled } from './styled.js';
import type { Evaluation, StepMetrics } from '../engine/api.js';
import { epochsDone, type Progress } from '../engine/protocol.js';
import * as format from '../lib/format.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';

/** Train, pause, step, reset, and where the run stands. */
@customElement('cnp-train-bar')
export class TrainBar extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        padding: var(--space-3) var(--space-4);
      }

      .buttons {
        display: grid;
        grid-template-columns: 1fr auto auto;
        gap: var(--space-2);
      }

      .train {
        height: 40px;
        border-color: transparent;
        background: var(--accent);
        color: var(--accent-ink);
        font-size: var(--text-l);
        font-weight: 650;
      }

      .train:hover:not(:disabled) {
        background: var(--accent-strong);
        border-color: transparent;
      }

      .train.running:hover:not(:disabled) {
        background: var(--accent-soft);
        border-color: var(--accent);
      }

      .train.running {
        background: var(--accent-soft);
        color: var(--accent-strong);
      }

      .buttons .square {
        width: 40px;
        height: 40px;
      }

      .bar {
        height: 4px;
        margin: var(--space-3) 0 var(--space-3);
        border-radius: 2px;
        background: var(--line);
        overflow: hidden;
      }

      .bar div {
        height: 100%;
        border-radius: 2px;
        background: var(--accent);
        transform-origin: left;
      }

      dl {
        display: grid;
        grid-template-columns: 0.8fr 0.9fr 1fr 1.25fr;
        gap: var(--space-2);
      }

      dt {
        font-size: var(--text-xs);
        line-height: 14px;
        color: var(--ink-3);
        white-space: nowrap;
      }

      dd {
        font-size: var(--text-l);
        font-weight: 600;
        line-height: 20px;
        white-space: nowrap;
        letter-spacing: -0.01em;
      }

      .left {
        font-size: var(--text-s);
        font-weight: 400;
      }

      .of {
        font-size: var(--text-xs);
        font-weight: 400;
        color: var(--ink-3);
      }

      @container (max-width: 719px) {
        :host {
          display: grid;
          grid-template-columns: minmax(170px, auto) 1fr;
          gap: 0 var(--space-3);
          align-items: center;
          padding: var(--space-2) var(--space-3);
        }

        .bar {
          grid-row: 1;
          grid-column: 1 / -1;
          margin: 0 0 var(--space-2);
          height: 3px;
        }

        dl {
          grid-template-columns: auto auto;
          justify-content: space-evenly;
        }

        .wide {
          display: none;
        }
      }
    `,
  ];

  @property({ type: Boolean }) ready = false;
  @property({ type: Boolean }) playing = false;
  @property({ attribute: false }) progress: Progress | null = null;
  @property({ attribute: false }) last: StepMetrics | null = null;
  @property({ attribute: false }) evaluation: Evaluation | null = null;
  /** Epoch at whose end the run stops. */
  @property({ attribute: false }) goal: number | null = null;
  @property({ type: Number }) batch = 1;

  protected override render(): TemplateResult {
    const { t, playing, ready, progress } = this;
    const step = progress?.state.step ?? 0;
    const perEpoch = progress?.state.steps_per_epoch ?? 0;
    const epoch = progress === null ? 0 : epochsDone(progress.state);
    const inEpoch = perEpoch === 0 ? 0 : step - epoch * perEpoch;
    const { goal } = this;
    const all = perEpoch * (goal ?? 1);
    const done = goal === null ? inEpoch : Math.min(step, all);
    const share = all === 0 ? 0 : done / all;
    const speed = progress?.samplesPerSecond ?? 0;
    const left = goal === null || speed === 0 || !playing ? '' : format.duration(((all - step) * this.batch) / speed);
    return html`
      <div class="buttons">
        <button
          class="button train ${playing ? 'running' : ''}"
          ?disabled=${!ready}
          @click=${() => this.send(playing ? 'cnp-pause' : 'cnp-play')}
        >
          ${icon(playing ? 'pause' : 'play')} ${playing ? t.pause : t.train}
          ${left === '' ? nothing : html`<span class="left number">${t.timeLeft(left)}</span>`}
        </button>
        <button
          class="button square"
          ?disabled=${!ready}
          aria-label=${t.step}
          title=${t.step}
          @click=${() => this.send('cnp-step')}
        >
          ${icon('step')}
        </button>
        <button
          class="button square"
          ?disabled=${!ready}
          aria-label=${t.reset}
          title=${t.reset}
          @click=${() => this.send('cnp-reset')}
        >
          ${icon('reset')}
        </button>
      </div>
      <div
        class="bar"
        role="progressbar"
        aria-label=${t.epochProgress(inEpoch, perEpoch)}
        aria-valuemin="0"
        aria-valuemax=${perEpoch}
        aria-valuenow=${inEpoch}
      >
        <div ${styled({ transform: `scaleX(${share})` })}></div>
      </div>
      ${this.figures(step, epoch)}
    `;
  }

  private figures(step: number, epoch: number): TemplateResult {
    const { t, goal } = this;
    const speed = this.progress?.samplesPerSecond ?? 0;
    return html`
      <dl class="number">
        <div>
          <dt>${t.epoch}</dt>
          <dd>
            <span data-stat="epoch">${epoch}</span>${goal === null ? nothing : html`<span class="of"> / ${goal}</span>`}
          </dd>
        </div>
        <div class="wide">
          <dt>${t.stepCount}</dt>
          <dd data-stat="step">${format.integer(step, 'en')}</dd>
        </div>
        <div class="wide">
          <dt>${t.samplesPerSecond}</dt>
          <dd>${speed === 0 ? '–' : speed < 10_000 ? format.integer(speed, 'en') : format.compact(speed)}</dd>
        </div>
        <div>
          <dt>${t.validationAccuracy}</dt>
          <dd data-stat="validation-accuracy">
            ${this.evaluation === null ? '–' : format.percent(this.evaluation.accuracy)}
          </dd>
        </div>
      </dl>
    `;
  }
}
