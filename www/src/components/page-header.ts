import { css, html, nothing, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { ModelInfo } from '../engine/api.js';
import { DATASETS, modelsFor } from '../engine/datasets.js';
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
        .model {
          order: 3;
          flex-basis: 100%;
        }
      }
    `,
  ];

  @property({ attribute: false }) models: readonly ModelInfo[] = [];
  @property({ attribute: false }) settings: Settings = defaults();
  @property() language: Language = 'en';
  @property({ attribute: false }) locked: ReadonlySet<string> = new Set();
  /** Without the page's name, where another page has its own. */
  @property({ type: Boolean }) untitled = false;

  @state() private copied = false;
  /** Says in Korean where a model comes from. */
  @state() private inKorean: ((source: string) => string) | null = null;

  protected override willUpdate(): void {
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
    const { quick, large } = modelsFor(this.models, DATASETS[settings.dataset]);
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
          ${chosen === undefined ? html`<option selected>${own ? t.ownNetwork : settings.model}</option>` : nothing}
          ${
            large.length === 0
              ? this.options(quick)
              : html`
                  <optgroup label=${t.modelsQuick}>${this.options(quick)}</optgroup>
                  <optgroup label=${t.modelsLarge}>${this.options(large)}</optgroup>
                `
          }
        </select>
        <span class="label source" title=${chosen?.notes.join('\n') ?? ''}>${this.sourceOf(chosen)}</span>
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
