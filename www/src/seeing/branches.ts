/** The branches that a joining layer joins, and what each of them costs. */
import type { LayerInfo, NetworkInfo } from '../engine/api.js';

export interface Branch {
  /** Which of the joining layer's inputs. */
  input: number;
  /** The last layer of the branch; the network's input by its own name. */
  end: string;
  /** Layers that nothing but this branch needs, from the first to the last; none of a skip. */
  layers: string[];
  params: number;
  macs: number;
}

const inputsOf = (network: NetworkInfo, name: string): readonly string[] =>
  network.layers.find((layer) => layer.name === name)?.connected_to ?? [];

/** All layers that some layers need, these included; `without` is an input of `joint` that is not followed. */
function needed(network: NetworkInfo, joint: string, without: number): Set<string> {
  const found = new Set<string>();
  const wanted = [...network.outputs];
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const inputs = inputsOf(network, name);
    wanted.push(...inputs.filter((_, i) => name !== joint || i !== without));
  }
  return found;
}

/** One branch an input. What only a branch needs is what goes when it is off. */
export function branchesOf(network: NetworkInfo, joint: LayerInfo): Branch[] {
  const all = needed(network, joint.name, -1);
  return joint.connected_to.map((end, input) => {
    const left = needed(network, joint.name, input);
    const own = network.layers.filter(({ name }) => all.has(name) && !left.has(name));
    return {
      input,
      end,
      layers: own.map(({ name }) => name),
      params: own.reduce((sum, { params }) => sum + params, 0),
      macs: own.reduce((sum, { macs }) => sum + macs, 0),
    };
  });
}

/** Layers that join several: where there is something to switch off. */
export function joints(network: NetworkInfo): LayerInfo[] {
  return network.layers.filter(({ class: name }) => name === 'Concatenate' || name === 'Add');
}
