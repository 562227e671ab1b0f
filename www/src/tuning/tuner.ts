/** In the worker: kernels that are fastest on this GPU. The engine that everybody loads only takes a table of them; the full one
 * measures, and is loaded where something is not known yet. */
import type { Engine } from '../../pkg/cnn_playground.js';
import type { DatasetInfo, Tuning } from '../engine/api.js';
import type { RunConfig, TuningReport } from '../engine/protocol.js';
import { messageOf } from '../engine/run.js';
import { recall, remember, type Known } from './memory.js';

const NOTHING = { shapes: 0, measured: 0, other: 0, seconds: 0, failure: '' };

/** Lets an engine's next sessions take what is known of this adapter, with what is measured for this network now if it was not before.
 * `version` is that of the kernels. What goes wrong keeps nobody from training. */
export async function tune(
  engine: Pick<Engine, 'adapter' | 'choose' | 'supply'>,
  config: RunConfig,
  info: DatasetInfo,
  version: string,
  tell: (done: number, all: number) => void,
): Promise<TuningReport> {
  const { vendor, architecture, device, description } = engine.adapter();
  const adapter = JSON.stringify([vendor, architecture, device, description, version]);
  const known = await recall(adapter);
  await take(engine, known.table);
  const network = nameOf(config, info);
  if (known.networks.includes(network)) return NOTHING;
  try {
    const { table, ...report } = await measure(known, config, info, tell);
    await take(engine, table);
    // Where not one kernel could be timed, the next run tries again.
    if (report.measured > 0 || report.shapes === 0) await remember(adapter, table, network);
    return { ...NOTHING, ...report };
  } catch (error) {
    return { ...NOTHING, failure: messageOf(error) };
  }
}

/** Lets the engine have a table, and the kernels in it that it may lack. */
async function take(engine: Pick<Engine, 'choose' | 'supply'>, table: string): Promise<void> {
  if (table.includes('=shared\n')) {
    const { supplyShared } = await import('./shared.js');
    await supplyShared(engine);
  }
  engine.choose(table);
}

/** All that decides which shapes occur. */
function nameOf({ net, model, batch, freeze_all_but }: RunConfig, { shape, classes }: DatasetInfo): string {
  return JSON.stringify([net === '' ? model : net, shape, classes.length, batch, freeze_all_but]);
}

async function measure(
  known: Known,
  config: RunConfig,
  info: DatasetInfo,
  tell: (done: number, all: number) => void,
): Promise<Tuning> {
  const { fullEngine, specOf } = await import('../builder/own.js');
  const full = await fullEngine();
  const spec = await specOf({ ...config, shape: info.shape, classes: info.classes.length });
  full.choose(known.table);
  let told = -1;
  const clock = (done: number, all: number): number => {
    if (done !== told) tell(done, all);
    told = done;
    return performance.now() / 1000;
  };
  return full.tune(spec, config.batch, clock);
}
