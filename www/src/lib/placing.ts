/** What the pages do around the element: hand the query's parameters on, and follow its language and theme. */
import type { CnnPlayground } from '../components/cnn-playground.js';
import { messages, preferredLanguage } from '../i18n/index.js';
import { FIELD_NAMES, fromQuery, unusable } from '../state.js';

/** Attributes that are no settings. */
export const OTHER_ATTRIBUTES = ['view', 'hide', 'lock', 'lesson', 'autostart', 'autosave', 'offscreen'] as const;

/** What else a query may say: to the frame's page, or to those who count visits. */
const NOT_OURS = /^(v|origin|utm_\w+|\w*clid)$/;

/** The query's names are the element's attributes. */
export function placeQuery(element: CnnPlayground, query: string): void {
  element.linked = true;
  const given = fromQuery(query);
  for (const name of FIELD_NAMES) {
    const value = given[name];
    if (value !== undefined) element.setAttribute(name, String(value ?? ''));
  }
  // The element says what is wrong with these.
  for (const [name, text] of unusable(query)) element.setAttribute(name, text);
  const parameters = new URLSearchParams(query);
  for (const name of OTHER_ATTRIBUTES) {
    const value = parameters.get(name);
    if (value !== null) element.setAttribute(name, value);
  }
  const known: readonly string[] = [...FIELD_NAMES, ...OTHER_ATTRIBUTES];
  for (const [name, value] of parameters) {
    if (!known.includes(name) && !NOT_OURS.test(name)) element.warn(name, value);
  }
}

/** The document speaks the element's language and stands in its theme. */
export function followLanguage(element: CnnPlayground): void {
  const { lang } = element.settings;
  const language = lang === 'auto' ? preferredLanguage(navigator.languages) : lang;
  document.documentElement.lang = language;
  document.title = messages(language).title;
  document.documentElement.dataset['theme'] = element.dataset['theme'] ?? 'light';
}
