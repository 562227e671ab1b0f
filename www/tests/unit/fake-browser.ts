/** As much of IndexedDB and of the locks as the saved runs use, with room for so many runs and with faults on demand. */
import { vi } from 'vitest';

type Stores = Map<string, Map<string, unknown>>;
type Request = { result?: unknown; error?: Error; onsuccess?: () => void; onerror?: () => void } & Record<
  string,
  unknown
>;

const soon = (work: () => void): void => void setTimeout(work);

export class FakeBrowser {
  stores: Stores = new Map();
  /** Runs that there is room for. */
  room = Infinity;
  /** What the next `open` fails with. */
  refuses: Error | null = null;
  /** What a `put` of a state throws. */
  unclonable: Error | null = null;
  /** What every change ends with. */
  broken: Error | null = null;
  opens = 0;
  readonly held = new Set<string>();
  /** The open database, for what happens to it from outside. */
  database: { onversionchange?: () => void; onclose?: () => void; close(): void } = { close: () => undefined };

  install(): void {
    const locks = {
      request: this.request.bind(this),
      query: () => Promise.resolve({ held: [...this.held].map((name) => ({ name })) }),
    };
    vi.stubGlobal('navigator', { locks });
    vi.stubGlobal('indexedDB', { open: () => this.open() });
  }

  keys(store: string): string[] {
    return [...(this.stores.get(store)?.keys() ?? [])];
  }

  private async request(name: string, _: object, work: (lock: object | null) => unknown): Promise<unknown> {
    if (this.held.has(name)) return work(null);
    this.held.add(name);
    try {
      return await work({ name });
    } finally {
      this.held.delete(name);
    }
  }

  private open(): Request {
    const request: Request = {};
    const refuses = this.refuses;
    this.refuses = null;
    this.opens += 1;
    soon(() => {
      if (refuses !== null) {
        request.error = refuses;
        request.onerror?.();
        return;
      }
      this.database = Object.assign(
        { close: () => undefined },
        {
          createObjectStore: (name: string) => this.stores.set(name, new Map()),
          transaction: () => this.transaction(),
        },
      );
      request.result = this.database;
      if (this.stores.size === 0) (request['onupgradeneeded'] as () => void)();
      request.onsuccess?.();
    });
    return request;
  }

  private transaction(): object {
    const copy: Stores = new Map([...this.stores].map(([name, store]) => [name, new Map(store)]));
    const transaction = {
      error: null as Error | null,
      oncomplete: () => undefined,
      onabort: () => undefined,
      isAborted: false,
    };
    const answered = (result: unknown): Request => {
      const request: Request = { result };
      soon(() => request.onsuccess?.());
      return request;
    };
    const objectStore = (name: string): object => {
      const store = copy.get(name) ?? new Map<string, unknown>();
      return {
        put: (value: unknown, key: string) => {
          if (name === 'states' && this.unclonable !== null) throw this.unclonable;
          store.set(key, value);
        },
        delete: (key: string) => store.delete(key),
        get: (key: string) => answered(store.get(key)),
        getAll: () => answered([...store.values()]),
      };
    };
    soon(() => {
      if (transaction.isAborted) return;
      const isFull = (copy.get('runs')?.size ?? 0) > this.room;
      transaction.error = isFull ? new DOMException('The quota has been exceeded.', 'QuotaExceededError') : this.broken;
      if (transaction.error !== null) transaction.onabort();
      else {
        this.stores = copy;
        transaction.oncomplete();
      }
    });
    const abort = (): void => {
      transaction.isAborted = true;
      soon(() => transaction.onabort());
    };
    return Object.assign(transaction, { objectStore, abort });
  }
}
