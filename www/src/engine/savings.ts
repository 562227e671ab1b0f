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

export class Savings {
  private readonly places = new Map<number, Promise<Place>>();
  /** Runs that are being written, or of which nothing more is; and what came meanwhile. */
  private readonly busy = new Map<number, { next: RunRecord | null }>();

  async offers(): Promise<Offer[]> {
    return (await store()).offers();
  }

  async discard(saved: string): Promise<void> {
    await (await store()).discard(saved);
  }

  /** Training does not wait for it; what goes wrong is told once. */
  async save(id: number, run: Run, record: RunRecord): Promise<void> {
    const before = this.busy.get(id);
    if (before !== undefined) {
      before.next = record;
      return;
    }
    const writing = { next: null as RunRecord | null };
    this.busy.set(id, writing);
    try {
      for (let now: RunRecord | null = record; now !== null; now = writing.next) {
        writing.next = null;
        await this.write(id, run, now);
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

  close(id: number): void {
    void this.places.get(id)?.then(({ release }) => release());
    this.places.delete(id);
    this.busy.delete(id);
  }

  private async write(id: number, run: Run, record: RunRecord): Promise<void> {
    const snapshot = run.keeper?.last;
    // The record of a newer snapshot is on its way.
    if (snapshot?.step !== record.step) return;
    const start = performance.now();
    const place = await this.place(id, null);
    await place.put(record, snapshot.words);
    run.keeper?.paid(performance.now() - start);
  }

  private place(id: number, wanted: string | null): Promise<Place> {
    const known = this.places.get(id);
    if (known !== undefined) return known;
    const claimed = store().then(({ Place }) => Place.claim(wanted));
    this.places.set(id, claimed);
    return claimed;
  }
}
