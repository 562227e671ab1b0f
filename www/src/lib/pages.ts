import { toQuery, type Settings } from '../state.js';

/** Where this script lies. In a variable, lest Vite takes the pages for assets to bundle. */
const HERE = import.meta.url;

/** Another page of the server that this script came from, with the run to come back to. */
export function pageBeside(name: 'check' | 'lessons', settings: Settings): string {
  return new URL(`${import.meta.env.DEV ? '/' : '../'}${name}.html`, HERE).href + toQuery(settings);
}
