/** Where the cards of a network lie and how its wires run. */
import { Graph, layout as dagreLayout } from '@dagrejs/dagre';
import type { NetworkInfo } from '../engine/api.js';

export interface CardPlace {
  name: string;
  /** Left upper corner. */
  x: number;
  y: number;
}

export interface Wire {
  from: string;
  to: string;
  /** SVG path data. */
  path: string;
  /** Passes over other layers: a skip connection or a long branch. */
  skips: boolean;
}

export interface NetworkLayout {
  width: number;
  height: number;
  cards: CardPlace[];
  wires: Wire[];
  cardWidth: number;
  cardHeight: number;
}

export interface Room {
  width: number;
  height: number;
  gap: number;
  minCardWidth: number;
  maxCardWidth: number;
  minCardHeight: number;
  maxCardHeight: number;
}

/** Longest distance from the input, for every layer. A network from a file may have a cycle: its wire back counts for nothing. */
export function ranks(network: NetworkInfo): Map<string, number> {
  const rank = new Map<string, number>([[network.input.layer, 0]]);
  const inputs = new Map(network.layers.map((layer) => [layer.name, layer.connected_to]));
  const visit = (name: string): number => {
    const known = rank.get(name);
    if (known !== undefined) return known;
    rank.set(name, 0);
    const value = 1 + Math.max(0, ...(inputs.get(name) ?? []).map(visit));
    rank.set(name, value);
    return value;
  };
  for (const layer of network.layers) visit(layer.name);
  return rank;
}

/** The input's card and every layer's, in order. */
export function cardNames(network: NetworkInfo): string[] {
  const names = network.layers.map((layer) => layer.name);
  return names.includes(network.input.layer) ? names : [network.input.layer, ...names];
}

/** Cards as wide and as high as the room allows, so that a small net fills it and a large one scrolls. */
export function cardSize(network: NetworkInfo, room: Room): { width: number; height: number } {
  const perRank = new Map<number, number>();
  for (const rank of ranks(network).values()) perRank.set(rank, (perRank.get(rank) ?? 0) + 1);
  const columns = perRank.size;
  const rows = Math.max(...perRank.values());
  const width = Math.floor((room.width - room.gap * (columns - 1)) / columns);
  const height = Math.floor((room.height - room.gap * (rows - 1)) / rows);
  const within = (value: number, min: number, max: number): number => Math.min(max, Math.max(min, value));
  return {
    width: within(width, room.minCardWidth, room.maxCardWidth),
    height: within(height, room.minCardHeight, room.maxCardHeight),
  };
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

/** A card's place and size as styles. */
export function placeOf({ cardWidth, cardHeight }: NetworkLayout, { x, y }: CardPlace): Record<string, string> {
  return { left: `${x}px`, top: `${y}px`, width: `${cardWidth}px`, height: `${cardHeight}px` };
}

/** A smooth line through the points, level at both ends. */
export function wirePath(points: readonly { x: number; y: number }[]): string {
  const [first, ...rest] = points;
  if (first === undefined) return '';
  const round = (value: number): number => Math.round(value * 10) / 10;
  let path = `M${round(first.x)} ${round(first.y)}`;
  let last = first;
  for (const point of rest) {
    if (Math.abs(point.y - last.y) < 0.5) {
      path += `H${round(point.x)}`;
    } else {
      const middle = round((last.x + point.x) / 2);
      path += `C${middle} ${round(last.y)} ${middle} ${round(point.y)} ${round(point.x)} ${round(point.y)}`;
    }
    last = point;
  }
  return path;
}
