/** Runs in IndexedDB, written by the worker. Every open run holds a lock by its name, so that no tab offers, overwrites or
 * clears away what another one is training. */
import type { Offer, RunRecord, SavedRun } from './saved.js';

const NAME = 'cnn-playground';
const RUNS = 'runs';
const STATES = 'states';
/** So many runs are kept besides the open ones, the one that has trained longest among them whenever that was; and so many bytes. */
const KEPT = 8;
const MOST_BYTES = 256 * 2 ** 20;
/** Points of a run's curve that a list shows. */
const POINTS = 48;

const lockName = (id: string): string => `cnn-playground run ${id}`;

function done<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed.'));
  });
}

let opened: Promise<IDBDatabase> | null = null;

function database(): Promise<IDBDatabase> {
  if (opened !== null) return opened;
  const request = indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => {
    for (const store of [RUNS, STATES]) request.result.createObjectStore(store);
  };
  const opening = done(request).then((open) => {
    // Another tab has a newer version, or somebody cleared the site's data.
    open.onversionchange = () => {
      open.close();
      opened = null;
    };
    open.onclose = () => (opened = null);
    return open;
  });
  opened = opening;
  opening.catch(() => (opened = null));
  return opening;
}

async function change(work: (runs: IDBObjectStore, states: IDBObjectStore) => void): Promise<void> {
  const transaction = (await database()).transaction([RUNS, STATES], 'readwrite');
  const ended = new Promise<void>((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('IndexedDB gave up.'));
  });
  try {
    work(transaction.objectStore(RUNS), transaction.objectStore(STATES));
  } catch (error) {
    // Otherwise what was done before it would stay.
    ended.catch(() => undefined);
    transaction.abort();
    throw error;
  }
  await ended;
}

async function all(): Promise<SavedRun[]> {
  const runs = (await database()).transaction(RUNS).objectStore(RUNS);
  const found = (await done(runs.getAll())) as SavedRun[];
  return found.sort((a, b) => b.saved - a.saved);
}

/** Those that no open tab is training, newest first. */
async function left(): Promise<SavedRun[]> {
  const { held = [] } = await navigator.locks.query();
  const names = new Set(held.map(({ name }) => name));
  return (await all()).filter(({ id }) => !names.has(lockName(id)));
}

function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

/** Which of these has to go first where there is no room: the oldest, and last of all the one that has trained longest. */
export function inTheWay<Run extends Pick<SavedRun, 'step'>>(newestFirst: readonly Run[]): Run[] {
  const longest = longestOf(newestFirst);
  const others = newestFirst.filter((run) => run !== longest).reverse();
  return longest === undefined ? others : [...others, longest];
}

/** Which of these are too many: the oldest. A few short trials do not push out what took an hour. */
export function surplus<Run extends Pick<SavedRun, 'step' | 'bytes'>>(newestFirst: readonly Run[]): Run[] {
  const longest = longestOf(newestFirst);
  let places = KEPT - 1;
  let room = MOST_BYTES - (longest?.bytes ?? 0);
  return newestFirst.filter((run) => {
    if (run === longest) return false;
    places -= 1;
    room -= run.bytes ?? 0;
    return places < 0 || room < 0;
  });
}

function longestOf<Run extends Pick<SavedRun, 'step'>>(newestFirst: readonly Run[]): Run | undefined {
  const most = Math.max(...newestFirst.map(({ step }) => step));
  return newestFirst.find(({ step }) => step === most);
}

export async function offers(): Promise<Offer[]> {
  return (await left()).map(offerOf);
}

function offerOf({ id, saved, settings, name, step, epoch, history: { loss, validation } }: SavedRun): Offer {
  const best = validation.reduce<number | null>(
    (most, { evaluation: { accuracy } }) => Math.max(most ?? 0, accuracy),
    null,
  );
  const stride = Math.ceil(loss.smooth.length / POINTS);
  const curve = loss.smooth.filter((_, i) => i % stride === 0 || i === loss.smooth.length - 1);
  return { id, saved, settings, name, step, epoch, best, curve };
}

/** The name under which an open run is kept; `release` when it closes. */
export class Place {
  private constructor(
    readonly id: string,
    readonly release: () => void,
  ) {}

  /** A new one, or that of a saved run, unless another tab has taken that up meanwhile. */
  static async claim(wanted: string | null): Promise<Place> {
    const id = wanted ?? crypto.randomUUID();
    let release = (): void => undefined;
    const closed = new Promise<void>((resolve) => (release = resolve));
    const isMine = await new Promise<boolean>((resolve) => {
      void navigator.locks.request(lockName(id), { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock === null ? undefined : closed;
      });
    });
    return isMine ? new Place(id, release) : Place.claim(null);
  }

  /** Writes all of it or nothing. Where there is no room, runs of closed tabs make some. */
  async put(record: RunRecord, words: Uint32Array): Promise<void> {
    const run: SavedRun = { ...record, id: this.id, saved: Date.now(), bytes: words.byteLength };
    const write = (): Promise<void> =>
      change((runs, states) => {
        runs.put(run, this.id);
        states.put(words, this.id);
      });
    let others: SavedRun[] | null = null;
    for (let written = false; !written;) {
      try {
        await write();
        written = true;
      } catch (error) {
        if (!isFull(error)) throw error;
        others ??= inTheWay(await left());
        const [first] = others.splice(0, 1);
        if (first === undefined) throw error;
        await discard(first.id);
      }
    }
    for (const { id } of surplus(await left())) await discard(id);
  }
}

export async function read(id: string): Promise<{ run: SavedRun; words: Uint32Array }> {
  const transaction = (await database()).transaction([RUNS, STATES]);
  const [run, words] = await Promise.all([
    done(transaction.objectStore(RUNS).get(id)) as Promise<SavedRun | undefined>,
    done(transaction.objectStore(STATES).get(id)) as Promise<Uint32Array | undefined>,
  ]);
  if (run === undefined || words === undefined) throw new Error('The saved run is no longer there.');
  return { run, words };
}

/** Unless an open tab is training it. */
export async function discard(id: string): Promise<void> {
  await navigator.locks.request(lockName(id), { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    await change((runs, states) => {
      runs.delete(id);
      states.delete(id);
    });
  });
}
