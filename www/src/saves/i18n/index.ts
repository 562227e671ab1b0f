/** Texts about saved runs. */
import { messages, type Messages, type Shape } from '../../i18n/index.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type SavesMessages = Shape<typeof en>;

export function savesMessages(t: Messages): SavesMessages {
  return t === messages('ko') ? ko : en;
}
