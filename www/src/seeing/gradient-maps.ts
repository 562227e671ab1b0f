import { html, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, state } from 'lit/decorators.js';
import { LayerMaps } from '../components/layer-maps.js';
import type { PaintOptions } from '../engine/canvases.js';
import type { RunHandle } from '../engine/client.js';
import { worded } from '../i18n/worded.js';
import { seeing } from './i18n/index.js';
import type { Aim } from './questions.js';

/** The chosen layer's maps once more: not what they are, but which way the loss or an answer goes when they grow. */
@customElement('cnp-gradient-maps')
export class GradientMaps extends LayerMaps {
  @state() private aim: Aim = 'loss';
  /** The run that looks back for this. */
  @state() private ready: RunHandle | null = null;
  /** Why it does not look back, if it cannot. */
  @state() private trouble = '';
  /** The layer that nothing leads back to. */
  @state() private none = '';

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.ready = null;
    this.run?.ask('lookBack', null).catch(() => undefined);
  }

  protected override willUpdate(changed: PropertyValues<this> & Map<string, unknown>): void {
    super.willUpdate(changed);
    if (changed.has('run')) this.ready = null;
    if (changed.has('aim')) this.values = null;
    if (changed.has('run') || changed.has('aim') || changed.has('name')) void this.lookBack();
  }

  private async lookBack(): Promise<void> {
    const { run, aim, name } = this;
    if (run === null) return;
    try {
      await run.ask('lookBack', aim);
    } catch (error) {
      // A run that was closed meanwhile has nothing to say: the next one is asked anew.
      if (run === this.run) this.trouble = await worded(error, this.t);
      return;
    }
    // Whoever looked away meanwhile has been forgotten there as well.
    if (!this.isConnected || run !== this.run) return;
    this.ready = run;
    this.trouble = '';
    const found = await run.ask('gradient', name).catch(() => null);
    if (name !== this.name || run !== this.run) return;
    this.none = found === null ? name : '';
    this.values = found;
  }

  protected override colours(): Pick<PaintOptions, 'color_map' | 'scale' | 'gradient'> {
    const { scale } = this.look;
    return { color_map: 'diverging', scale: scale === 'global' ? 'layer' : scale, gradient: true };
  }

  protected override valuesOf(run: RunHandle, name: string): Promise<Float32Array> {
    return run.ask('gradient', name);
  }

  protected override label(): string {
    const s = seeing(this.t);
    return s.gradientsLabel(this.name);
  }

  protected override render(): TemplateResult {
    const s = seeing(this.t);
    if (this.none === this.name) {
      return html`<p class="empty">${s.noGradients(this.name)}</p>
        <div class="line">${this.chooseWhat(true)} ${this.controls()}</div>`;
    }
    // Its canvas belongs to whom looks back.
    if (this.ready === this.run) return super.render();
    return html`<p class="empty" role="status">${this.trouble === '' ? nothing : `${s.failed} ${this.trouble}`}</p>
      <div class="line">${this.chooseWhat(true)} ${this.controls()}</div>`;
  }

  protected override what(): TemplateResult {
    return this.chooseWhat(true);
  }

  protected override readout(): string {
    const s = seeing(this.t);
    return this.isPointed ? super.readout() : s.gradientsHint;
  }

  protected override controls(): TemplateResult | typeof nothing {
    const s = seeing(this.t);
    const { aim } = this;
    const classes = this.run?.description.dataset.classes ?? [];
    return html`<label class="aim"
      ><span class="visually-hidden">${s.gradientsOf}</span>
      <select class="field" @change=${this.onAim}>
        <option value="loss" ?selected=${aim === 'loss'}>${s.ofLoss}</option>
        <option value="-1" ?selected=${aim === -1}>${s.ofLikeliest}</option>
        ${classes.map((name, i) => html`<option value=${i} ?selected=${aim === i}>${s.ofClass(name)}</option>`)}
      </select></label
    >`;
  }

  private onAim(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.aim = value === 'loss' ? value : Number(value);
  }
}
