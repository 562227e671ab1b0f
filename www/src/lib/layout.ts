/** Where the cards of a network lie and how its wires run. */
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

/** Whether every layer reads the one before it and nothing else. */
export function isChain(network: NetworkInfo): boolean {
  const names = cardNames(network);
  return network.layers.every(({ name, connected_to: [from, ...more] }, at) => {
    if (name === network.input.layer) return from === undefined;
    return more.length === 0 && from === names[at + names.length - network.layers.length - 1];
  });
}

/** All cards in one line, in the network's order. */
export function lineUp(network: NetworkInfo, room: Room): NetworkLayout {
  const { width: cardWidth, height: cardHeight } = cardSize(network, room);
  const step = cardWidth + room.gap;
  const cards = cardNames(network).map((name, at) => ({ name, x: at * step, y: 0 }));
  const place = new Map(cards.map((card) => [card.name, card]));
  const y = cardHeight / 2;
  const wires = network.layers.flatMap(({ name, connected_to }) =>
    connected_to.flatMap((from): Wire[] => {
      const [start, end] = [place.get(from), place.get(name)];
      if (start === undefined || end === undefined) return [];
      const path = wirePath([
        { x: start.x + cardWidth, y },
        { x: end.x, y },
      ]);
      return [{ from, to: name, path, skips: end.x - start.x > step }];
    }),
  );
  return { width: cards.length * step - room.gap, height: cardHeight, cards, wires, cardWidth, cardHeight };
}

const SIZES = { gap: 14, minCardWidth: 74, maxCardWidth: 132, minCardHeight: 132, maxCardHeight: 420 };
/** For a network that is a little too wide: all of it is in sight then. */
const CLOSER = { gap: 10, minCardWidth: 64 };

/** A layout that fits the room where one can; else one that scrolls. */
export function fitted(
  network: NetworkInfo,
  room: Pick<Room, 'width' | 'height'>,
  layout: (network: NetworkInfo, room: Room) => NetworkLayout,
): NetworkLayout {
  let within = { ...room, ...SIZES };
  let found = layout(network, within);
  if (found.width > room.width && found.width * 0.85 < room.width) {
    const closer = { ...within, ...CLOSER };
    const other = layout(network, closer);
    if (other.width <= room.width) [found, within] = [other, closer];
  }
  // Wires that go around cards take room as well.
  if (found.height > room.height && found.cardHeight > SIZES.minCardHeight) {
    const rows = Math.max(1, Math.floor(found.height / (found.cardHeight + within.gap)));
    const lower = found.cardHeight - Math.ceil((found.height - room.height) / rows);
    found = layout(network, { ...within, maxCardHeight: Math.max(SIZES.minCardHeight, lower) });
  }
  return found;
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
