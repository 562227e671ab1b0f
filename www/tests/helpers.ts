import AxeBuilder from '@axe-core/playwright';
import { expect, type Locator, type Page } from '@playwright/test';

/** What `<cnn-playground>` says of itself. */
export interface State {
  phase: string;
  playing: boolean;
  settings: Record<string, string | number>;
  step: number;
  epoch: number;
  stepsPerEpoch: number;
  loss: number | null;
  validation: { accuracy: number } | null;
  error: string | null;
}

export function state(page: Page): Promise<State> {
  return page.evaluate(() => (document.querySelector('cnn-playground') as unknown as { getState(): State }).getState());
}

export async function until(page: Page, done: (state: State) => boolean, timeout = 90_000): Promise<State> {
  let last = await state(page);
  await expect
    .poll(
      async () => {
        last = await state(page);
        return done(last);
      },
      { timeout, intervals: [50] },
    )
    .toBe(true);
  return last;
}

/** What axe finds on the page, or only in what lies on this path of selectors through shadow roots. */
export async function expectNoViolations(
  page: Page,
  what: string,
  within: [] | [string, string, ...string[]] = [],
): Promise<void> {
  const axe = new AxeBuilder({ page });
  const [host, part, ...rest] = within;
  if (host !== undefined && part !== undefined) axe.include({ fromShadowDom: [host, part, ...rest] });
  const { violations } = await axe.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
  expect(found, what).toEqual([]);
}

/** Opens the playground and collects everything the browser complains about. */
export async function open(page: Page, query = ''): Promise<string[]> {
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`./?v=1&lang=en&theme=light${query}`);
  await until(page, ({ phase }) => phase === 'ready', 60_000);
  return complaints;
}

/** Pauses, and waits until the step in flight is told as well. */
export async function pause(page: Page): Promise<State> {
  await page.evaluate(() =>
    (document.querySelector('cnn-playground') as unknown as { pause(): Promise<void> }).pause(),
  );
  await page.waitForTimeout(300);
  return state(page);
}

export const trainButton = (page: Page): Locator => page.locator('cnp-train-bar .train');

/** Strokes in shares of the pad's side. */
export type Strokes = readonly (readonly (readonly [number, number])[])[];

/** Digits as a person would draw them, none of them from the data. */
export const DIGITS: Readonly<Record<'0' | '1' | '3' | '7', Strokes>> = {
  '0': [Array.from({ length: 25 }, (_, i) => around(0.5, 0.5, 0.2, 0.34, i / 24))],
  '1': [
    [
      [0.4, 0.28],
      [0.54, 0.14],
      [0.54, 0.86],
    ],
  ],
  '3': [
    [
      [0.3, 0.22],
      [0.45, 0.14],
      [0.62, 0.18],
      [0.68, 0.3],
      [0.6, 0.42],
      [0.46, 0.48],
      [0.62, 0.53],
      [0.7, 0.66],
      [0.62, 0.8],
      [0.45, 0.86],
      [0.3, 0.78],
    ],
  ],
  '7': [
    [
      [0.28, 0.18],
      [0.72, 0.18],
      [0.45, 0.86],
    ],
    [
      [0.36, 0.5],
      [0.68, 0.5],
    ],
  ],
};

function around(x: number, y: number, rx: number, ry: number, turn: number): [number, number] {
  const angle = (turn - 0.25) * 2 * Math.PI;
  return [x + rx * Math.cos(angle), y + ry * Math.sin(angle)];
}

export async function draw(page: Page, strokes: Strokes): Promise<void> {
  await page.locator('cnp-draw-pad').getByRole('button').click({ force: true });
  const pad = page.locator('cnp-draw-pad .pad');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  if (box === null) throw new Error('The pad is not on the page.');
  for (const stroke of strokes) {
    for (const [i, [x, y]] of stroke.entries()) {
      await page.mouse.move(box.x + x * box.width, box.y + y * box.height, { steps: i === 0 ? 1 : 5 });
      if (i === 0) await page.mouse.down();
    }
    await page.mouse.up();
  }
}

/** How many different colours a part of the page shows, and how many of its pixels differ from its most frequent one. */
export async function colours(page: Page, part: Locator): Promise<{ distinct: number; share: number }> {
  const png = (await part.screenshot()).toString('base64');
  return page.evaluate(async (base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const bitmap = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
    if (context === null) throw new Error('no 2d context');
    context.drawImage(bitmap, 0, 0);
    const pixels = new Uint32Array(context.getImageData(0, 0, bitmap.width, bitmap.height).data.buffer);
    const counts = new Map<number, number>();
    for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1);
    return { distinct: counts.size, share: 1 - Math.max(...counts.values()) / pixels.length };
  }, png);
}

/** Waits until a part of the page shows more than so many colours: the GPU paints when it comes to it, however busy it is. */
export async function painted(page: Page, part: Locator, than: number, what = 'painted'): Promise<void> {
  await expect
    .poll(async () => (await colours(page, part)).distinct, { message: what, timeout: 30_000 })
    .toBeGreaterThan(than);
}

/** A picture of a part of the page once it stands still: it may be painted more than once after a change. */
export async function still(page: Page, part: Locator, what = 'stands still'): Promise<Buffer> {
  let last = await part.screenshot();
  const stands = async (): Promise<boolean> => {
    const before = last;
    await page.waitForTimeout(300);
    last = await part.screenshot();
    return last.equals(before);
  };
  await expect.poll(stands, { message: what, timeout: 30_000 }).toBe(true);
  return last;
}

/** Longest task of the main thread in milliseconds: `tdur` is its own processor time, `dur` the clock's. On a machine whose cores
 * all compute shaders, the clock counts the time that a task had to wait for a core. */
export function longestTask(trace: Buffer, clock: 'tdur' | 'dur'): number {
  const { traceEvents } = JSON.parse(trace.toString()) as {
    traceEvents: {
      name: string;
      ph: string;
      pid: number;
      tid: number;
      tdur?: number;
      dur?: number;
      args: { name?: string };
    }[];
  };
  const mainThreads = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}:${tid}`),
  );
  const tasks = traceEvents.filter(
    ({ name, ph, pid, tid }) => ph === 'X' && name.includes('RunTask') && mainThreads.has(`${pid}:${tid}`),
  );
  return Math.max(0, ...tasks.map((event) => event[clock] ?? 0)) / 1000;
}
