import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { FIELDS, parseField, type OptionalName } from '../state.js';
import { base } from '../styles/base.js';
import { PlaygroundElement } from './element.js';

/** A number of the settings. What it cannot be stays in the field, with the reason, until it is mended. */
@customElement('cnp-number-field')
export class NumberField extends PlaygroundElement {
  static override styles = [
    base,
    css`
      label {
        display: block;
        margin-bottom: 3px;
      }

      .wrong {
        border-color: var(--danger);
        box-shadow: 0 0 0 1px var(--danger);
      }

      p {
        margin-top: 3px;
        font-size: var(--text-xs);
        line-height: 14px;
        color: var(--danger);
      }

      ::placeholder {
        color: var(--ink-3);
        opacity: 1;
      }
    `,
  ];

  @property() name: OptionalName | 'lr' | 'seed' = 'lr';
  @property() label = '';
  /** The label is said, but another text on the page shows it. */
  @property({ type: Boolean }) quiet = false;
  @property({ attribute: false }) value: number | null = null;
  /** What stands for no number. */
  @property() unset = '';

  @property({ type: Boolean }) locked = false;

  @state() private wrong = false;

  protected override willUpdate(changed: Map<string, unknown>): void {
    if (changed.has('value') || changed.has('name')) this.wrong = false;
  }

  protected override render(): TemplateResult {
    const { label, wrong, quiet } = this;
    return html`
      ${quiet ? nothing : html`<label class="label" for="field" title=${this.name}>${label}</label>`}
      <input
        id="field"
        class="field number ${wrong ? 'wrong' : ''}"
        type="text"
        inputmode="decimal"
        autocomplete="off"
        ?disabled=${this.locked}
        placeholder=${this.unset}
        aria-label=${quiet ? label : nothing}
        aria-invalid=${wrong ? 'true' : 'false'}
        aria-describedby=${wrong ? 'reason' : nothing}
        .value=${String(this.value ?? '')}
        @change=${this.onChange}
      />
      ${wrong ? html`<p id="reason" role="alert">${this.reason()}</p>` : nothing}
    `;
  }

  private reason(): string {
    const [min = 0, max = 0] = FIELDS[this.name].range ?? [];
    const whole = FIELDS[this.name].choices.includes('whole');
    return (whole ? this.t.mustBeWhole : this.t.mustBe)(
      ...([min, max].map((limit) => String(limit).replace('-', '\u2011')) as [string, string]),
    );
  }

  private onChange(event: Event): void {
    const input = event.target as HTMLInputElement;
    const change = parseField(this.name, input.value.trim());
    this.wrong = Object.keys(change).length === 0;
    if (this.wrong) return;
    input.value = String(change[this.name] ?? '');
    this.send('cnp-settings', change);
  }
}
