/** Texts for browsers and machines that the engine cannot run on: most people never load them. */
import { messages, type Messages, type Shape } from '../index.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type UnsupportedMessages = Shape<typeof en>;

export function unsupportedMessages(t: Messages): UnsupportedMessages {
  return t === messages('ko') ? ko : en;
}
