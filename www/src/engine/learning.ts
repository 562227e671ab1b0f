/** What the GPU says of a layer's learning, when somebody asks. */
import type { Session } from './api.js';
import type { LearningRecord } from './protocol.js';

/** `weight` is the name of the layer's trained tensor that is looked at; `null` where it has none. */
export async function look(
  session: Session,
  attempt: number,
  layer: string,
  weight: string | null,
): Promise<LearningRecord> {
  const { step } = session.state();
  const [norms, activation, weights, gradient] = await Promise.all([
    session.norms(),
    session.statistics(layer, 'activation'),
    weight === null ? null : session.statistics(layer, 'weight', weight),
    weight === null ? null : session.statistics(layer, 'gradient', weight),
  ]);
  return { attempt, step, norms, layer, weight: weights, gradient, activation };
}
