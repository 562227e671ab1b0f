/** What a playground keeps of its run: records that belong to the engine's snapshots, so that the run can go on after a closed tab, or
 * from before its loss ran away. */
import { epochsDone, type Progress } from './engine/protocol.js';
import * as format from './lib/format.js';
import { History } from './lib/history.js';
import { ownName, remember } from './lib/own-name.js';
import { runsAway } from './lib/runaway.js';
import { Opening } from './opening.js';
import type { RunHandle } from './engine/client.js';
import type { RunRecord } from './saves/saved.js';
import { completed, DEFAULT_LEARNING_RATE, LOWEST_RATE, type Settings } from './state.js';

export abstract class Keeping extends Opening {
  private saving = false;
  private declined = false;
  /** Of the newest snapshot, and of the one that training may go back to. */
  private records: RunRecord[] = [];
  /** For which attempt and rate it was said that the loss runs away. */
  private told = '';

  abstract update(given: Partial<Settings>): void;

  protected abstract aim(from: number): void;

  /** Whether its runs are saved in this browser. */
  get saves(): boolean {
    return this.saving;
  }

  set saves(on: boolean) {
    if (on === this.saving) return;
    this.saving = on;
    this.set({ saved: on ? [] : null, offering: false });
    // What a hidden page has not saved, a phone may not let it save later.
    const change = on ? 'addEventListener' : 'removeEventListener';
    document[change]('visibilitychange', this.onHidden);
    window[change]('pagehide', this.onHidden);
  }

  override async dispose(): Promise<void> {
    this.records = [];
    await super.dispose();
  }

  private readonly onHidden = (): void => {
    if (document.visibilityState === 'hidden') this.state.run?.keepSoon().catch(() => undefined);
  };

  /** The engine has taken a snapshot of what is known here by now. */
  protected record(step: number, good: number | null): void {
    const { progress, goal, history, evaluation, run } = this.state;
    const settings = this.leaving ?? this.state.settings;
    if (progress === null || run === null) return;
    const epoch = epochsDone(progress.state);
    const record = { settings, name: ownName(settings.net), step, epoch, goal, history: history.toData(), evaluation };
    this.records = [record, ...this.records.filter((older) => older.step === good)];
    if (this.saves) run.save(record).catch((error: unknown) => this.unsaved(error));
  }

  protected unsaved(error: unknown): void {
    // A loss that ran away is more urgent, and has a way back.
    if (this.state.problem !== null && 'good' in this.state.problem) return;
    const message = error instanceof Error ? error.message : String(error);
    this.set({ problem: { kind: 'unsaved', message } });
  }

  /** A run is saved as it stands, before another one takes its place. */
  protected override async part(run: RunHandle): Promise<void> {
    if (!this.saves) return run.pause();
    const { generation } = this;
    const kept = await run.part();
    if (kept !== null && generation === this.generation) this.record(kept.step, kept.good);
  }

  /** Looks which runs closed tabs have left. */
  async findSaved(): Promise<void> {
    const found = (await this.engine?.host.offers().catch(() => [])) ?? [];
    for (const { settings, name } of found) remember(settings.net, name);
    if (this.saves) this.set({ saved: found.map((offer) => ({ ...offer, settings: completed(offer.settings) })) });
  }

  protected override async seek(): Promise<void> {
    if (!this.saves) return;
    const { generation } = this;
    await this.findSaved();
    const { saved, progress, playing } = this.state;
    if (generation !== this.generation || playing || progress?.state.step !== 0) return;
    this.set({ offering: !this.declined && saved !== null && saved.length > 0 });
  }

  /** Offers no saved run any more in this visit. */
  unoffer(): void {
    this.declined = true;
    this.set({ offering: false });
  }

  /** Goes on with a saved run, with the settings that it was saved with. */
  async resume(id: string): Promise<void> {
    const offer = this.state.saved?.find((one) => one.id === id);
    if (offer === undefined) return;
    this.set({ offering: false, problem: null, playing: false });
    const { lang, theme } = this.state.settings;
    let { generation } = this;
    try {
      await this.settled();
      if (this.state.run !== null) await this.part(this.state.run);
      this.update({ ...offer.settings, lang, theme });
      await this.settled();
      const { run, phase } = this.state;
      generation = this.generation;
      // Its pictures cannot be had, which the page has said: the run that is open is another one.
      const isOther = this.state.settings.dataset !== offer.settings.dataset;
      if (run === null || phase !== 'ready' || isOther) return;
      // What the schedule remembers comes with the snapshot.
      this.aim(offer.epoch);
      const { run: saved, progress } = await run.resume(offer.id);
      if (generation !== this.generation) return;
      this.goOn(saved, progress);
      this.records = [saved];
    } catch (error) {
      if (generation === this.generation) this.report(error);
    }
  }

  /** Deletes saved runs. */
  async discard(ids: readonly string[]): Promise<void> {
    const saved = this.state.saved?.filter(({ id }) => !ids.includes(id)) ?? [];
    this.set({ saved, offering: this.state.offering && saved.length > 0 });
    for (const id of ids) await this.engine?.host.discard(id);
  }

  /** Says that the loss runs away, once at every rate. */
  protected watch(): void {
    const { history, progress, run, problem, settings } = this.state;
    if (progress === null || run === null || (problem !== null && problem.kind !== 'diverging')) return;
    const guessing = Math.log(run.description.dataset.classes.length);
    const told = [this.generation, progress.attempt, settings.lr].join();
    if (told === this.told || !runsAway(history.loss, guessing)) return;
    this.told = told;
    const [now, rate] = [format.loss(history.last?.loss ?? 0), format.rate(settings.lr)];
    const message = `The loss runs away: it is ${now} at step ${progress.state.step}, where guessing alone gives ${format.loss(guessing)}. The learning rate of ${rate} is probably too large.`;
    this.set({ problem: { kind: 'diverging', message, good: this.wayBack(progress.good) } });
  }

  /** From where training may go on after its loss ran away, and at which rate: the one that it was sound with, unless that is the one it
   * ran away with. */
  protected wayBack(good: number | null): { step: number; rate: number } | null {
    const record = this.records.find(({ step }) => step === good);
    if (record === undefined) return null;
    const [was, is] = [record.settings.lr, this.state.settings];
    return { step: record.step, rate: was < is.lr ? was : slower(is) };
  }

  async goBack(): Promise<void> {
    const { run, problem } = this.state;
    const good = problem !== null && 'good' in problem ? problem.good : null;
    const record = this.records.find(({ step }) => step === good?.step);
    if (run === null || good === null || record === undefined) return;
    const { generation } = this;
    const progress = await run.goBack();
    if (generation !== this.generation) return;
    this.goOn(record, progress);
    this.records = [record];
    // The engine has gone back to the snapshot's rate, the settings may have been there all along.
    if (this.opened !== null) this.opened = { ...this.opened, lr: record.settings.lr };
    this.update({ lr: good.rate });
    await this.sendRate();
  }

  private goOn({ step, goal, history, evaluation }: RunRecord, progress: Progress): void {
    this.set({
      progress,
      playing: false,
      goal,
      history: History.from(history),
      evaluation,
      problem: null,
      status: { kind: 'resumed', step },
    });
  }
}

/** A tenth of the rate, or the optimiser's own where a tenth would still be far above it. */
export function slower({ lr, optimizer }: Pick<Settings, 'lr' | 'optimizer'>): number {
  const [tenth, usual] = [lr / 10, DEFAULT_LEARNING_RATE[optimizer]];
  return tenth > 10 * usual ? usual : Math.max(LOWEST_RATE, Number(tenth.toPrecision(2)));
}
