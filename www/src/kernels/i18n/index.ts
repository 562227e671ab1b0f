/** Texts of the kernel view's equations and marks. They come with it. */
import { messages, type Messages, type Shape } from '../../i18n/index.js';
import { en } from './en.js';
import { ko } from './ko.js';

/** A language that lacks a key does not compile. */
export type KernelMessages = Shape<typeof en>;

/** These texts in the language of the first ones. */
export function kernels(t: Messages): KernelMessages {
  return t === messages('ko') ? ko : en;
}
