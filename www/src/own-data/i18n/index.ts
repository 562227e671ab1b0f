import { messages, type Messages, type Shape } from '../../i18n/index.js';
import { en } from './en.js';
import { ko } from './ko.js';

/** What is said of whole data sets of one's own. */
export type OwnDataMessages = Shape<typeof en>;

export const ownDataMessages = (t: Messages): OwnDataMessages => (t === messages('ko') ? ko : en);
