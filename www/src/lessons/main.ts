/** The page around a lesson: which one the URL names, in which language and theme. */
import './lesson-page.js';
import { defaults, fromQuery } from '../state.js';
import { lessonMessages } from './i18n/index.js';

const element = document.querySelector('cnn-lesson');
if (element !== null) {
  const follow = (): void => {
    const { lang, theme } = element.settings;
    document.documentElement.lang = element.language;
    document.title = lessonMessages(element.language).documentTitle(element.heading);
    document.documentElement.dataset['theme'] = element.dataset['theme'] ?? 'light';
    const parameters = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries({ lang, theme })) {
      if (value === 'auto') parameters.delete(name);
      else parameters.set(name, value);
    }
    const query = parameters.size === 0 ? '' : `?${parameters.toString()}`;
    if (query !== location.search) history.replaceState(null, '', `${location.pathname}${query}${location.hash}`);
  };
  element.addEventListener('settings', follow);
  element.query = location.search;
  element.settings = { ...defaults(), ...fromQuery(location.search) };
}
