/** Texts about what went wrong and the ways out. They come with the banner that says it. */
import { messages, type Messages, type Shape } from '../index.js';
import { en } from './en.js';
import { ko } from './ko.js';

export type ProblemMessages = Shape<typeof en>;

export function problemMessages(t: Messages): ProblemMessages {
  return t === messages('ko') ? ko : en;
}

/** The engine advises a tenth of the rate: which one that is, the page knows. In either language. */
const ADVICE: readonly (readonly [RegExp, (rate: string) => string])[] = [
  [/(try) a tenth of (it|the learning rate( [\d.e-]+)?)/i, (rate) => `$1 a learning rate of ${rate}`],
  [/의 10분의 1로/, (rate) => ` 대신 ${rate}로`],
  [/10분의 1로/, (rate) => `${rate}로`],
];

export function withRate(message: string, rate: string): string {
  const [found, advice] = ADVICE.find(([pattern]) => pattern.test(message)) ?? [];
  return found === undefined || advice === undefined ? message : message.replace(found, advice(rate));
}
