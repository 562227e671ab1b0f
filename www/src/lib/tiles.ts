import type { ViewLayout } from '../engine/api.js';

export interface TilePoint {
  tile: number;
  /** Cell within the tile. */
  x: number;
  y: number;
}

/** Which cell of which tile lies under a point of the canvas; `null` between tiles. */
export function tileAt(layout: ViewLayout, x: number, y: number, width: number, height: number): TilePoint | null {
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
    x: Math.min(width - 1, Math.floor((inX / layout.tile_width) * width)),
    y: Math.min(height - 1, Math.floor((inY / layout.tile_height) * height)),
  };
}
