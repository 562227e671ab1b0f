import type { DatasetInfo, Engine } from '../engine/api.js';
import type { RunConfig, TuningReport } from '../engine/protocol.js';
import { messageOf } from '../engine/run.js';

/** In the worker: lets the engine take the kernels that a run asks for, those that are expected to be fastest or, where somebody has
 * switched that on, those that are measured to be. What goes wrong with measuring keeps nobody from training. */
export async function chooseKernels(
  engine: Engine,
  config: RunConfig,
  info: DatasetInfo,
  version: string,
  tell: (done: number, all: number) => void,
): Promise<TuningReport | null> {
  if (config.tuning === 'on') {
    try {
      const { tune } = await import('./tuner.js');
      return await tune(engine, config, info, version, tell);
    } catch (error) {
      engine.choose();
      return { shapes: 0, measured: 0, other: 0, seconds: 0, failure: messageOf(error) };
    }
  }
  engine.choose();
  return null;
}
