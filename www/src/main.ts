/** The page around the element: passes the URL's parameters on and keeps the URL up to date. */
import './components/cnn-playground.js';
import { followLanguage, placeQuery } from './lib/placing.js';
import { toQuery } from './state.js';

const element = document.querySelector('cnn-playground');
if (element !== null) {
  placeQuery(element, location.search);
  const follow = (): void => {
    followLanguage(element);
    const query = toQuery(element.settings, location.search);
    if (query !== location.search) history.replaceState(null, '', query + location.hash);
  };
  element.addEventListener('state', follow);
  follow();
}
