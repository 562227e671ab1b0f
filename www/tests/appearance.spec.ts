import { expect, test, type Page } from '@playwright/test';
import { expectNoViolations, open, trainButton, until } from './helpers.js';

/** Whether the loss curve has pixels of the colour that the page's accent is now. */
function curveHasAccent(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const find = (root: Document | ShadowRoot, name: string): Element | null =>
      root.querySelector(name) ??
      [...root.querySelectorAll('*')].reduce<Element | null>(
        (found, { shadowRoot }) => found ?? (shadowRoot === null ? null : find(shadowRoot, name)),
        null,
      );
    const chart = find(document, 'cnp-curve-chart');
    const canvas = chart?.shadowRoot?.querySelector('canvas');
    if (chart === null || canvas === null || canvas === undefined) return false;
    const probe = new OffscreenCanvas(1, 1).getContext('2d');
    const copy = new OffscreenCanvas(canvas.width, canvas.height);
    const context = copy.getContext('2d', { willReadFrequently: true });
    if (probe === null || context === null) return false;
    context.drawImage(canvas, 0, 0);
    probe.fillStyle = getComputedStyle(chart).getPropertyValue('--accent').trim();
    probe.fillRect(0, 0, 1, 1);
    const [wanted] = new Uint32Array(probe.getImageData(0, 0, 1, 1).data.buffer);
    const pixels = new Uint32Array(context.getImageData(0, 0, canvas.width, canvas.height).data.buffer);
    return pixels.some((pixel) => pixel === wanted);
  });
}

test('curves follow theme and contrast; what moves by itself stands still where motion is not wanted', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  const complaints = await open(page, '&batch=64');
  await trainButton(page).click();
  await until(page, ({ step }) => step >= 3);
  await expect.poll(() => curveHasAccent(page)).toBe(true);
  for (const theme of ['contrast', 'dark', 'light']) {
    await page.evaluate((to) => {
      (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState({
        theme: to,
      });
    }, theme);
    await expect.poll(() => curveHasAccent(page), theme).toBe(true);
  }
  // By their button, one after the other; high contrast is as accessible as the others.
  for (const theme of ['light', 'dark']) await page.getByRole('button', { name: `Theme: ${theme}` }).click();
  await expectNoViolations(page, 'high contrast');
  await page.getByRole('button', { name: 'Theme: high contrast' }).click();
  await page.getByRole('button', { name: 'Theme: as the system' }).click();
  // The same theme, with the contrast that the system asks for.
  await page.emulateMedia({ contrast: 'more' });
  await expect.poll(() => curveHasAccent(page)).toBe(true);

  const moving = (): Promise<number> =>
    page.evaluate(() => {
      const all = (root: Document | ShadowRoot): Animation[] => [
        ...root.getAnimations(),
        ...[...root.querySelectorAll('*')].flatMap(({ shadowRoot }) => (shadowRoot === null ? [] : all(shadowRoot))),
      ];
      return new Set(all(document)).size;
    });
  const tabs = ['maps', 'arithmetic', 'explain', 'dissect', 'learning', 'mistakes', 'kernel', 'cost'];
  await page.locator('#tab-kernel').click();
  await expect(page.locator('cnp-kernel-view pre')).toContainText('@compute');
  expect(await moving()).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  for (const tab of tabs) {
    await page.locator(`#tab-${tab}`).click();
    await page.locator('[data-layer="conv2d_1"]').hover();
    expect(await moving(), tab).toBe(0);
  }
  expect(complaints).toEqual([]);
});

test('what is noted of a model opens by keys and by a tap, in both languages', async ({ page }) => {
  const complaints = await open(page, '&model=alexnet_32&batch=8');
  const button = page.getByRole('button', { name: /Notes on this model/ });
  const notes = page.locator('cnp-page-header #notes');
  await expect(notes).toBeHidden();
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(notes).toBeVisible();
  await expect(notes.getByRole('listitem').first()).toHaveText(/AlexNet's layers, each a quarter as wide/);
  await expectNoViolations(page, 'notes', ['cnn-playground', 'cnp-page-header']);
  // In another language while they are open.
  const speak = (lang: string): Promise<void> =>
    page.evaluate((lang) => {
      (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState({ lang });
    }, lang);
  await speak('ko');
  await expect(notes.getByRole('listitem').first()).toHaveText(/^AlexNet의 층을 그대로 두고/);
  await speak('en');
  await expect(notes.getByRole('listitem').first()).toHaveText(/AlexNet's layers/);
  await page.keyboard.press('Escape');
  await expect(notes).toBeHidden();
  await expect(button).toBeFocused();
  // What stands behind a figure is in reach of keys.
  const memory = page.locator('cnp-training-panel [popovertarget=memory]');
  await memory.focus();
  await page.keyboard.press('Enter');
  await expect(page.locator('cnp-training-panel #memory')).toContainText('activations');
  await expectNoViolations(page, 'memory', ['cnn-playground', 'cnp-training-panel']);
  await page.keyboard.press('Escape');
  await expect(page.locator('cnp-training-panel #memory')).toBeHidden();

  await page.setViewportSize({ width: 390, height: 844 });
  await page.evaluate(() => {
    const change = { lang: 'ko', theme: 'dark' };
    (document.querySelector('cnn-playground') as unknown as { setState(change: object): void }).setState(change);
  });
  await page.getByRole('button', { name: /이 모델에 대한 설명/ }).click();
  await expect(notes.getByRole('listitem').first()).toHaveText(/^AlexNet의 층을 그대로 두고/);
  const { left, right } = await notes.evaluate((element) => element.getBoundingClientRect().toJSON() as DOMRect);
  expect([left >= 0, right <= 390]).toEqual([true, true]);
  await expectNoViolations(page, 'notes, ko, dark', ['cnn-playground', 'cnp-page-header']);
  await page.locator('cnp-draw-pad').click({ position: { x: 5, y: 5 }, force: true });
  await expect(notes).toBeHidden();
  expect(complaints).toEqual([]);
});
