import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ModelInfo } from '../engine/api.js';
import { entryOf, modelsFor } from '../engine/datasets.js';
import type { Language } from '../i18n/languages.js';
import { defaults, THEMES, type Settings } from '../state.js';
import { base } from '../styles/base.js';
import { pageBeside } from '../lib/pages.js';
import { PlaygroundElement } from './element.js';
import { icon } from './icon.js';
import { mark } from './mark.js';

/** Name, model, link, language, theme. */
@customElement('cnp-page-header')
export class PageHeader extends PlaygroundElement {
  static override styles = [
    base,
    css`
      :host {
        display: flex;
        align-items: center;
        gap: var(--space-2) var(--space-5);
        padding: 0 var(--space-1);
        flex-wrap: wrap;
      }

      h1 {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        margin: 0;
        font-size: 16px;
        font-weight: 680;
        letter-spacing: -0.01em;
        line-height: 32px;
        white-space: nowrap;
      }

      .mark {
        width: 20px;
        height: 20px;
        color: var(--accent);
      }

      .model {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        flex: 1;
        min-width: 0;
      }

      .model label {
        flex: none;
      }

      .model .field {
        width: auto;
        min-width: 110px;
        font-weight: 600;
      }

      .tools {
        display: flex;
        gap: 2px;
        margin-left: auto;
      }

      .source {
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .button.source {
        flex: 0 1 auto;
        min-width: 32px;
        font-size: var(--text-s);
      }

      .source span {
        overflow: hidden;
        text-overflow: ellipsis;
      }

      .notes {
        position: fixed;
        inset: auto;
        width: min(460px, calc(100vw - 24px));
        max-height: 70vh;
        overflow: auto;
        margin: 0;
        padding: var(--space-3) var(--space-4) var(--space-4);
        border: 1px solid var(--line-strong);
        border-radius: var(--radius-l);
        background: var(--surface);
        color: var(--ink-2);
        box-shadow: 0 6px 24px rgb(0 0 0 / 14%);
        font-size: var(--text-m);
        line-height: 20px;
      }

      .notes h2 {
        font-size: var(--text-l);
        line-height: 24px;
        color: var(--ink);
      }

      .notes ul {
        margin-top: var(--space-2);
        padding-left: 18px;
      }

      .notes li {
        margin-top: 6px;
      }

      .notes li::marker {
        color: var(--accent);
      }

      @container (max-width: 1099px) {
        .wide {
          position: absolute;
          width: 1px;
          height: 1px;
          overflow: hidden;
          clip-path: inset(50%);
        }
      }

      @container (max-width: 719px) {
        :host {
          column-gap: 2px;
        }

        .model {
          order: 3;
          flex-basis: 100%;
        }

        .model .field {
          flex: 0 1 auto;
          max-width: 55%;
        }

        .source,
        .source span {
          white-space: normal;
          line-height: 14px;
          text-align: left;
        }
      }
    `,
  ];

  @property({ attribute: false }) models: readonly ModelInfo[] = [];
  @property({ attribute: false }) settings: Settings = defaults();
  /** What the open network is called. */
  @property() chosen = '';
  @property() language: Language = 'en';
  @property({ attribute: false }) locked: ReadonlySet<string> = new Set();
  /** Without the page's name, where another page has its own. */
  @property({ type: Boolean }) untitled = false;

  @state() private copied = false;
  /** Says in Korean where a model comes from. */
  @state() private inKorean: ((source: string) => string) | null = null;

  @state() private noteInKorean = (note: string): string => note;

  protected override willUpdate(): void {
    if (this.hasUpdated && this.renderRoot.querySelector('.notes:popover-open') !== null) this.translateNotes();
    if (this.language !== 'ko' || this.inKorean !== null) return;
    this.inKorean = () => '';
    void import('../i18n/sources-ko.js')
      .then(({ sourceInKorean }) => sourceInKorean)
      // Without them in English.
      .catch(() => (source: string) => source)
      .then((said) => (this.inKorean = said));
  }

