import type { Language } from '../../i18n/languages.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type GlossaryMessages = typeof en;

const ALL: Readonly<Record<Language, GlossaryMessages>> = { en, ko };

export function glossaryMessages(language: Language): GlossaryMessages {
  return ALL[language];
}
