/** Texts about what went wrong and the ways out. They come with the banner that says it. */
import { messages, type Messages, type Shape } from '../index.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type ProblemMessages = Shape<typeof en>;

export function problemMessages(t: Messages): ProblemMessages {
  return t === messages('ko') ? ko : en;
}
