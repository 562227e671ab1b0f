/** Pause between two paintings while training, at least; and the largest share of the time that painting may take. */
const EVERY_MS = 160;
const SHARE = 0.25;

/** When a run that trains is painted again. A painting costs more than the wait for it: where the GPU is slow, the browser is
 * still at showing the canvases when the next step runs, which takes so much longer than one that follows another. */
export class Pace {
  private next = 0;
  private cost = 0;
  private isFirst = false;
  /** A step with no painting just before it. */
  private quiet = Infinity;

  isDue(now: number): boolean {
    // What a step takes by itself has to be seen once.
    return now >= this.next && (this.cost === 0 || this.quiet < Infinity);
  }

  painted(start: number, end: number): void {
    this.isFirst = true;
    this.pause(end, end - start);
  }

  stepped(start: number, end: number): void {
    const took = end - start;
    if (!this.isFirst) this.quiet = took;
    // Whatever else has held it up is not the painting's.
    else if (took > this.quiet) this.pause(end, this.cost + Math.min(took - this.quiet, 2 * this.cost));
    this.isFirst = false;
  }

  private pause(now: number, cost: number): void {
    this.cost = cost;
    this.next = now + Math.max(EVERY_MS - cost, cost * (1 / SHARE - 1));
  }
}
