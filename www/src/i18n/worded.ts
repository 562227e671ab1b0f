import { messages, type Messages } from './index.js';

/** What went wrong in the reader's language: the engine says it in English. */
export async function worded(error: unknown, t: Messages): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  if (t === messages('en')) return message;
  return import('./engine-ko.js').then(
    ({ inKorean }) => inKorean(message),
    () => message,
  );
}
