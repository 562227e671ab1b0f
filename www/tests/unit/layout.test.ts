import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { LayerInfo, NetworkInfo } from '../../src/engine/api.js';
import { layoutNetwork } from '../../src/lib/branches.js';
import { cardSize, fitted, isChain, lineUp, ranks, wirePath, type Room } from '../../src/lib/layout.js';

function network(wiring: Record<string, string[]>): NetworkInfo {
  const layers = Object.entries(wiring).map(([name, connected_to]): LayerInfo => ({
    name,
    class: 'Conv2D',
    output_shape: [8, 8, 4],
    params: 0,
    macs: 0,
    connected_to,
    config: {},
    weights: [],
    receptive_field: 1,
  }));
  const totals = { params: 0, trainable: 0, non_trainable: 0, macs: 0, layers: layers.length };
  return { name: 'test', kind: 'functional', input: { layer: 'in', shape: [8, 8, 1] }, outputs: [], totals, layers };
}

/** The wiring of a network that the engine knows. */
function fixture(name: string): NetworkInfo {
  const file = new URL(`../../../tests/fixtures/summaries/${name}.json`, import.meta.url);
  const { layers } = JSON.parse(readFileSync(file, 'utf8')) as { layers: LayerInfo[] };
  return network(Object.fromEntries(layers.map((layer) => [layer.name, layer.connected_to])));
}

/** Points along a wire, close together. */
function along(path: string): { x: number; y: number }[] {
  const found: { x: number; y: number }[] = [];
  let [x, y] = [0, 0];
  for (const [, kind, list = ''] of path.matchAll(/([MHC])([^MHC]*)/g)) {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = list.split(' ').map(Number);
    if (kind === 'M') [x, y] = [a, b];
    const [to, end] = kind === 'C' ? [e, f] : [kind === 'H' ? a : x, y];
    for (let t = 0; t <= 1; t += 1 / 64) {
      const mix = (p: number, q: number, r: number, s: number): number =>
        (1 - t) ** 3 * p + 3 * (1 - t) ** 2 * t * q + 3 * (1 - t) * t ** 2 * r + t ** 3 * s;
      found.push(kind === 'C' ? { x: mix(x, a, c, e), y: mix(y, b, d, f) } : { x: x + t * (to - x), y });
    }
    [x, y] = [to, end];
  }
  return found;
}

const room: Room = {
  width: 800,
  height: 300,
  gap: 14,
  minCardWidth: 74,
  maxCardWidth: 132,
  minCardHeight: 100,
  maxCardHeight: 400,
};

const chain = network({ a: ['in'], b: ['a'], c: ['b'] });
const residual = network({ a: ['in'], b: ['a'], c: ['b'], add: ['a', 'c'] });
const branches = network({ p: ['in'], q: ['in'], r: ['in'], s: ['q'], concat: ['p', 's', 'r'] });

describe('network layout', () => {
  it('ranks by the longest way from the input', () => {
    expect(ranks(residual).get('add')).toBe(4);
    expect(ranks(branches).get('concat')).toBe(3);
  });

  it('moves cards closer together where that makes them fit, and makes them lower for wires that take room', () => {
    const names = 'abcdefgh'.split('');
    const nine = network(Object.fromEntries(names.map((name, i) => [name, [names[i - 1] ?? 'in']])));
    expect(fitted(nine, { width: 700, height: 300 }, lineUp).width).toBeLessThanOrEqual(700);
    // Far too wide: as wide as they like to be.
    expect(fitted(nine, { width: 400, height: 300 }, lineUp).cardWidth).toBe(74);
    const { height, cardHeight } = fitted(residual, { width: 800, height: 400 }, layoutNetwork);
    expect(height).toBeLessThanOrEqual(400);
    expect(cardHeight).toBeGreaterThanOrEqual(132);
  });

  it('comes to an end with a cycle too', () => {
    const circle = network({ a: ['in', 'c'], b: ['a'], c: ['b'], self: ['self'] });
    expect(ranks(circle).size).toBe(5);
    expect(layoutNetwork(circle, room).cards).toHaveLength(5);
  });

  it('lets a chain fill the height and stand in one line', () => {
    const { cards, cardHeight, width } = layoutNetwork(chain, room);
    expect(cardHeight).toBe(300);
    expect(new Set(cards.map(({ y }) => y)).size).toBe(1);
    expect(cards.map(({ x }) => x)).toEqual([...cards.map(({ x }) => x)].sort((p, q) => p - q));
    expect(width).toBeLessThanOrEqual(room.width);
  });

  it('knows a chain, and lines it up as the library would', () => {
    expect([chain, residual, branches].map(isChain)).toEqual([true, false, false]);
    expect(isChain(network({ a: ['in'], b: ['in'] }))).toBe(false);
    const [line, library] = [lineUp(chain, room), layoutNetwork(chain, room)];
    expect(line).toEqual({ ...library, wires: expect.anything() as unknown });
    const byTarget = (wires: typeof line.wires): unknown => Object.fromEntries(wires.map((wire) => [wire.to, wire]));
    expect(byTarget(line.wires)).toEqual(byTarget(library.wires));
  });

  it('never lets cards overlap', () => {
    for (const net of [chain, residual, branches]) {
      const { cards, cardWidth, cardHeight } = layoutNetwork(net, room);
      for (const p of cards) {
        for (const q of cards) {
          if (p === q) continue;
          const apart = Math.abs(p.x - q.x) >= cardWidth || Math.abs(p.y - q.y) >= cardHeight;
          expect(apart, `${p.name} and ${q.name}`).toBe(true);
        }
      }
    }
  });

  it('draws a wire for every connection and marks the skip', () => {
    const { wires } = layoutNetwork(residual, room);
    expect(wires).toHaveLength(5);
    expect(wires.filter(({ skips }) => skips).map(({ from, to }) => `${from}-${to}`)).toEqual(['a-add']);
    for (const { path } of wires) expect(path).not.toMatch(/NaN|undefined/);
  });

  it('runs no wire behind a card that is not its end', () => {
    for (const name of ['inception_block', 'googlenet', 'resnet8']) {
      const net = fixture(name);
      const { cards, wires, cardWidth, cardHeight } = fitted(net, { width: 900, height: 560 }, layoutNetwork);
      for (const { from, to, path } of wires) {
        const behind = cards.filter(
          (card) =>
            card.name !== from &&
            card.name !== to &&
            along(path).some(
              ({ x, y }) => x > card.x && x < card.x + cardWidth && y > card.y && y < card.y + cardHeight,
            ),
        );
        expect(behind, `${name}: ${from} to ${to}`).toEqual([]);
      }
    }
  });

  it('makes room for branches', () => {
    expect(cardSize(branches, room).height).toBeLessThan(cardSize(chain, room).height);
  });

  it('draws straight and curved pieces', () => {
    expect(
      wirePath([
        { x: 0, y: 5 },
        { x: 10, y: 5 },
      ]),
    ).toBe('M0 5H10');
    expect(
      wirePath([
        { x: 0, y: 0 },
        { x: 10, y: 8 },
      ]),
    ).toBe('M0 0C5 0 5 8 10 8');
    expect(wirePath([])).toBe('');
  });
});
