/** Pictures of one's own in IndexedDB, as the safetensors files that the engine reads: the page puts them there, the worker takes them
 * out, and a run that goes on another day finds them again. */
import { stem, type DatasetName } from '../engine/datasets.js';

const NAME = 'cnn-playground-data';
const ABOUT = 'about';
const FILES = 'files';

/** What a list says of a set. */
export interface StoredSet {
  name: DatasetName;
  /** Pictures. */
  count: number;
  bytes: number;
  /** Milliseconds since 1970. */
  saved: number;
}

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed.'));
  });
}

/** Opened for each of the few times that somebody asks. */
async function within<T>(
  mode: IDBTransactionMode,
  work: (about: IDBObjectStore, files: IDBObjectStore) => Promise<T>,
): Promise<T> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    for (const store of [ABOUT, FILES]) request.result.createObjectStore(store);
  };
  const database = await done(request);
  try {
    const transaction = database.transaction([ABOUT, FILES], mode);
    const ended = new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up.'));
    });
    // Whoever waits for the work hears of the end below, or never does.
    ended.catch(() => undefined);
    const result = await work(transaction.objectStore(ABOUT), transaction.objectStore(FILES));
    await ended;
    return result;
  } finally {
    database.close();
  }
}

export async function put(set: StoredSet, file: Uint8Array<ArrayBuffer>): Promise<void> {
  try {
    await within('readwrite', async (about, files) => {
      await done(files.put(new Blob([file]), set.name));
      await done(about.put(set, set.name));
    });
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'QuotaExceededError') throw error;
    const size = Math.ceil(set.bytes / 2 ** 20);
    throw new Error(`This browser has no room for ${size} MB of pictures: delete a set that lies here, or use fewer.`, {
      cause: error,
    });
  }
}

/** Newest first. */
export async function list(): Promise<StoredSet[]> {
  const sets = await within('readonly', (about) => done(about.getAll() as IDBRequest<StoredSet[]>));
  return sets.sort((a, b) => b.saved - a.saved);
}

export async function bytesOf(name: DatasetName): Promise<Uint8Array<ArrayBuffer>> {
  const file = await within('readonly', (_, files) => done(files.get(name) as IDBRequest<Blob | undefined>));
  if (file === undefined) {
    throw new Error(`The pictures "${stem(name)}" do not lie in this browser: open their folder or file here`);
  }
  return new Uint8Array(await file.arrayBuffer());
}

export async function remove(name: DatasetName): Promise<void> {
  await within('readwrite', async (about, files) => {
    await done(files.delete(name));
    await done(about.delete(name));
  });
}
