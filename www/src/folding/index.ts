/** What a network with branches needs besides its cards; loaded with the first of them. */
export { layoutNetwork } from '../lib/branches.js';
export { blockTitle, foldAllButton } from './fold-marks.js';
export { Folding } from './folding.js';
