import type { Language } from '../../i18n/languages.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type LessonMessages = typeof en;
export type { LessonWords } from './en.js';

const ALL: Readonly<Record<Language, LessonMessages>> = { en, ko };

export function lessonMessages(language: Language): LessonMessages {
  return ALL[language];
}
