/** Edits of a network: each takes one and gives a new one. What an edit leads to is the engine's to judge. */
import type { LayerSpec, ModelSpec } from './api.js';
import { fresh } from './fields.js';

export type Merge = 'Add' | 'Concatenate';

export function layerOf(spec: ModelSpec, name: string): LayerSpec | undefined {
  return spec.layers.find((layer) => layer.name === name);
}

export const isMerge = (layer: LayerSpec): boolean => layer.class === 'Add' || layer.class === 'Concatenate';

/** `Conv2D` → `conv2d`, `conv2d_1` …: Keras's rule, with the first number that is free. */
export function freshName(spec: ModelSpec, kind: string): string {
  const base = kind
    .replace(/(.)([A-Z][a-z0-9]+)/g, '$1_$2')
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase();
  const taken = new Set([spec.input.layer, ...spec.layers.map((layer) => layer.name)]);
  let name = base;
  for (let i = 1; taken.has(name); i += 1) name = `${base}_${i}`;
  return name;
}

/** Layers in an order in which every one comes after what it reads, else as they were. */
function ordered(layers: readonly LayerSpec[]): LayerSpec[] {
  const byName = new Map(layers.map((layer) => [layer.name, layer]));
  const done = new Set<string>();
  const result: LayerSpec[] = [];
  const visit = (layer: LayerSpec): void => {
    if (done.has(layer.name)) return;
    done.add(layer.name);
    for (const input of layer.connected_to) {
      const before = byName.get(input);
      if (before !== undefined) visit(before);
    }
    result.push(layer);
  };
  layers.forEach(visit);
  return result;
}

/** In order, without what leads nowhere, and called sequential if it is a plain stack. */
function tidy(spec: ModelSpec): ModelSpec {
  const byName = new Map(spec.layers.map((layer) => [layer.name, layer]));
  const used = new Set<string>();
  const open = [...spec.outputs];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    if (used.has(name)) continue;
    used.add(name);
    open.push(...(byName.get(name)?.connected_to ?? []));
  }
  const layers = ordered(spec.layers.filter((layer) => used.has(layer.name)));
  const stack = layers.every(
    ({ connected_to }, at) =>
      connected_to.length === 1 && connected_to[0] === (layers[at - 1]?.name ?? spec.input.layer),
  );
  return { ...spec, layers, kind: stack && spec.outputs.length === 1 ? 'sequential' : 'functional' };
}

const swapped = (names: readonly string[], from: string, to: string): string[] =>
  names.map((name) => (name === from ? to : name));

/** Every reader of `from` reads `to` instead, but for the layers named in `except`. */
function rewire(spec: ModelSpec, from: string, to: string, except: readonly string[] = []): ModelSpec {
  const layers = spec.layers.map((layer) =>
    except.includes(layer.name) ? layer : { ...layer, connected_to: swapped(layer.connected_to, from, to) },
  );
  return { ...spec, layers, outputs: swapped(spec.outputs, from, to) };
}

export interface Edited {
  spec: ModelSpec;
  /** The layer that the edit was about. */
  chosen: string;
}

/** A new layer behind `after`; with `before` only on the wire between the two. */
export function insert(spec: ModelSpec, kind: string, after: string, before?: string): Edited {
  const name = freshName(spec, kind);
  const layer: LayerSpec = { name, class: kind, config: fresh(kind), connected_to: [after] };
  let next: ModelSpec;
  if (before === undefined) {
    next = rewire(spec, after, name);
  } else {
    const layers = spec.layers.map((known) =>
      known.name === before ? { ...known, connected_to: swapped(known.connected_to, after, name) } : known,
    );
    next = { ...spec, layers };
  }
  return { spec: tidy({ ...next, layers: [...next.layers, layer] }), chosen: name };
}

/** Takes a layer out: who read it reads its first input. */
export function remove(spec: ModelSpec, name: string): Edited {
  const layer = layerOf(spec, name);
  const [input = spec.input.layer] = layer?.connected_to ?? [];
  if (layer === undefined || (spec.outputs.includes(name) && input === spec.input.layer)) return { spec, chosen: name };
  const next = rewire({ ...spec, layers: spec.layers.filter((known) => known !== layer) }, name, input);
  return { spec: tidy(next), chosen: input };
}

/** Whether a layer can change places with the one it reads. */
export function canMoveEarlier(spec: ModelSpec, name: string): boolean {
  const layer = layerOf(spec, name);
  const before = layer?.connected_to.length === 1 ? layerOf(spec, layer.connected_to[0] ?? '') : undefined;
  return before?.connected_to.length === 1;
}

