/** The page around the element: passes the URL's parameters on and keeps the URL up to date. */
import './components/cnn-playground.js';
import { messages, preferredLanguage } from './i18n/index.js';
import { FIELD_NAMES, fromQuery, toQuery, type Settings } from './state.js';

const element = document.querySelector('cnn-playground');
if (element !== null) {
  const given = fromQuery(location.search);
  for (const name of FIELD_NAMES) {
    const value = given[name];
    if (value !== undefined) element.setAttribute(name, String(value));
  }
  if (new URLSearchParams(location.search).has('autostart')) element.setAttribute('autostart', '');

  const follow = (settings: Settings): void => {
    const language = settings.lang === 'auto' ? preferredLanguage(navigator.languages) : settings.lang;
    document.documentElement.lang = language;
    document.title = messages(language).title;
    document.documentElement.dataset['theme'] = element.dataset['theme'] ?? 'light';
    const query = toQuery(settings, location.search);
    if (query !== location.search) history.replaceState(null, '', query + location.hash);
  };
  element.addEventListener('state', (event) => {
    follow((event as CustomEvent<{ settings: Settings }>).detail.settings);
  });
  follow(element.settings);
}
