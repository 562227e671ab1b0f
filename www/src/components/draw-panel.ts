import { css, html, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { entryOf, type DatasetName } from '../engine/datasets.js';
import type { Probe } from '../playground.js';
import { base } from '../styles/base.js';
import './draw-pad.js';
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';
import './probability-bars.js';

/** The draw pad and what the network makes of the current picture. */
@customElement('cnp-draw-panel')
export class DrawPanel extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--space-3);
        padding: var(--space-3) var(--space-4);
      }

      section {
        display: grid;
        gap: var(--space-2);
        min-width: 0;
      }

      .head {
        display: flex;
        align-items: baseline;
        gap: var(--space-2);
        min-width: 0;
      }

      .own {
        margin: -3px -8px -3px auto;
      }

      .own[aria-pressed='true'] {
        background: var(--accent-soft);
        color: var(--accent-strong);
      }

      .head .label {
        white-space: nowrap;
        overflow: hidden;
        text-overflow: ellipsis;
      }

      @container (min-width: 480px) and (max-width: 1099px) {
        :host {
          display: grid;
          grid-template-columns: 240px 1fr;
          gap: var(--space-5);
        }
      }
    `,
  ];

  @property() datasetName: DatasetName = 'digits';
  @property({ attribute: false }) classes: readonly string[] = [];
  @property({ attribute: false }) probe: Probe = { kind: 'none' };
  @property({ attribute: false }) probabilities: Float32Array | null = null;

  /** Height, width and channels of the input of the run that is open. */
  @property({ attribute: false }) shape: readonly number[] = [32, 32, 1];
  /** A picture from a file is looked at, in place of a drawing. */
  @state() private own = false;

  private toggle(): void {
    this.own = !this.own;
    if (this.own) void import('../pictures/own-picture.js');
  }

  protected override render(): TemplateResult {
    const { t, probe, classes } = this;
    const truth = probe.kind === 'sample' ? probe.sample.label : null;
    const of = {
      sample: () => t.predictionTruth(classes[truth ?? -1] ?? ''),
      drawing: () => (this.own ? t.predictionPicture : t.predictionDrawing),
      none: () => '',
    }[probe.kind]();
    return html`
      <section>
        <div class="head">
          <h2 class="panel-title">${t.draw}</h2>
          <button class="button small quiet own" aria-pressed=${this.own ? 'true' : 'false'} @click=${this.toggle}>
            ${icon('file')} ${t.ownPicture}
          </button>
        </div>
        ${
          this.own
            ? html`<cnp-own-picture .t=${t} .shape=${this.shape}></cnp-own-picture>`
            : html`<cnp-draw-pad
                .t=${t}
                .look=${entryOf(this.datasetName).drawing}
                .shape=${this.shape}
                .sample=${probe.kind === 'sample' ? probe.sample : null}
                ?active=${probe.kind === 'drawing'}
              ></cnp-draw-pad>`
        }
      </section>
      <section>
        <div class="head">
          <h2 class="panel-title">${t.prediction}</h2>
          <span class="label">${of}</span>
        </div>
        <cnp-probability-bars
          .t=${t}
          .classes=${classes}
          .probabilities=${this.probabilities}
          .truth=${truth}
        ></cnp-probability-bars>
      </section>
    `;
  }
}
