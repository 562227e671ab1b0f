/** What was measured in this browser, in IndexedDB: for every adapter and version of the kernels a table. */

/** Networks whose shapes are all known, and the table for them. */
export interface Known {
  table: string;
  networks: string[];
}

const NAME = 'cnn-playground kernels';
const TABLES = 'tables';

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed.'));
  });
}

/** Opened for one piece of work at a time: whoever clears the site's data need not wait. */
async function within<T>(mode: IDBTransactionMode, work: (tables: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLES);
  const database = await done(request);
  try {
    return await done(work(database.transaction(TABLES, mode).objectStore(TABLES)));
  } finally {
    database.close();
  }
}

/** Nothing where something else lies there. */
export function asKnown(found: unknown): Known {
  const { table, networks } = (found ?? {}) as Partial<Record<keyof Known, unknown>>;
  const sound =
    typeof table === 'string' && Array.isArray(networks) && networks.every((one) => typeof one === 'string');
  return sound ? { table, networks } : { table: '', networks: [] };
}

/** Nothing where there is no memory: some browsers have none in a private window. */
export async function recall(adapter: string): Promise<Known> {
  return asKnown(await within('readonly', (tables) => tables.get(adapter)).catch(() => null));
}

export async function remember(adapter: string, known: Known): Promise<void> {
  await within('readwrite', (tables) => tables.put(known, adapter)).catch(() => undefined);
}
