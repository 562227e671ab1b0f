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
  /** Runs that are being written, or of which nothing more is. */
  private readonly busy = new Set<number>();

  async offers(): Promise<Offer[]> {
    return (await store()).offers();
  }

  async discard(saved: string): Promise<void> {
    await (await store()).remove([saved]);
  }

  /** Training does not wait for it; what goes wrong is told once. */
  async save(id: number, run: Run, record: RunRecord): Promise<void> {
    const snapshot = run.keeper?.last;
    if (this.busy.has(id) || snapshot?.step !== record.step) return;
    this.busy.add(id);
    const start = performance.now();
    try {
      const place = await this.place(id, null);
      await place.put(record, snapshot.words);
      run.keeper?.paid(performance.now() - start);
      this.busy.delete(id);
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

  private place(id: number, wanted: string | null): Promise<Place> {
    const known = this.places.get(id);
    if (known !== undefined) return known;
    const claimed = store().then(({ Place }) => Place.claim(wanted));
    this.places.set(id, claimed);
    return claimed;
  }
}
