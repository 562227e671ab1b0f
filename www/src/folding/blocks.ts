/** The blocks of a network, seen from its wires alone: what lies between a split and the layer that joins its branches again. */
import type { NetworkInfo } from '../engine/api.js';
import { ranks } from '../lib/layout.js';

/** What is read of a network: the engine's account of one has it, and so has the model format. */
export interface Wired {
  input: { layer: string };
  layers: readonly { name: string; class: string; connected_to: readonly string[] }[];
  outputs: readonly string[];
}

export interface Block {
  /** By what joins the branches: an addition, a concatenation of three and more, or of two. */
  kind: 'residual' | 'inception' | 'branches';
  /** Counts the blocks of this kind, from 1. */
  number: number;
  /** The layer whose output goes several ways; it lies before the block. */
  split: string;
  /** The last layer of the block: the one that joins the branches, or an activation of its own behind that. */
  exit: string;
  /** All layers of the block in the network's order, `exit` included. */
  layers: readonly string[];
}

interface Region {
  split: string;
  join: string;
  inside: ReadonlySet<string>;
}

/** For every layer the last one that all ways from the input to it go through. */
function dominators(network: Wired): Map<string, string> {
  const rank = ranks(network as unknown as NetworkInfo);
  const rankOf = (name: string): number => rank.get(name) ?? 0;
  const dominator = new Map<string, string>();
  const common = (a: string, b: string): string | undefined => {
    let [p, q]: (string | undefined)[] = [a, b];
    while (p !== q) {
      if (p === undefined || q === undefined) return undefined;
      if (rankOf(p) >= rankOf(q)) p = dominator.get(p);
      else q = dominator.get(q);
    }
    return p;
  };
  for (const { name, connected_to } of [...network.layers].sort((a, b) => rankOf(a.name) - rankOf(b.name))) {
    // A wire back, in a network from a file, leads to no input.
    const [first, ...others] = connected_to.filter((input) => rank.has(input) && rankOf(input) < rankOf(name));
    const last = others.reduce<string | undefined>((so, input) => so && common(so, input), first);
    if (last !== undefined) dominator.set(name, last);
  }
  return dominator;
}

function readersOf(network: Wired): Map<string, string[]> {
  const readers = new Map<string, string[]>();
  for (const { name, connected_to } of network.layers) {
    for (const input of connected_to) readers.set(input, [...(readers.get(input) ?? []), name]);
  }
  return readers;
}

/** Regions that have one way in and one way out. */
function regions(network: Wired, readers: ReadonlyMap<string, readonly string[]>): Region[] {
  const inputs = new Map(network.layers.map((layer) => [layer.name, layer.connected_to]));
  const dominator = dominators(network);
  return network.layers.flatMap(({ name: join, connected_to }): Region[] => {
    const split = dominator.get(join);
    if (split === undefined || new Set(connected_to).size < 2) return [];
    const inside = new Set(connected_to.filter((input) => input !== split));
    // A set may grow while it is gone through.
    for (const name of inside) for (const input of inputs.get(name) ?? []) if (input !== split) inside.add(input);
    const leaves = (name: string): boolean =>
      network.outputs.includes(name) || (readers.get(name) ?? []).some((to) => to !== join && !inside.has(to));
    return [...inside].some(leaves) ? [] : [{ split, join, inside }];
  });
}

/** A region within another belongs to that one, unless the outer is most of the network. */
function outermost(all: readonly Region[], layers: number): Region[] {
  const within = (a: Region, b: Region): boolean => a !== b && b.inside.has(a.join);
  const blocks = all.filter((region) => {
    const isMost = region.inside.size > layers / 2;
    return !isMost || !all.some((other) => within(other, region));
  });
  return blocks.filter((region) => !blocks.some((other) => within(region, other)));
}

export function blocksOf(network: Wired): Block[] {
  const byName = new Map(network.layers.map((layer) => [layer.name, layer]));
  const readers = readersOf(network);
  const numbers = { residual: 0, inception: 0, branches: 0 };
  return outermost(regions(network, readers), network.layers.length).map(({ split, join, inside }) => {
    const joint = byName.get(join);
    const ways = joint?.connected_to.length ?? 0;
    const kind = joint?.class === 'Concatenate' ? (ways > 2 ? 'inception' : 'branches') : 'residual';
    numbers[kind] += 1;
    const [next, ...more] = readers.get(join) ?? [];
    const behind = byName.get(next ?? '');
    const takesAlong = more.length === 0 && behind?.class === 'Activation' && !network.outputs.includes(join);
    const exit = takesAlong ? behind.name : join;
    const layers = network.layers.map(({ name }) => name);
    const own = layers.filter((name) => inside.has(name) || name === join || name === exit);
    return { kind, number: numbers[kind], split, exit, layers: own };
  });
}

/** The network with these blocks as one layer each, under the name of their exit. */
export function fold<N extends Wired>(network: N, blocks: readonly Block[]): N {
  const hidden = new Set(blocks.flatMap(({ layers, exit }) => layers.filter((name) => name !== exit)));
  const split = new Map(blocks.map((block) => [block.exit, block.split]));
  const layers = network.layers.flatMap((layer) => {
    if (hidden.has(layer.name)) return [];
    const from = split.get(layer.name);
    return [from === undefined ? layer : { ...layer, connected_to: [from] }];
  });
  return { ...network, layers };
}
