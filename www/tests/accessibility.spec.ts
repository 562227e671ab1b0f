import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { open, trainButton, until } from './helpers.js';

test('axe finds nothing in either language and theme, on any tab', async ({ page }) => {
  test.setTimeout(600_000);
  // Few large batches: one epoch is enough for curves and points.
  await open(page, '&batch=256');
  await trainButton(page).click();
  await until(page, ({ validation }) => validation !== null);
  await trainButton(page).click();
  await until(page, ({ playing }) => !playing);
  for (const lang of ['en', 'ko']) {
    for (const theme of ['light', 'dark']) {
      await page.evaluate(
        (change) => {
          (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState(change);
        },
        { lang, theme },
      );
      await expect(page.locator('html')).toHaveAttribute('lang', lang);
      for (const tab of ['maps', 'filters', 'arithmetic', 'learning', 'mistakes', 'kernel', 'cost', 'summary']) {
        await page.locator(`#tab-${tab}`).click();
        if (tab === 'mistakes') await expect(page.locator('cnp-mistakes-view table')).toBeVisible();
        // All settings stand where the curves are; once is enough.
        if (tab === 'maps') await page.getByRole('button', { name: /All settings|모든 설정/ }).click();
        // The rest of the page does not change with the tab.
        const axe = new AxeBuilder({ page });
        if (tab !== 'maps') axe.include({ fromShadowDom: ['cnn-playground', 'cnp-inspector-panel'] });
        const { violations } = await axe.analyze();
        const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`);
        expect(found, `${lang}, ${theme}, ${tab}`).toEqual([]);
      }
    }
  }
});

test('no text is cut off and nothing sticks out at 390 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page);
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wider).toBeLessThanOrEqual(0);
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
