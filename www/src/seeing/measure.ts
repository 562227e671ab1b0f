/** Times of dispatches: many runs in a submission, several submissions, the one in the middle. */
import type { Timer } from '../../pkg/cnn_playground.js';
import type { Measured } from './questions.js';

/** Seconds of work in a submission, about. */
const ROUND = 0.02;
const ROUNDS = 3;
const MOST = 400;
const LONG = 0.3;

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** One run of dispatches `first` up to `last`. Browsers round the GPU's clock to 0.1 ms, so it has to be many. */
export async function measure(timer: Pick<Timer, 'time'>, first: number, last: number): Promise<Measured> {
  const run = async (times: number): Promise<{ wall: number; gpu: number }> => {
    const start = performance.now();
    const [low = 0, high = 0, lowEnd = 0, highEnd = 0] = await timer.time(first, last, times);
    const gpu = ((highEnd - high) * 2 ** 32 + (lowEnd - low)) / 1e9;
    return { wall: (performance.now() - start) / 1000, gpu };
  };
  // The first run compiles and warms up; an empty one says what the way there and back takes.
  await run(1);
  const empty = median([await run(0), await run(0), await run(0)].map(({ wall }) => wall));
  const once = Math.max(1e-5, (await run(1)).wall - empty);
  // Work that takes that long speaks for itself.
  const rounds = once > LONG ? 1 : ROUNDS;
  const times = Math.min(MOST, Math.max(1, Math.round(ROUND / once)));
  const all: { wall: number; gpu: number }[] = [];
  while (all.length < rounds) all.push(await run(times));
  // A clock that stands still is none.
  const clocked = all.flatMap(({ gpu }) => (gpu > 0 ? [gpu] : []));
  return clocked.length === rounds
    ? { seconds: median(clocked) / times, clock: 'gpu' }
    : { seconds: Math.max(0, median(all.map(({ wall }) => wall)) - empty) / times, clock: 'queue' };
}
