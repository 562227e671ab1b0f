import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { keyed } from 'lit/directives/keyed.js';
import '../components/cnn-playground.js';
import { icon } from '../components/icon.js';
import { mark } from '../components/mark.js';
import { preferredLanguage } from '../i18n/index.js';
import type { Language } from '../i18n/languages.js';
import { defaults, THEMES, type Settings } from '../state.js';
import { dress, watchAppearance } from '../lib/appearance.js';
import { base } from '../styles/base.js';
import { fading } from '../styles/panel.js';
import { tokens } from '../styles/tokens.js';
import './compare-runs.js';
import { lessonMessages, type LessonMessages, type LessonWords } from './i18n/index.js';
import { GLOSSARY, isGlossary, LESSONS, lessonOf, type Lesson } from './lessons.js';
import { page } from './page-styles.js';
import { placeAttributes } from './place.js';

/** One lesson: a short text tied to a live playground, and a question. */
@customElement('cnn-lesson')
export class LessonPage extends LitElement {
  static override styles = [tokens, base, fading, page];

  @property({ attribute: false }) settings: Pick<Settings, 'lang' | 'theme'> = defaults();
  @property({ attribute: false }) query = '';

  @state() private picked: number | null = null;
  /** Links the terms in the texts, once it is there. */
  @state() private glossary: typeof import('../glossary/index.js') | null = null;
  @state() private verdict: 'none' | 'right' | 'wrong' = 'none';

  private readonly onAppearance = (): void => this.requestUpdate();
  private unwatch = (): void => undefined;

  get language(): Language {
    const { lang } = this.settings;
    return lang === 'auto' ? preferredLanguage(navigator.languages) : lang;
  }

  get lesson(): Lesson {
    // There is always a first one.
    return LESSONS[lessonOf(this.query)] ?? (LESSONS[0] as Lesson);
  }

  /** What the document is called. */
  get heading(): string {
    return isGlossary(this.query) ? lessonMessages(this.language).glossary : this.words.title;
  }

  get words(): LessonWords {
    return wordsOf(this.lesson, lessonMessages(this.language));
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.unwatch = watchAppearance(this.onAppearance);
    import('../glossary/index.js').then(
      (glossary) => (this.glossary = glossary),
      // The texts can be read without it.
      () => undefined,
    );
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.unwatch();
  }

