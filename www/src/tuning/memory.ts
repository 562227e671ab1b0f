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
async function within<T>(mode: IDBTransactionMode, work: (tables: IDBObjectStore) => Promise<T>): Promise<T> {
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(TABLES);
  const database = await done(request);
  try {
    return await work(database.transaction(TABLES, mode).objectStore(TABLES));
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
  return asKnown(await within('readonly', (tables) => done(tables.get(adapter))).catch(() => null));
}

/** Adds what was measured to what is known by then, in one go: another tab may have measured something else meanwhile. */
export async function remember(adapter: string, table: string, network: string): Promise<void> {
  await within('readwrite', async (tables) => {
    const known = asKnown(await done(tables.get(adapter)));
    await done(tables.put(joined(known, table, network), adapter));
  }).catch(() => undefined);
}

/** Lines are `key=variant`; the later of two with the same key counts. */
export function joined(known: Known, table: string, network: string): Known {
  const lines = `${known.table}\n${table}`.split('\n').filter((line) => line !== '');
  const rows = new Map(lines.map((line) => [line.slice(0, line.lastIndexOf('=')), line]));
  return {
    table: [...rows.values()].map((line) => `${line}\n`).join(''),
    networks: [...new Set([...known.networks, network])],
  };
}

/** All of it, so that it is measured again. */
export async function forget(): Promise<void> {
  await within('readwrite', (tables) => done(tables.clear())).catch(() => undefined);
}
