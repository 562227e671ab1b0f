/** Where the cards of a network with branches lie. The library for it is a tenth of the page, and a chain can do without. */
import { Graph, layout as dagreLayout } from '@dagrejs/dagre';
import type { NetworkInfo } from '../engine/api.js';
import { cardNames, cardSize, ranks, wirePath, type NetworkLayout, type Room } from './layout.js';

export function layoutNetwork(network: NetworkInfo, room: Room): NetworkLayout {
  const card = cardSize(network, room);
  const graph = new Graph();
  graph.setGraph({
    rankdir: 'LR',
    ranksep: room.gap,
    nodesep: room.gap,
    edgesep: room.gap / 2,
    marginx: 0,
    marginy: 0,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const name of cardNames(network)) graph.setNode(name, { width: card.width, height: card.height });
  for (const layer of network.layers) {
    for (const from of layer.connected_to) if (graph.hasNode(from)) graph.setEdge(from, layer.name);
  }
  dagreLayout(graph);

  const cards = cardNames(network).map((name) => {
    const { x, y } = graph.node(name) as { x: number; y: number };
    return { name, x: x - card.width / 2, y: y - card.height / 2 };
  });
  const place = new Map(cards.map((entry) => [entry.name, entry]));
  const rank = ranks(network);
  const wires = graph.edges().map(({ v, w }) => {
    const points = (graph.edge(v, w) as { points?: { x: number; y: number }[] }).points ?? [];
    const from = place.get(v);
    const to = place.get(w);
    const skips = (rank.get(w) ?? 0) - (rank.get(v) ?? 0) > 1;
    const start = { x: (from?.x ?? 0) + card.width, y: (from?.y ?? 0) + card.height / 2 };
    const end = { x: to?.x ?? 0, y: (to?.y ?? 0) + card.height / 2 };
    return { from: v, to: w, path: wirePath([start, ...(skips ? points.slice(1, -1) : []), end]), skips };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { width, height, cards, wires, cardWidth: card.width, cardHeight: card.height };
}
