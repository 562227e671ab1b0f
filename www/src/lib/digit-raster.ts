/** Turns strokes into the kind of picture the digits set is made of.
 *
 * The set was made from 32×32 bitmaps of single digits, stretched to the full height; every 4×4 block was then counted
 * (0 to 16 dark pixels), and the network sees those 8×8 counts with every count repeated 4×4. A drawing goes the
 * same way: find its box, move and scale it, draw it with the set's pen, count blocks, repeat. */

export interface Point {
  x: number;
  y: number;
}

export type Stroke = readonly Point[];

export const SIDE = 32;
const BLOCK = 4;
/** Pen width in pixels of the 32×32 bitmap: with it a drawn digit has as much ink as the set's mean digit (312 pixels). */
const PEN = 4.6;
/** Digits of the set are 32 high; the widest of them are about this wide. */
const MAX_WIDTH = 25;

interface Box {
  left: number;
  top: number;
  width: number;
  height: number;
}

function bounds(strokes: readonly Stroke[]): Box | null {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { x, y } of strokes.flat()) {
    left = Math.min(left, x);
    top = Math.min(top, y);
    right = Math.max(right, x);
    bottom = Math.max(bottom, y);
  }
  return left <= right ? { left, top, width: right - left, height: bottom - top } : null;
}

/** Strokes in the 32×32 frame: full height, own proportions unless too wide, centred. */
export function normalise(strokes: readonly Stroke[]): Point[][] {
  const box = bounds(strokes);
  if (box === null) return [];
  const room = SIDE - PEN;
  const longest = Math.max(box.width, box.height, 1e-6);
  // A dot or a flat dash must not be blown up to the full height.
  const scaleY = room / Math.max(box.height, longest * 0.5);
  const scaleX = Math.min(scaleY, (MAX_WIDTH - PEN) / Math.max(box.width, 1e-6));
  const offsetX = SIDE / 2 - (box.left + box.width / 2) * scaleX;
  const offsetY = SIDE / 2 - (box.top + box.height / 2) * scaleY;
  return strokes.map((stroke) => stroke.map(({ x, y }) => ({ x: x * scaleX + offsetX, y: y * scaleY + offsetY })));
}

function distanceSquared(px: number, py: number, a: Point, b: Point): number {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((px - a.x) * dx + (py - a.y) * dy) / length));
  const ex = px - (a.x + t * dx);
  const ey = py - (a.y + t * dy);
  return ex * ex + ey * ey;
}

/** Coverage 0..1 of each pixel of a `SIDE`×`SIDE` bitmap by a round pen of the given width. */
export function rasterise(strokes: readonly Stroke[], pen: number): Float32Array {
  const pixels = new Float32Array(SIDE * SIDE);
  const radius = pen / 2;
  for (const stroke of strokes) {
    for (let i = 0; i < stroke.length; i += 1) {
      const a = stroke[i];
      const b = stroke[i + 1] ?? a;
      if (a === undefined || b === undefined || (i > 0 && i === stroke.length - 1)) continue;
      const reach = radius + 1;
      const x0 = Math.max(0, Math.floor(Math.min(a.x, b.x) - reach));
      const x1 = Math.min(SIDE - 1, Math.ceil(Math.max(a.x, b.x) + reach));
      const y0 = Math.max(0, Math.floor(Math.min(a.y, b.y) - reach));
      const y1 = Math.min(SIDE - 1, Math.ceil(Math.max(a.y, b.y) + reach));
      for (let y = y0; y <= y1; y += 1) {
        for (let x = x0; x <= x1; x += 1) {
          const distance = Math.sqrt(distanceSquared(x + 0.5, y + 0.5, a, b));
          const coverage = Math.min(1, Math.max(0, radius - distance + 0.5));
          const at = y * SIDE + x;
          pixels[at] = Math.max(pixels[at] ?? 0, coverage);
        }
      }
    }
  }
  return pixels;
}

/** Counts of the 4×4 blocks, each repeated 4×4: values 0..1 in steps of 1/16. */
export function blocks(pixels: Float32Array): Float32Array {
  const out = new Float32Array(SIDE * SIDE);
  for (let by = 0; by < SIDE; by += BLOCK) {
    for (let bx = 0; bx < SIDE; bx += BLOCK) {
      let sum = 0;
      for (let y = by; y < by + BLOCK; y += 1) {
        for (let x = bx; x < bx + BLOCK; x += 1) sum += pixels[y * SIDE + x] ?? 0;
      }
      const value = Math.round(sum) / (BLOCK * BLOCK);
      for (let y = by; y < by + BLOCK; y += 1) out.fill(value, y * SIDE + bx, y * SIDE + bx + BLOCK);
    }
  }
  return out;
}

/** The bitmap at another size, each pixel from the four that lie nearest. */
function resized(pixels: Float32Array, height: number, width: number): Float32Array {
  if (height === SIDE && width === SIDE) return pixels;
  const out = new Float32Array(height * width);
  const near = (at: number, size: number): [number, number, number] => {
    const place = Math.min(SIDE - 1, Math.max(0, ((at + 0.5) * SIDE) / size - 0.5));
    return [Math.floor(place), Math.min(SIDE - 1, Math.floor(place) + 1), place % 1];
  };
  for (let y = 0; y < height; y += 1) {
    const [up, down, lower] = near(y, height);
    for (let x = 0; x < width; x += 1) {
      const [left, right, later] = near(x, width);
      const row = (at: number): number =>
        (1 - later) * (pixels[at * SIDE + left] ?? 0) + later * (pixels[at * SIDE + right] ?? 0);
      out[y * width + x] = (1 - lower) * row(up) + lower * row(down);
    }
  }
  return out;
}

/** A drawing (any units) as the network's picture of height × width × channels. */
export function picture(
  strokes: readonly Stroke[],
  style: 'digits' | 'plain',
  [height = SIDE, width = SIDE, channels = 1]: readonly number[],
): Float32Array {
  const drawn = rasterise(normalise(strokes), style === 'digits' ? PEN : 2.5);
  const grey = style === 'digits' ? blocks(drawn) : resized(drawn, height, width);
  if (channels === 1) return grey;
  const out = new Float32Array(grey.length * channels);
  for (let i = 0; i < out.length; i += 1) out[i] = grey[Math.floor(i / channels)] ?? 0;
  return out;
}
