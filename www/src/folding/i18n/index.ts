import { messages, type Messages } from '../../i18n/index.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type FoldingMessages = typeof en;

/** In the language of the texts around it. */
export function foldingMessages(t: Messages): FoldingMessages {
  return t === messages('ko') ? ko : en;
}
