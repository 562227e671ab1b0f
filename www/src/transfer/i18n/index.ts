import { messages, type Messages, type Shape } from '../../i18n/index.js';
import { en } from './en.js';
import { ko } from './ko.js';

/** What is said of first weights, frozen layers and the cost of a run. */
export type TransferMessages = Shape<typeof en>;

export const transfer = (t: Messages): TransferMessages => (t === messages('ko') ? ko : en);
