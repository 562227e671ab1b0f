/** The playground without a frame, for iframes: the query's names are the element's attributes. */
import './components/cnn-playground.js';
import { allowedOrigin, connect } from './lib/messenger.js';
import { followLanguage, placeQuery } from './lib/placing.js';

const element = document.querySelector('cnn-playground');
if (element !== null) {
  if (window.parent !== window) {
    const origin = allowedOrigin(location.search, location.origin);
    // Before the attributes: what they change is told, too.
    connect(element, { origin, parent: window.parent, inbox: window });
  } else {
    // Within another page, that page's own `main` is the only one.
    element.setAttribute('role', 'main');
  }
  placeQuery(element, location.search);
  // The page around has a title of its own.
  element.setAttribute('hide', `title ${element.getAttribute('hide') ?? ''}`);
  followLanguage(element);
  element.addEventListener('state', () => followLanguage(element));
}
