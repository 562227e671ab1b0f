/** Texts about own pictures. */
import { messages, type Messages, type Shape } from '../../i18n/index.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type PicturesMessages = Shape<typeof en>;

export function picturesMessages(t: Messages): PicturesMessages {
  return t === messages('ko') ? ko : en;
}
