import { css, html, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { DispatchInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { equationsOf, type Equations } from '../kernels/equations.js';
import { isForward } from '../kernels/kernel-column.js';
import { stepEquations } from '../kernels/step-equations.js';
import { findLayer } from '../lib/layers.js';
import '../seeing/kernel-race.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';

/** In the order in which they are shown. */
const PASSES: readonly DispatchInfo['pass'][] = ['data', 'forward', 'backward', 'update', 'metrics'];
/** From this width on, forward and backward stand side by side. */
const WIDE = 1000;

/** What the chosen layer computes and the shaders that do it in a training step, forwards and backwards, with their times. */
@customElement('cnp-kernel-view')
export class KernelView extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--space-3);
        height: 100%;
        min-height: 0;
        overflow: auto;
        scrollbar-width: thin;
      }

      cnp-kernel-race {
        flex: none;
        height: auto;
        overflow: visible;
      }

      .columns {
        flex: 1 0 auto;
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: var(--space-5);
      }

      .columns.wide {
        grid-template-columns: minmax(0, 1fr) minmax(0, 1fr);
      }
    `,
  ];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property() name = '';
  @property({ type: Boolean }) isInput = false;

  @state() private wide = false;
  private dispatches: DispatchInfo[] = [];
  private forward: DispatchInfo[] = [];
  private backward: DispatchInfo[] = [];
  private equations: Equations | null = null;

  private readonly resizes = new ResizeObserver(() => (this.wide = this.clientWidth >= WIDE));

  override connectedCallback(): void {
    super.connectedCallback();
    this.resizes.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.resizes.disconnect();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('run') && !changed.has('name')) return;
    const all = this.run?.description.plan.train ?? [];
    // The input's card shows what belongs to no layer: data, loss, optimiser.
    const wanted = this.isInput ? '' : this.name;
    const order = (dispatch: DispatchInfo): number => PASSES.indexOf(dispatch.pass);
    this.dispatches = all.filter(({ layer }) => layer === wanted || (this.isInput && layer === this.name));
    this.dispatches.sort((a, b) => order(a) - order(b));
    this.forward = this.dispatches.filter(isForward);
    this.backward = this.dispatches.filter((dispatch) => !isForward(dispatch));
    this.equations = this.written();
  }

  private written(): Equations | null {
    if (this.run === null) return null;
    const { network, batch, dataset, optimizer } = this.run.description;
    if (this.isInput) return stepEquations(network, this.dispatches, { batch, scale: dataset.scale, optimizer });
    const layer = findLayer(network, this.name);
    return layer === null ? null : equationsOf(network, layer, batch);
  }

  protected override render(): TemplateResult {
    const column = (dispatches: readonly DispatchInfo[], above: boolean): TemplateResult =>
      html`<cnp-kernel-column
        .t=${this.t}
        .dispatches=${dispatches}
        .equations=${this.equations}
        ?above=${above}
      ></cnp-kernel-column>`;
    const apart = this.wide && this.forward.length > 0 && this.backward.length > 0;
    return html`
      ${
        this.dispatches.length === 0
          ? ''
          : html`<cnp-kernel-race
              .t=${this.t}
              .run=${this.run}
              .name=${this.name}
              .dispatches=${this.dispatches}
            ></cnp-kernel-race>`
      }
      <div class="columns ${apart ? 'wide' : ''}">
        ${apart ? [column(this.forward, true), column(this.backward, true)] : column(this.dispatches, false)}
      </div>
    `;
  }
}
