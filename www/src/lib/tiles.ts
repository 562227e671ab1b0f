import type { ViewLayout } from '../engine/api.js';

export interface TilePoint {
  tile: number;
  /** Cell within the tile. */
  x: number;
  y: number;
}

/** Which cell of which tile lies under a point of the canvas; `null` between tiles. */
export function tileAt(layout: ViewLayout, x: number, y: number): TilePoint | null {
  const stepX = layout.tile_width + layout.gap;
  const stepY = layout.tile_height + layout.gap;
  if (x < 0 || y < 0 || stepX <= 0 || stepY <= 0) return null;
  const column = Math.floor(x / stepX);
  const row = Math.floor(y / stepY);
  const inX = x - column * stepX;
  const inY = y - row * stepY;
  const tile = row * layout.columns + column;
  const outside = column >= layout.columns || inX >= layout.tile_width || inY >= layout.tile_height;
  if (outside || tile >= layout.tiles) return null;
  return {
    tile,
    x: Math.min(layout.values_x - 1, Math.floor((inX / layout.tile_width) * layout.values_x)),
    y: Math.min(layout.values_y - 1, Math.floor((inY / layout.tile_height) * layout.values_y)),
  };
}

export interface TilePlacement {
  /** Canvas pixels a CSS pixel, after scaling. */
  density: number;
  /** Left upper corner of the tiles in the element, in CSS pixels. */
  left: number;
  top: number;
  /** Style of the canvas. */
  style: Record<'width' | 'height' | 'transform' | 'clipPath' | 'imageRendering', string>;
}

/** The tiles start at the canvas's corner and seldom fill it. This moves them to the middle of the element, enlarges them when
 * there is room for it, and hides what no tile covers. */
export function placeTiles(
  layout: ViewLayout,
  canvas: { width: number; height: number },
  density: number,
): TilePlacement {
  const extent = (count: number, tile: number): number => Math.max(1, count * (tile + layout.gap) - layout.gap);
  const used = {
    width: extent(Math.min(layout.columns, layout.tiles), layout.tile_width),
    height: extent(layout.rows, layout.tile_height),
  };
  const room = Math.min(canvas.width / used.width, canvas.height / used.height);
  // A little larger is not worth uneven pixels.
  const zoom = room >= 1.25 ? room : 1;
  const scale = zoom / density;
  const left = (canvas.width / density - used.width * scale) / 2;
  const top = (canvas.height / density - used.height * scale) / 2;
  const spare = { x: canvas.width - used.width, y: canvas.height - used.height };
  return {
    density: density / zoom,
    left,
    top,
    style: {
      width: `${canvas.width * scale}px`,
      height: `${canvas.height * scale}px`,
      transform: `translate(${Math.round(left)}px, ${Math.round(top)}px)`,
      clipPath: `inset(0 ${spare.x * scale}px ${spare.y * scale}px 0)`,
      imageRendering: zoom >= 2 ? 'pixelated' : 'auto',
    },
  };
}
