import { en } from './en.js';
import { ko } from './ko.js';
import { LANGUAGES, type Language } from './languages.js';

/** The form of a set of texts, whatever they say. */
export type Shape<T> = T extends (...parameters: infer P) => string
  ? (...parameters: P) => string
  : T extends string
    ? string
    : T extends readonly string[]
      ? readonly string[]
      : { readonly [K in keyof T]: Shape<T[K]> };

/** All texts of the page. A language that lacks a key does not compile. */
export type Messages = Shape<typeof en>;

const ALL: Readonly<Record<Language, Messages>> = { en, ko };

export function messages(language: Language): Messages {
  return ALL[language];
}

/** The reader's language, from the browser's list. */
export function preferredLanguage(tags: readonly string[]): Language {
  for (const tag of tags) {
    const found = LANGUAGES.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found !== undefined) return found;
  }
  return 'en';
}
