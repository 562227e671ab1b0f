/** Texts of what is opened later. They come with it, and cost the first load nothing. */
import { messages, type Messages, type Shape } from '../index.js';
import { en } from './en.js';
import { ko } from './ko.js';

/** A language that lacks a key does not compile. */
export type MoreMessages = Shape<typeof en>;

/** The later texts in the language of the first ones. */
export function more(t: Messages): MoreMessages {
  return t === messages('ko') ? ko : en;
}
