/** Texts of the curves, which come with the first step. */
import { messages, type Messages, type Shape } from '../index.js';
import { en } from './en.js';
import { ko } from './ko.js';

/** A language that lacks a key does not compile. */
export type ChartMessages = Shape<typeof en>;

export function chartMessages(t: Messages): ChartMessages {
  return t === messages('ko') ? ko : en;
}
