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
const THEMES = ['light', 'dark'];
const LANGUAGES = ['en', 'ko'];
const LESSONS = ['', 'convolution', 'vanishing', 'transfer', 'glossary'];

await mkdir('screenshots', { recursive: true });
const browser = await launch();
try {
  for (const size of Object.keys(SIZES)) {
    for (const theme of THEMES) {
      for (const lang of LANGUAGES) {
        const name = `${size}-${theme}-${lang}`;
        if (name.includes(values.only)) await takeAll(name, size, `v=1&lang=${lang}&theme=${theme}`);
      }
    }
  }
} finally {
  await browser.close();
}

/** Every state in one size, theme and language, in windows of their own that begin with nothing saved. */
async function takeAll(name, size, query) {
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
    // Canvases are painted by the worker, in its own time.
    await page.waitForTimeout(1200);
    await page.screenshot({ path: `screenshots/${name}-${state}.png`, fullPage: size !== 'desktop' });
  };
  await playground(page, shot, query);
  await blocks(page, shot, query);
  for (const lesson of LESSONS) {
    await page.goto(`${values.url}lessons.html?${query}${lesson === '' ? '' : `&lesson=${lesson}`}`);
    await page.waitForTimeout(3000);
    await shot(`7-lesson-${lesson === '' ? 'list' : lesson}`);
  }
  await page.goto(`${values.url}check.html?${query}`);
  await page.waitForTimeout(2000);
  await shot('8-check');
  await page.addInitScript({ content: "Object.defineProperty(navigator, 'gpu', { value: undefined })" });
  await page.goto(`${values.url}?${query}`);
  await shot('9-unsupported');
  console.log(name);
  await context.close();
}

/** LeNet from the first look to a drawn digit, with every tab of the inspector. */
async function playground(page, shot, query) {
  await page.goto(`${values.url}?${query}`);
  await untilReady(page);
  await shot('1-start');
  await page.locator('cnp-train-bar .train').click();
  await untilEpoch(page, Number(values.epochs));
  await page.evaluate(() => document.querySelector('cnn-playground').pause());
  await shot('2-trained');
  await page.locator('[data-layer="conv2d"]').first().click();
  const tabs = await page.locator('cnp-inspector-panel [role="tab"]').evaluateAll((all) => all.map(({ id }) => id));
  for (const tab of tabs) {
    await page.locator(`#${tab}`).click();
    await shot(`3-${tab.replace('tab-', '')}`);
  }
  await page.locator('#tab-maps').click();
  // On a phone the inspector lies over the page.
  await page.keyboard.press('Escape');
  await drawThree(page);
  await shot('4-drawn');
  await page.getByRole('button', { name: /All settings|모든 설정/ }).click();
  await shot('5-settings');
  await beside(page, shot);
}

/** What lies over the page or in its place: own pictures, saved runs, two runs side by side. */
async function beside(page, shot) {
  await page.locator('cnp-data-panel select').first().selectOption('own');
  await page.locator('cnp-own-data dialog').waitFor();
  await shot('5-own-pictures');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Saved runs|저장된 실행/ }).click();
  await shot('5-saved');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /Side by side|나란히 보기/ }).click();
  await page.locator('cnp-train-bar .train').click();
  await untilEpoch(page, 1);
  await page.evaluate(() => document.querySelector('cnn-playground').pause());
  await shot('5-compare');
}

/** A network of residual blocks, and the builder. */
async function blocks(page, shot, query) {
  await page.goto(`${values.url}?${query}&model=resnet8`);
  await untilReady(page);
  await shot('6-blocks');
  await page.getByRole('button', { name: /^(Edit|편집)$/ }).click();
  await page.locator('cnp-builder-graph [data-layer]').first().waitFor();
  await shot('6-builder');
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