  protected override render(): TemplateResult {
    const { t, settings } = this;
    const { quick, large } = modelsFor(this.models, entryOf(settings.dataset));
    const theme = settings.theme;
    const themeName = { auto: t.themeAuto, light: t.themeLight, dark: t.themeDark, contrast: t.themeContrast }[theme];
    const own = settings.net !== '';
    const chosen = own ? undefined : [...quick, ...large].find((model) => model.name === settings.model);
    return html`
      ${this.untitled ? nothing : html`<h1>${mark} ${t.title}</h1>`}
      <div class="model">
        <label class="label" for="model">${t.model}</label>
        <select
          id="model"
          class="field"
          ?disabled=${this.models.length === 0 || this.locked.has('model')}
          @change=${this.onModel}
        >
          ${chosen === undefined ? html`<option selected>${this.chosen}</option>` : nothing}
          ${
            large.length === 0
              ? this.options(quick)
              : html`
                  <optgroup label=${t.modelsQuick}>${this.options(quick)}</optgroup>
                  <optgroup label=${t.modelsLarge}>${this.options(large)}</optgroup>
                `
          }
        </select>
        ${this.about(chosen)}
      </div>
      <div class="tools">
        <a class="button quiet" href=${pageBeside('lessons', this.settings)} title=${t.lessons}>
          ${icon('lessons')}<span class="wide">${t.lessons}</span>
        </a>
        <a class="button quiet" href=${pageBeside('check', this.settings)} title=${t.checkGpu}>
          ${icon('proved')}<span class="wide">${t.checkGpu}</span>
        </a>
        <button
          class="button square quiet"
          aria-label=${t.copyLink}
          title=${this.copied ? t.linkCopied : t.copyLink}
          @click=${this.onLink}
        >
          ${icon(this.copied ? 'check' : 'link')}
        </button>
        <button
          class="button square quiet"
          aria-label=${themeName}
          title=${themeName}
          @click=${() => this.send('cnp-settings', { theme: THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto' })}
        >
          ${icon(({ auto: 'system', light: 'sun', dark: 'moon', contrast: 'contrast' } as const)[theme])}
        </button>
        <button
          class="button quiet"
          lang=${this.language === 'en' ? 'ko' : 'en'}
          aria-label=${`${t.switchLanguage}: ${t.switchLanguageLabel}`}
          @click=${() => this.send('cnp-settings', { lang: this.language === 'en' ? 'ko' : 'en' })}
        >
          ${t.switchLanguage}
        </button>
        <span class="visually-hidden" role="status">${this.copied ? t.linkCopied : ''}</span>
      </div>
    `;
  }

  /** Where it comes from, and behind it what is noted of it. */
  private about(model: ModelInfo | undefined): TemplateResult {
    const source = this.sourceOf(model);
    if (model === undefined || model.notes.length === 0) return html`<span class="label source">${source}</span>`;
    return html`<button class="button quiet source" popovertarget="notes">
        <span>${source}</span>${icon('info')}<span class="visually-hidden">${this.t.modelNotes}</span>
      </button>
      <div class="notes" id="notes" popover @beforetoggle=${this.onNotes}>
        <h2>${model.name}</h2>
        ${source}
        <ul>
          ${model.notes.map((note) => html`<li>${this.language === 'ko' ? this.noteInKorean(note) : note}</li>`)}
        </ul>
      </div>`;
  }

  /** Below its button, and within the window; in Korean where the reader is. */
  private onNotes({ newState, target }: ToggleEvent): void {
    if (newState !== 'open') return;
    const button = this.renderRoot.querySelector('.button.source')?.getBoundingClientRect();
    const { style } = target as HTMLElement;
    style.setProperty('left', `min(${button?.left ?? 0}px, 100vw - 12px - min(460px, 100vw - 24px))`);
    style.setProperty('top', `${(button?.bottom ?? 0) + 4}px`);
    this.translateNotes();
  }

  private translateNotes(): void {
    if (this.language !== 'ko') return;
    void import('../i18n/notes-ko.js').then(
      ({ noteInKorean }) => (this.noteInKorean = noteInKorean),
      // In English then.
      () => undefined,
    );
  }

  private sourceOf(model: ModelInfo | undefined): string {
    const source = model?.source ?? '';
    return this.language === 'ko' ? (this.inKorean?.(source) ?? '') : source;
  }

  private options(models: readonly ModelInfo[]): TemplateResult[] {
    return models.map(
      ({ name }) =>
        html`<option value=${name} ?selected=${name === this.settings.model && this.settings.net === ''}>
          ${name}
        </option>`,
    );
  }

  private onModel(event: Event): void {
    this.send('cnp-settings', { model: (event.target as HTMLSelectElement).value, net: '' });
  }

  private onLink(): void {
    void navigator.clipboard.writeText(location.href).then(() => {
      this.copied = true;
      setTimeout(() => (this.copied = false), 2000);
    });
  }
}
