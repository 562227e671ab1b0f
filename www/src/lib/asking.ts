import type { ReactiveController, ReactiveControllerHost } from 'lit';

/** Pause between two questions while the network trains, when answers are quick. */
const EVERY_MS = 500;

/**
 * Paces what a view asks of the GPU: one question at a time, and answering takes at most a third of the time, so that
 * training goes on. What changes meanwhile is asked about afterwards, once.
 */
export class Asking implements ReactiveController {
  private busy = false;
  private again = false;
  /** Something else is looked at: its first answer need not wait. */
  private fresh = false;
  private nextAt = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private connected = false;

  /** `question` shows its own failures; it never rejects. */
  constructor(
    host: ReactiveControllerHost,
    private readonly question: () => Promise<void>,
  ) {
    host.addController(this);
  }

  hostConnected(): void {
    this.connected = true;
  }

  hostDisconnected(): void {
    this.connected = false;
    clearTimeout(this.timer);
  }

  /** Asks as soon as the pace permits; at once where `fresh` says that something else is looked at. */
  soon(fresh = false): void {
    this.fresh ||= fresh;
    this.again = this.busy;
    if (this.busy) return;
    clearTimeout(this.timer);
    const wait = this.fresh ? 0 : Math.max(0, this.nextAt - performance.now());
    this.timer = setTimeout(() => void this.ask(), wait);
  }

  private async ask(): Promise<void> {
    [this.busy, this.fresh] = [true, false];
    const start = performance.now();
    try {
      await this.question();
    } finally {
      const end = performance.now();
      this.busy = false;
      this.nextAt = end + Math.max(EVERY_MS, 2 * (end - start));
    }
    if (this.again && this.connected) this.soon();
  }
}
