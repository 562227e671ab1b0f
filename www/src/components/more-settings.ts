import { css, html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { more, type MoreMessages } from '../i18n/more/index.js';
import { worded } from '../i18n/worded.js';
import {
  defaults,
  HYPERPARAMETERS,
  parseField,
  SCHEDULE_NUMBERS,
  SCHEDULES,
  type OptionalName,
  type OptimizerName,
  type Settings,
} from '../state.js';
import { pageBeside } from '../lib/pages.js';
import { base } from '../styles/base.js';
import '../transfer/weights-panel.js';
import type { RunHandle } from '../engine/client.js';
import type { FirstWeights } from '../engine/protocol.js';
import type { PlaygroundState } from '../playground-state.js';
import { PlaygroundElement } from './element.js';
import './number-field.js';

/** What Keras and the engine take where nothing is set. */
const USUAL: Partial<Record<OptionalName, string>> = {
  beta_1: '0.9',
  beta_2: '0.999',
  rho: '0.9',
  epsilon: '1e-7',
  weight_decay: '0.004',
  warmup_steps: '0',
  decay_rate: '0.1',
  alpha: '0',
  factor: '0.1',
  patience: '10',
  l2: '0',
  label_smoothing: '0',
};

/** Every number of a run: the optimiser's own, the schedule's, what regularises, and where it ends. */
@customElement('cnp-more-settings')
export class MoreSettings extends PlaygroundElement {
  static override styles = [
    base,
    css`
      a {
        color: var(--accent-strong);
      }

      :host {
        display: flex;
        flex-direction: column;
        gap: var(--space-4);
        overflow: auto;
        scrollbar-width: thin;
        padding: 2px 4px 4px 2px;
        margin: 0 -4px 0 -2px;
      }

      h3 {
        margin-bottom: var(--space-2);
        font-size: var(--text-s);
        font-weight: 650;
        line-height: 16px;
      }

      .grid {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: var(--space-2);
      }

      .whole {
        grid-column: 1 / -1;
      }

      .switch {
        display: flex;
        align-items: center;
        gap: 6px;
        margin-bottom: var(--space-1);
        font-size: var(--text-s);
        line-height: 16px;
      }

      .switch ~ .button {
        margin-top: var(--space-2);
      }

      .switch input {
        margin: 0;
        accent-color: var(--accent);
      }

      p {
        font-size: var(--text-s);
        line-height: 16px;
        color: var(--ink-3);
      }
    `,
  ];

  @property({ attribute: false }) settings: Settings = defaults();
  @property({ attribute: false }) locked: ReadonlySet<string> = new Set();
  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) first: FirstWeights | null = null;
  @property({ type: Number }) step = 0;
  @property({ attribute: false }) measuring: PlaygroundState['measuring'] = null;

  /** Why nothing could be measured, in the reader's language. */
  @state() private failure = '';

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('run') && !changed.has('t')) return;
    const { run, t } = this;
    const failure = run?.description.tuning?.failure ?? '';
    this.failure = failure;
    if (failure === '') return;
    void worded(failure, t).then((said) => {
      if (run === this.run && t === this.t) this.failure = said;
    });
  }

  protected override render(): TemplateResult {
    const { t, settings } = this;
    const m = more(t);
    const names: Record<OptimizerName, string> = {
      sgd: t.optimizerSgd,
      momentum: t.optimizerMomentum,
      nesterov: t.optimizerNesterov,
      rmsprop: t.optimizerRmsprop,
      adam: t.optimizerAdam,
      adamw: t.optimizerAdamW,
    };
    const own = HYPERPARAMETERS[settings.optimizer];
    return html`
      <section>
        <h3>${m.ofOptimizer(names[settings.optimizer])}</h3>
        ${own.length === 0 ? html`<p>${m.noNumbers}</p>` : html`<div class="grid">${this.fields(m, own)}</div>`}
      </section>
      <section>
        <h3 id="schedule">${m.schedule}</h3>
        <div class="grid">
          <select
            class="field whole"
            aria-labelledby="schedule"
            ?disabled=${this.locked.has('schedule')}
            @change=${this.onSchedule}
          >
            ${SCHEDULES.map(
              (name) =>
                html`<option value=${name} ?selected=${name === settings.schedule}>${m.schedules[name]}</option>`,
            )}
          </select>
          ${this.fields(m, [...SCHEDULE_NUMBERS[settings.schedule], 'warmup_steps'])}
        </div>
      </section>
      <section>
        <h3>${m.length}</h3>
        <div class="grid">${this.fields(m, ['epochs', 'early_stopping'])}</div>
      </section>
      <section>
        <h3>${m.regularisation}</h3>
        <div class="grid">${this.fields(m, ['l2', 'label_smoothing', 'clipnorm', 'global_clipnorm'])}</div>
      </section>
      ${this.kernels(m)}
      <p>
        ${m.settingsHint}
        <a href=${`${pageBeside('lessons', settings)}&lesson=glossary`}>${m.glossary}</a>
      </p>
      <cnp-weights-panel
        .t=${t}
        .settings=${settings}
        .run=${this.run}
        .first=${this.first}
        .step=${this.step}
        .locked=${this.locked}
      ></cnp-weights-panel>
    `;
  }

  /** What opens and saves them, in sight and at hand. */
  async showWeights(): Promise<void> {
    await this.updateComplete;
    const panel = this.renderRoot.querySelector('cnp-weights-panel');
    await panel?.updateComplete;
    this.scrollTop = this.scrollHeight;
    panel?.focus();
  }

  private fields(m: MoreMessages, names: readonly OptionalName[]): (TemplateResult | typeof nothing)[] {
    return names.map((name) => {
      const unset = this.unset(m, name);
      return html`<cnp-number-field
        .t=${this.t}
        .name=${name}
        .label=${m.numbers[name]}
        .value=${this.settings[name]}
        .unset=${unset}
        ?locked=${this.locked.has(name)}
      ></cnp-number-field>`;
    });
  }

  /** Whether kernels are measured, and what came of it. */
  private kernels(m: MoreMessages): TemplateResult {
    const { settings, run, measuring, t } = this;
    const tuning = run?.description.tuning ?? null;
    const on = settings.tuning === 'on';
    const done = ((): string => {
      if (measuring !== null) return t.measuring(measuring.done, measuring.all);
      if (!on) return m.tuningOff;
      if (tuning === null) return '';
      if (tuning.failure !== '') return m.tuningFailed(this.failure);
      const { shapes, measured, other, seconds } = tuning;
      if (shapes === 0) return m.tuningKnown;
      const took = seconds.toFixed(1);
      return measured === 0 ? m.tunedNone(shapes, took) : m.tuned(measured, shapes, took, other);
    })();
    return html`
      <section>
        <h3>${m.kernels}</h3>
        <label class="switch">
          <input
            type="checkbox"
            .checked=${on}
            ?disabled=${this.locked.has('tuning')}
            @change=${() => this.send('cnp-settings', { tuning: on ? 'off' : 'on' })}
          />
          ${m.tuning}
        </label>
        <p data-stat="tuning">${done}</p>
        ${
          on && tuning !== null && measuring === null
            ? html`<button
                class="button small"
                ?disabled=${this.locked.has('tuning')}
                title=${m.tuneAgainHint}
                @click=${() => this.send('cnp-measure')}
              >
                ${m.measureAgain}
              </button>`
            : nothing
        }
      </section>
    `;
  }

  private unset(m: MoreMessages, name: OptionalName): string {
    if (name === 'momentum') return this.settings.optimizer === 'rmsprop' ? '0' : '0.9';
    if (name === 'decay_steps') return m.automatic;
    if (name === 'epochs') return m.endless;
    return USUAL[name] ?? m.without;
  }

  private onSchedule(event: Event): void {
    this.send('cnp-settings', parseField('schedule', (event.target as HTMLSelectElement).value));
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnp-more-settings': MoreSettings;
  }
}
