import { html, nothing, type TemplateResult } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { PlaygroundElement } from '../components/element.js';
import type { LayerInfo } from '../engine/api.js';
import type { RunHandle } from '../engine/client.js';
import { base } from '../styles/base.js';
import { joints } from './branches.js';
import './branches-view.js';
import { dissectStyles } from './dissect-styles.js';
import { seeing } from './i18n/index.js';
import './norm-view.js';

/** Layers that are named as a way out, at most. */
const NAMED = 6;

/** The inside of the layers that have one: branches that can be switched off, batch normalisation under the microscope. */
@customElement('cnp-dissect-view')
export class DissectView extends PlaygroundElement {
  static override styles = [base, dissectStyles];

  @property({ attribute: false }) run: RunHandle | null = null;
  @property({ attribute: false }) layer: LayerInfo | null = null;
  /** A new object with every painting. */
  @property({ attribute: false }) painting: unknown = null;

  protected override render(): TemplateResult | typeof nothing {
    const { t, run, layer } = this;
    if (run === null) return nothing;
    switch (layer?.class) {
      case 'BatchNormalization':
        return html`<cnp-norm-view .t=${t} .run=${run} .layer=${layer} .painting=${this.painting}></cnp-norm-view>`;
      case 'Concatenate':
      case 'Add':
        return html`<cnp-branches-view .t=${t} .run=${run} .layer=${layer}></cnp-branches-view>`;
      default:
        return this.wayOut(run);
    }
  }

  private wayOut(run: RunHandle): TemplateResult {
    const s = seeing(this.t);
    const { network } = run.description;
    const norms = network.layers.filter(({ class: name }) => name === 'BatchNormalization');
    const found = [...joints(network).slice(0, NAMED), ...norms.slice(0, NAMED)];
    return html`<p class="empty">
      ${found.length === 0 ? s.dissectNone : s.dissectChoose}
      ${found.map(
        ({ name }, i) =>
          html`${i === 0 ? '' : ' · '}<button @click=${() => this.send('cnp-layer', name)}>${name}</button>`,
      )}
    </p>`;
  }
}
