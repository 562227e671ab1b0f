/** Which runs of this worker are saved where. The code that speaks to IndexedDB comes with the first of them. */
import type { Offer, RunRecord, SavedRun } from '../saves/saved.js';
import type { Place } from '../saves/store.js';
import type { Progress } from './protocol.js';
import { messageOf, type Run } from './run.js';

const store = (): Promise<typeof import('../saves/store.js')> => import('../saves/store.js');

/** A saved run that goes on, and where it stands. */
export interface Resumed {
  run: SavedRun;
  progress: Progress;
}

/** What is to be written, and where. */
interface Job {
  record: RunRecord;
  words: Uint32Array;
  place: Promise<Place>;
}

/** A run that is being written: what came meanwhile, and when all of it is done. */
interface Writing {
  next: Job | null;
  done: Promise<void>;
}

export class Savings {
  private readonly places = new Map<number, Promise<Place>>();
  /** Runs that are being written, or of which nothing more is. */
  private readonly busy = new Map<number, Writing>();

  async offers(): Promise<Offer[]> {
    return (await store()).offers();
  }

  async discard(saved: string): Promise<void> {
    await (await store()).discard(saved);
  }

  /** Saves the last snapshot. Training does not wait for it; what goes wrong is told once. */
  async save(id: number, run: Run, record: RunRecord): Promise<void> {
    const snapshot = run.keeper?.last;
    // The record of a newer snapshot is on its way.
    if (snapshot?.step !== record.step) return;
    // Whatever the run is by the time that this is written: a reset one has another place.
    const job: Job = { record, words: snapshot.words, place: this.place(id, null) };
    const before = this.busy.get(id);
    if (before !== undefined) {
      before.next = job;
      return;
    }
    const writing: Writing = { next: job, done: Promise.resolve() };
    this.busy.set(id, writing);
    writing.done = this.work(id, run, writing);
    await writing.done;
  }

  private async work(id: number, run: Run, writing: Writing): Promise<void> {
    try {
      for (let job = writing.next; job !== null; job = writing.next) {
        writing.next = null;
        const start = performance.now();
        const place = await job.place;
        await place.put(job.record, job.words);
        run.keeper?.paid(performance.now() - start);
      }
      // A closed run is not being written any more, and its number may stand for a run that was resumed.
      if (this.busy.get(id) === writing) this.busy.delete(id);
    } catch (error) {
      run.tellUnsaved(messageOf(error));
    }
  }

  async resume(id: number, run: Run, saved: string): Promise<Resumed> {
    const { read } = await store();
    const { run: record, words } = await read(saved);
    const progress = await run.restore({ step: record.step, words });
    // Of another tab's run that was just taken up, this becomes a copy.
    this.close(id);
    await this.place(id, saved);
    return { run: record, progress };
  }

  /** Nothing more is saved in its place: the run is closed, or begins again. What is being written still is. */
  close(id: number): void {
    const [place, writing] = [this.places.get(id), this.busy.get(id)];
    this.places.delete(id);
    this.busy.delete(id);
    const released = Promise.all([place, writing?.done]).then(([held]) => held?.release());
    // Where no place could be had, that was told.
    released.catch(() => undefined);
  }

  private place(id: number, wanted: string | null): Promise<Place> {
    const known = this.places.get(id);
    if (known !== undefined) return known;
    const claimed = store().then(({ Place }) => Place.claim(wanted));
    this.places.set(id, claimed);
    return claimed;
  }
}
