import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { icon } from '../components/icon.js';
import { mark } from '../components/mark.js';
import '../components/unsupported-message.js';
import { messages, preferredLanguage } from '../i18n/index.js';
import type { Language } from '../i18n/languages.js';
import { defaults, THEMES, type Settings } from '../state.js';
import { dress, watchAppearance } from '../lib/appearance.js';
import { base } from '../styles/base.js';
import { tokens } from '../styles/tokens.js';
import './case-table.js';
import { Check, type CheckState } from './check.js';
import './device-panel.js';
import type { CheckEvent, CheckEvents } from './element.js';
import './gradient-panel.js';
import { checkMessages, type CheckMessages } from './i18n/index.js';
import { page } from './page-styles.js';
import { reportOf, verdictOf } from './report.js';
import './verdict-panel.js';

/** The check page, whole: every kernel proved on the visitor's own GPU. */
@customElement('cnn-check')
export class CnnCheck extends LitElement {
  static override styles = [tokens, base, page];

  /** Language and theme, and the run that the playground came from. */
  @property({ attribute: false }) settings: Settings = defaults();
  @state() private view: CheckState;

  private readonly check: Check;
  private readonly onAppearance = (): void => this.applyTheme();
  private unwatch = (): void => undefined;

  constructor() {
    super();
    this.check = new Check(
      (status) => checkMessages(this.language).httpError(status),
      (state) => (this.view = state),
    );
    this.view = this.check.state;
  }

  get language(): Language {
    const { lang } = this.settings;
    return lang === 'auto' ? preferredLanguage(navigator.languages) : lang;
  }

  /** Where the check stands, as plain data. */
  getState(): Record<string, unknown> {
    const { phase, busy, rows, seconds, gradient, problem } = this.view;
    const { kind, all, done, passed, failed } = verdictOf(rows, busy === 'cases');
    const layers = gradient?.rows.map(({ layer, result }) => ({ ...layer, passed: result?.passed ?? null })) ?? [];
    return { phase, busy, verdict: kind, all, done, passed, failed, seconds, layers, error: problem?.message ?? null };
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchAppearance(this.onAppearance);
    this.applyTheme();
    void this.check.start();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch();
    this.check.cancel();
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('settings')) this.applyTheme();
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.shadowRoot?.firstElementChild?.setAttribute('lang', this.language);
    if (changed.has('settings')) this.dispatchEvent(new CustomEvent('settings'));
  }

  protected override render(): TemplateResult {
    const t = checkMessages(this.language);
    const { view } = this;
    return html`
      <div
        class="shell"
        @check-run=${() => void this.check.run()}
        @check-cancel=${() => this.check.cancel()}
        @check-files=${(event: CheckEvent<'check-files'>) => void this.check.addFiles(event.detail)}
        @check-gradient=${this.onGradient}
        @cnp-restart=${() => void this.check.restart()}
      >
        ${this.header(t)} ${view.problem === null ? nothing : this.problem(t, view.problem)}
        ${
          view.unsupported === null
            ? this.panels(t)
            : html`<cnp-unsupported-message
                class="panel"
                .t=${messages(this.language)}
                .reason=${view.unsupported.reason}
                .message=${view.unsupported.message}
              ></cnp-unsupported-message>`
        }
      </div>
    `;
  }

  private header(t: CheckMessages): TemplateResult {
    const { theme } = this.settings;
    const own = messages(this.language);
    const themeName = { auto: own.themeAuto, light: own.themeLight, dark: own.themeDark, contrast: own.themeContrast }[
      theme
    ];
    return html`
      <header class="top">
        <h1>${mark} ${t.title}</h1>
        <a class="button quiet" href=${`./index.html${location.search}`}>${icon('back')} ${t.back}</a>
        <div class="tools">
          <button
            class="button square quiet"
            aria-label=${themeName}
            title=${themeName}
            @click=${() => this.change({ theme: THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto' })}
          >
            ${icon(({ auto: 'system', light: 'sun', dark: 'moon', contrast: 'contrast' } as const)[theme])}
          </button>
          <button
            class="button quiet"
            lang=${this.language === 'en' ? 'ko' : 'en'}
            aria-label=${`${t.switchLanguage}: ${t.switchLanguageLabel}`}
            @click=${() => this.change({ lang: this.language === 'en' ? 'ko' : 'en' })}
          >
            ${t.switchLanguage}
          </button>
        </div>
        <p class="intro">${t.intro}</p>
      </header>
    `;
  }

  private problem(t: CheckMessages, { kind, message }: NonNullable<CheckState['problem']>): TemplateResult {
    const title = { engine: t.errorEngine, lost: t.errorLost, gradient: t.errorGradient }[kind];
    return html`<div class="problem">
      ${icon('warning')}
      <p role="alert"><strong>${title}</strong> ${message}</p>
      ${
        kind === 'gradient'
          ? nothing
          : html`<button class="button" @click=${() => void this.check.restart()}>${t.restart}</button>`
      }
    </div>`;
  }

  private panels(t: CheckMessages): TemplateResult {
    const { view } = this;
    const { start, busy, rows, seconds, gradient } = view;
    const ready = view.phase === 'ready' && busy === null;
    const { adapter = null, version = '', models = [] } = start ?? {};
    const report =
      adapter === null
        ? null
        : () =>
            reportOf({ adapter, version, userAgent: navigator.userAgent, rows, seconds, gradient, date: new Date() });
    return html`
      <cnp-verdict-panel
        class="panel"
        .t=${t}
        .verdict=${verdictOf(rows, busy === 'cases')}
        .report=${report}
        .seconds=${seconds}
        ?ready=${ready}
        ?running=${busy === 'cases'}
        ?starting=${view.phase === 'starting'}
      ></cnp-verdict-panel>
      <div class="columns">
        <cnp-case-table class="panel" .t=${t} .rows=${rows} ?ready=${view.phase === 'ready'}></cnp-case-table>
        <div class="side">
          <cnp-device-panel class="panel" .t=${t} .adapter=${adapter} .version=${version}></cnp-device-panel>
          <cnp-gradient-panel
            class="panel"
            .t=${t}
            .models=${models}
            .run=${gradient}
            .model=${this.settings.model}
            ?ready=${ready}
            ?running=${busy === 'gradient'}
          ></cnp-gradient-panel>
        </div>
      </div>
    `;
  }

  private onGradient({ detail }: CheckEvent<'check-gradient'>): void {
    const { model, seed }: CheckEvents['check-gradient'] = detail;
    void this.check.runGradient(model, seed);
  }

  private change(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
  }

  private applyTheme(): void {
    dress(this, this.settings.theme);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'cnn-check': CnnCheck;
  }
}
