import { expect, test } from '@playwright/test';
import { expectNoViolations, open, trainButton, until } from './helpers.js';

test('axe finds nothing in either language and theme, on any tab', async ({ page }) => {
  test.setTimeout(600_000);
  // Few large batches: one epoch is enough for curves and points.
  await open(page, '&batch=256');
  await trainButton(page).click();
  await until(page, ({ validation }) => validation !== null);
  await trainButton(page).click();
  await until(page, ({ playing }) => !playing);
  const tabs = await page
    .locator('cnp-inspector-panel [role=tab]')
    .evaluateAll((found) => found.map(({ id }) => id.replace('tab-', '')));
  expect(tabs.length).toBeGreaterThan(8);
  for (const lang of ['en', 'ko']) {
    for (const theme of ['light', 'dark']) {
      await page.evaluate(
        (change) => {
          (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState(change);
        },
        { lang, theme },
      );
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      for (const tab of tabs) {
        await page.locator(`#tab-${tab}`).click();
        // These load when they are opened.
        if (tab === 'explain' || tab === 'dissect') await expect(page.locator(`cnp-${tab}-view`)).toContainText(/\S/);
        if (tab === 'mistakes') await expect(page.locator('cnp-mistakes-view table')).toBeVisible();
        // All settings stand where the curves are; once is enough.
        if (tab === 'maps') await page.getByRole('button', { name: /All settings|모든 설정/ }).click();
        // The rest of the page does not change with the tab.
        const within: [] | [string, string] = tab === 'maps' ? [] : ['cnn-playground', 'cnp-inspector-panel'];
        await expectNoViolations(page, `${lang}, ${theme}, ${tab}`, within);
      }
      await page.getByRole('combobox', { name: /Data set|데이터셋/ }).selectOption('own');
      await expect(page.locator('cnp-own-data').getByRole('dialog')).toBeVisible();
      await expectNoViolations(page, `${lang}, ${theme}, own pictures`);
      await page.keyboard.press('Escape');
    }
  }
});

test('no text is cut off and nothing sticks out at 390 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  const sticksOut = (): Promise<number> =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(await sticksOut()).toBeLessThanOrEqual(0);
  // Nor on a tablet or a projector.
  for (const [width, height] of [
    [1024, 768],
    [1920, 1080],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    expect(await sticksOut(), `${width}`).toBeLessThanOrEqual(0);
  }
  // The button to train is in reach wherever one scrolls to.
  await expect(trainButton(page)).toBeInViewport();
  await page.locator('cnp-data-panel').scrollIntoViewIfNeeded();
  await expect(trainButton(page)).toBeInViewport();
});

test('everything stands on one screen at 1440 by 900', async ({ page }) => {
  await open(page);
  const higher = await page.evaluate(
    () => document.documentElement.scrollHeight - document.documentElement.clientHeight,
  );
  expect(higher).toBeLessThanOrEqual(0);
});

test('every class shows its pictures on a low laptop screen', async ({ page }) => {
  await page.setViewportSize({ width: 1366, height: 657 });
  await open(page);
  const pictures = page.locator('cnp-sample-grid canvas');
  await expect(pictures).toHaveCount(70);
  const sides = await pictures.evaluateAll((all) => all.map((canvas) => canvas.getBoundingClientRect().width));
  expect(Math.min(...sides)).toBeGreaterThan(15);
});
