import { devices, expect, test } from '@playwright/test';
import { expectNoViolations, open, until } from './helpers.js';

test('the inspector can be enlarged, keeps what it shows, and Escape brings it back', async ({ page }) => {
  const complaints = await open(page);
  const panel = page.locator('cnp-inspector-panel');
  await panel.getByRole('tab', { name: 'WGSL' }).click();
  await expect(panel.locator('cnp-kernel-view pre').first()).toBeVisible();
  const height = async (): Promise<number> => (await panel.locator('.view').boundingBox())?.height ?? 0;
  const before = await height();
  const button = panel.getByRole('button', { name: 'Enlarge' });
  await button.click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toBeVisible();
  expect(await height()).toBeGreaterThan(1.5 * before);
  await expect(dialog.getByRole('tab', { name: 'WGSL' })).toHaveAttribute('aria-selected', 'true');
  // The way out stands in the upper right corner.
  const [corner, close] = [
    await dialog.boundingBox(),
    await dialog.getByRole('button', { name: 'Close' }).boundingBox(),
  ];
  if (corner === null || close === null) throw new Error('no dialog, or no way out of it');
  expect(corner.x + corner.width - close.x - close.width).toBeLessThan(24);
  // Subscripts stand below the line, whatever fonts there are.
  const depths = await dialog.locator('math msub').evaluateAll((all) =>
    all.map(({ children: [name, below] }) => {
      const bottom = (element: Element | undefined): number => element?.getBoundingClientRect().bottom ?? Number.NaN;
      return bottom(below) - bottom(name);
    }),
  );
  expect(Math.min(...depths)).toBeGreaterThan(2);
  // Forward and backward side by side.
  await expect(dialog.locator('cnp-kernel-column')).toHaveCount(2);
  await expectNoViolations(page, 'enlarged', ['cnn-playground', 'cnp-inspector-panel']);
  await page.keyboard.press('Escape');
  await expect(dialog).toHaveCount(0);
  await expect(button).toBeFocused();
  expect(await height()).toBeCloseTo(before, 0);
  expect(complaints).toEqual([]);
});

test('nothing of LeNet is cut off at 1400 pixels', async ({ page }) => {
  await page.setViewportSize({ width: 1400, height: 900 });
  await page.goto('./?v=1&lang=en');
  const scroll = page.locator('cnp-network-graph .scroll');
  await expect(scroll.locator('.slot')).toHaveCount(9, { timeout: 60_000 });
  expect(await scroll.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBeLessThanOrEqual(0);
  const about = page.locator('cnp-inspector-panel .names');
  expect(await about.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBeLessThanOrEqual(0);
  await expect(about).toContainText('28×28×6');
});

test.describe('on a phone', () => {
  const { viewport, hasTouch, isMobile } = devices['iPhone 13'];
  test.use({ viewport, hasTouch, isMobile });

  test('a tap on a card brings its inspector, closing goes back to the card; targets are large enough', async ({
    page,
  }) => {
    await page.goto('./?v=1&lang=en&theme=light&batch=256');
    await until(page, ({ phase }) => phase === 'ready', 60_000);
    const card = page.locator('[data-layer="conv2d_1"]');
    await card.tap();
    const sheet = page.getByRole('dialog');
    await expect(sheet.getByRole('heading', { name: 'conv2d_1' })).toBeVisible();
    // A finger does not point: it taps, and what it tapped is read.
    const read = sheet.locator('cnp-layer-maps .read');
    await expect(read).toHaveText('Tap a map to read a value and to enlarge it.');
    await sheet.locator('cnp-layer-maps canvas').tap({ position: { x: 20, y: 20 } });
    await expect(read).toHaveText(/^channel 0 · \(\d+, \d+\) = -?\d/);
    await sheet.getByRole('tab', { name: 'Cost' }).tap();
    await expect(sheet).toContainText('Receptive field');
    await expectNoViolations(page, 'sheet', ['cnn-playground', 'cnp-inspector-panel']);
    await sheet.getByRole('button', { name: 'Close' }).tap();
    await expect(sheet).toHaveCount(0);
    await expect(card).toBeFocused();
    const source = page.locator('cnp-page-header .source span').first();
    expect(await source.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBeLessThanOrEqual(0);
    for (const part of ['cnp-training-panel', 'cnp-train-bar', 'cnp-inspector-panel', 'cnp-page-header']) {
      const heights = await page
        .locator(`${part} button, ${part} select`)
        .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().height).filter((height) => height > 0));
      expect(Math.min(...heights), part).toBeGreaterThanOrEqual(44);
    }
    // In the builder, too, between the cards.
    await page.locator('cnp-network-graph').getByRole('button', { name: 'Edit' }).tap();
    const plus = await page.locator('cnp-builder-graph .plus').first().boundingBox();
    expect(Math.min(plus?.width ?? 0, plus?.height ?? 0)).toBeGreaterThanOrEqual(44);
  });
});
