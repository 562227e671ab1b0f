/** In the worker: the text of kernels that share memory in a workgroup. Nobody takes them without having measured or asked for them, so
 * that it does not load with the others. */
import sharedUrl from '../../pkg/shaders-shared.txt?url';
import type { Engine } from '../../pkg/cnn_playground.js';

let text: Promise<string> | null = null;

async function load(): Promise<string> {
  const response = await fetch(sharedUrl);
  if (!response.ok) throw new Error(`${sharedUrl}: ${response.status} ${response.statusText}`);
  return response.text();
}

/** Lets an engine have them. What failed to load is tried again by whoever asks next. */
export async function supplyShared(engine: Pick<Engine, 'supply'>): Promise<void> {
  text ??= load();
  try {
    engine.supply(await text);
  } catch (error) {
    text = null;
    throw error;
  }
}
