/** Window over which the speed is measured. */
const WINDOW_MS = 2000;

/** Training samples a second of wall time. */
export class Speed {
  private marks: { time: number; samples: number }[] = [];
  private samples = 0;

  /** After a rest, the time before it counts for nothing. */
  restart(): void {
    this.marks = [];
  }

  /** So many more are done. */
  add(samples: number): void {
    const time = performance.now();
    this.samples += samples;
    this.marks.push({ time, samples: this.samples });
    while (this.marks.length > 2 && (this.marks[0]?.time ?? time) < time - WINDOW_MS) this.marks.shift();
  }

  get value(): number {
    const [first] = this.marks;
    const last = this.marks.at(-1);
    if (first === undefined || last === undefined || last.time <= first.time) return 0;
    return ((last.samples - first.samples) * 1000) / (last.time - first.time);
  }
}
