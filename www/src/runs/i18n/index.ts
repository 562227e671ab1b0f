/** Texts about compared runs. */
import { messages, type Messages, type Shape } from '../../i18n/index.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type RunsMessages = Shape<typeof en>;

export function runsMessages(t: Messages): RunsMessages {
  return t === messages('ko') ? ko : en;
}
