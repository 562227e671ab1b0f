/** `<cnn-playground>` for other pages: `<script type="module" src="…/cnn-playground.js"></script>` defines it. */
export { CnnPlayground } from './components/cnn-playground.js';
