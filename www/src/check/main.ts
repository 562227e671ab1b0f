/** The page around the element: language, theme and model from the URL, and back into it. */
import './check-page.js';
import { defaults, fromQuery } from '../state.js';
import { checkMessages } from './i18n/index.js';

const element = document.querySelector('cnn-check');
if (element !== null) {
  const follow = (): void => {
    const { lang, theme } = element.settings;
    document.documentElement.lang = element.language;
    document.title = checkMessages(element.language).title;
    document.documentElement.dataset['theme'] = element.dataset['theme'] ?? 'light';
    // The other parameters are the playground's run: they lead back to it.
    const parameters = new URLSearchParams(location.search);
    for (const [name, value] of Object.entries({ lang, theme })) {
      if (value === 'auto') parameters.delete(name);
      else parameters.set(name, value);
    }
    const query = parameters.size === 0 ? '' : `?${parameters.toString()}`;
    if (query !== location.search) history.replaceState(null, '', `${location.pathname}${query}${location.hash}`);
  };
  element.addEventListener('settings', follow);
  element.settings = { ...defaults(), ...fromQuery(location.search) };
}
