/** Puts a file of pictures into this browser, once the engine has read it. */
import type { RunHandle } from '../engine/client.js';
import { isDataset, ownSetName, type DatasetName } from '../engine/datasets.js';
import { put } from './store.js';

export interface KeptSet {
  name: DatasetName;
  count: number;
}

export async function keep(
  run: RunHandle,
  title: string,
  file: Uint8Array<ArrayBuffer>,
  stop: AbortSignal,
): Promise<KeptSet> {
  const { shape, classes, count } = await run.inspect(`${title}.safetensors`, file);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', file));
  const hash = [...digest.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const [height = 1, width = 1, channels = 1] = shape;
  const name = ownSetName({ title, shape: [height, width, channels], classes: classes.length, hash });
  if (!isDataset(name)) {
    throw new Error(
      `"${title}" has pictures of ${shape.join('×')}; use sides below 10,000 and fewer than 100 channels`,
    );
  }
  stop.throwIfAborted();
  await put({ name, count, bytes: file.length, saved: Date.now() }, file);
  return { name, count };
}