/** Changes places with the layer that it reads. */
export function moveEarlier(spec: ModelSpec, name: string): Edited {
  const layer = layerOf(spec, name);
  const before = layerOf(spec, layer?.connected_to[0] ?? '');
  if (layer === undefined || before === undefined || !canMoveEarlier(spec, name)) return { spec, chosen: name };
  // Readers of either read the one that now comes last, but for the two themselves.
  const next = rewire(spec, name, before.name, [before.name]);
  const layers = next.layers.map((known) => {
    if (known.name === name) return { ...known, connected_to: before.connected_to };
    if (known.name === before.name) return { ...known, connected_to: [name] };
    return known;
  });
  return { spec: tidy({ ...next, layers }), chosen: name };
}

/** The only layer that reads `name` and nothing else, if there is one. */
export function soleReader(spec: ModelSpec, name: string): string | undefined {
  const readers = spec.layers.filter((layer) => layer.connected_to.includes(name));
  return readers.length === 1 && readers[0]?.connected_to.length === 1 ? readers[0].name : undefined;
}

/** A second path beside a layer, brought together behind it: a convolution that gives the same shape. Beside a convolution it
 * is its twin, beside anything else a 1×1 one. */
export function branch(spec: ModelSpec, name: string, merge: Merge, channels: number): Edited {
  const layer = layerOf(spec, name);
  const [input] = layer?.connected_to ?? [];
  if (layer === undefined || input === undefined) return { spec, chosen: name };
  const kind = 'Conv2D';
  const thin = { ...fresh(kind), filters: channels, kernel_size: [1, 1], strides: layer.config?.['strides'] ?? [1, 1] };
  const side: LayerSpec = {
    name: freshName(spec, kind),
    class: kind,
    config: layer.class === kind ? { ...layer.config } : thin,
    connected_to: [input],
  };
  const joined = join(spec, merge, name, side.name);
  return { spec: tidy({ ...joined.spec, layers: [...joined.spec.layers, side] }), chosen: side.name };
}

/** A wire past everything between two layers, brought together behind the second. */
export function skip(spec: ModelSpec, from: string, to: string, merge: Merge): Edited {
  const joined = join(spec, merge, to, from);
  return { spec: tidy(joined.spec), chosen: joined.chosen };
}

function join(spec: ModelSpec, merge: Merge, main: string, side: string): Edited {
  const name = freshName(spec, merge);
  const layer: LayerSpec = { name, class: merge, config: fresh(merge), connected_to: [main, side] };
  const next = rewire(spec, main, name);
  return { spec: { ...next, layers: [...next.layers, layer] }, chosen: name };
}

/** Another input for a layer that brings branches together. */
export function addInput(spec: ModelSpec, name: string, input: string): Edited {
  const layers = spec.layers.map((layer) =>
    layer.name === name ? { ...layer, connected_to: [...layer.connected_to, input] } : layer,
  );
  return { spec: tidy({ ...spec, layers }), chosen: name };
}

/** One input fewer; with the last but one the layer itself goes. */
export function dropInput(spec: ModelSpec, name: string, input: string): Edited {
  const layers = spec.layers.map((layer) =>
    layer.name === name ? { ...layer, connected_to: layer.connected_to.filter((known) => known !== input) } : layer,
  );
  const next = tidy({ ...spec, layers });
  return (layerOf(next, name)?.connected_to.length ?? 0) < 2 ? remove(next, name) : { spec: next, chosen: name };
}

export function configure(spec: ModelSpec, name: string, field: string, value: unknown): Edited {
  const layers = spec.layers.map((layer) => {
    if (layer.name !== name) return layer;
    const config = { ...layer.config, [field]: value };
    return { ...layer, config: value === undefined ? without(config, field) : config };
  });
  return { spec: { ...spec, layers }, chosen: name };
}

function without(config: Record<string, unknown>, field: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== field));
}

/** Everything that a layer leads to. */
export function descendants(spec: ModelSpec, name: string): string[] {
  const found = new Set([name]);
  for (const layer of ordered(spec.layers)) {
    if (layer.connected_to.some((input) => found.has(input))) found.add(layer.name);
  }
  found.delete(name);
  return spec.layers.map((layer) => layer.name).filter((known) => found.has(known));
}

/** Pictures of another data set have other channels. */
export function forPictures(spec: ModelSpec, shape: readonly number[]): ModelSpec {
  return { ...spec, input: { ...spec.input, shape: [...shape] } };
}
