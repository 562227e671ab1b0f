import type { Language } from '../../i18n/languages.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type BuilderMessages = typeof en;

const ALL: Readonly<Record<Language, BuilderMessages>> = { en, ko };

export function builderMessages(language: Language): BuilderMessages {
  return ALL[language];
}