  /** What the playgrounds within are told. */
  private get innerTheme(): string {
    return this.settings.theme === 'contrast' ? 'contrast' : (this.dataset['theme'] ?? 'light');
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    dress(this, this.settings.theme);
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed);
    this.shadowRoot?.firstElementChild?.setAttribute('lang', this.language);
    const { widget } = this.lesson;
    const playground = this.renderRoot.querySelector<HTMLElement>('.widget > cnn-playground');
    if (widget.kind === 'one' && playground !== null) {
      placeAttributes(playground, {
        ...widget.attributes,
        lang: this.language,
        theme: this.innerTheme,
      });
    }
    if (changed.has('query')) this.showCurrent();
    if (changed.has('settings')) this.dispatchEvent(new CustomEvent('settings'));
  }

  /** On a phone the list of lessons is a row that scrolls. */
  private showCurrent(): void {
    const current = this.renderRoot.querySelector('nav [aria-current]');
    const list = current?.closest('ol');
    if (current == null || list == null) return;
    list.scrollLeft += current.getBoundingClientRect().left - list.getBoundingClientRect().left - 24;
  }

  protected override render(): TemplateResult {
    const t = lessonMessages(this.language);
    const current = isGlossary(this.query) ? null : this.lesson;
    return html`
      <div class="shell">
        ${this.header(t)}
        <div class="columns">
          <nav aria-label=${t.list}>
            <ol class="fades">
              ${LESSONS.map(
                (known) =>
                  html`<li>
                    <a href=${this.link(known.id)} aria-current=${known === current ? 'page' : nothing}>
                      ${wordsOf(known, t).title}
                    </a>
                  </li>`,
              )}
              <li class="apart">
                <a href=${this.link(GLOSSARY)} aria-current=${current === null ? 'page' : nothing}>${t.glossary}</a>
              </li>
            </ol>
          </nav>
          <article>
            ${isGlossary(this.query) ? html`<cnl-glossary .language=${this.language}></cnl-glossary>` : this.article(t)}
          </article>
        </div>
      </div>
    `;
  }

  private article(t: LessonMessages): TemplateResult {
    const { lesson, words } = this;
    const { before, tasks, after } = words;
    const at = LESSONS.indexOf(lesson);
    const said = this.linked([...before, ...tasks, ...after]);
    return html`
      <h1>${words.title}</h1>
      ${said.slice(0, before.length).map((text) => html`<p>${text}</p>`)}
      <section class="tasks" aria-label=${t.tryThis}>
        <h2>${t.tryThis}</h2>
        <ul>
          ${said.slice(before.length, before.length + tasks.length).map((task) => html`<li>${task}</li>`)}
        </ul>
      </section>
      <div class="widget">${keyed(lesson.id, this.widget(lesson))}</div>
      ${said.slice(before.length + tasks.length).map((text) => html`<p>${text}</p>`)} ${this.question(t, lesson, words)}
      <div class="steps">${this.step(LESSONS[at - 1], t, t.previous)} ${this.step(LESSONS[at + 1], t, t.next)}</div>
    `;
  }

  /** The texts with their terms set off, and linked as soon as the glossary is there. */
  private linked(texts: readonly string[]): unknown[][] {
    const { glossary, language } = this;
    if (glossary === null) return texts.map(terms);
    return glossary.linkTerms(texts, language).map((pieces) =>
      pieces.map(({ text, strong, term }) => {
        const word = term === undefined ? text : html`<cnl-term .term=${term} .language=${language}>${text}</cnl-term>`;
        return strong ? html`<em>${word}</em>` : word;
      }),
    );
  }

  private header(t: LessonMessages): TemplateResult {
    const { theme } = this.settings;
    const themeName = { auto: t.themeAuto, light: t.themeLight, dark: t.themeDark, contrast: t.themeContrast }[theme];
    const other = this.language === 'en' ? 'ko' : 'en';
    return html`<header>
      <span class="brand">${mark} ${t.title}</span>
      <a class="button quiet" href=${`./index.html${this.with(null)}`}>${icon('back')} ${t.back}</a>
      <span class="spring"></span>
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
        lang=${other}
        aria-label=${`${t.switchLanguage}: ${t.switchLanguageLabel}`}
        @click=${() => this.change({ lang: other })}
      >
        ${t.switchLanguage}
      </button>
    </header>`;
  }

  private widget({ widget }: Lesson): TemplateResult {
    return widget.kind === 'one'
      ? html`<cnn-playground></cnn-playground>`
      : html`<cnl-compare
          .sides=${widget.sides}
          ?norms=${widget.norms ?? false}
          ?skips=${widget.skips ?? false}
          .language=${this.language}
          .theme=${this.innerTheme}
        ></cnl-compare>`;
  }

  private question(t: LessonMessages, lesson: Lesson, words: LessonWords): TemplateResult {
    const check = (event: Event): void => {
      event.preventDefault();
      if (this.picked !== null) this.verdict = this.picked === lesson.answer ? 'right' : 'wrong';
    };
    return html`<form class="question panel" @submit=${check}>
      <fieldset>
        <legend><span class="label">${t.question}</span> ${words.question}</legend>
        ${words.choices.map(
          (choice, at) =>
            html`<label>
              <input
                type="radio"
                name="answer"
                .checked=${this.picked === at}
                @change=${() => {
                  this.picked = at;
                  this.verdict = 'none';
                }}
              />
              ${choice}
            </label>`,
        )}
      </fieldset>
      <button class="button" ?disabled=${this.picked === null}>${icon('check')} ${t.check}</button>
      <p class="verdict ${this.verdict}" role="status">
        ${this.verdict === 'right' ? html`<strong>${t.right}</strong> ${words.why}` : nothing}
        ${this.verdict === 'wrong' ? t.wrong : nothing}
      </p>
    </form>`;
  }

  private step(lesson: Lesson | undefined, t: LessonMessages, label: string): TemplateResult {
    if (lesson === undefined) return html`<span></span>`;
    return html`<a href=${this.link(lesson.id)}><span class="label">${label}</span>${wordsOf(lesson, t).title}</a>`;
  }

  /** The page's query with another lesson, or with none: what else stands in it is the run to come back to. */
  private with(lesson: string | null): string {
    const parameters = new URLSearchParams(this.query);
    parameters.delete('lesson');
    if (lesson !== null) parameters.set('lesson', lesson);
    for (const name of ['lang', 'theme'] as const) {
      if (this.settings[name] === 'auto') parameters.delete(name);
      else parameters.set(name, this.settings[name]);
    }
    return parameters.size === 0 ? '' : `?${parameters.toString()}`;
  }

  private link(id: string): string {
    return `./lessons.html${this.with(id)}`;
  }

  private change(change: Partial<Settings>): void {
    this.settings = { ...this.settings, ...change };
  }
}

function wordsOf({ id }: Lesson, t: LessonMessages): LessonWords {
  const words = t.lessons[id];
  if (words === undefined) throw new Error(`Lesson "${id}" has no words.`);
  return words;
}

/** Words between asterisks are terms. */
function terms(text: string): (string | TemplateResult)[] {
  return text.split('*').map((part, at) => (at % 2 === 0 ? part : html`<em>${part}</em>`));
}

declare global {
  interface HTMLElementTagNameMap {
    'cnn-lesson': LessonPage;
  }
}
