import { css, html, LitElement, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import branchIcon from 'lucide-static/icons/git-fork.svg?raw';
import skipIcon from 'lucide-static/icons/spline.svg?raw';
import trashIcon from 'lucide-static/icons/trash-2.svg?raw';
import { drawn, icon } from '../components/icon.js';
import { base } from '../styles/base.js';
import type { LayerSpec, ModelSpec } from './api.js';
import type { Fault } from './draft.js';
import * as edit from './edit.js';
import { INITIALIZERS, KINDS, meantBy, pairOf, sidesOf, type Field } from './fields.js';
import { builderMessages, type BuilderMessages } from './i18n/index.js';

const drawings = { branch: drawn(branchIcon), skip: drawn(skipIcon), trash: drawn(trashIcon) };
const MERGES: readonly edit.Merge[] = ['Add', 'Concatenate'];

/** Everything that can be done to one layer: its hyper-parameters, its place, its wires. */
@customElement('cnp-layer-form')
export class LayerForm extends LitElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        flex-direction: column;
        gap: var(--space-3);
        padding: var(--space-3) var(--space-4) var(--space-4);
        overflow: auto;
        scrollbar-width: thin;
      }

      header {
        display: flex;
        flex-wrap: wrap;
        align-items: baseline;
        gap: 0 var(--space-2);
      }

      .fault {
        color: var(--danger);
      }

      .fields {
        display: grid;
        grid-template-columns: repeat(auto-fill, minmax(150px, 1fr));
        gap: var(--space-3) var(--space-4);
      }

      fieldset,
      label {
        display: grid;
        gap: 3px;
        min-width: 0;
        margin: 0;
        padding: 0;
        border: 0;
        align-content: start;
      }

      legend {
        padding: 0;
        margin-bottom: 3px;
      }

      .label {
        font-family: var(--mono);
        font-size: 11.5px;
      }

      .field {
        height: 30px;
      }

      .many .field {
        color: var(--ink);
      }

      .many {
        display: flex;
        align-items: center;
        gap: 4px;
        color: var(--ink-3);
      }

      input[type='checkbox'] {
        width: 18px;
        height: 18px;
        margin: 6px 0;
        accent-color: var(--accent);
      }

      .actions {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: var(--space-2);
        padding-top: var(--space-3);
        border-top: 1px solid var(--line);
      }

      .actions select {
        width: auto;
        max-width: 250px;
      }

      .joined {
        font-size: var(--text-s);
        color: var(--ink-2);
      }

      .group {
        display: inline-flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px;
      }

      .chip {
        display: inline-flex;
        align-items: center;
        gap: 4px;
        height: 26px;
        padding: 0 2px 0 8px;
        border-radius: var(--radius-m);
        background: var(--sunken);
        font-size: var(--text-s);
      }

      .chip button {
        display: grid;
        place-items: center;
        width: 22px;
        height: 22px;
        border-radius: var(--radius-s);
      }

      .chip .icon {
        width: 12px;
        height: 12px;
      }

      .spring {
        flex: 1;
      }
    `,
  ];

  @property({ attribute: false }) t: BuilderMessages = builderMessages('en');
  @property({ attribute: false }) spec!: ModelSpec;
  @property() name = '';
  @property() shape = '';
  @property({ attribute: false }) channels = 16;
  @property({ attribute: false }) fault: Fault | null = null;
  @property({ attribute: false }) apply: (edited: edit.Edited, key?: string) => void = () => undefined;

  @state() private merge: edit.Merge = 'Add';

  protected override render(): TemplateResult {
    const { t, spec, name } = this;
    const layer = edit.layerOf(spec, name);
    const fields = layer === undefined ? [] : (KINDS[layer.class]?.fields ?? []);
    const about = layer === undefined ? t.inputAbout : fields.length === 0 ? t.nothingToSet : '';
    const fault = this.fault !== null && this.fault.layer === name ? this.fault.message : '';
    return html`
      <header>
        <h3 class="panel-title">${name}</h3>
        <span class="label">${[layer?.class, this.shape].filter(Boolean).join(' · ')}</span>
        ${fault === '' ? nothing : html`<span class="fault">${fault}</span>`}
      </header>
      ${about === '' ? nothing : html`<p class="muted">${about}</p>`}
      ${
        layer === undefined || fields.length === 0
          ? nothing
          : html`<div class="fields">${fields.map((field) => this.control(layer, field))}</div>`
      }
      ${layer !== undefined && edit.isMerge(layer) ? this.inputs(layer) : nothing} ${this.actions(layer)}
    `;
  }

  private control(layer: LayerSpec, field: Field): TemplateResult {
    const { t } = this;
    const value = layer.config?.[field.name] ?? meantBy(field);
    const caption = html`<span class="label">${field.name}</span>`;
    switch (field.kind) {
      case 'integer':
      case 'decimal':
      case 'optional':
        return html`<label>${caption}${this.number(layer, field, value, (number) => number)}</label>`;
      case 'pair': {
        const [high, wide] = pairOf(value);
        return html`<fieldset>
          <legend class="label">${field.name}</legend>
          <span class="many">
            ${this.number(layer, field, high, (number) => [number, wide], t.height)} ×
            ${this.number(layer, field, wide, (number) => [high, number], t.width)}
          </span>
        </fieldset>`;
      }
      case 'sides': {
        const sides = sidesOf(value);
        return html`<fieldset>
          <legend class="label">${field.name}</legend>
          <span class="many">
            ${sides.map((side, at) =>
              this.number(
                layer,
                field,
                side,
                (number) => {
                  const [a, b, c, d] = sides.map((known, i) => (i === at ? number : known));
                  return [
                    [a, b],
                    [c, d],
                  ];
                },
                [t.top, t.bottom, t.left, t.right][at],
              ),
            )}
          </span>
        </fieldset>`;
      }
      case 'choice':
        return html`<label>${caption}${this.menu(layer, field, String(value), field.choices, (word) => word)}</label>`;
      case 'initializer': {
        const chosen = typeof value === 'string' ? value : String((value as { class?: unknown }).class);
        const choices = [...new Set([...INITIALIZERS, chosen])];
        return html`<label>
          ${caption}${this.menu(layer, field, chosen, choices, (word) => ({ class: word }))}
        </label>`;
      }
      case 'switch':
        return html`<label>
          ${caption}
          <input
            type="checkbox"
            .checked=${value === true}
            @change=${(event: Event) => {
              this.set(layer, field, (event.target as HTMLInputElement).checked);
            }}
          />
        </label>`;
    }
  }

  private number(
    layer: LayerSpec,
    field: Field,
    value: unknown,
    whole: (number: number) => unknown,
    part?: string,
  ): TemplateResult {
    const isDecimal = field.kind === 'decimal' || field.kind === 'optional';
    const input = (event: Event): void => {
      const { value: text, valueAsNumber } = event.target as HTMLInputElement;
      // While the field is empty, what is absent stays absent and a number is 0: the engine says what it thinks of that.
      if (field.kind === 'optional' && text === '') this.set(layer, field, undefined, true);
      else this.set(layer, field, whole(Number.isNaN(valueAsNumber) ? 0 : valueAsNumber), true);
    };
    return html`<input
      class="field number"
      type="number"
      min="0"
      step=${isDecimal ? 'any' : '1'}
      aria-label=${part === undefined ? nothing : `${field.name}, ${part}`}
      .value=${typeof value === 'number' ? String(value) : ''}
      @input=${input}
    />`;
  }

  private menu(
    layer: LayerSpec,
    field: Field,
    chosen: string,
    choices: readonly string[],
    whole: (word: string) => unknown,
  ): TemplateResult {
    const change = (event: Event): void => this.set(layer, field, whole((event.target as HTMLSelectElement).value));
    return html`<select class="field" @change=${change}>
      ${choices.map((word) => html`<option value=${word} ?selected=${word === chosen}>${word}</option>`)}
    </select>`;
  }

  private set(layer: LayerSpec, field: Field, value: unknown, typed = false): void {
    const edited = edit.configure(this.spec, layer.name, field.name, value);
    this.apply(edited, typed ? `${layer.name} ${field.name}` : '');
  }

  private inputs(layer: LayerSpec): TemplateResult {
    const { t, spec } = this;
    const later = new Set([layer.name, ...edit.descendants(spec, layer.name), ...layer.connected_to]);
    const others = [spec.input.layer, ...spec.layers.map(({ name }) => name)].filter((name) => !later.has(name));
    return html`<div class="actions">
      <span>${t.inputs}</span>
      ${layer.connected_to.map(
        (input) =>
          html`<span class="chip">
            ${input}
            <button
              aria-label=${t.dropInput(input)}
              title=${t.dropInput(input)}
              @click=${() => this.apply(edit.dropInput(spec, layer.name, input))}
            >
              ${icon('close')}
            </button>
          </span>`,
      )}
      ${this.picker(t.addInput, t.addInput, others, (name) => this.apply(edit.addInput(spec, layer.name, name)))}
    </div>`;
  }

  private actions(layer: LayerSpec | undefined): TemplateResult {
    const { t, spec, name, merge } = this;
    const reader = edit.soleReader(spec, name);
    const single = layer?.connected_to.length === 1;
    const targets = edit.descendants(spec, name).filter((known) => !spec.outputs.includes(known));
    return html`<div class="actions">
      ${
        layer === undefined
          ? nothing
          : html`
              <button
                class="button square small"
                aria-label=${t.earlier}
                title=${t.earlier}
                ?disabled=${!edit.canMoveEarlier(spec, name)}
                @click=${() => this.apply(edit.moveEarlier(spec, name))}
              >
                ${icon('chevronLeft')}
              </button>
              <button
                class="button square small"
                aria-label=${t.later}
                title=${t.later}
                ?disabled=${!single || reader === undefined}
                @click=${() => this.apply({ ...edit.moveEarlier(spec, reader ?? ''), chosen: name })}
              >
                ${icon('chevronRight')}
              </button>
            `
      }
      <button
        class="button small"
        title=${t.branchAbout}
        ?disabled=${!single}
        @click=${() => this.apply(edit.branch(spec, name, merge, this.channels))}
      >
        ${drawings.branch} ${t.branch(name)}
      </button>
      <span class="group" title=${t.skipAbout}>
        ${drawings.skip}
        ${this.picker(t.skip(name), t.skipTo, targets, (target) => this.apply(edit.skip(spec, name, target, merge)), t.skip(name))}
      </span>
      <label class="group joined">
        ${t.mergeBy}
        <select
          class="field"
          @change=${(event: Event) => {
            this.merge = MERGES.find((known) => known === (event.target as HTMLSelectElement).value) ?? 'Add';
          }}
        >
          ${MERGES.map((known) => html`<option value=${known} ?selected=${known === merge}>${t.merges[known]}</option>`)}
        </select>
      </label>
      <span class="spring"></span>
      ${
        layer === undefined
          ? nothing
          : html`<button class="button small" @click=${() => this.apply(edit.remove(spec, name))}>
              ${drawings.trash} ${t.remove}
            </button>`
      }
    </div>`;
  }

  /** A menu that does something at once and shows its prompt again. */
  private picker(
    label: string,
    prompt: string,
    names: readonly string[],
    pick: (name: string) => void,
    before = '',
  ): TemplateResult {
    const change = (event: Event): void => {
      const select = event.target as HTMLSelectElement;
      const { value } = select;
      select.value = '';
      if (value !== '') pick(value);
    };
    return html`<select class="field" aria-label=${label} ?disabled=${names.length === 0} @change=${change}>
      <option value="" selected>${[before, prompt].filter(Boolean).join(' ')}</option>
      ${names.map((name) => html`<option value=${name}>${name}</option>`)}
    </select>`;
  }
}
