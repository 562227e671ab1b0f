import { toQuery, type Settings } from '../state.js';

/** Where this script lies. In a variable, lest Vite takes the pages for assets to bundle. */
const HERE = import.meta.url;

/** The check page of the server that this script came from, with the run to come back to. */
export function checkPage(settings: Settings): string {
  return new URL(import.meta.env.DEV ? '/check.html' : '../check.html', HERE).href + toQuery(settings);
}
