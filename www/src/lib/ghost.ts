/** The curves of a run as a chart draws them. */
import type { Ghost, Points } from '../components/curve-chart.js';
import type { PinnedRun } from '../playground-state.js';
import type { History } from './history.js';

export type Measure = 'loss' | 'accuracy';

/** What the run was worth at the ends of its epochs. */
export function pointsOf({ validation }: History, measure: Measure): Points {
  return {
    steps: validation.map(({ step }) => step),
    values: validation.map(({ evaluation }) => evaluation[measure]),
  };
}

/** A kept run, drawn behind the present one. */
export function ghostOf({ slot, history }: PinnedRun, measure: Measure): Ghost {
  return { slot, curve: history[measure], validation: pointsOf(history, measure) };
}
