import { messages, type Messages } from './index.js';

/** What went wrong in the reader's language: the engine says it in English. */
export async function worded(error: unknown, t: Messages): Promise<string> {
  const message = error instanceof Error ? error.message : String(error);
  if (t === messages('en')) return message;
  return import('./engine-ko.js').then(
    ({ inKorean }) => message.split('\n').map(inKorean).join('\n'),
    () => message,
  );
}

const said = new WeakMap<object, string>();

/** What a host page is told of a problem: in the reader's language as soon as it has been put so. */
export function told(problem: { message: string } | null): string | null {
  return problem === null ? null : (said.get(problem) ?? problem.message);
}

export async function put<P extends { message: string }>(problem: P, t: Messages): Promise<P> {
  const message = await worded(problem.message, t);
  said.set(problem, message);
  return { ...problem, message };
}
