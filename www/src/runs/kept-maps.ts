/** Feature maps of a run that is kept, so that those of the next one can stand beside them. Loaded when the first run is kept. */
import type { NetworkInfo } from '../engine/api.js';
import type { PlaygroundState, Probe } from '../playground-state.js';
import type { LayerMaps } from '../seeing/questions.js';

export interface KeptMaps {
  /** The picture that went through the network. */
  probe: Probe;
  step: number;
  layers: ReadonlyMap<string, LayerMaps>;
  /** Layers with maps that the network has in all. */
  all: number;
}

/** Memory is bounded: so many maps of so many layers, and no layer that alone would take long to read. */
export const MOST_MAPS = 16;
export const MOST_LAYERS = 24;
const MOST_VALUES = 2 ** 20;

/** Layers whose maps are kept: all of a small network's; of a large one's the chosen one and convolutions, sums and branches evenly. */
export function layersToKeep({ layers }: NetworkInfo, chosen: string): { names: string[]; all: number } {
  const usable = layers.filter(
    ({ class: kind, output_shape: [height = 1, width = 1, count] }) =>
      kind !== 'InputLayer' && count !== undefined && height * width * count <= MOST_VALUES,
  );
  const all = usable.length;
  if (all <= MOST_LAYERS) return { names: usable.map(({ name }) => name), all };
  const telling = usable.filter(({ class: kind }) => /Conv2D|Add|Concatenate/.test(kind));
  const from = telling.length === 0 ? usable : telling;
  const spread = Array.from(
    { length: Math.min(MOST_LAYERS - 1, from.length) },
    (_, i, count = Math.min(MOST_LAYERS - 1, from.length)) =>
      from[Math.round((i * (from.length - 1)) / Math.max(1, count - 1))]?.name,
  );
  const kept = new Set([...spread, chosen]);
  return { names: usable.map(({ name }) => name).filter((name) => kept.has(name)), all };
}

export async function keepMaps(state: () => PlaygroundState): Promise<KeptMaps | null> {
  const { run, probe, layer } = state();
  if (run === null) return null;
  const { names, all } = layersToKeep(run.description.network, layer);
  const { step, layers } = await run.ask('maps', names, MOST_MAPS);
  // Somebody chose another picture meanwhile: nobody can say which of them this is.
  if (state().probe !== probe) return null;
  return { probe, step, layers: new Map(layers.map((one) => [one.layer, one])), all };
}

/** Whether both are the same picture. */
export function sameProbe(a: Probe, b: Probe): boolean {
  if (a.kind === 'sample' && b.kind === 'sample') return a.sample.index === b.sample.index;
  return a.kind === 'drawing' && b.kind === 'drawing' && (a.pixels === b.pixels || a.pixels.join() === b.pixels.join());
}
