/** In the worker: pictures of one's own, which lie in this browser or at an address, with the full engine. */
import { fullEngine } from '../builder/own.js';
import { ownSet, stem, type DatasetName } from '../engine/datasets.js';
import { UNUSABLE_DATA } from '../engine/protocol.js';
import { checkSize } from './size.js';
import { bytesOf } from './store.js';

export async function openPictures(name: DatasetName): Promise<object> {
  try {
    const engine = await fullEngine();
    const bytes = ownSet(name) === null ? await fetched(name) : await bytesOf(name);
    return engine.pictures(ownSet(name)?.title ?? `${stem(name)}.safetensors`, bytes);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw Object.assign(new Error(message, { cause }), { name: UNUSABLE_DATA });
  }
}

async function fetched(address: string): Promise<Uint8Array> {
  const response = await fetch(address).catch((error: unknown) => {
    throw new Error(`${address} could not be loaded: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (!response.ok) throw new Error(`${address} could not be loaded: HTTP ${response.status}`);
  if (response.headers.get('content-type')?.startsWith('text/html') ?? false) {
    throw new Error(`${address} is a web page: no such file lies there, or its address is another one`);
  }
  checkSize(address, Number(response.headers.get('content-length') ?? 0));
  const bytes = new Uint8Array(await response.arrayBuffer());
  checkSize(address, bytes.length);
  return bytes;
}
