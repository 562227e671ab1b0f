import type { Shape } from '../../i18n/index.js';
import type { Language } from '../../i18n/languages.js';
import { en } from './en.js';
import { ko } from './ko.js';

/** All texts of the check page. They are apart from the playground's, which everybody downloads. */
export type CheckMessages = Shape<typeof en>;

const ALL: Readonly<Record<Language, CheckMessages>> = { en, ko };

export function checkMessages(language: Language): CheckMessages {
  return ALL[language];
}
