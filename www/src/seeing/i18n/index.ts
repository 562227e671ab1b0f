/** Texts of the tabs that explain and dissect. They come with them. */
import { messages, type Messages, type Shape } from '../../i18n/index.js';
import { en } from './en.js';
import { ko } from './ko.js';

/** A language that lacks a key does not compile. */
export type SeeingMessages = Shape<typeof en>;

/** These texts in the language of the first ones. */
export function seeing(t: Messages): SeeingMessages {
  return t === messages('ko') ? ko : en;
}
