/** The skip connections of a residual network, and the same network without some of them. */
import type { LayerSpec, ModelSpec } from '../builder/api.js';
import { dropInput } from '../builder/edit.js';

export interface Skip {
  /** The addition that closes the block. */
  add: string;
  /** The input of the addition that is the short way. */
  short: string;
  /** Layers of the short way: none, or the projection that gives it the main branch's shape. */
  projection: readonly string[];
  /** Layers of the block but for its addition, in order. */
  inside: readonly string[];
}

/** Layers that have weights, and with them a gradient. */
const WEIGHTED = new Set(['Conv2D', 'DepthwiseConv2D', 'BatchNormalization', 'LayerNormalization', 'Dense']);

/** Everything that a layer is reckoned from, itself included. */
function sources(byName: ReadonlyMap<string, LayerSpec>, name: string): Set<string> {
  const found = new Set([name]);
  // A set may grow while it is gone through.
  for (const known of found) for (const input of byName.get(known)?.connected_to ?? []) found.add(input);
  return found;
}

/** One skip for every addition of two, from the input on. The short way is the one with fewer layers of its own. */
export function skipsOf(spec: ModelSpec): Skip[] {
  const byName = new Map(spec.layers.map((layer) => [layer.name, layer]));
  return spec.layers.flatMap((layer): Skip[] => {
    const [a, b] = layer.connected_to;
    if (layer.class !== 'Add' || layer.connected_to.length !== 2 || a === undefined || b === undefined) return [];
    const [ofA, ofB] = [sources(byName, a), sources(byName, b)];
    const onlyA = [...ofA].filter((name) => !ofB.has(name));
    const onlyB = [...ofB].filter((name) => !ofA.has(name));
    const [short, projection] = onlyA.length < onlyB.length ? [a, onlyA] : [b, onlyB];
    const own = new Set([...onlyA, ...onlyB]);
    const inside = spec.layers.filter(({ name }) => own.has(name)).map(({ name }) => name);
    return [{ add: layer.name, short, projection, inside }];
  });
}

/** The network without these skips: who read the addition reads the main branch, and what only the short way needed goes. */
export function withoutSkips(spec: ModelSpec, off: readonly Skip[]): ModelSpec {
  return off.reduce((left, { add, short }) => dropInput(left, add, short).spec, spec);
}

/** Where a skip stands over a chart with a bar for every layer that has weights, in shares of its width. */
export function spanOf(spec: ModelSpec, { inside }: Skip): { from: number; to: number } {
  const weighted = spec.layers.filter((layer) => WEIGHTED.has(layer.class)).map(({ name }) => name);
  const at = inside.map((name) => weighted.indexOf(name)).filter((index) => index >= 0);
  if (at.length === 0) return { from: 0, to: 0 };
  return { from: Math.min(...at) / weighted.length, to: (Math.max(...at) + 1) / weighted.length };
}
