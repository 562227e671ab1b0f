/** Takes the page in every state, size, theme and language into `screenshots/`, to be looked at.
 *
 *   node scripts/screenshots.mjs [--url http://localhost:4173/] [--only desktop-light-en] [--epochs 4] */
import { mkdir } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { launch, untilReady, untilEpoch } from './browser.mjs';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://localhost:4173/' },
    only: { type: 'string', default: '' },
    epochs: { type: 'string', default: '4' },
  },
});

const SIZES = { desktop: [1440, 900], tablet: [1024, 768], phone: [390, 844] };
const VARIANTS = [
  ['desktop', 'light', 'en'],
  ['desktop', 'dark', 'ko'],
  ['desktop', 'light', 'ko'],
  ['desktop', 'dark', 'en'],
  ['tablet', 'light', 'en'],
  ['phone', 'light', 'ko'],
  ['phone', 'dark', 'en'],
];

await mkdir('screenshots', { recursive: true });
const browser = await launch();
try {
  for (const [size, theme, lang] of VARIANTS) {
    const name = `${size}-${theme}-${lang}`;
    if (values.only !== '' && !name.includes(values.only)) continue;
    const [width, height] = SIZES[size];
    const context = await browser.newContext({
      viewport: { width, height },
      deviceScaleFactor: size === 'phone' ? 2 : 1,
    });
    const page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error') console.log(`${name}: ${message.text()}`);
    });
    page.on('pageerror', (error) => console.log(`${name}: ${error.message}`));
    const shot = async (state) => {
      const fullPage = size !== 'desktop';
      await page.screenshot({ path: `screenshots/${name}-${state}.png`, fullPage });
    };
    await page.goto(`${values.url}?v=1&lang=${lang}&theme=${theme}`);
    await untilReady(page);
    await page.waitForTimeout(1500);
    await shot('1-start');
    await page.locator('cnp-train-bar .train').click();
    await untilEpoch(page, Number(values.epochs));
    await page.evaluate(() => document.querySelector('cnn-playground').pause());
    await page.waitForTimeout(800);
    await shot('2-trained');
    if (size === 'desktop') {
      for (const tab of ['filters', 'kernel', 'cost', 'summary']) {
        await page.locator(`#tab-${tab}`).click();
        await page.waitForTimeout(700);
        await shot(`3-${tab}`);
      }
      await page.locator('#tab-maps').click();
      await page.locator('[data-layer="dense"]').click();
    }
    await drawThree(page);
    await page.waitForTimeout(1200);
    await shot('4-drawn');
    console.log(name);
    await context.close();
  }
} finally {
  await browser.close();
}

async function drawThree(page) {
  const pad = page.locator('cnp-draw-pad .pad');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  const at = (x, y) => [box.x + x * box.width, box.y + y * box.height];
  const points = [
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
  ];
  await page.mouse.move(...at(...points[0]));
  await page.mouse.down();
  for (const point of points) await page.mouse.move(...at(...point), { steps: 4 });
  await page.mouse.up();
}
