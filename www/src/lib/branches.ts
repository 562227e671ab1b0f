/** Where the cards of a network with branches lie. The library for it is a tenth of the page, and a chain can do without. */
import { Graph, layout as dagreLayout } from '@dagrejs/dagre';
import type { NetworkInfo } from '../engine/api.js';
import { cardNames, cardSize, ranks, wirePath, type NetworkLayout, type Room } from './layout.js';

interface Point {
  x: number;
  y: number;
}

/** The library leaves a wire room between the cards of every column it passes, in whose middle lies one of its bends. Level all
 * along the column, the wire keeps to that room; up and down it goes between columns only, so that it runs behind no card. */
function past(bends: readonly Point[], columns: readonly number[], width: number): Point[] {
  return bends.flatMap(({ x, y }) => {
    const column = columns.find((left) => x > left && x < left + width);
    return column === undefined
      ? []
      : [
          { x: column, y },
          { x: column + width, y },
        ];
  });
}

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
  const columns = [...new Set(cards.map(({ x }) => x))];
  const wires = graph.edges().map(({ v, w }) => {
    const points = (graph.edge(v, w) as { points?: Point[] }).points ?? [];
    const from = place.get(v);
    const to = place.get(w);
    const skips = (rank.get(w) ?? 0) - (rank.get(v) ?? 0) > 1;
    const start = { x: (from?.x ?? 0) + card.width, y: (from?.y ?? 0) + card.height / 2 };
    const end = { x: to?.x ?? 0, y: (to?.y ?? 0) + card.height / 2 };
    return { from: v, to: w, path: wirePath([start, ...past(points.slice(1, -1), columns, card.width), end]), skips };
  });
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  return { width, height, cards, wires, cardWidth: card.width, cardHeight: card.height };
}
