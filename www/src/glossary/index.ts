/** The glossary: terms in texts, and the list of them. Loaded when the lessons are there. */
import './glossary-list.js';
import './term-mark.js';

export { linkTerms, type Piece } from './link.js';
